"""Sheets in OpenAPI, made from the lines: what is in the schema is what `sheets.validation` reads."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from characters.serializers import SHOWN_STATS
from sheets import lines
from sheets.chronicle import DEFAULTS, HIGHEST_PRICE
from sheets.experience import KINDS, MOST_AWARDED
from sheets.lines.blood import CURRENT, FIRST_PRINTING
from sheets.lines.shape import EVERYBODY, Field, Kind, Line, always
from sheets.models import Shared

Schema = dict[str, Any]


class Raw(serializers.Serializer):
    """A component of the schema that no serializer makes."""

    made: Any


class RawExtension(OpenApiSerializerExtension):
    target_class = Raw
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        return deepcopy(dict(self.target.made()))  # whoever makes the whole changes its parts


def component(name: str, made: Callable[[], Schema]) -> Any:
    return type(f"{name}Serializer", (Raw,), {"made": staticmethod(made)})


def one_of(codes: Iterable[str]) -> Schema:
    """Without an enumeration of its own, for which the schema would want a name."""
    return {"type": "string", "anyOf": [{"enum": list(codes)}]}


ID: Schema = {"type": "string", "format": "uuid"}
NO_ID: Schema = {"type": ["string", "null"], "format": "uuid"}
WHOLE: Schema = {"type": "integer"}
WORDS: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
VERSION: Schema = {"type": "integer", "minimum": 1, "description": "The version that the changes are based on."}
_STATS: Any = SHOWN_STATS
TRACK: Schema = _STATS["properties"]["tracks"]["additionalProperties"]
HEAD: Schema = {
    "id": ID,
    "line": WORDS,
    "name": WORDS,
    "owner": ID,
    "owner_name": WORDS,
    "campaign": NO_ID,
    "campaign_name": WORDS,
    "character": NO_ID,
    "group": NO_ID,
    "group_name": WORDS,
    "shared": one_of(Shared.values),
    "version": WHOLE,
    "character_version": {"type": ["integer", "null"]},
    "created_at": MOMENT,
    "updated_at": MOMENT,
}


def an_object(properties: Schema, required: Any = None, **more: Any) -> Schema:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, **({"required": names} if names else {}), **more}


def short() -> Schema:
    return an_object(HEAD)


def page_of(row: Schema) -> Schema:
    address: Schema = {"type": ["string", "null"], "format": "uri"}
    listed = {"type": "array", "items": row}
    return an_object({"count": WHOLE, "next": address, "previous": address, "results": listed})


def sheet() -> Schema:
    return {"oneOf": [_sheet(line) for line in lines.every().values()]}


def _sheet(line: Line) -> Schema:
    fields = {field.name: _shown(field) for field in line.fields}
    rows = {kind.name: {"type": "array", "items": row_of(kind)} for kind in line.kinds}
    finding = an_object({"field": WORDS, "message": WORDS})
    rest: Schema = {
        "tracks": an_object({track.name: TRACK for track in line.tracks}, _always(line)),
        "absent": {"type": "array", "items": WORDS, "description": "Fields and kinds of rows that such a sheet lacks."},
        "xp": an_object({"earned": WHOLE, "spent": WHOLE, "available": WHOLE}),
        "derived": {"type": "object", "description": "What follows from the fields by the tables of the line."},
        "warnings": {"type": "array", "items": finding, "description": "Unusual, never refused."},
        "rolls_version": {**WHOLE, "description": "Another one when there is something new among the rolls."},
        "may": an_object({"edit": FLAG, "tell": FLAG}),
    }
    own = [field.name for field in line.fields if field.reader == EVERYBODY]
    head = {**HEAD, "line": {"type": "string", "const": line.code}}
    return an_object({**head, **fields, **rows, **rest}, {**HEAD, **dict.fromkeys(own), **rows, **rest})


def _always(line: Line) -> list[str]:
    return [track.name for track in line.tracks if track.there is always]


def _shown(field: Field) -> Schema:
    return {key: value for key, value in field.schema().items() if key != "anyOf"}


def sent_sheet(*, new: bool) -> Schema:
    return {"anyOf": [_sent_sheet(line, new) for line in lines.every().values()]}


def _sent_sheet(line: Line, new: bool) -> Schema:
    part = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
    properties = {
        **{field.name: field.schema() for field in line.fields},
        "tracks": {"type": "object", "properties": {track.name: part for track in line.tracks}},
        "campaign": NO_ID,
        "shared": HEAD["shared"],
        **({} if new else {"version": VERSION}),
    }
    return an_object(properties, ["name"] if new else [])


def _kinds() -> list[Kind]:
    return [kind for line in lines.every().values() for kind in line.kinds]


def row() -> Schema:
    return {"anyOf": [row_of(kind) for kind in _kinds()]}


def row_of(kind: Kind) -> Schema:
    fields = {field.name: _shown(field) for field in kind.fields}
    return an_object({"id": ID, "position": WHOLE, "version": WHOLE, **fields})


def sent_row(*, new: bool) -> Schema:
    return {"anyOf": [_sent_row(kind, new) for kind in _kinds()]}


def _sent_row(kind: Kind, new: bool) -> Schema:
    properties = {field.name: field.schema() for field in kind.fields}
    required = [field.name for field in kind.fields if getattr(field, "required", False)] if new else []
    place = {"type": "integer", "minimum": 0, "maximum": 999}
    return an_object({**properties, **({} if new else {"version": VERSION, "position": place})}, required)


def group() -> Schema:
    """Of any line: the fields of all of them, each line with its own."""
    fields = {name: _shown(field) for name, field in _group_fields().items()}
    member = an_object({"id": ID, "name": WORDS, "owner_name": WORDS})
    rest: Schema = {
        "id": ID,
        "line": one_of(lines.every()),
        "name": WORDS,
        "tracks": {"type": "object", "additionalProperties": TRACK},
        "character": NO_ID,
        "members": {"type": "array", "items": member},
        "version": WHOLE,
    }
    return an_object({**fields, **rest}, rest)


def sent_group(*, new: bool) -> Schema:
    fields = {name: field.schema() for name, field in _group_fields().items()}
    return an_object({**fields, **({"line": one_of(lines.every())} if new else {})}, ["line", "name"] if new else [])


def _group_fields() -> dict[str, Field]:
    found = [line.together for line in lines.every().values() if line.together is not None]
    return {field.name: field for together in found for field in together.fields}


ENTRY = an_object(
    {
        "id": ID,
        "number": WHOLE,
        "kind": one_of(list(KINDS)),
        "amount": WHOLE,
        "label": WORDS,
        "reason": WORDS,
        "bought": {"type": ["object", "null"]},
        "answers": NO_ID,
        "answer": WORDS,
        "actor_name": WORDS,
        "at": MOMENT,
    }
)
_REASON: Schema = {"type": "string", "maxLength": 200}
SENT_ENTRY: Schema = {
    "oneOf": [
        an_object(
            {
                "kind": {"type": "string", "const": "award"},
                "amount": {"type": "integer", "minimum": -MOST_AWARDED, "maximum": MOST_AWARDED},
                "reason": _REASON,
            },
            ["kind", "amount"],
        ),
        an_object(
            {
                "kind": {"type": "string", "const": "spend"},
                "field": WORDS,
                "row": ID,
                "to": {"type": "integer", "minimum": 1, "maximum": 10},
                "reason": _REASON,
            },
            ["kind"],
        ),
    ]
}
STEPS = an_object({"track": WORDS, **dict.fromkeys(("superficial", "aggravated", "delta", "stains"), WHOLE)}, ["track"])
PLAYED = an_object({"campaign": WORDS, "character": ID})
CHRONICLE = an_object(
    {
        **dict.fromkeys(DEFAULTS, FLAG),
        "bane_table": one_of([CURRENT, FIRST_PRINTING]),
        "prices": {
            "type": "object",
            "additionalProperties": {"type": ["integer", "null"], "minimum": 0, "maximum": HIGHEST_PRICE},
        },
    }
)
SENT_CHRONICLE = {key: value for key, value in CHRONICLE.items() if key != "required"}

_FACES: Schema = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 10}}
_MAYBE: Schema = {"type": ["integer", "null"]}
ROLL_SHOWN = an_object(
    {
        "id": ID,
        "number": WHOLE,
        "kind": WORDS,
        "label": WORDS,
        "parts": {"type": "array", "items": an_object({"label": WORDS, "dice": WHOLE})},
        "normal": _FACES,
        "special": _FACES,
        "special_kind": WORDS,
        "total": WHOLE,
        "difficulty": _MAYBE,
        "margin": _MAYBE,
        "outcome": WORDS,
        "words": WORDS,
        "summary": WORDS,
        "ones": WHOLE,
        "frenzy": {**WHOLE, "description": "The difficulty of the frenzy test that follows, 0 for none."},
        "rouse": {"type": ["object", "null"]},
        "choice": WORDS,
        "choices": {"type": "array", "items": WORDS, "description": "What POST …/choose takes now."},
        "can_reroll": FLAG,
        "rerolled": FLAG,
        "first": {**_FACES, "type": ["array", "null"]},
        "hidden": FLAG,
        "taken_back": FLAG,
        "actor_name": WORDS,
        "at": MOMENT,
    }
)

SEAT = an_object(
    {
        **HEAD,
        "blood_potency": WHOLE,
        "tracks": {"type": "object", "additionalProperties": TRACK},
        "xp": an_object({"earned": WHOLE, "spent": WHOLE, "available": WHOLE}),
        "pool": {**WORDS, "description": "Another one when something else can be rolled: traits, specialties."},
        "last_roll": {"oneOf": [ROLL_SHOWN, {"type": "null"}], "description": "Of the last twelve hours."},
    },
    [*HEAD, "tracks", "xp", "pool", "last_roll"],
)
WAITING = an_object({**ENTRY["properties"], "sheet": ID, "sheet_name": WORDS})
AT_TABLE = an_object({"sheets": {"type": "array", "items": SEAT}, "requests": {"type": "array", "items": WAITING}})

_FINDING = an_object({"field": WORDS, "message": WORDS})
READ = an_object(
    {
        "source": WORDS,
        "line": WORDS,
        "name": WORDS,
        "sheet": NO_ID,
        "findings": {"type": "array", "items": _FINDING, "description": "What is left out, or should be looked at."},
    }
)
FILE: Schema = {
    "type": "object",
    "description": "A file as its program writes it.",
    "properties": {"name": {}, "type": {}, "format": {}},
    "additionalProperties": True,
}
SHEET = component("Sheet", sheet)
SHEETS = component("PagedSheets", lambda: page_of(short()))
NEW_SHEET = component("NewSheet", lambda: sent_sheet(new=True))
SHEET_PATCH = component("SheetPatch", lambda: sent_sheet(new=False))
ROW = component("SheetRow", row)
ROWS = component("SheetRows", lambda: {"type": "array", "items": row()})
NEW_ROW = component("NewSheetRow", lambda: sent_row(new=True))
ROW_PATCH = component("SheetRowPatch", lambda: sent_row(new=False))
EXPERIENCE = component("Experience", lambda: ENTRY)
EXPERIENCES = component("PagedExperience", lambda: page_of(ENTRY))
EXPERIENCE_LIST = component("ExperienceList", lambda: {"type": "array", "items": ENTRY})
TABLE = component("ChronicleTable", lambda: AT_TABLE)
NEW_EXPERIENCE = component("NewExperience", lambda: SENT_ENTRY)
GROUP = component("SheetGroup", lambda: group())
GROUPS = component("SheetGroups", lambda: {"type": "array", "items": group()})
NEW_GROUP = component("NewSheetGroup", lambda: sent_group(new=True))
GROUP_PATCH = component("SheetGroupPatch", lambda: sent_group(new=False))
ROLL = component("SheetRoll", lambda: ROLL_SHOWN)
ROLLS = component("PagedSheetRolls", lambda: page_of(ROLL_SHOWN))
TRACK_STEPS = component("TrackSteps", lambda: STEPS)
PLAY = component("Play", lambda: PLAYED)
CHRONICLE_SETTINGS = component("Chronicle", lambda: CHRONICLE)
CHRONICLE_PATCH = component("ChroniclePatch", lambda: SENT_CHRONICLE)
FILE_OF_ANOTHER = component("SheetFile", lambda: FILE)
FILE_READ = component("SheetFileRead", lambda: READ)
