"""Questions about sheets: each a fixed number of queries, however many sheets and rows there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.queries import BY_KEY as OWNER
from campaigns.models import Campaign, Event
from campaigns.queries import BY_KEY as CAMPAIGN
from campaigns.queries import key
from characters.models import Character
from contract.prepared import Columns, Lookup, Parameter, together
from contract.refusals import NotVisible
from sheets import access, chronicle, experience, lines
from sheets.access import Standing
from sheets.lines.shape import Draft, Kind, Line
from sheets.models import Chronicle, Experience, Group, Roll, Row, Sheet
from sheets.validation import tracks_of

BY_NAME = ("name", "pk")
RELATED = ("owner", "campaign", "character", "group__character")
# Of the path of every keystroke: compiled once.
BY_KEY = Lookup(lambda: Sheet.objects.filter(pk=Parameter("sheet_id", Sheet._meta.pk)).order_by())
CHARACTER = Lookup(lambda: Character.objects.filter(pk=Parameter("key", Character._meta.pk)).order_by())
GROUP = Lookup(lambda: Group.objects.filter(pk=Parameter("key", Group._meta.pk)).order_by())
ROWS = Lookup(
    lambda: Row.objects.filter(sheet_id=Parameter("sheet_id", Sheet._meta.pk)).order_by("position", "created_at", "pk")
)
CHRONICLE = Lookup(lambda: Chronicle.objects.filter(campaign_id=Parameter("key", Campaign._meta.pk)).order_by())
AMOUNTS = Columns(
    lambda: (
        Experience.objects.filter(sheet_id=Parameter("sheet_id", Sheet._meta.pk))
        .order_by()
        .values_list("side", "amount")
    )
)
LIVE: dict[str, Lookup[Any]] = {"character": CHARACTER, "group": GROUP}
LOCKED = Lookup(
    lambda: Sheet.objects.select_for_update(no_key=True).filter(pk=Parameter("sheet_id", Sheet._meta.pk)).order_by()
)


@dataclass(frozen=True)
class Found:
    """A sheet with what the actor is to it."""

    sheet: Sheet
    line: Line
    standing: Standing


def sheet(text: str, actor: Actor, line: str = "", *, live: bool = True) -> Found:
    """By its id, of that line where one is named. Raises NotVisible, also for one the actor may not know of. What
    is not asked for `live` is asked for when it is looked at.
    """
    found = BY_KEY.get(sheet_id=key(text))
    if found is None or (line and found.line != line):
        raise NotVisible
    relate(found, {"campaign": CAMPAIGN, **(LIVE if live else {}), **_owner(found, actor)})
    return Found(found, lines.line(found.line), access.require_seen(actor, found))


def sheets(
    actor: Actor, *, line: str = "", campaign_id: UUID | None = None, ordering: Sequence[str] = BY_NAME
) -> QuerySet[Sheet]:
    found = access.visible(actor).filter(line__in=[line] if line else list(lines.enabled()))
    if campaign_id is not None:
        found = found.filter(campaign_id=campaign_id)
    return found.select_related(*RELATED).order_by(*ordering)


def _owner(sheet: Sheet, actor: Actor) -> dict[str, Lookup[Any]]:
    """To be asked for, unless it is who asks."""
    if actor.user is None or actor.user.pk != sheet.owner_id:
        return {"owner": OWNER}
    sheet._state.fields_cache["owner"] = actor.user
    return {}


def locked(sheet_id: UUID) -> Sheet:
    """To be changed inside a transaction, with the character that it plays. Raises NotVisible."""
    found = LOCKED.get(sheet_id=sheet_id)
    if found is None:
        raise NotVisible
    relate(found, LIVE)
    return found


def again(found: Found, actor: Actor) -> Found:
    """As it is now, after a change: what the actor is to it may differ only where it went to another chronicle."""
    now = BY_KEY.get(sheet_id=found.sheet.pk)
    if now is None:
        raise NotVisible
    relate(now, LIVE)
    return changed(found, now, actor)


def changed(found: Found, now: Sheet, actor: Actor) -> Found:
    """The same for one that was read with its character and its group."""
    now._state.fields_cache["owner"] = found.sheet.owner
    same = now.campaign_id == found.sheet.campaign_id
    if same and found.sheet.campaign is not None:
        now._state.fields_cache["campaign"] = found.sheet.campaign
    return Found(now, found.line, found.standing if same else access.require_seen(actor, now))


def relate(sheet: Sheet, lookups: Mapping[str, Lookup[Any]]) -> None:
    """Read these in one round trip; a character may be gone, and then none is played."""
    keys = {name: getattr(sheet, f"{name}_id") for name in lookups}
    wanted = [name for name, key in keys.items() if key is not None]
    related(sheet, wanted, together(*(lookups[name].of(key=keys[name]) for name in wanted)) if wanted else [])


def related(sheet: Sheet, names: Sequence[str], rows: Sequence[Any]) -> None:
    held = sheet._state.fields_cache
    held.update(zip(names, rows, strict=True))
    group = held.get("group")
    if group is not None and group.character_id is not None:
        group._state.fields_cache["character"] = CHARACTER.get(key=group.character_id)


def rows(sheet: Sheet) -> dict[str, list[Row]]:
    """By kind, in order."""
    return by_kind(ROWS.all(sheet_id=sheet.pk))


def by_kind(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(row)
    return found


def row(sheet: Sheet, kind: str, text: str) -> Row:
    """Raises NotVisible."""
    found = Row.objects.filter(sheet=sheet, kind=kind, pk=key(text)).first()
    if found is None:
        raise NotVisible
    return found


def rows_by_id(line: Line, sheet: Sheet) -> dict[str, tuple[Kind, dict[str, Any]]]:
    """Every row with its kind, by its id as text."""
    known = line.kinds_by_name
    found = Row.objects.filter(sheet=sheet, kind__in=list(known))
    return {str(row.pk): (known[row.kind], whole(known[row.kind], row.values)) for row in found}


def settings_of(campaign_id: UUID | None) -> chronicle.Settings:
    return merged(CHRONICLE.get(key=campaign_id) if campaign_id is not None else None)


def merged(stored: Chronicle | None) -> chronicle.Settings:
    return chronicle.merged(stored.settings if stored is not None else {})


def plays(sheet: Sheet) -> bool:
    """Whether the live tracks are those of a character that is there."""
    return sheet.campaign_id is not None and sheet.character_id is not None and sheet.character is not None


def draft(sheet: Sheet, line: Line, found: dict[str, list[Row]] | None = None) -> Draft:
    """The whole sheet as its line's rules see it, with tracks in their present size."""
    of = rows(sheet) if found is None else found
    values = {kind.name: [whole(kind, row.values) for row in of.get(kind.name, ())] for kind in line.kinds}
    stored = sheet.character.stats["tracks"] if plays(sheet) and sheet.character is not None else sheet.tracks
    stored = {**stored, **shared_tracks(sheet, line)}
    known = {name: track for name, track in stored.items() if name in line.tracks_by_name}
    return sized(line, Draft({**line.blank(), **sheet.fields, "name": sheet.name}, known, values))


