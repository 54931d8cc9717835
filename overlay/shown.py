"""What viewers see of a campaign at this moment: the present, or with a viewer delay the state of so long ago."""

from datetime import datetime, timedelta

from django.utils import timezone

from campaigns import history
from campaigns.documents import settings_of
from campaigns.messages import VIEWER
from campaigns.models import Campaign
from overlay.snapshot import Snapshot, snapshot


def shown_state(campaign: Campaign) -> Snapshot:
    moment = shown_moment(campaign)
    return snapshot(campaign.pk, VIEWER, history.seq_at(campaign.pk, moment) if moment else None)


def shown_moment(campaign: Campaign) -> datetime | None:
    """The moment that viewers see; None: the present."""
    delay = settings_of(campaign)["viewer_delay"]
    return timezone.now() - timedelta(seconds=delay) if delay else None
