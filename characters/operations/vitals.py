"""What happens to a character's body: wounds, healing, conditions, death saves, tracks.

Every function locks, applies one pure rule, writes, and records the event with the absolute state after it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns import events, ledger
from campaigns.models import Event
from campaigns.undoing import Effect
from campaigns.versions import stamped
from characters import conditions, consequences, queries, vitals
from characters.models import Character
from characters.stats import Stats, changed_leaves
from contract.refusals import Invalid

Rule = Callable[[Stats], vitals.Change]

HIGHEST_STEP = 9999
LONGEST_KIND = 40


def change_hp(
    campaign_id: UUID, character_id: UUID, *, actor: Actor, delta: int, kind: str = "", critical: bool = False
) -> Event:
    """Wound (negative) or heal (positive) by `delta`, -9999 to 9999; temporary hit points go first."""
    if not -HIGHEST_STEP <= delta <= HIGHEST_STEP:
        raise Invalid([("delta", f"A whole number from -{HIGHEST_STEP} to {HIGHEST_STEP}.")])

    def rule(stats: Stats) -> vitals.Change:
        return vitals.wounded(stats, -delta, critical=critical) if delta < 0 else vitals.healed(stats, delta)

    return _hp_event(campaign_id, character_id, actor, rule, kind=kind)


def set_hp(campaign_id: UUID, character_id: UUID, *, actor: Actor, to: int, kind: str = "") -> Event:
    """Put current HP at `to`, 0 to the maximum."""
    return _hp_event(campaign_id, character_id, actor, lambda stats: vitals.set_to(stats, to), kind=kind)


def give_temporary_hp(campaign_id: UUID, character_id: UUID, *, actor: Actor, amount: int) -> Event:
    """Grant temporary hit points; the larger of old and new stays, 0 removes them."""
    if not 0 <= amount <= HIGHEST_STEP:
        raise Invalid([("temp", f"A whole number from 0 to {HIGHEST_STEP}.")])
    rule: Rule = lambda stats: vitals.given_temporary(stats, amount)  # noqa: E731
    return _hp_event(campaign_id, character_id, actor, rule, kind="temp")


def save_against_death(campaign_id: UUID, character_id: UUID, *, actor: Actor, result: str) -> Event:
    if result not in vitals.DEATH_SAVE_RESULTS:
        raise Invalid([("result", f"One of: {', '.join(vitals.DEATH_SAVE_RESULTS)}.")])
    rule: Rule = lambda stats: vitals.death_saved(stats, result)  # noqa: E731
    return _change(campaign_id, character_id, actor, events.DEATH_SAVE, rule, result=result)


def add_condition(
    campaign_id: UUID, character_id: UUID, *, actor: Actor, condition: str, rounds: int | None = None
) -> Event:
    """Add a condition, for good or for 1 to 1,000 rounds; naming it again changes how long it lasts."""
    name = _condition(condition)
    if rounds is not None and not 1 <= rounds <= conditions.MOST_ROUNDS:
        raise Invalid([("rounds", f"A whole number from 1 to {conditions.MOST_ROUNDS}.")])
    rule: Rule = lambda stats: vitals.with_condition(stats, name, rounds)  # noqa: E731
    return _change(campaign_id, character_id, actor, events.CONDITION_ADDED, rule, condition=name, rounds=rounds)


def remove_condition(campaign_id: UUID, character_id: UUID, *, actor: Actor, condition: str) -> Event:
    name = _condition(condition)
    rule: Rule = lambda stats: vitals.without_condition(stats, name)  # noqa: E731
    return _change(campaign_id, character_id, actor, events.CONDITION_REMOVED, rule, condition=name)


def change_track(campaign_id: UUID, character_id: UUID, *, actor: Actor, track: str, **steps: int) -> Event:
    """Move a track by `delta` and `stains`, or by `superficial` and `aggravated` damage. What follows for others
    (`characters.consequences`) is told by events after its own.
    """
    with _body(campaign_id, character_id, actor) as (book, character):
        before = character.stats["tracks"]
        event = _step(book, character, track, steps)
        for other, further in consequences.of(character.pk, before, track, steps):
            _step(book, character, other, further)
        return event


def _step(book: ledger.Book, character: Character, track: str, steps: dict[str, int]) -> Event:
    rule: Rule = lambda stats: vitals.with_track(stats, track, **steps)  # noqa: E731
    return _recorded(book, character, events.TRACK_CHANGE, rule, track=track)


def _hp_event(campaign_id: UUID, character_id: UUID, actor: Actor, rule: Rule, *, kind: str) -> Event:
    if len(kind) > LONGEST_KIND:
        raise Invalid([("kind", f"At most {LONGEST_KIND} characters.")])
    return _change(campaign_id, character_id, actor, events.HP_CHANGE, rule, kind=kind)


def _change(campaign_id: UUID, character_id: UUID, actor: Actor, type_: str, rule: Rule, **facts: Any) -> Event:
    with _body(campaign_id, character_id, actor) as (book, character):
        return _recorded(book, character, type_, rule, **facts)


@contextmanager
def _body(campaign_id: UUID, character_id: UUID, actor: Actor) -> Iterator[tuple[ledger.Book, Character]]:
    asked = queries.lock_body(campaign_id, character_id)
    with ledger.writing(campaign_id, actor, asked, lock=ledger.LOCKED_BRIEFLY) as book:
        yield book, queries.visible(book.found[0])


def _recorded(book: ledger.Book, character: Character, type_: str, rule: Rule, **facts: Any) -> Event:
    try:
        change = rule(character.stats)
    except vitals.Impossible as reason:
        raise Invalid([(reason.field, str(reason))]) from reason
    before = character.stats
    write_stats(book, character, change.stats)
    if change.notes:
        facts["notes"] = change.notes
    data = vitals_data(character, before, change.applied, source="ingest", **facts)
    return book.record(type_, data, subject=(events.SUBJECT_CHARACTER, character.pk))


def write_stats(book: ledger.Book, character: Character, after: Stats) -> None:
    """Store new stats, noting which of their fields changed."""
    changed = changed_leaves(character.stats, after, "stats")
    character.stats = after
    character.version += 1
    character.field_versions = stamped(character.field_versions, changed, character.version)
    book.writes.update(character, "stats", "version", "field_versions", "updated_at")


def vitals_data(
    character: Character, before: Stats, applied: dict[str, Any], *, source: str, **facts: Any
) -> dict[str, Any]:
    """`campaigns.events.VitalsData` for the character as it is now."""
    was, now = before["hp"], character.stats["hp"]
    return {
        **facts,
        "name": character.name,
        "from": was["current"],
        "to": now["current"],
        "delta": now["current"] - was["current"] + now["temp"] - was["temp"],
        "stats": character.stats,
        "version": character.version,
        "hp_display": character.hp_display,
        "is_secret": character.is_secret,
        "applied": applied,
        "source": source,
    }


def take_back(book: ledger.Book, event: Event) -> Effect:
    """Undo by taking back exactly what the event added, so later events keep their effect."""
    character = queries.locked(book.campaign.pk, event.subject_id)  # type: ignore[arg-type]
    before = character.stats
    after = vitals.reverted(before, event.data["applied"])
    write_stats(book, character, after)
    facts = {key: event.data[key] for key in ("kind", "track", "condition", "rounds", "result") if key in event.data}
    data = vitals_data(character, before, vitals.applied_between(before, after), source="undo", **facts)
    return _effect_type(event.type, data), data


def _effect_type(type_: str, data: dict[str, Any]) -> str:
    if type_ == events.CONDITION_ADDED and data["applied"].get("conditions_removed"):
        return events.CONDITION_REMOVED
    if type_ == events.CONDITION_REMOVED and data["applied"].get("conditions_added"):
        return events.CONDITION_ADDED
    return type_


def _condition(name: str) -> str:
    try:
        return conditions.normalised(name)
    except ValueError as reason:
        raise Invalid([("condition", str(reason))]) from reason
