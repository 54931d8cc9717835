"""The turn order: set, advanced, put away. The end of a turn counts that character's conditions down."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from accounts.actors import Actor
from campaigns import events, ledger
from campaigns.models import Event
from campaigns.undoing import Effect
from characters import initiative, queries, vitals
from characters.initiative import Entry, Initiative
from characters.models import Character, TurnOrder
from characters.operations.vitals import vitals_data, write_stats
from contract.refusals import Conflict, Invalid, NotVisible

SUBJECT = events.SUBJECT_CHARACTER
NO_ORDER = ("turn", "There is no turn order. Set one first.")
NOT_IN_IT = ("turn", "Nobody of this id is in the turn order.")


def set_order(campaign_id: UUID, entries: Sequence[dict[str, Any]], *, actor: Actor) -> Initiative | None:
    """Exactly these in the order: {"character" (id) or "name", "score", "hidden", "id" (kept where given)}.

    Round and turn go on where there was an order before; an empty one is put away. Raises Invalid.
    """
    with ledger.writing(campaign_id, actor) as book:
        now = queries.turn_order(campaign_id)
        after = initiative.changed(now, _read(campaign_id, entries))
        if after != now:
            _write(book, now, after)
    return after


def to_turn(campaign_id: UUID, turn: str, *, actor: Actor) -> Initiative:
    """It is that entry's turn, whoever comes between; nothing is counted down. Raises Invalid."""
    with ledger.writing(campaign_id, actor) as book:
        now = _current(campaign_id)
        try:
            after = initiative.moved(now, turn)
        except KeyError as error:
            raise Invalid([NOT_IN_IT]) from error
        if after != now:
            _write(book, now, after)
    return after


def next_turn(campaign_id: UUID, *, actor: Actor) -> Event:
    """The turn ends; conditions of whoever acted last one round less. Raises Invalid without an order."""
    with ledger.writing(campaign_id, actor) as book:
        now = _current(campaign_id)
        subject = initiative.acting(now)["character"]
        counted = _count_down(book, UUID(subject)) if subject else None
        return _write(book, now, initiative.advanced(now), counted)


def put_away(campaign_id: UUID, *, actor: Actor) -> bool:
    """No turn order any more. False when there was none."""
    with ledger.writing(campaign_id, actor) as book:
        now = queries.turn_order(campaign_id)
        if now is not None:
            _write(book, now, None)
    return now is not None


def tell_again(book: ledger.Book, character_id: UUID) -> None:
    """Somebody in the order exists for viewers now, or no longer."""
    now = queries.turn_order(book.campaign.pk)
    if now is not None and str(character_id) in initiative.people(now):
        _write(book, now, now)


def take_back(book: ledger.Book, event: Event) -> Effect:
    now = queries.turn_order(book.campaign.pk)
    if now != event.data["initiative"]:
        raise Conflict("The turn order was changed again since. Undo the later change first.")
    before = event.data["before"]
    _store(book, before)
    data = _data(book, now, before)
    if "applied" in event.data:
        character = queries.locked(book.campaign.pk, event.subject_id)  # type: ignore[arg-type]
        data |= _changed(book, character, vitals.reverted(character.stats, event.data["applied"]), source="undo")
    return events.INITIATIVE, data


def _count_down(book: ledger.Book, character_id: UUID) -> tuple[Character, dict[str, Any]] | None:
    try:
        character = queries.locked(book.campaign.pk, character_id)
    except NotVisible:  # deleted meanwhile; its place in the order stays
        return None
    if not character.stats["condition_rounds"]:
        return None
    return character, _changed(book, character, initiative.counted_down(character.stats), source="ingest")


def _changed(book: ledger.Book, character: Character, after: Any, *, source: str) -> dict[str, Any]:
    before = character.stats
    write_stats(book, character, after)
    return vitals_data(character, before, vitals.applied_between(before, after), source=source)


def _write(
    book: ledger.Book,
    before: Initiative | None,
    after: Initiative | None,
    counted: tuple[Character, dict[str, Any]] | None = None,
) -> Event:
    _store(book, after)
    data = _data(book, before, after)
    if counted is None:
        return book.record(events.INITIATIVE, data)
    character, state = counted
    return book.record(events.INITIATIVE, {**state, **data}, subject=(SUBJECT, character.pk))


def _store(book: ledger.Book, document: Initiative | None) -> None:
    if document is None:
        TurnOrder.objects.filter(campaign=book.campaign).delete()
    else:
        TurnOrder.objects.update_or_create(campaign=book.campaign, defaults={"document": document})


def _data(book: ledger.Book, before: Initiative | None, after: Initiative | None) -> dict[str, Any]:
    ids = initiative.people(after) if after else set()
    return {"initiative": after, "before": before, "secret": sorted(queries.hidden_among(book.campaign.pk, ids))}


def _current(campaign_id: UUID) -> Initiative:
    now = queries.turn_order(campaign_id)
    if now is None:
        raise Invalid([NO_ORDER])
    return now


def _read(campaign_id: UUID, entries: Sequence[dict[str, Any]]) -> list[Entry]:
    """The entries as the document has them. Raises Invalid with every fault."""
    wanted = [str(entry["character"]) for entry in entries if entry.get("character")]
    found = Character.objects.filter(campaign_id=campaign_id, pk__in=wanted).values_list("pk", "name")
    names = {str(id_): name for id_, name in found}
    faults = [] if len(entries) <= initiative.LONGEST else [("order", f"At most {initiative.LONGEST} in the order.")]
    made = [_entry(entry, names) for entry in entries]
    for index, entry in enumerate(made):
        if entry["character"] and entry["character"] not in names:
            faults.append((f"order.{index}.character_id", "There is no such character in this campaign."))
        elif entry["id"] in {other["id"] for other in made[:index]}:
            faults.append((f"order.{index}.id", "This entry is in the order twice."))
    if faults:
        raise Invalid(faults)
    return made


def _entry(entry: dict[str, Any], names: dict[str, str]) -> Entry:
    character = str(entry["character"]) if entry.get("character") else None
    id_ = entry.get("id") or character or str(uuid4())
    name = names.get(character or "", "") or entry.get("name", "")
    return {
        "id": str(id_),
        "character": character,
        "name": name,
        "score": entry["score"],
        "hidden": entry.get("hidden", False),
    }
