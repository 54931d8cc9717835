"""A character joins the campaign, is edited, retires, is deleted."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from accounts.actors import Actor
from campaigns import events, ledger, posters, versions
from campaigns.models import Campaign, Event
from campaigns.undoing import Effect
from characters import existence, pictures, queries, vitals
from characters.models import Character, RosterEntry, Status
from characters.operations import relationships, roster
from characters.operations.vitals import vitals_data
from characters.projection import document
from characters.stats import InvalidStats, leaves, merged
from content.operations import exposure
from contract.refusals import Conflict, Invalid

EDITABLE = (
    "name",
    "player",
    "player_name",
    "class_name",
    "race",
    "level",
    "status",
    "hp_display",
    "accent",
    "focal_x",
    "focal_y",
    "summary",
    "appearance",
    "gm_notes",
    "is_secret",
    "portrait_url",
    "background_url",
    "external_ids",
)
MOST_IN_CAMPAIGN = 1000
# A new face comes on the campaign's poster with its portrait, not as an empty arch.
ON_POSTERS = {"portrait_url", "background_url", "name", "status", "is_secret"}


def create(campaign: Campaign, *, actor: Actor, stats: dict[str, Any] | None = None, **fields: Any) -> Character:
    """A new character; `stats` may be partial. Raises Invalid with every failing field."""
    with ledger.writing(campaign.pk, actor) as book:
        if Character.objects.filter(campaign=campaign).count() >= MOST_IN_CAMPAIGN:
            raise Invalid([("campaign", f"A campaign holds at most {MOST_IN_CAMPAIGN} characters.")])
        character = Character(campaign=book.campaign, **fields)
        problems = _problems(character, stats or {})
        if problems:
            raise Invalid(problems)
        if "current" not in ((stats or {}).get("hp") or {}):
            character.stats["hp"]["current"] = character.stats["hp"]["max"]
        character.save(force_insert=True)
        book.record(events.CHARACTER_CREATED, {"character": document(character)}, subject=_subject(character))
    return character


def update(character: Character, changes: dict[str, Any], *, actor: Actor, seen: int | None = None) -> Character:
    """Change fields of `EDITABLE` and (partial) `stats`.

    With `seen`, the version the editor saw, a field that somebody changed meanwhile raises Conflict with its current
    value; other fields do not mind. Raises Invalid with every failing field; nothing is changed then.
    """
    with ledger.writing(character.campaign_id, actor) as book:
        character = queries.locked(character.campaign_id, character.pk)
        before, roster_before = document(character), queries.roster(character.campaign_id)
        wanted = _leaves(changes)
        _refuse_stale(character, wanted, seen)
        _assign(character, changes)
        after = document(character)
        changed = _changed(before, after) | _player_change(character, changes)
        if changed:
            _write(character, changed)
            _record_update(book, character, before, changed, roster_before)
        if "is_secret" in changed:
            existence.changed(book, character.pk)
            exposure.changed(character.campaign_id)
    return character


def look_again(character: Character, *, actor: Actor) -> Character:
    """What is known of its pictures is read anew and, where it is news, told; no field that anybody edits changes."""
    with ledger.writing(character.campaign_id, actor) as book:
        character = queries.locked(character.campaign_id, character.pk)
        before, roster_now = document(character), queries.roster(character.campaign_id)
        pictures.look(character)
        if document(character) == before:
            return character
        _write(character, {})
        data = _update_data(character, before, {}, roster_now)
        dressed = _last_edit(character)
        book.record(events.CHARACTER_UPDATED, data, subject=_subject(character), continues=dressed)
    return character


def _last_edit(character: Character) -> int | None:
    """The step in which it was made or edited last. Pictures that have come in more sizes belong to it: nobody would
    take them back alone, and they would stand where the last wound is looked for.
    """
    edits = Event.objects.filter(campaign_id=character.campaign_id, subject_id=character.pk, continues=None)
    kinds = (events.CHARACTER_CREATED, events.CHARACTER_UPDATED)
    return edits.filter(type__in=kinds).order_by("-seq").values_list("seq", flat=True).first()


def retire(character: Character, *, actor: Actor) -> Character:
    """Retire a character and take it off the stage; it stays in the campaign's history."""
    with ledger.writing(character.campaign_id, actor) as book:
        character = queries.locked(character.campaign_id, character.pk)
        before, roster_before = document(character), queries.roster(character.campaign_id)
        if character.status == Status.RETIRED:
            return character
        character.status = Status.RETIRED
        _leave_stage(character)
        changed = {"status": [before["status"], Status.RETIRED]}
        _write(character, changed)
        _record_update(book, character, before, changed, roster_before)
    return character


