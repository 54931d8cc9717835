"""Questions about characters and the roster: each takes its tenant as an argument, and a fixed number of queries."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.queries import one
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign
from characters.initiative import Initiative
from characters.models import Character, EarlierRelationship, Relationship, RosterEntry, Status, TurnOrder
from characters.projection import Document, character_document
from contract.prepared import Asked, Lookup, Parameter
from contract.refusals import NotVisible

Roster = list[dict[str, Any]]

BY_NAME = ("name", "pk")


def _one_locked() -> QuerySet[Character]:
    campaign, character = Parameter("campaign_id", Campaign._meta.pk), Parameter("character_id", Character._meta.pk)
    return Character.objects.select_for_update(no_key=True).filter(campaign_id=campaign, pk=character).order_by()


LOCKED = Lookup(_one_locked)
# What happens to it, and how it is told, needs no more; the rest is read when it is asked for.
LOCKED_BODY = Lookup(
    lambda: _one_locked().only("campaign", "name", "stats", "hp_display", "is_secret", "version", "field_versions")
)


def characters(
    campaign: Campaign,
    audience: str,
    *,
    status: str = "",
    search: str = "",
    on_roster: bool | None = None,
    ordering: Sequence[str] = BY_NAME,
) -> QuerySet[Character]:
    """The campaign's characters that exist for the audience, by name."""
    found = Character.objects.filter(campaign=campaign)
    if audience != GM:
        found = found.filter(is_secret=False)
    if status:
        found = found.filter(status=status)
    if search:
        found = found.filter(
            Q(name__icontains=search) | Q(player_name__icontains=search) | Q(class_name__icontains=search)
        )
    if on_roster is not None:
        found = found.filter(roster_entry__isnull=not on_roster)
    return found.order_by(*ordering)


def character(campaign: Campaign, character_id: UUID, audience: str) -> Character:
    """Raises NotVisible for what does not exist for the audience."""
    found = characters(campaign, audience).filter(pk=character_id).select_related("player").first()
    if found is None:
        raise NotVisible
    return found


def secret_ids(campaign: Campaign) -> QuerySet[Any]:
    """Keys of the characters that viewers may not know of."""
    return Character.objects.filter(campaign=campaign, is_secret=True).values("pk")


def locked(campaign_id: UUID, character_id: UUID) -> Character:
    """The character, to be changed inside `ledger.writing`. Raises NotVisible."""
    return visible(LOCKED.get(campaign_id=campaign_id, character_id=character_id))


def lock_body(campaign_id: UUID, character_id: UUID) -> Asked:
    """For `ledger.writing`, to come with the lock of the campaign."""
    return LOCKED_BODY.of(campaign_id=campaign_id, character_id=character_id)


def visible(found: Character | None) -> Character:
    """Raises NotVisible where there is none."""
    if found is None:
        raise NotVisible
    return found


def roster(campaign_id: UUID) -> Roster:
    """The roster in order as ledger entries keep it: [{"id", "tier", "is_secret"}]."""
    rows = RosterEntry.objects.filter(campaign_id=campaign_id).order_by("position", "id")
    return [
        {"id": str(character_id), "tier": tier, "is_secret": is_secret}
        for character_id, tier, is_secret in rows.values_list("character_id", "tier", "character__is_secret")
    ]


def turn_order(campaign_id: UUID) -> Initiative | None:
    """The document of `characters.initiative`, None while there is no order."""
    return TurnOrder.objects.filter(campaign_id=campaign_id).values_list("document", flat=True).first()


def on_stage(campaign: Campaign, audience: str) -> list[tuple[Document, str]]:
    """The documents of the characters on the roster, in its order, each with the tier of its own (or "")."""
    rows = RosterEntry.objects.filter(campaign=campaign).select_related("character").order_by("position", "id")
    shown = ((character_document(row.character, audience), row.tier) for row in rows)
    return [(document, tier) for document, tier in shown if document is not None]


def roster_shown(roster: Roster, audience: str) -> dict[str, Any]:
    """The roster as the live stream tells it: order of ids, and tiers where set."""
    shown = [entry for entry in roster if audience == GM or not entry["is_secret"]]
    return {
        "roster": [entry["id"] for entry in shown],
        "rosterTiers": {entry["id"]: entry["tier"] for entry in shown if entry["tier"]},
    }


def choices_for_roster(campaign: Campaign) -> QuerySet[Character]:
    """Characters that can be put on stage."""
    return Character.objects.filter(campaign=campaign).exclude(status__in=[Status.RETIRED, Status.DEAD])


def hidden_among(campaign_id: UUID, ids: Collection[str]) -> set[str]:
    """Which of these do not exist for viewers: secret characters, and ids of nobody (any more)."""
    shown = Character.objects.filter(campaign_id=campaign_id, is_secret=False, pk__in=ids).values_list("pk", flat=True)
    return set(ids) - {str(id_) for id_ in shown} if ids else set()


def relationships(character: Character, audience: str) -> QuerySet[Relationship]:
    """Both directions, as far as the audience knows both ends; in the order in which they were begun."""
    return known_relationships(character.pk, audience).select_related("source", "target", "since")


def known_relationships(character_id: UUID, audience: str) -> QuerySet[Relationship]:
    found = Relationship.objects.filter(Q(source=character_id) | Q(target=character_id))
    if audience != GM:
        found = found.filter(is_secret=False, source__is_secret=False, target__is_secret=False)
    return found.order_by("created_at", "pk")


def relationships_at(character_id: UUID, moment: datetime | None) -> list[dict[str, Any]]:
    """What viewers knew of them at that moment (None: now), in the order of `relationships`; two queries at most.

    What has become the GM's own since is left out then, too.
    """
    names = ("source_id", "target_id", "words", "note", "since__number", "since__published")
    known = known_relationships(character_id, VIEWER)
    if moment is None:
        return list(known.values(*names))
    now_secret = Relationship.objects.filter(pk=OuterRef("relationship_id"), is_secret=True)
    earlier = EarlierRelationship.objects.filter(Q(source_id=character_id) | Q(target_id=character_id))
    earlier = earlier.filter(~Exists(now_secret), shown_from__lte=moment, shown_until__gt=moment)
    unchanged = known.filter(updated_at__lte=moment).annotate(begun=F("created_at"))
    rows = [*unchanged.values("begun", *names), *earlier.values("begun", *names)]
    return sorted(rows, key=lambda row: row["begun"])


def relationship(character: Character, relationship_id: UUID, audience: str) -> Relationship:
    """Raises NotVisible."""
    return one(relationships(character, audience), pk=relationship_id)
