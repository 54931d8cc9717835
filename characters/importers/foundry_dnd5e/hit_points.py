"""Hit points. Up to 2.0 the maximum is stored; later it is null unless overridden: classes tell it."""

from __future__ import annotations

import math
import re
from typing import Any

from characters.importers.fields import dig, listing, mapping, number
from characters.importers.foundry_dnd5e.derivation import Derivation
from characters.stats import HIGHEST_HP

_WHERE_MAX = "stats.hp.max"
_WHERE_CURRENT = "stats.hp.current"


def hit_points(derived: Derivation) -> dict[str, int]:
    """`{"current", "max", "temp"}`. The current value is never lowered; the maximum is raised to it."""
    stored = mapping(derived.actor.attributes.get("hp"))
    current = derived.whole(stored.get("value"), _WHERE_CURRENT)
    maximum = _maximum(derived, stored, current)
    if current is None:
        current = maximum
    if current > maximum:
        derived.find(
            _WHERE_MAX,
            f"The current value {current} is above the maximum {maximum} in the file; probably an effect "
            f"raises it. {current} was taken as the maximum. Please check.",
        )
        maximum = current
    return {
        "current": current,
        "max": maximum,
        "temp": derived.whole(stored.get("temp"), "stats.hp.temp") or 0,
    }


def _maximum(derived: Derivation, stored: dict[str, Any], current: int | None) -> int:
    maximum: float | None = derived.whole(stored.get("max"), _WHERE_MAX)
    if maximum is None:
        maximum = _from_classes(derived, stored)
    if maximum is None:
        maximum = current or 0
        derived.find(_WHERE_MAX, "The file holds no maximum and no hit points of a class. Please check.")
    maximum = derived.changed("attributes.hp.max", maximum, _WHERE_MAX) or 0
    maximum += derived.changed("attributes.hp.tempmax", _signed(derived, stored.get("tempmax")), _WHERE_MAX) or 0
    if effects := derived.touching("attributes.hp."):
        derived.find(_WHERE_MAX, f"Effects act on it: {', '.join(effects)}. Please check.")
    return min(max(math.floor(maximum), 0), HIGHEST_HP)


def _signed(derived: Derivation, value: object) -> float:
    """The temporary change of the maximum, which may be negative."""
    amount = number(value) or 0
    if abs(amount) <= HIGHEST_HP:
        return amount
    derived.find(_WHERE_MAX, "The temporary change of the maximum is no usable number, so it was left out.")
    return 0


def _from_classes(derived: Derivation, stored: dict[str, Any]) -> float | None:
    """Per level the die plus Constitution, at least 1, and the bonuses; None where no class tells any."""
    modifier = derived.modifier("con")
    taken = [_taken(derived, item) for item in derived.actor.items_of("class")]
    if not any(taken):
        return None
    maximum: float = sum(max(points + modifier, 1) for points_of_class in taken for points in points_of_class)
    counted = sum(map(len, taken))
    if counted != derived.level:
        derived.find(_WHERE_MAX, f"Hit points were chosen for {counted} of {derived.level} levels. Please check.")
    return maximum + _bonus(derived, stored, "level") * derived.level + _bonus(derived, stored, "overall")


def _bonus(derived: Derivation, stored: dict[str, Any], which: str) -> float:
    start = derived.formula(dig(stored, "bonuses", which), _WHERE_MAX)
    return derived.changed(f"attributes.hp.bonuses.{which}", start or None, _WHERE_MAX) or 0


def _taken(derived: Derivation, item: dict[str, Any]) -> list[float]:
    """What each level of a class gave: "max" is the whole die, "avg" half of it plus one, else the roll."""
    values = derived.actor.values_of(item)
    die = _die(values)
    # An array up to 5.2, an object keyed by id from 5.3.
    advancement = values.get("advancement")
    records = list(advancement.values()) if isinstance(advancement, dict) else listing(advancement)
    record: object = next((record for record in records if dig(record, "type") == "HitPoints"), {})
    chosen = mapping(dig(record, "value"))
    return [_points(derived, chosen[level], die) for level in chosen if level.isdecimal() and len(level) < 3]


def _points(derived: Derivation, choice: object, die: int) -> float:
    if choice in ("max", "avg"):
        if not die:
            derived.find(_WHERE_MAX, "A class names no hit die, so its levels count little. Please check.")
        return die if choice == "max" or not die else die // 2 + 1
    return derived.whole(choice, _WHERE_MAX) or 0


def _die(values: dict[str, Any]) -> int:
    """The sides of the hit die: `hd.denomination` since 4.2, `hitDice` before."""
    for die in (dig(values, "hd", "denomination"), values.get("hitDice")):
        match = re.fullmatch(r"d?(\d{1,3})", str(die))
        if match:
            return int(match[1])
    return 0
