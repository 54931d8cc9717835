"""A sheet as its page draws it: sections of fields and rows, made from the line alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from characters.tracks import overlapping
from sheets.access import Standing
from sheets.lines.shape import Choice, Dots, Draft, Field, Flag, Kind, Line, Text, Track
from sheets.models import Row
from sheets.queries import whole

COLUMNS = {"physical": "Physical", "social": "Social", "mental": "Mental"}
TITLES = {
    "attributes": "Attributes",
    "skills": "Skills",
    "disciplines": "Disciplines",
    "edges": "Edges and perks",
    "touchstones": "Touchstones",
    "advantages": "Advantages",
    "equipment": "Equipment",
    "blood": "Blood",
    "creed": "Creed",
    "story": "Story",
    "notes": "Notes",
    "modifiers": "Modifiers and creation",
}
# Where each stands: the traits above the fold, three stacks below it, the last of them after experience and rolls.
SHORT = {"name", "skill", "type", "discipline", "edge", "rating", "dots", "level", "conviction", "pool"}
ABOVE = ("attributes", "skills")
STACKS = (("disciplines", "edges", "creed", "blood"), ("touchstones", "advantages", "equipment"), ("modifiers",))
WIDE = ("story", "notes")
OPEN = ("tracks", "attributes")


@dataclass(frozen=True)
class Shown:
    """One field with its value, and what the page has to say about it."""

    field: Field
    value: Any
    id: str
    error: str = ""
    beside: str = ""  # the specialties of a skill

    @property
    def widget(self) -> str:
        field = self.field
        if isinstance(field, Text):
            return "prose" if field.multiline else "text"
        for kind, name in ((Choice, "choice"), (Flag, "flag"), (Dots, "dots")):
            if isinstance(field, kind):
                return name
        return "number"

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, label, whether it is the one; with a choice of one's own, that too."""
        codes = dict(getattr(self.field, "codes", {}))
        empty = {} if self.field.default else {"": "—"}
        own = {self.value: self.value} if self.value and self.value not in codes else {}
        return [(code, label, code == self.value) for code, label in (empty | codes | own).items()]

    @property
    def label_of_value(self) -> str:
        return self.field.shown(self.value) if isinstance(self.field, Choice) else str(self.value)


@dataclass(frozen=True)
class Entry:
    """A row: the fields that stand in its line, and the others behind "More"."""

    row: Row | None
    kind: Kind
    line: list[Shown]
    more: list[Shown]

    @property
    def form(self) -> str:
        """The id of the form that its fields belong to."""
        return f"form-{self.row.pk}" if self.row is not None else f"add-{self.kind.name}"


@dataclass(frozen=True)
class Rows:
    kind: Kind
    entries: list[Entry]
    blank: Entry

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= self.kind.most


@dataclass
class Section:
    name: str
    title: str
    fields: list[Shown] = field(default_factory=list)
    columns: list[tuple[str, list[Shown]]] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.name in OPEN


@dataclass(frozen=True)
class Boxes:
    """A track: how it stands in words and marks."""

    track: Track
    state: Mapping[str, int]

    @property
    def marks(self) -> list[str]:
        """Aggravated, then superficial, then empty; of humanity its boxes, then empty ones, stains from the right."""
        if self.track.damage:
            return self._damage()
        empty = self.state["max"] - self.state["value"]
        stains = min(self.state.get("stains", 0), empty)
        return ["on"] * self.state["value"] + ["-"] * (empty - stains) + ["/"] * stains

    @property
    def letters(self) -> str:
        """As `marks`, one letter for each box, as static/sheets/js/boxes.js has them."""
        return "".join("o" if mark == "on" else mark for mark in self.marks)

    @property
    def said(self) -> str:
        """As static/sheets/js/boxes.js says it."""
        state = self.state
        if self.track.damage:
            return f"{state['max'] - state['superficial'] - state['aggravated']} of {state['max']} left"
        stains = state.get("stains", 0)
        over = ", impaired" if overlapping(dict(state)) else ""
        added = f", {stains} {'stain' if stains == 1 else 'stains'}{over}" if stains else ""
        return f"{state['value']} of {state['max']}{added}"

    def _damage(self) -> list[str]:
        hurt = ["x"] * self.state["aggravated"] + ["/"] * self.state["superficial"]
        return hurt + ["-"] * (self.state["max"] - len(hurt))