def blank(line: Line) -> Draft:
    return Draft({**line.blank(), "name": ""})


def shared_names(sheet: Sheet, line: Line) -> tuple[str, ...]:
    """The tracks that are not the sheet's own but those of its group."""
    return line.together.tracks if line.together is not None and sheet.group is not None else ()


def shared_tracks(sheet: Sheet, line: Line) -> dict[str, dict[str, int]]:
    names = shared_names(sheet, line)
    held = tracks_of_group(sheet.group) if names and sheet.group is not None else {}
    return {name: track for name, track in held.items() if name in names}


def tracks_of_group(group: Group) -> dict[str, dict[str, int]]:
    """Those of its character, and what they were where that one is gone."""
    found: dict[str, dict[str, int]] = group.character.stats["tracks"] if group.character is not None else group.tracks
    return found


def groups(campaign: Campaign, *, line: str = "") -> QuerySet[Group]:
    found = Group.objects.filter(campaign=campaign, line__in=[line] if line else list(lines.enabled()))
    return found.select_related("character").prefetch_related("sheets__owner").order_by("name", "pk")


def group(campaign: Campaign, text: str) -> Group:
    """Raises NotVisible."""
    found = groups(campaign).filter(pk=key(text)).first()
    if found is None:
        raise NotVisible
    return found


def readable(draft: Draft, line: Line, standing: Standing) -> Draft:
    """Without what is for other readers."""
    hidden = {name: each.default for name, each in line.by_name.items() if not standing.may(each.reader)}
    return Draft({**draft.fields, **hidden}, draft.tracks, draft.rows)


def sized(line: Line, plain: Draft) -> Draft:
    return Draft(plain.fields, tracks_of(line, plain), plain.rows)


def whole(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    """A row with the fields that its kind got since it was written."""
    return {field.name: values.get(field.name, field.default) for field in kind.fields}


def totals(sheet: Sheet) -> experience.Totals:
    return experience.totals(AMOUNTS.all(sheet_id=sheet.pk))


def entries(sheet: Sheet) -> QuerySet[Experience]:
    return Experience.objects.filter(sheet=sheet).order_by("-number")


def answers(found: Iterable[Experience]) -> dict[UUID, str]:
    """Id of an entry to the kind of what answers it; one query."""
    keys = [entry.pk for entry in found]
    return dict(Experience.objects.filter(answers__in=keys).values_list("answers_id", "kind"))


def entry(sheet: Sheet, text: str) -> Experience:
    """Raises NotVisible."""
    found = Experience.objects.filter(sheet=sheet, pk=key(text)).first()
    if found is None:
        raise NotVisible
    return found


def rolls(sheet: Sheet, actor: Actor, standing: Standing) -> QuerySet[Roll]:
    """The latest first. A hidden one is its roller's and the storyteller's."""
    found = Roll.objects.filter(sheet=sheet).order_by("-number")
    if standing.tells:
        return found
    return found.filter(Q(hidden=False) | Q(actor_id=actor.user.pk)) if actor.user else found.filter(hidden=False)


def roll(sheet: Sheet, text: str, actor: Actor, standing: Standing) -> Roll:
    """Raises NotVisible."""
    found = rolls(sheet, actor, standing).filter(pk=key(text)).first()
    if found is None:
        raise NotVisible
    return found


def taken_back(found: Iterable[Roll]) -> set[UUID]:
    """The ids of the events of these rolls that were undone at the table; one query."""
    told = [roll.event_id for roll in found if roll.event_id]
    return set(Event.objects.filter(undoes__in=told).values_list("undoes_id", flat=True)) if told else set()


def notices(campaign_id: UUID) -> list[str]:
    """What the owners of the lines want said wherever their characters are shown."""
    known = lines.every()
    played = Sheet.objects.filter(campaign_id=campaign_id, character__isnull=False).order_by()
    names = played.values_list("line", flat=True).distinct()
    return sorted({known[name].notice for name in names if name in known} - {""})
