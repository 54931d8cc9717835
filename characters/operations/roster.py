"""The roster: who is on stage, in which order and size."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns import events, ledger
from campaigns.models import Campaign, Event
from campaigns.undoing import Effect
from characters import queries
from characters.models import Character, RosterEntry, Tier
from contract.refusals import Conflict, Invalid

LONGEST = 24


def set_roster(campaign_id: UUID, entries: Sequence[tuple[UUID, str | None]], *, actor: Actor) -> list[dict[str, Any]]:
    """Put exactly these characters on stage, in this order: (character id, tier or ""; None keeps the tier).

    Raises Invalid for a character of another campaign, one named twice, an unknown tier or more than 24.
    """
    with ledger.writing(campaign_id, actor) as book:
        _refuse_bad(book.campaign, entries)
        before = queries.roster(campaign_id)
        write(campaign_id, _with_tiers(entries, before))
        after = queries.roster(campaign_id)
        if after != before:
            record(book, before, after)
    return after


def place(campaign_id: UUID, character_id: UUID, *, actor: Actor, on: bool = True) -> list[dict[str, Any]]:
    """Bring one character on stage (at the end) or take it off."""
    with ledger.writing(campaign_id, actor):  # before it is read, or two who come on at once would be one
        current = queries.roster(campaign_id)
        entries = [(UUID(row["id"]), row["tier"]) for row in current if row["id"] != str(character_id)]
        if on:
            if len(entries) != len(current):
                return current
            entries.append((character_id, ""))
        return set_roster(campaign_id, entries, actor=actor)


def record(book: ledger.Book, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Event:
    return book.record(events.ROSTER_UPDATED, {"roster": after, "before": before})


def write(campaign_id: UUID, entries: Sequence[tuple[str, str]]) -> None:
    RosterEntry.objects.filter(campaign_id=campaign_id).delete()
    RosterEntry.objects.bulk_create(
        RosterEntry(campaign_id=campaign_id, character_id=id_, position=position, tier=tier)
        for position, (id_, tier) in enumerate(entries)
    )


def take_back(book: ledger.Book, event: Event) -> Effect:
    current = queries.roster(book.campaign.pk)
    if _order(current) != _order(event.data["roster"]):
        raise Conflict("The roster was changed again since. Undo the later change first.")
    restore(book.campaign, event.data["before"])
    return events.ROSTER_UPDATED, {"roster": queries.roster(book.campaign.pk), "before": current}


def restore(campaign: Campaign, entries: Sequence[dict[str, Any]]) -> None:
    """Write an earlier roster, without characters that are gone since."""
    there = {
        str(id_)
        for id_ in Character.objects.filter(campaign=campaign, pk__in=[row["id"] for row in entries]).values_list(
            "pk", flat=True
        )
    }
    write(campaign.pk, [(row["id"], row["tier"]) for row in entries if row["id"] in there])


def _with_tiers(entries: Sequence[tuple[UUID, str | None]], before: list[dict[str, Any]]) -> list[tuple[str, str]]:
    had = {row["id"]: row["tier"] for row in before}
    return [(str(id_), had.get(str(id_), "") if tier is None else tier) for id_, tier in entries]


def _order(roster: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["id"], row["tier"]) for row in roster]


def _refuse_bad(campaign: Campaign, entries: Sequence[tuple[UUID, str | None]]) -> None:
    ids = [id_ for id_, _tier in entries]
    if len(ids) > LONGEST:
        raise Invalid([("entries", f"At most {LONGEST} characters on stage.")])
    known = set(Character.objects.filter(campaign=campaign, pk__in=ids).values_list("pk", flat=True))
    found = []
    for index, (id_, tier) in enumerate(entries):
        if id_ not in known:
            found.append((f"entries.{index}.character_id", "There is no such character in this campaign."))
        elif id_ in ids[:index]:
            found.append((f"entries.{index}.character_id", "This character is on the roster twice."))
        if tier and tier not in Tier.values:
            found.append((f"entries.{index}.tier", f"One of: {', '.join(Tier.values)}."))
    if found:
        raise Invalid(found)