def identity(line: Line, draft: Draft, standing: Standing, faults: Mapping[str, str]) -> list[Shown]:
    return _fields(line, "identity", draft, standing, faults)


def sections(
    line: Line,
    draft: Draft,
    rows: Mapping[str, Iterable[Row]],
    standing: Standing,
    faults: Mapping[str, str],
    warnings: Iterable[Mapping[str, str]],
) -> dict[str, Section]:
    """By name, those that the line has. What is unusual is said in the section of the field that it is about."""
    gone = line.absent(draft)
    places = [field.section for field in line.fields if field.name not in gone]
    places += [kind.section for kind in line.kinds if kind.name not in gone]
    names = dict.fromkeys(name for name in places if name != "identity")
    found = {name: Section(name, TITLES.get(name, name.capitalize())) for name in names}
    for name, section in found.items():
        shown = [_with_specialties(each, draft) for each in _fields(line, name, draft, standing, faults)]
        section.columns = [
            (title, part) for code, title in COLUMNS.items() if (part := [s for s in shown if s.field.column == code])
        ]
        section.fields = [each for each in shown if not each.field.column]
        kinds = [kind for kind in line.kinds if kind.section == name and kind.name not in gone]
        section.rows = [rows_of(kind, rows.get(kind.name, ())) for kind in kinds]
    for warning in warnings:
        about = found.get(_section_of(line, warning["field"]))
        if about is not None:
            about.findings.append(warning["message"])
    return found


def _with_specialties(shown: Shown, draft: Draft) -> Shown:
    names = [str(row["name"]) for row in draft.of("specialties") if row["skill"] == shown.field.name]
    return replace(shown, beside=", ".join(names)) if names else shown


def rows_of(kind: Kind, rows: Iterable[Row]) -> Rows:
    blank = _entry(kind, None, {each.name: each.default for each in kind.fields}, f"new-{kind.name}")
    return Rows(kind, [_entry(kind, row, whole(kind, row.values), str(row.pk)) for row in rows], blank)


def tracks(line: Line, draft: Draft) -> list[Boxes]:
    return [Boxes(track, draft.tracks[track.name]) for track in line.tracks if track.name in draft.tracks]


def _entry(kind: Kind, row: Row | None, values: Mapping[str, Any], prefix: str) -> Entry:
    shown = [Shown(each, values[each.name], f"f-{prefix}-{each.name}") for each in kind.fields]
    short = [each for each in shown if _stands_in_line(each, kind)]
    return Entry(row, kind, short, [each for each in shown if each not in short])


def _stands_in_line(shown: Shown, kind: Kind) -> bool:
    """Its name, what it belongs to, its dots; what is left empty most of the time waits behind."""
    name = shown.field.name
    return name in SHORT or name in kind.unique


def _fields(line: Line, section: str, draft: Draft, standing: Standing, faults: Mapping[str, str]) -> list[Shown]:
    gone = line.absent(draft)
    return [
        Shown(each, draft.fields[each.name], f"f-{each.name}", faults.get(each.name, ""))
        for each in line.fields
        if each.section == section and standing.may(each.reader) and each.name not in gone
    ]


def _section_of(line: Line, name: str) -> str:
    """Of a field or a kind of rows; "attributes" and "skills" are sections themselves."""
    field_, kind = line.by_name.get(name), line.kinds_by_name.get(name)
    if field_ is not None:
        return field_.section
    return kind.section if kind is not None else name
