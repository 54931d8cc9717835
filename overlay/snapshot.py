"""The whole live state of a campaign for one audience: what BOOTSTRAP carries and the overlay page is drawn from."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns.documents import campaign_document, episode_document
from campaigns.messages import milliseconds
from campaigns.models import Campaign, Episode
from characters import queries
from characters.projection import character_document
from contract.refusals import NotVisible
from overlay.models import Layout

Snapshot = dict[str, Any]


def snapshot(campaign_id: UUID, audience: str) -> Snapshot:
    """The BOOTSTRAP message (`recovered` false) in five queries. Raises NotVisible when the campaign is gone.

    All of it is read from one state of the database, so that `seq` is exactly what the rest shows.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _read(campaign_id, audience)


def _read(campaign_id: UUID, audience: str) -> Snapshot:
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise NotVisible
    found = (character_document(character, audience) for character in queries.characters(campaign, audience))
    running = Episode.objects.filter(campaign=campaign, started_at__isnull=False, ended_at__isnull=True).first()
    return {
        "type": "BOOTSTRAP",
        "seq": campaign.seq,
        "epoch": campaign.epoch,
        "ts": milliseconds(timezone.now()),
        "recovered": False,
        "build": settings.TROUPE_BUILD,
        "audience": audience,
        "campaign": campaign_document(campaign),
        "characters": [document for document in found if document is not None],
        **queries.roster_shown(queries.roster(campaign_id), audience),
        "layoutOverrides": {
            layout.tier: {**layout.document, "version": layout.version}
            for layout in Layout.objects.filter(campaign_id=campaign_id)
        },
        "episode": episode_document(running),
        "story": None,
    }
