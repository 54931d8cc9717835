"""The dice of the sheet's page: what can be rolled, what fell last, what its buttons do without a line of script."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.views.acting import acting
from contract.refusals import Invalid
from sheets import dice, documents, queries, rolling
from sheets.lines.shape import Dots, Draft, Line
from sheets.models import Row
from sheets.operations import rolling as operations
from sheets.parts import Snapshot
from sheets.queries import Found
from sheets.serializers import ThrowAgainSerializer, ThrowSerializer

LISTED = 12
AT_FIRST = 3  # the difficulty that the form begins with
PLACE = "#dice"


@dataclass(frozen=True)
class Trait:
    value: str
    label: str
    dice: int
    column: str = ""
    bonus: int = 0  # dice that come with it


@dataclass(frozen=True)
class Specialty:
    value: str
    label: str
    skill: str


def context(request: HttpRequest, snapshot: Snapshot) -> dict[str, Any]:
    """What the template of the dice needs; at most two queries."""
    found, draft, rows = snapshot.found, snapshot.draft, snapshot.parts.rows
    line = found.line
    facts = line.dice(draft, snapshot.parts.settings)
    fallen = list(queries.rolls(found.sheet, acting(request), found.standing)[:LISTED])
    gone = queries.taken_back(fallen)
    told = [documents.roll_document(roll, gone) for roll in fallen]
    return {
        "traits": traits(line, draft, rows, facts.bonus),
        "specialties": specialties(line, rows),
        "checks": rolling.checks(line, draft),
        "special": line.special,
        "facts": facts,
        "remorse_dice": _remorse_dice(line, draft),
        "last": told[0] if told else None,
        "faces": faces(told[0]) if told else {},
        "rolls": told,
        "difficulty": AT_FIRST,
        "modifiers": range(-5, 6),
        "levels": range(1, facts.twice + 1),
    }


def traits(line: Line, draft: Draft, rows: Mapping[str, Iterable[Row]], bonus: int) -> list[tuple[str, list[Trait]]]:
    """By group: what stands in columns, then the rated powers, then the tracks that are rolled."""
    groups: dict[str, list[Trait]] = {}
    for field in line.fields:
        if isinstance(field, Dots) and field.column:
            one = Trait(field.name, field.label, draft.fields[field.name], field.column)
            groups.setdefault(field.section.capitalize(), []).append(one)
    kind = None if line.powers in line.absent(draft) else line.kinds_by_name.get(line.powers)
    for row in rows.get(line.powers, ()) if kind else ():
        part = rolling.trait(line, draft, {str(row.pk): (kind, row.values)}, str(row.pk))  # type: ignore[dict-item]
        groups.setdefault(kind.label, []).append(Trait(str(row.pk), part.label, part.dice, bonus=bonus))  # type: ignore[union-attr]
    tracks = [line.tracks_by_name[name] for name in line.checked]
    checked = [Trait(track.name, track.label, rolling.standing(draft.tracks[track.name])) for track in tracks]
    return [*groups.items(), *([("Tracks", checked)] if checked else [])]


def specialties(line: Line, rows: Mapping[str, Iterable[Row]]) -> list[Specialty]:
    return [
        Specialty(str(row.pk), f"{row.values['name']} ({line.by_name[row.values['skill']].label})", row.values["skill"])
        for row in rows.get("specialties", ())
        if row.values["skill"] in line.by_name
    ]


def faces(roll: Mapping[str, Any]) -> dict[str, list[tuple[int, str]]]:
    """Each die with what it is: a ten, a hit, a one among special dice, or a miss."""
    normal = [(face, _sort(face, is_special=False)) for face in roll["normal"]]
    return {"normal": normal, "special": [(face, _sort(face, is_special=True)) for face in roll["special"]]}


def _sort(face: int, *, is_special: bool) -> str:
    if face == 10:
        return "ten"
    if face >= dice.LOWEST_SUCCESS:
        return "hit"
    return "one" if is_special and face == 1 else "miss"


def _remorse_dice(line: Line, draft: Draft) -> int:
    """0 where there is nothing to regret."""
    if rolling.REMORSE not in rolling.checks(line, draft) or not draft.tracks["humanity"]["stains"]:
        return 0
    humanity = draft.tracks["humanity"]
    return dice.remorse_dice(humanity["value"], humanity["stains"])


# --- what the buttons do ---


def _roll(kind: str) -> Callable[[HttpRequest, Found], str]:
    def deed(request: HttpRequest, found: Found) -> str:
        asked = _asked(request, kind, found.line)
        operations.roll(found.sheet, asked, actor=acting(request), standing=found.standing)
        return PLACE

    return deed


def _asked(request: HttpRequest, kind: str, line: Line) -> dict[str, Any]:
    sent: dict[str, Any] = {"kind": kind, "hidden": "hidden" in request.POST}
    if kind in (rolling.POOL, rolling.FRENZY):
        sent["difficulty"] = _whole(request, "difficulty")
    if kind == rolling.POOL:
        sent["traits"] = [name for name in request.POST.getlist("traits") if name]
        sent["modifier"] = _whole(request, "modifier")
        sent |= {name: True for name in ("surge", "desperation") if name in request.POST}
        sent |= {"specialty": request.POST["specialty"]} if request.POST.get("specialty") else {}
    if kind == rolling.ROUSE:
        sent["level"] = _whole(request, "level")
    if kind == rolling.FRENZY and "fury" in request.POST:
        sent["fury"] = True
    return _read(ThrowSerializer, sent)


def _reroll(request: HttpRequest, found: Found) -> str:
    places = [int(text) for text in request.POST.getlist("dice") if text.isdecimal() and len(text) < 3]
    chosen = _read(ThrowAgainSerializer, {"dice": places})["dice"] if places else []
    if not chosen:
        raise Invalid([("dice", "Choose one to three dice that are rolled again.")])
    operations.reroll(_of(request, found), chosen, actor=acting(request), standing=found.standing)
    return PLACE


def _choose(choice: str) -> Callable[[HttpRequest, Found], str]:
    def deed(request: HttpRequest, found: Found) -> str:
        operations.choose(_of(request, found), choice, actor=acting(request), standing=found.standing)
        return PLACE

    return deed


def _of(request: HttpRequest, found: Found) -> Any:
    return queries.roll(found.sheet, request.POST.get("roll", ""), acting(request), found.standing)


def _whole(request: HttpRequest, name: str) -> Any:
    text = request.POST.get(name, "").replace("−", "-") or "0"
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() and len(text) < 6 else text


def _read(serializer: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """As the API reads it. Raises Invalid."""
    read = serializer(data=sent)
    if not read.is_valid():
        raise Invalid([(str(name), str(_first(found))) for name, found in read.errors.items()])
    values = dict(read.validated_data)
    return {**values, "specialty": str(values["specialty"])} if "specialty" in values else values


def _first(found: Any) -> Any:
    while isinstance(found, (list, dict)) and found:
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    return found


DEEDS: dict[str, Callable[[HttpRequest, Found], str]] = {
    "roll": _roll(rolling.POOL),
    "rouse": _roll(rolling.ROUSE),
    "remorse": _roll(rolling.REMORSE),
    "frenzy": _roll(rolling.FRENZY),
    "reroll": _reroll,
    "overreach": _choose(rolling.OVERREACH),
    "despair": _choose(rolling.TO_DESPAIR),
}