def delete(character: Character, *, actor: Actor) -> None:
    """Delete a character. Undo brings it back, with its place on the roster."""
    with ledger.writing(character.campaign_id, actor) as book:
        character = queries.locked(character.campaign_id, character.pk)
        _delete(book, character)


def take_back_creation(book: ledger.Book, event: Event) -> Effect:
    character = queries.locked(book.campaign.pk, event.subject_id)  # type: ignore[arg-type]
    data = _deletion(character)
    existence.changed(book, UUID(data["character"]["id"]))
    return events.CHARACTER_DELETED, data


def take_back_deletion(book: ledger.Book, event: Event) -> Effect:
    character = _from_document(book.campaign, event.data["character"], event.data.get("player_id"))
    pictures.look(character)
    character.save(force_insert=True)
    before = queries.roster(book.campaign.pk)
    if _order_without(event.data.get("roster_before", []), str(character.pk)) == _order(before):
        roster.restore(book.campaign, event.data.get("roster_before", []))
    relationships.restore(book.campaign, event.data.get("relationships", []))
    existence.changed(book, character.pk)
    data = {
        "character": document(character),
        "roster": queries.roster(book.campaign.pk),
        "roster_before": before,
    }
    return events.CHARACTER_CREATED, data


def take_back_update(book: ledger.Book, event: Event) -> Effect:
    character = queries.locked(book.campaign.pk, event.subject_id)  # type: ignore[arg-type]
    before, roster_before = document(character), queries.roster(book.campaign.pk)
    changed = event.data["changed"]
    now = {**leaves({"stats": before["stats"]}), **_rows(character)}
    differs = [name for name, (_old, new) in changed.items() if now.get(name) != new]
    if differs:
        raise Conflict(f"Changed again since: {', '.join(differs)}. Undo the later change first.")
    inverse = {name: [new, old] for name, (old, new) in changed.items()}
    for name, (_now, old) in inverse.items():
        _set_leaf(character, name, old)
    if inverse.keys() & pictures.FIELDS:
        pictures.look(character)
    _refuse_impossible(character)
    if "roster_before" in event.data and _order(roster_before) == _order(event.data["roster"]):
        roster.restore(book.campaign, event.data["roster_before"])
    _write(character, inverse)
    if "is_secret" in inverse:
        existence.changed(book, character.pk)
        exposure.changed(book.campaign.pk)
    return events.CHARACTER_UPDATED, _update_data(character, before, inverse, roster_before)


# --- writing ---


