"""What any file comes to: plain values for a sheet, checked field by field, with remarks on what was left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from characters import tracks as boxes
from sheets.lines.shape import Draft, Field, Finding, Kind, Line, Refused
from sheets.validation import resized, row_problems, tracks_of

MOST_EXPERIENCE = 9999


class Unreadable(ValueError):
    """The message says what the file is, or is not, and what to send instead."""


@dataclass
class Imported:
    """Filled by a reader, piece by piece; `earned` and `spent` are experience."""

    line: Line
    source: str
    fields: dict[str, Any] = field(default_factory=dict)
    tracks: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    earned: int = 0
    spent: int = 0
    findings: list[Finding] = field(default_factory=list)

    def hold(self, earned: int, spent: int) -> None:
        """Experience, in numbers that make sense."""
        self.earned = min(max(earned, 0), MOST_EXPERIENCE)
        self.spent = min(max(spent, 0), self.earned)

    def put(self, name: str, value: Any) -> None:
        """A field of the sheet. What is absent or empty says nothing."""
        known = self.line.by_name.get(name)
        if known is None or value is None or value == "":
            return
        try:
            self.fields[name] = known.cleaned(_shortened(known, value))
        except Refused as reason:
            self.findings.append((name, f"{str(value)[:60]!r} is left out: {reason}"))

    def put_rating(self, name: str, value: Any) -> None:
        """Dots, where another program may know more or fewer of them."""
        known = self.line.by_name.get(name)
        if known is None or type(value) is not int:
            return
        low, high = getattr(known, "low", 0), getattr(known, "high", 5)
        self.fields[name] = min(max(value, low), high)
        if self.fields[name] != value:
            self.findings.append((name, f"The file says {value}; a sheet has {low} to {high}."))

    def mark(self, name: str, **counts: Any) -> None:
        """Boxes and pips of a track; the maximum follows from the sheet."""
        if name in self.line.tracks_by_name:
            known = {key: value for key, value in counts.items() if type(value) is int and value >= 0}
            self.tracks.setdefault(name, {}).update(known)

    def add(self, kind_name: str, **values: Any) -> None:
        """A row; one that cannot be is remarked on."""
        kind = self.line.kinds_by_name.get(kind_name)
        if kind is None:
            return
        here = self.rows.setdefault(kind_name, [])
        try:
            row = {each.name: each.default for each in kind.fields} | _cleaned(kind, values)
        except Refused as reason:
            self.findings.append((kind_name, f"{values.get('name') or kind.one} is left out: {reason}"))
            return
        if len(here) >= kind.most or row_problems(kind, here, row):
            self.findings.append((kind_name, f"{row.get('name') or kind.one} is left out: there is one, or no room."))
            return
        here.append(row)

    def leave_out_absent(self) -> None:
        """What such a sheet has not, being what it is."""
        gone = self.line.absent(Draft({**self.line.blank(), **self.fields}))
        for name in sorted(gone & self.fields.keys()):
            value, known = self.fields.pop(name), self.line.by_name[name]
            if value not in (known.default, 0, ""):
                self.findings.append((name, f"{known.label} {value} is left out: this character has none."))
        for name in sorted(gone & self.rows.keys()):
            if self.rows.pop(name):
                label = self.line.kinds_by_name[name].label
                self.findings.append((name, f"{label} are left out: this character has none."))

    def draft(self) -> Draft:
        """The whole sheet, with tracks in the size that it gives them."""
        plain = Draft({**self.line.blank(), **self.fields}, {}, self.rows)
        fresh = tracks_of(self.line, plain)
        return Draft(plain.fields, {name: self._marked(name, track) for name, track in fresh.items()}, self.rows)

    def _marked(self, name: str, fresh: dict[str, int]) -> dict[str, int]:
        counts = {key: count for key, count in self.tracks.get(name, {}).items() if key in fresh and key != "max"}
        fitted = resized({**fresh, **counts}, fresh["max"])
        if boxes.problems(fitted) or any(fitted[key] != count for key, count in counts.items()):
            self.findings.append((f"tracks.{name}", "The file marks more boxes than there are; the rest is left out."))
        return fitted


def _cleaned(kind: Kind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Refused, also where a row lacks what it needs."""
    needed = {name: None for name, known in kind.by_name.items() if getattr(known, "required", False)}
    given = {name: value for name, value in values.items() if name in kind.by_name and value is not None}
    return {name: _value(kind.by_name[name], value) for name, value in (needed | given).items()}


def _value(known: Field, value: Any) -> Any:
    return known.cleaned(_bounded(known, _shortened(known, value)))


def _shortened(known: Any, value: Any) -> Any:
    longest = getattr(known, "longest", getattr(known, "free", 0))
    return value[:longest] if isinstance(value, str) and longest else value


def _bounded(known: Any, value: Any) -> Any:
    low, high = getattr(known, "low", None), getattr(known, "high", None)
    return value if type(value) is not int or low is None or high is None else min(max(value, low), high)


def slug(text: Any) -> str:
    """Blood Sorcery, blood_sorcery, blood sorcery → blood-sorcery"""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") if isinstance(text, str) else ""


def coded(codes: Mapping[str, str], text: Any) -> str:
    """The code of a name in whatever spelling; the text itself where there is none."""
    wanted = slug(text)
    return wanted if wanted in codes else (text.strip() if isinstance(text, str) else "")


def mapping(part: Any) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def items(part: Any) -> list[Mapping[str, Any]]:
    return [each for each in part if isinstance(each, Mapping)] if isinstance(part, list) else []


def whole(part: Any) -> int | None:
    """A count, also where it was written as text or as 3.0."""
    if type(part) is float and part.is_integer():
        return int(part)
    if isinstance(part, str) and part.strip().lstrip("-").isdecimal() and len(part) < 9:
        return int(part)
    return part if type(part) is int else None
