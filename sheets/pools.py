"""What can be rolled for a sheet as it stands, and how what fell is drawn: for its own page and for the table. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from sheets import dice, rolling
from sheets.lines.shape import DiceFacts, Dots, Draft, Line
from sheets.models import Row

AT_FIRST = 3  # the difficulty that forms begin with
TRACKS = "Tracks"

Rows = Mapping[str, Iterable[Row]]


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


@dataclass(frozen=True)
class Offered:
    """`traits` by group; `remorse_dice` is 0 where there is nothing to regret, `levels` those of powers whose rouse
    check is rolled twice.
    """

    traits: list[tuple[str, list[Trait]]]
    specialties: list[Specialty]
    checks: tuple[str, ...]
    special: str
    facts: DiceFacts
    remorse_dice: int

    @property
    def levels(self) -> range:
        return range(1, self.facts.twice + 1)

    @property
    def difficulty(self) -> int:
        return AT_FIRST

    @property
    def mark(self) -> str:
        """Another one when something else can be rolled; tracks are told as tracks."""
        traits = [group for group in self.traits if group[0] != TRACKS]
        return f"{crc32(repr((traits, self.specialties, self.checks, self.facts)).encode()):08x}"


def offered(line: Line, draft: Draft, rows: Rows, chronicle: Mapping[str, Any]) -> Offered:
    facts = line.dice(draft, chronicle)
    checks = rolling.checks(line, draft)
    return Offered(
        traits=_traits(line, draft, rows, facts.bonus),
        specialties=_specialties(line, rows),
        checks=checks,
        special=line.special,
        facts=facts,
        remorse_dice=_remorse_dice(draft) if rolling.REMORSE in checks else 0,
    )


def _traits(line: Line, draft: Draft, rows: Rows, bonus: int) -> list[tuple[str, list[Trait]]]:
    """What stands in columns, then the rated powers, then the tracks that are rolled."""
    groups: dict[str, list[Trait]] = {}
    for field in line.fields:
        if isinstance(field, Dots) and field.column:
            one = Trait(field.name, field.label, draft.fields[field.name], field.column)
            groups.setdefault(field.section.capitalize(), []).append(one)
    kind = None if line.powers in line.absent(draft) else line.kinds_by_name.get(line.powers)
    for row in rows.get(line.powers, ()) if kind else ():
        part = rolling.trait(line, draft, {str(row.pk): (kind, row.values)}, str(row.pk))  # type: ignore[dict-item]
        groups.setdefault(kind.label, []).append(Trait(str(row.pk), part.label, part.dice, bonus=bonus))  # type: ignore[union-attr]
    tracks = [line.tracks_by_name[name] for name in line.checked if name in draft.tracks]
    checked = [Trait(track.name, track.label, rolling.standing(draft.tracks[track.name])) for track in tracks]
    return [*groups.items(), *([(TRACKS, checked)] if checked else [])]


def _specialties(line: Line, rows: Rows) -> list[Specialty]:
    return [
        Specialty(str(row.pk), f"{row.values['name']} ({line.by_name[row.values['skill']].label})", row.values["skill"])
        for row in rows.get("specialties", ())
        if row.values["skill"] in line.by_name
    ]


def _remorse_dice(draft: Draft) -> int:
    humanity = draft.tracks["humanity"]
    return dice.remorse_dice(humanity["value"], humanity["stains"]) if humanity["stains"] else 0


def faces(roll: Mapping[str, Any]) -> dict[str, list[tuple[int, str]]]:
    """Each die of a roll's document with what it is: a ten, a hit, a one among special dice, or a miss."""
    normal = [(face, _sort(face, is_special=False)) for face in roll["normal"]]
    return {"normal": normal, "special": [(face, _sort(face, is_special=True)) for face in roll["special"]]}


def _sort(face: int, *, is_special: bool) -> str:
    if face == 10:
        return "ten"
    if face >= dice.LOWEST_SUCCESS:
        return "hit"
    return "one" if is_special and face == 1 else "miss"
