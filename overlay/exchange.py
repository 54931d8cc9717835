"""Layouts as a file: written for another campaign or for safe keeping, and read again, strictly.

    {"format": "troupe-layout", "version": 2, "characters": {"<id>": "Isaura Vane"}, "layouts": {"large": {…}, …}}

Version 1 had neither `tall` nor `cards`. A reader takes every version up to its own, and no later one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contract.json import loads
from contract.refusals import Invalid
from overlay import layout_problems, layouts
from overlay.badges import TIERS
from overlay.layout_problems import PLACES, InvalidLayout

FORMAT = "troupe-layout"
VERSION = 2
_PARTS = {1: frozenset({*PLACES, "card"}), 2: frozenset({*PLACES, "tall", "card", "cards"})}
_FIELDS = frozenset({"format", "version", "characters", "layouts"})

Document = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """Documents by tier, of characters that are here; the names of those that are not."""

    documents: dict[str, Document]
    left_out: list[str]


def written(documents: Mapping[str, Document], names: Mapping[str, str]) -> dict[str, Any]:
    """`documents` by tier; `names` by character id, of which those that a document names are written."""
    named = {id_ for document in documents.values() for id_ in layouts.ids(document)}
    return {
        "format": FORMAT,
        "version": VERSION,
        "characters": {id_: names[id_] for id_ in sorted(named & names.keys())},
        "layouts": {tier: documents[tier] for tier in TIERS if tier in documents},
    }


def read(raw: bytes, here: Mapping[str, str]) -> Reading:
    """What a file holds for the characters that are `here` (names by id): found by id, else by name.

    Raises Malformed or Invalid with every failing field by its path.
    """
    file = loads(raw)
    _refuse_foreign(file)
    documents = {tier: _document(tier, part, file["version"]) for tier, part in file["layouts"].items()}
    whose = _whose(file["characters"], here)
    named = {id_ for document in documents.values() for id_ in layouts.ids(document)}
    missing = {id_ for id_ in named if id_ not in here and id_ not in whose}
    kept = {tier: _renamed(layouts.without(document, missing), whose) for tier, document in documents.items()}
    return Reading(kept, sorted({file["characters"].get(id_, id_) for id_ in missing}))


def _refuse_foreign(file: dict[str, Any]) -> None:
    if file.get("format") != FORMAT:
        raise Invalid([("format", f'"{FORMAT}" is expected: this is no file that the layout editor wrote.')])
    version = file.get("version")
    if type(version) is not int or version not in _PARTS:
        raise Invalid([("version", f"This Troupe reads versions 1 to {VERSION}.")])
    problems = [(key, "Unknown field.") for key in file.keys() - _FIELDS]
    names = file.setdefault("characters", {})
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        problems.append(("characters", "Names by character id are expected."))
    found = file.get("layouts")
    if not isinstance(found, dict) or not found:
        problems.append(("layouts", f"At least one of: {', '.join(TIERS)}."))
    else:
        problems += [(f"layouts.{tier[:40]}", f"One of: {', '.join(TIERS)}.") for tier in found.keys() - set(TIERS)]
    if problems:
        raise Invalid(problems)


def _document(tier: str, part: Any, version: int) -> Document:
    path = f"layouts.{tier}"
    if not isinstance(part, dict):
        raise Invalid([(path, "An object is expected.")])
    problems = [(key, "Unknown field.") for key in part.keys() - _PARTS[version]]
    problems += [problem for key, value in part.items() if key in _PARTS[version] for problem in _shape(key, value)]
    if not problems:
        document = layouts.whole(part)
        try:
            layouts.refuse_bad(document)
        except InvalidLayout as error:
            problems = error.problems
        else:
            return document
    raise Invalid([(f"{path}.{key}".rstrip("."), reason) for key, reason in problems])


def _shape(key: str, value: Any) -> list[layout_problems.Problem]:
    return list(layout_problems.of_shape(key, value))


def _whose(names: Mapping[str, str], here: Mapping[str, str]) -> dict[str, str]:
    """From an id in the file to the one of the only character here that has the name."""
    by_name: dict[str, list[str]] = {}
    for id_, name in here.items():
        by_name.setdefault(name.casefold(), []).append(id_)
    found = {id_: by_name.get(name.casefold(), []) for id_, name in names.items() if id_ not in here}
    return {id_: ids[0] for id_, ids in found.items() if len(ids) == 1}


def _renamed(document: Document, whose: Mapping[str, str]) -> Document:
    def of(group: dict[str, Any]) -> dict[str, Any]:
        return {whose.get(id_, id_): part for id_, part in group.items()}

    tall = {kind: of(places) for kind, places in document["tall"].items()}
    groups = {kind: of(document[kind]) for kind in (*PLACES, "cards")}
    return {**document, **groups, "tall": tall}
