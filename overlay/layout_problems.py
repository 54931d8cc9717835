"""What is wrong with a layout document, every failing field by its dotted path."""

import math
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from campaigns import theme
from overlay import badges

Problem = tuple[str, str]

PLACES = ("badges", "chips")
PARTS = ("portrait", "name", "role", "hp", "ac", "conditions")
SHAPES = badges.SHAPES
AC_SHAPES = badges.AC_SHAPES
MAX_STATS = badges.MAX_STATS
MOST_BADGES = 200
LONGEST_LABEL = 12

_STAT_KEY = re.compile(r"(abilities\.(str|dex|con|int|wis|cha)|tracks\.[a-z][a-z0-9_]{0,29}|level|inspiration)")
_RANGES = (("x", 0, 1), ("y", 0, 1), ("scale", 0.25, 4))
_OBJECT = "An object is expected."


class InvalidLayout(ValueError):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems


def of_shape(key: Any, part: Any) -> Iterator[Problem]:
    """What keeps a part of a patch from being merged at all."""
    if key not in (*PLACES, "tall", "card", "cards"):
        yield str(key)[:40], "Unknown field."
    elif not isinstance(part, dict):
        yield key, _OBJECT
    elif key == "tall":
        for kind, places in part.items():
            if kind not in PLACES:
                yield f"tall.{str(kind)[:40]}", "Unknown field."
            elif not isinstance(places, dict):
                yield f"tall.{kind}", _OBJECT


def of(layout: dict[str, Any]) -> Iterator[Problem]:
    """Of a document that has every part, each of them an object."""
    for kind in PLACES:
        yield from _places(kind, layout[kind])
        yield from _places(f"tall.{kind}", layout["tall"][kind])
    yield from _under("card", _card(layout["card"]))
    yield from _by_id("cards", layout["cards"], _own_card)


def _places(group: str, places: dict[str, Any]) -> Iterator[Problem]:
    yield from _by_id(group, places, _position)


def _by_id(group: str, parts: dict[str, Any], check: Any) -> Iterator[Problem]:
    if len(parts) > MOST_BADGES:
        yield group, f"At most {MOST_BADGES} characters."
    for id_, part in parts.items():
        if not _is_id(id_):
            yield f"{group}.{id_[:40]}", "A character's id is expected."
        yield from _under(f"{group}.{id_}", check(part))


def _under(path: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    return ((f"{path}.{key}".rstrip("."), reason) for key, reason in problems)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _position(position: Any) -> Iterator[Problem]:
    if not isinstance(position, dict):
        yield "", _OBJECT
        return
    for key in position.keys() - {"x", "y", "scale", "z", "visible", "locked"}:
        yield str(key)[:40], "Unknown field."
    for key, low, high in _RANGES:
        if not _is_number(position.get(key)) or not low <= position[key] <= high:
            yield key, f"A number from {low} to {high}."
    if type(position.get("z")) is not int or not -99 <= position["z"] <= 99:
        yield "z", "A whole number from -99 to 99."
    for key in ("visible", "locked"):
        if type(position.get(key, key == "locked")) is not bool:
            yield key, "true or false."


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _own_card(card: Any) -> Iterator[Problem]:
    if not isinstance(card, dict):
        yield "", _OBJECT
        return
    colours = card.get("colours", {})
    if not isinstance(colours, dict) or "preset" in colours:
        yield "colours", 'An object such as {"accent": "#f0bd4f"}.'
    else:
        yield from _under("colours", iter(theme.problems(colours)))
    yield from _card({key: value for key, value in card.items() if key != "colours"})


def _card(card: dict[str, Any]) -> Iterator[Problem]:
    for key, value in card.items():
        if key in PARTS and type(value) is not bool:
            yield key, "true or false."
        elif key == "ac_shape" and value not in AC_SHAPES:
            yield key, f"One of: {', '.join(AC_SHAPES)}."
        elif key not in (*PARTS, "ac_shape", "stats"):
            yield str(key)[:40], "Unknown field."
    stats = card.get("stats", [])
    if not isinstance(stats, list) or len(stats) > MAX_STATS:
        yield "stats", f"A list of at most {MAX_STATS} stats."
        return
    for index, stat in enumerate(stats):
        yield from _under(f"stats.{index}", _stat(stat))


def _stat(stat: Any) -> Iterator[Problem]:
    if not isinstance(stat, dict) or stat.keys() - {"key", "label", "shape"}:
        yield "", 'An object such as {"key": "abilities.str", "label": "STR", "shape": "plain"}.'
        return
    if not isinstance(stat.get("key"), str) or not _STAT_KEY.fullmatch(stat["key"]):
        yield "key", "abilities.<ability>, tracks.<track>, level or inspiration."
    label = stat.get("label", "")
    if not isinstance(label, str) or len(label) > LONGEST_LABEL or not label.isprintable():
        yield "label", f"At most {LONGEST_LABEL} characters."
    if stat.get("shape", "plain") not in SHAPES:
        yield "shape", f"One of: {', '.join(SHAPES)}."
