"""The whole live state of a campaign for one audience: what BOOTSTRAP carries and the overlay page is drawn from."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns.documents import campaign_document, episode_document
from campaigns.messages import GM, milliseconds
from campaigns.models import Campaign
from characters import initiative, queries
from characters.projection import character_document, document
from contract.refusals import NotVisible
from overlay import layouts
from overlay.models import Layout
from overlay.rewind import Earlier

Snapshot = dict[str, Any]


def snapshot(campaign_id: UUID, audience: str, as_of_seq: int | None = None) -> Snapshot:
    """The BOOTSTRAP message (`recovered` false), in a fixed number of queries: five, or fourteen for an earlier `seq`.

    All of it is read from one state of the database, so that `seq` is exactly what the rest shows. With `as_of_seq`
    it is the state at that ledger position. Raises NotVisible when the campaign is gone.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql" and not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        campaign = Campaign.objects.filter(pk=campaign_id).select_related("turn_order").first()
        if campaign is None:
            raise NotVisible
        if as_of_seq is None or as_of_seq >= campaign.seq:
            return _envelope(campaign, campaign.seq, audience, _state(campaign, audience))
        return _envelope(campaign, as_of_seq, audience, _earlier_state(Earlier(campaign, as_of_seq), audience))


def _envelope(campaign: Campaign, seq: int, audience: str, state: dict[str, Any]) -> Snapshot:
    return {
        "type": "BOOTSTRAP",
        "seq": seq,
        "epoch": campaign.epoch,
        "ts": milliseconds(timezone.now()),
        "recovered": False,
        "build": settings.TROUPE_BUILD,
        "audience": audience,
        **state,
        "story": None,
    }


def _state(campaign: Campaign, audience: str) -> dict[str, Any]:
    found = (character_document(character, audience) for character in queries.characters(campaign, audience))
    characters = [shown for shown in found if shown is not None]
    return {
        "campaign": campaign_document(campaign),
        "characters": characters,
        **queries.roster_shown(queries.roster(campaign.pk), audience),
        "layoutOverrides": _layouts_shown(_layouts(campaign), characters, audience),
        "episode": _episode(campaign),
        "initiative": _initiative(_turn_order(campaign), characters, audience),
    }


def _earlier_state(earlier: Earlier, audience: str) -> dict[str, Any]:
    campaign = earlier.campaign
    characters = earlier.characters(map(document, queries.characters(campaign, GM)), audience)
    return {
        "campaign": earlier.campaign_document(),
        "characters": characters,
        **earlier.roster(queries.roster(campaign.pk), audience),
        "layoutOverrides": _layouts_shown(earlier.layouts(_layouts(campaign)), characters, audience),
        "episode": earlier.episode(_episode(campaign)),
        "initiative": _initiative(earlier.initiative(_turn_order(campaign)), characters, audience),
    }


def _layouts(campaign: Campaign) -> dict[str, Any]:
    stored = Layout.objects.filter(campaign=campaign)
    return {layout.tier: {**layout.document, "version": layout.version} for layout in stored}


def _layouts_shown(stored: dict[str, Any], characters: list[dict[str, Any]], audience: str) -> dict[str, Any]:
    """A place gives away who stands there, so viewers see only those of characters that exist for them."""
    if audience == GM:
        return stored
    known = {character["id"] for character in characters}
    return {tier: layouts.without(layout, layouts.ids(layout) - known) for tier, layout in stored.items()}


def _turn_order(campaign: Campaign) -> dict[str, Any] | None:
    row = getattr(campaign, "turn_order", None)  # joined: most campaigns have none
    return row.document if row else None


def _initiative(now: dict[str, Any] | None, characters: list[dict[str, Any]], audience: str) -> dict[str, Any] | None:
    if now is None or audience == GM:
        return now
    known = {character["id"] for character in characters}
    return initiative.shown(now, initiative.people(now) - known)


def _episode(campaign: Campaign) -> dict[str, Any] | None:
    running = campaign.episodes.filter(started_at__isnull=False, ended_at__isnull=True)
    return episode_document(running.first())
