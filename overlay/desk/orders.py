"""What the desk does to those who are chosen: from a button and what is set beside it to events as the API takes them.

`static/desk/js/orders.js` says the same in the browser; tests/overlay/vectors/orders.json holds both to it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

DAMAGE, HEAL, TEMP, CONDITIONS = "damage", "heal", "temp", "cond"
MODES = (DAMAGE, HEAL, TEMP, CONDITIONS)
FULL, HALF, NONE = "full", "half", "none"
TRACK = "track:"  # "track:health:superficial", "track:hunger:delta"


@dataclass(frozen=True)
class Chosen:
    """Somebody in the light; `share` is how much of damage they take."""

    id: str
    stats: Document
    share: str = FULL


def amounts(mode: str, kind: str, number: int, chosen: Iterable[Chosen]) -> list[Document]:
    """Damage, healing or temporary hit points; whoever has no such count is left out, and whoever takes nothing."""
    found = (_amount(mode, kind, number, one) for one in chosen)
    return [document for document in found if document is not None]


def condition(name: str, rounds: int | None, chosen: Sequence[Chosen]) -> list[Document]:
    """Put on whoever lacks it; when all have it, it is taken off."""
    if all(name in one.stats["conditions"] for one in chosen):
        return [_document("condition_removed", one, condition=name) for one in chosen]
    lasting = {"rounds": rounds} if rounds else {}
    lacking = (one for one in chosen if name not in one.stats["conditions"])
    return [_document("condition_added", one, condition=name, **lasting) for one in lacking]


def inspiration(chosen: Sequence[Chosen]) -> tuple[bool, list[Chosen]]:
    """Whether it is given or taken, and whom that changes: given to whoever lacks it, taken when all have it."""
    on = not all(one.stats["inspiration"] for one in chosen)
    return on, [one for one in chosen if one.stats["inspiration"] is not on]


def death_save(result: str, one: Chosen) -> Document:
    return _document("death_save", one, result=result)


def _amount(mode: str, kind: str, number: int, one: Chosen) -> Document | None:
    share = _share(number, one.share) if mode == DAMAGE else number
    if kind.startswith(TRACK) and mode != TEMP:
        return _steps(mode, kind, share, one)
    if not one.stats["hp"]["max"] or (share == 0 and mode != TEMP):
        return None
    return _HIT_POINTS[mode](kind, share, one)


def _share(number: int, share: str) -> int:
    return {FULL: number, HALF: number // 2, NONE: 0}[share]


def _steps(mode: str, kind: str, number: int, one: Chosen) -> Document | None:
    _, name, count = kind.split(":")
    if number == 0 or name not in one.stats["tracks"]:
        return None
    return _document("track_change", one, track=name, **{count: -number if mode == HEAL else number})


def _damage(kind: str, number: int, one: Chosen) -> Document:
    return _document("hp_change", one, delta=-number, **({"kind": kind} if kind else {}))


_HIT_POINTS: dict[str, Callable[[str, int, Chosen], Document]] = {
    DAMAGE: _damage,
    HEAL: lambda _kind, number, one: _document("hp_change", one, delta=number),
    TEMP: lambda _kind, number, one: _document("hp_change", one, temp=number),
}


def _document(type_: str, one: Chosen, **facts: Any) -> Document:
    return {"type": type_, "character_id": one.id, **facts}
