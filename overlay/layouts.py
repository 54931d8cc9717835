"""The layout document of one tier: its shape and its ranges.

    {"badges": {"<character id>": {"x": 0.02, "y": 0.97, "scale": 1, "z": 0, "visible": true}},
     "chips": {…the same…},
     "card": {"portrait": true, "name": true, "role": true, "hp": true, "ac": true, "conditions": true,
              "stats": [{"key": "abilities.str", "label": "STR", "shape": "plain"}]}}

`x` and `y` are shares of the viewport (0 to 1), `scale` 0.25 to 4, `z` -99 to 99; at most eight stats on a card.
"""

import math
import re
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from overlay import badges

Document = dict[str, Any]
Problem = tuple[str, str]

PARTS = ("portrait", "name", "role", "hp", "ac", "conditions")
SHAPES = badges.SHAPES
MAX_STATS = badges.MAX_STATS
MOST_BADGES = 200
LONGEST_LABEL = 12

_STAT_KEY = re.compile(r"(abilities\.(str|dex|con|int|wis|cha)|tracks\.[a-z][a-z0-9_]{0,29}|level|inspiration)")


class InvalidLayout(ValueError):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems


def blank() -> Document:
    return {"badges": {}, "chips": {}, "card": {**dict.fromkeys(PARTS, True), "stats": []}}


def merged(current: Document, patch: Any) -> Document:
    """`current` with the patch in place: badges and chips one by one (null removes one), card options one by one."""
    if not isinstance(patch, dict):
        raise InvalidLayout([("", "An object is expected.")])
    found: list[Problem] = []
    result = {key: dict(part) for key, part in current.items()}
    for key, part in patch.items():
        if key not in result:
            found.append((str(key)[:40], "Unknown field."))
        elif not isinstance(part, dict):
            found.append((key, "An object is expected."))
        elif key == "card":
            result[key].update(part)
        else:
            _place(result[key], part)
    found = found or list(_problems(result))
    if found:
        raise InvalidLayout(found)
    return result


def places(layout: Document) -> set[str]:
    """The ids of the characters that stand somewhere of their own."""
    return set(layout["badges"]) | set(layout["chips"])


def without(layout: Document, hidden: Collection[str]) -> Document:
    """The layout as it is told to those for whom these characters do not exist."""
    parts = {
        group: {id_: position for id_, position in layout[group].items() if id_ not in hidden}
        for group in ("badges", "chips")
    }
    return {**layout, **parts}


def _place(placed: dict[str, Any], patch: dict[str, Any]) -> None:
    for id_, position in patch.items():
        if position is None:
            placed.pop(id_, None)
        else:
            old = placed.get(id_, {"scale": 1, "z": 0, "visible": True})
            placed[id_] = {**old, **position} if isinstance(position, dict) else position


def _problems(layout: Document) -> Iterator[Problem]:
    for group in ("badges", "chips"):
        if len(layout[group]) > MOST_BADGES:
            yield group, f"At most {MOST_BADGES} positions."
        for id_, position in layout[group].items():
            if not _is_id(id_):
                yield f"{group}.{id_[:40]}", "A character's id is expected."
            yield from ((f"{group}.{id_}.{key}".rstrip("."), reason) for key, reason in _position_problems(position))
    yield from _card_problems(layout["card"])


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _position_problems(position: Any) -> Iterator[Problem]:
    if not isinstance(position, dict):
        yield "", "An object is expected."
        return
    for key in position.keys() - {"x", "y", "scale", "z", "visible"}:
        yield str(key)[:40], "Unknown field."
    for key, low, high in (("x", 0, 1), ("y", 0, 1), ("scale", 0.25, 4)):
        if not _is_number(position.get(key)) or not low <= position[key] <= high:
            yield key, f"A number from {low} to {high}."
    if type(position.get("z")) is not int or not -99 <= position["z"] <= 99:
        yield "z", "A whole number from -99 to 99."
    if type(position.get("visible")) is not bool:
        yield "visible", "true or false."


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _card_problems(card: dict[str, Any]) -> Iterator[Problem]:
    for key, value in card.items():
        if key in PARTS and type(value) is not bool:
            yield f"card.{key}", "true or false."
        elif key not in PARTS and key != "stats":
            yield f"card.{str(key)[:40]}", "Unknown field."
    stats = card["stats"]
    if not isinstance(stats, list) or len(stats) > MAX_STATS:
        yield "card.stats", f"A list of at most {MAX_STATS} stats."
        return
    for index, stat in enumerate(stats):
        yield from ((f"card.stats.{index}.{key}".rstrip("."), reason) for key, reason in _stat_problems(stat))


def _stat_problems(stat: Any) -> Iterator[Problem]:
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
