"""What a game line is made of. A line is data: fields, tracks, kinds of rows, purchases, and its advice on creation.

Everything here is pure: a value is checked, a maximum derived, a price named, without a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contract.text import clean

Values = dict[str, Any]
Finding = tuple[str, str]  # dotted field, sentence

# Who reads and writes a field besides: everybody who may see the sheet, its owner alone, the storyteller alone.
EVERYBODY, OWNER, STORYTELLER = "everybody", "owner", "storyteller"


class Refused(ValueError):
    """The message is a sentence for the person who typed."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value of a sheet or of a row. `section` and `column` say where it stands on the page."""

    name: str
    label: str
    default: Any = None
    section: str = ""
    column: str = ""
    reader: str = EVERYBODY

    def cleaned(self, value: Any) -> Any:
        """The value as it is stored. Raises Refused."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """The field in OpenAPI."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Whole(Field):
    """A whole number from `low` to `high`; null where the default is null."""

    low: int
    high: int

    def cleaned(self, value: Any) -> Any:
        if value is None and self.default is None:
            return None
        if type(value) is not int or not self.low <= value <= self.high:
            raise Refused(f"A whole number from {self.low} to {self.high}.")
        return value

    def schema(self) -> dict[str, Any]:
        type_ = ["integer", "null"] if self.default is None else "integer"
        return {"type": type_, "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, kw_only=True)
class Dots(Whole):
    """A trait that is drawn as dots. `purchase` is what raising it with experience is called."""

    default: Any = 0
    low: int = 0
    high: int = 5
    purchase: str = ""


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    default: Any = ""
    longest: int = 100
    multiline: bool = False
    required: bool = False
    suggestions: Sequence[str] = ()

    def cleaned(self, value: Any) -> Any:
        if value is None and not self.required:
            return ""
        if type(value) is not str:
            raise Refused("Send text in quotes.")
        try:
            text = clean(value, max_length=self.longest, multiline=self.multiline)
        except ValueError as reason:
            raise Refused(str(reason)) from reason
        if self.required and not text:
            raise Refused("Send some text that can be seen.")
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string" if self.required else ["string", "null"], "maxLength": self.longest}


@dataclass(frozen=True, kw_only=True)
class Choice(Field):
    """One of `codes` (code to label); empty where the default is. With `free`, words of one's own up to that length."""

    codes: Mapping[str, str]
    default: Any = ""
    free: int = 0

    def cleaned(self, value: Any) -> Any:
        value = "" if value is None else value
        if (value == "" and self.default == "") or (type(value) is str and value in self.codes):
            return value
        if self.free:
            return Text(name=self.name, label=self.label, longest=self.free, required=self.default != "").cleaned(value)
        raise Refused(f"One of: {', '.join(self.codes)}.")

    def schema(self) -> dict[str, Any]:
        if self.free:
            return {
                "type": ["string", "null"],
                "maxLength": self.free,
                "description": f"{', '.join(self.codes)}; or own",
            }
        # Not an enumeration of its own: the schema would want a name for each of dozens.
        return {"type": ["string", "null"], "anyOf": [{"enum": [*self.codes, "", None]}]}

    def shown(self, value: str) -> str:
        return self.codes.get(value, value)


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    default: Any = False

    def cleaned(self, value: Any) -> Any:
        if type(value) is not bool:
            raise Refused("Send true or false without quotes.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Draft:
    """A whole sheet as plain values: what every rule looks at. `rows` is kind to the values of its rows, in order."""

    fields: Mapping[str, Any]
    tracks: Mapping[str, dict[str, int]] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[Mapping[str, Any]]:
        return self.rows.get(kind, ())


def always(draft: Draft) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Track:
    """A row of boxes or pips of the live state. `most` is the maximum, or derives it from the whole sheet; `there`
    tells whether such a sheet has the track at all.
    """

    name: str
    label: str
    most: int | Callable[[Draft], int]
    damage: bool = False
    stains: bool = False
    start: int = 0
    follows: frozenset[str] = frozenset()  # what `most` looks at: names of fields and kinds of rows
    there: Callable[[Draft], bool] = always

    def maximum(self, draft: Draft) -> int:
        return self.most if isinstance(self.most, int) else self.most(draft)

    def fresh(self, draft: Draft) -> dict[str, int]:
        if self.damage:
            return {"max": self.maximum(draft), "superficial": 0, "aggravated": 0}
        return {"max": self.maximum(draft), "value": self.start, **({"stains": 0} if self.stains else {})}


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """What experience buys. `rate` is None where no source settles it: then the chronicle has to say.

    "step": rate times each new level; "dot": rate for each dot; "flat": rate once.
    """

    code: str
    label: str
    rate: int | None
    by: str = "step"

    def cost(self, before: int, after: int, rate: int | None = None) -> int | None:
        rate = self.rate if rate is None else rate
        if rate is None or self.by == "flat":
            return rate
        if self.by == "dot":
            return rate * (after - before)
        return sum(rate * level for level in range(before + 1, after + 1))


PurchaseOf = Callable[[Draft, Mapping[str, Any], Mapping[str, Any]], str]  # sheet, row, chronicle


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of child rows. `unique` names fields that no two rows share, `rating` the field that experience raises.

    `purchase` is the code of what a row costs, or finds it from sheet, row and chronicle.
    """

    name: str  # as in addresses: "touchstones"
    one: str  # "Touchstone"
    label: str
    fields: tuple[Field, ...]
    most: int
    unique: tuple[str, ...] = ()
    rating: str = ""
    purchase: str | PurchaseOf = ""
    section: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}


@dataclass(frozen=True, kw_only=True)
class Together:
    """What sheets of a line share: fields of the group itself, and which of the line's tracks are the group's."""

    label: str
    fields: tuple[Field, ...]
    tracks: tuple[str, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}


@dataclass(frozen=True)
class DiceFacts:
    """What follows for dice from the sheet, beside its traits.

    `surge` dice more for a rouse check, `bonus` dice more with a discipline, `twice` the highest level of a power whose
    rouse check is rolled twice, `fury` what resisting fury lacks. `instead` says what powers cost who rolls no rouse
    checks.
    """

    surge: int = 0
    bonus: int = 0
    twice: int = 0
    fury: int = 0
    instead: str = ""


def no_dice_facts(draft: Draft, chronicle: Mapping[str, Any]) -> DiceFacts:
    return DiceFacts()


def nothing_absent(draft: Draft) -> frozenset[str]:
    return frozenset()


Advice = Callable[[Draft, Mapping[str, Any]], Iterable[Finding]]


def no_advice(draft: Draft, chronicle: Mapping[str, Any]) -> Iterable[Finding]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """`code` stands in addresses. `special` names the special dice of its rolls: "hunger", "desperation" or none.

    `checks` are the rolls that it has besides pools (`sheets.rolling`), `powers` the kind of rows whose rating is
    rolled with a bonus, `checked` the tracks that are rolled without special dice.
    `absent` names the fields and kinds of rows that a sheet has not, being what it is: they are neither shown nor set,
    and keep their values for when it is something else.
    `advice` tells what is unusual about any sheet, `creation` what a new character should be.
    """

    code: str
    name: str
    fields: tuple[Field, ...]
    tracks: tuple[Track, ...]
    kinds: tuple[Kind, ...]
    purchases: tuple[Purchase, ...] = ()
    absent: Callable[[Draft], frozenset[str]] = nothing_absent
    advice: Advice = no_advice
    creation: Advice = no_advice
    special: str = ""
    checks: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    powers: str = ""
    dice: Callable[[Draft, Mapping[str, Any]], DiceFacts] = no_dice_facts
    together: Together | None = None
    derived: Callable[[Draft, Mapping[str, Any]], dict[str, Any]] = lambda draft, chronicle: {}
    notice: str = ""

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    @cached_property
    def tracks_by_name(self) -> dict[str, Track]:
        return {each.name: each for each in self.tracks}

    @cached_property
    def kinds_by_name(self) -> dict[str, Kind]:
        return {each.name: each for each in self.kinds}

    @cached_property
    def purchases_by_code(self) -> dict[str, Purchase]:
        return {each.code: each for each in self.purchases}

    def blank(self) -> Values:
        return {each.name: each.default for each in self.fields}