def _assign(character: Character, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        if name != "stats":
            setattr(character, name, value)
    if changes.keys() & pictures.FIELDS:
        pictures.look(character)
    problems = _problems(character, changes.get("stats", {}))
    if problems:
        raise Invalid(problems)


def _problems(character: Character, patch: Any) -> list[tuple[str, str]]:
    """Every failing field; `stats` are merged on the way."""
    found = []
    try:
        character.stats = merged(character.stats, patch)
    except InvalidStats as error:
        found = [(f"stats.{path}".rstrip("."), message) for path, message in error.problems]
    try:
        character.clean_fields(exclude=["campaign", "stats", "player"])
    except ValidationError as error:
        found += [(_api_name(name), reason) for name, reasons in error.message_dict.items() for reason in reasons]
    return found


def _write(character: Character, changed: dict[str, list[Any]]) -> None:
    character.version += 1
    character.field_versions = versions.stamped(character.field_versions, changed, character.version)
    character.save()
    if ON_POSTERS & changed.keys():
        posters.changed(character.campaign_id)


def _refuse_stale(character: Character, wanted: dict[str, Any], seen: int | None) -> None:
    stale = versions.stale(character.field_versions, wanted, seen)
    if not stale:
        return
    now = {**leaves({"stats": character.stats}), **_rows(character)}
    current = {"version": character.version, **{name: now.get(name) for name in stale}}
    raise Conflict(f"Changed by somebody else meanwhile: {', '.join(stale)}.", current=current)


def _record_update(
    book: ledger.Book,
    character: Character,
    before: dict[str, Any],
    changed: dict[str, list[Any]],
    roster_before: list[dict[str, Any]],
) -> None:
    subject = _subject(character)
    if changed.keys() <= {"stats.hp.current", "stats.hp.temp"}:
        applied = vitals.applied_between(before["stats"], character.stats)
        data = vitals_data(character, before["stats"], applied, source="edit", kind="")
        book.record(events.HP_CHANGE, data, subject=subject)
        return
    data = _update_data(character, before, changed, roster_before)
    book.record(events.CHARACTER_UPDATED, data, subject=subject)


def _update_data(
    character: Character,
    before: dict[str, Any],
    changed: dict[str, list[Any]],
    roster_before: list[dict[str, Any]],
) -> dict[str, Any]:
    data = {"character": document(character), "changed": changed, "was_secret": before["is_secret"]}
    roster_after = queries.roster(character.campaign_id)
    if roster_after != roster_before:
        data["roster"], data["roster_before"] = roster_after, roster_before
    return data


def _delete(book: ledger.Book, character: Character) -> None:
    subject = _subject(character)
    book.record(events.CHARACTER_DELETED, _deletion(character), subject=subject)
    existence.changed(book, subject[1])
    posters.changed(character.campaign_id)


def _deletion(character: Character) -> dict[str, Any]:
    roster_before = queries.roster(character.campaign_id)
    data: dict[str, Any] = {
        "character": document(character),
        "player_id": str(character.player_id) if character.player_id else None,
        "relationships": relationships.taken_along(character),
    }
    _leave_stage(character)
    character.delete()
    roster_after = queries.roster(character.campaign_id)
    if roster_after != roster_before:
        data["roster"], data["roster_before"] = roster_after, roster_before
    return data


def _refuse_impossible(character: Character) -> None:
    try:
        merged(character.stats, {})
    except InvalidStats as error:
        raise Conflict(f"The values would not fit together any more ({error}). Change them by hand.") from error


def _leave_stage(character: Character) -> None:
    RosterEntry.objects.filter(character=character).delete()


# --- documents ---


def _from_document(campaign: Campaign, document: dict[str, Any], player_id: str | None) -> Character:
    fields = {_row_name(key): value for key, value in document.items() if key not in _NOT_ROWS}
    return Character(
        id=UUID(document["id"]),
        campaign=campaign,
        player_id=player_id,
        focal_x=document["focal"]["x"],
        focal_y=document["focal"]["y"],
        portrait_url=document["portrait_url"] or "",
        background_url=document["background_url"] or "",
        **fields,
    )


_NOT_ROWS = {"id", "focal", "crest_url", "portrait_url", "background_url"}


def _rows(character: Character) -> dict[str, Any]:
    """Editable fields by the name that the API and the ledger give them."""
    return {_api_name(name): getattr(character, name) for name in EDITABLE if name != "player"} | {
        "player": str(character.player_id) if character.player_id else None
    }


def _api_name(name: str) -> str:
    return "class" if name == "class_name" else name


def _row_name(name: str) -> str:
    return "class_name" if name == "class" else name


def _leaves(changes: dict[str, Any]) -> dict[str, Any]:
    fields = {_api_name(name): value for name, value in changes.items() if name != "stats"}
    return {**fields, **(leaves({"stats": changes["stats"]}) if changes.get("stats") else {})}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    old, new = _flat(before), _flat(after)
    return {name: [old.get(name), new.get(name)] for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _flat(document: dict[str, Any]) -> dict[str, Any]:
    derived = {"stats", "focal", "crest_url", "pictures", "version", "id"}
    plain = {key: value for key, value in document.items() if key not in derived}
    plain |= {"focal_x": document["focal"]["x"], "focal_y": document["focal"]["y"]}
    for name in ("portrait_url", "background_url"):
        plain[name] = document[name] or ""
    return {**plain, **leaves({"stats": document["stats"]})}


def _player_change(character: Character, changes: dict[str, Any]) -> dict[str, list[Any]]:
    if "player" not in changes:
        return {}
    stored = Character.objects.filter(pk=character.pk).values_list("player_id", flat=True).first()
    if stored == character.player_id:
        return {}
    return {"player": [str(stored) if stored else None, str(character.player_id) if character.player_id else None]}


def _set_leaf(character: Character, name: str, value: Any) -> None:
    if name == "player":
        character.player_id = value
    elif not name.startswith("stats."):
        setattr(character, _row_name(name), value)
    else:
        *path, last = name.removeprefix("stats.").split(".")
        place = character.stats
        for key in path:
            place = place[key]
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value


def _subject(character: Character) -> tuple[str, UUID]:
    return events.SUBJECT_CHARACTER, character.pk


def _order(roster_: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["id"], row["tier"]) for row in roster_]


def _order_without(roster_: list[dict[str, Any]], id_: str) -> list[tuple[str, str]]:
    return [(row["id"], row["tier"]) for row in roster_ if row["id"] != id_]
