"""The layout document of one tier: its shape, and how it is put together. What is wrong with one: `layout_problems`.

    {"badges": {"<character id>": {"x": 0.02, "y": 0.97, "scale": 1, "z": 0, "visible": true}},
     "chips": {…the same…},
     "tall": {"badges": {…}, "chips": {…}},
     "card": {"portrait": true, "name": true, "role": true, "hp": true, "ac": true, "conditions": true,
              "ac_shape": "shield", "stats": [{"key": "abilities.str", "label": "STR", "shape": "plain"}]},
     "cards": {"<character id>": {…what differs from the card…, "colours": {"accent": "#f0bd4f"}}}}

`x` and `y` are shares of the viewport (0 to 1), `scale` 0.25 to 4, `z` -99 to 99; at most eight stats on a card.
`tall` are the places in upright pictures; who has none there is fitted in from the wide ones. A place may be
`locked`: editors do not move it by accident.
"""

from collections.abc import Collection
from typing import Any

from overlay import layout_problems
from overlay.layout_problems import PARTS, PLACES, InvalidLayout, Problem

__all__ = ["InvalidLayout", "Problem"]

Document = dict[str, Any]


def blank() -> Document:
    return {
        **_nowhere(),
        "tall": _nowhere(),
        "card": {**dict.fromkeys(PARTS, True), "stats": []},
        "cards": {},
    }


def _nowhere() -> dict[str, Any]:
    return {kind: {} for kind in PLACES}


def whole(stored: Document) -> Document:
    """A document of any age with every part that there is today."""
    empty = blank()
    return {
        **empty,
        **stored,
        "tall": {**empty["tall"], **stored.get("tall", {})},
        "card": {**empty["card"], **stored.get("card", {})},
    }


def merged(current: Document, patch: Any) -> Document:
    """`current` with the patch in place.

    Places go one by one and field by field (null removes one), options of the card one by one, a character's card as
    a whole (null removes it).
    """
    if not isinstance(patch, dict):
        raise InvalidLayout([("", "An object is expected.")])
    result = whole(current)
    found = [problem for key, part in patch.items() for problem in layout_problems.of_shape(key, part)]
    if found:
        raise InvalidLayout(found)
    for key, part in patch.items():
        result[key] = _MERGERS[key](result[key], part)
    refuse_bad(result)
    return result


def refuse_bad(document: Document) -> None:
    """Raises InvalidLayout with everything that is wrong."""
    found = list(layout_problems.of(document))
    if found:
        raise InvalidLayout(found)


def ids(layout: Document) -> set[str]:
    """The characters that the layout names."""
    return {id_ for group in _groups(layout) for id_ in group}


def without(layout: Document, hidden: Collection[str]) -> Document:
    """The layout as it is told to those for whom these characters do not exist."""

    def seen(group: dict[str, Any]) -> dict[str, Any]:
        return {id_: part for id_, part in group.items() if id_ not in hidden}

    shown = {**layout, **{kind: seen(layout[kind]) for kind in PLACES}}
    if "tall" in layout:
        shown["tall"] = {kind: seen(group) for kind, group in layout["tall"].items()}
    if "cards" in layout:
        shown["cards"] = seen(layout["cards"])
    return shown


def _groups(layout: Document) -> list[dict[str, Any]]:
    tall = layout.get("tall", {})
    return [*(layout[kind] for kind in PLACES), *tall.values(), layout.get("cards", {})]


def _placed(placed: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    result = dict(placed)
    for id_, position in patch.items():
        if position is None:
            result.pop(id_, None)
            continue
        old = placed.get(id_, {"scale": 1, "z": 0, "visible": True})
        result[id_] = _unlocked({**old, **position}) if isinstance(position, dict) else position
    return result


def _unlocked(position: dict[str, Any]) -> dict[str, Any]:
    """`locked` stands in a place only while it is."""
    return {key: value for key, value in position.items() if not (key == "locked" and value is False)}


def _tall(places: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    return {**places, **{kind: _placed(places[kind], part) for kind, part in patch.items()}}


def _cards(cards: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    return {id_: card for id_, card in {**cards, **patch}.items() if card is not None}


_MERGERS = {
    **dict.fromkeys(PLACES, _placed),
    "tall": _tall,
    "card": lambda card, patch: {**card, **patch},
    "cards": _cards,
}
