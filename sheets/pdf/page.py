"""What stands on the paper: the sheet as the reader may see it, without what is empty."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from sheets import group_page, page, portraits, queries
from sheets.lines.shape import Choice, Dots, Flag, Text
from sheets.page import Boxes, Entry, Section, Shown
from sheets.pdf import marks
from sheets.pdf.printing import Printed, printed
from sheets.queries import Found

MEDIA_TYPE = "application/pdf"
STYLE = "sheets/pdf.css"  # no file of the site: only the press reads it
DIAMONDS = "hunger"
FACE = "picture:face"  # an address that the press knows
# Rows whose dots stand at the end of their line, by the field that has them.
RATED = ("rating", "dots", "level")


@dataclass(frozen=True)
class Trait:
    """A field as dots, or as words."""

    label: str
    mark: str
    said: str


@dataclass(frozen=True)
class Line:
    """A row: its name, what it belongs to, its dots, and what is written about it."""

    name: str
    kind: str
    mark: str
    said: str
    facts: list[tuple[str, str]]
    prose: str


def pdf(found: Found, paper: str) -> Printed:
    """Raises Unavailable."""
    face = portraits.small_face(found.sheet)
    pictures = {FACE: face[0]} if face else {}
    said = f"Portrait of {found.sheet.name}" if face else ""
    return printed(html(found, face_alt=(face and face[1]) or said), render_to_string(STYLE), paper, pictures)


def html(found: Found, *, face_alt: str = "") -> str:
    """With the face, where something is said of it."""
    rows = queries.rows(found.sheet)
    draft = queries.readable(queries.draft(found.sheet, found.line, rows), found.line, found.standing)
    chronicle = queries.settings_of(found.sheet.campaign_id)
    parts = page.sections(found.line, draft, rows, found.standing, {}, ())
    context = {
        "sheet": found.sheet,
        "line": found.line,
        "identity": _words(page.identity(found.line, draft, found.standing, {})),
        "tracks": [(boxes.track.label, _boxes(boxes), boxes.said) for boxes in page.tracks(found.line, draft)],
        "above": [_above(parts[name]) for name in page.ABOVE if name in parts],
        "beside": [_part(section) for section in _beside(parts)],
        "wide": [_part(parts[name]) for name in page.WIDE if name in parts],
        "derived": found.line.derived(draft, chronicle).get("blood"),
        "xp": queries.totals(found.sheet),
        "face_alt": face_alt,
        "face": FACE,
        "group": _group(found),
    }
    return render_to_string("sheets/pdf.html", context)


def _group(found: Found) -> dict[str, Any] | None:
    """What the sheet shares with its cell or coterie, and with whom."""
    group = group_page.context(found) if found.sheet.group_id else None
    if group is None or group["held"] is None:
        return None
    part = _part(Section("group", f"{group['label']}: {group['held'].name}", fields=group["fields"]))
    others = [member["name"] for member in group["members"] if member["id"] != str(found.sheet.pk)]
    return {**part, "words": [*part["words"], *([("With", ", ".join(others))] if others else [])]}


def _beside(parts: dict[str, Section]) -> list[Section]:
    names = [name for stack in page.STACKS for name in stack if name != "modifiers"]
    return [parts[name] for name in names if name in parts]


def _above(section: Section) -> dict[str, Any]:
    columns = [(title, [_trait(shown) for shown in traits]) for title, traits in section.columns]
    return {"title": section.title, "columns": columns, "rows": _rows(section)}


def _part(section: Section) -> dict[str, Any]:
    dots = [_trait(shown) for shown in section.fields if isinstance(shown.field, Dots)]
    rest = [shown for shown in section.fields if not isinstance(shown.field, Dots)]
    prose = [shown for shown in rest if isinstance(shown.field, Text) and shown.field.multiline and shown.value]
    return {
        "name": section.name,
        "title": section.title,
        "dots": dots,
        "words": _words(shown for shown in rest if shown not in prose),
        "prose": [(shown.field.label, shown.value) for shown in prose],
        "rows": _rows(section),
    }


def _rows(section: Section) -> list[tuple[str, list[Line]]]:
    return [(rows.kind.label, [_line(entry) for entry in rows.entries]) for rows in section.rows if rows.entries]


def _words(shown: Iterable[Shown]) -> list[tuple[str, str]]:
    """Label and value of what is not empty; the name has its own place."""
    return [(each.field.label, _said(each)) for each in shown if each.field.name != "name" and _said(each)]


def _said(shown: Shown) -> str:
    if isinstance(shown.field, Flag):
        return "yes" if shown.value else ""
    if isinstance(shown.field, Choice) and shown.value == shown.field.default:
        return ""
    return "" if shown.value is None else shown.label_of_value


def _trait(shown: Shown) -> Trait:
    most = getattr(shown.field, "high", 5)
    return Trait(shown.field.label, marks.dots(shown.value, most), f"{shown.value} of {most}")


def _boxes(boxes: Boxes) -> str:
    return marks.diamonds(boxes.letters) if boxes.track.name == DIAMONDS else marks.boxes(boxes.letters)


def _line(entry: Entry) -> Line:
    fields = {shown.field.name: shown for shown in [*entry.line, *entry.more]}
    rated = next((fields[name] for name in RATED if name in fields), None)
    chosen = [shown for shown in fields.values() if shown is not rated and shown.widget == "choice"]
    rest = [shown for shown in fields.values() if shown is not rated and shown not in chosen]
    name = fields.get("name")
    kinds = [shown.label_of_value for shown in chosen if shown.value]
    title = str(name.value) if name is not None and name.value else (kinds.pop(0) if kinds else "")
    trait = _trait(rated) if rated is not None else None
    told = [shown for shown in rest if shown is not name and _is_told(shown)]
    facts = [(shown.field.label, _said(shown)) for shown in told if shown.widget != "prose"]
    prose = "\n".join(_said(shown) for shown in told if shown.widget == "prose")
    return Line(title, ", ".join(kinds), trait.mark if trait else "", trait.said if trait else "", facts, prose)


def _is_told(shown: Shown) -> bool:
    """Words, and numbers that are not as they begin."""
    return bool(_said(shown)) and shown.value != shown.field.default
