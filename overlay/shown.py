"""What viewers see of a campaign at this moment: the present, or with a viewer delay the state of so long ago."""

from datetime import timedelta

from django.utils import timezone

from campaigns import history
from campaigns.documents import settings_of
from campaigns.messages import VIEWER
from campaigns.models import Campaign
from overlay.snapshot import Snapshot, snapshot


def shown_state(campaign: Campaign) -> Snapshot:
    delay = settings_of(campaign)["viewer_delay"]
    if not delay:
        return snapshot(campaign.pk, VIEWER)
    return snapshot(campaign.pk, VIEWER, history.seq_at(campaign.pk, timezone.now() - timedelta(seconds=delay)))
