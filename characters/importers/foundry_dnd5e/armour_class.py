"""Armour class: stored as a number in 0.9, derived from calculation, equipment and effects ever since."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from characters.importers.fields import dig, listing, mapping, number, words
from characters.importers.foundry_dnd5e.derivation import Derivation
from characters.importers.foundry_dnd5e.effects import (
    acted_on,
    changes_of,
    enchantments,
    lacks_attunement,
)
from characters.importers.foundry_dnd5e.formulas import UnknownFormula, evaluated
from characters.stats import HIGHEST_AC

_WHERE = "stats.ac"
_UNARMOURED = 10
_ARMOUR = {"light", "medium", "heavy", "natural"}
# Base value and the abilities added to it (CONFIG.DND5E.armorClasses); they hold whatever is worn.
_CALCULATIONS: dict[str, tuple[int, tuple[str, ...]]] = {
    "mage": (13, ("dex",)),
    "draconic": (13, ("dex",)),
    "unarmoredMonk": (10, ("dex", "wis")),
    "unarmoredBarb": (10, ("dex", "con")),
    "unarmoredBard": (10, ("dex", "cha")),
}
_STORED = ("flat", "natural")


@dataclass(frozen=True)
class _Worn:
    armour: int
    dexterity: int
    shield: int


def armour_class(derived: Derivation) -> int:
    stored = mapping(derived.actor.attributes.get("ac"))
    if "calc" not in stored:
        value = _stored_value(derived, stored)
    else:
        value = _calculated(derived, stored)
        _report(derived)
    if not 0 <= value <= HIGHEST_AC:
        derived.find(_WHERE, f"The file leads to {value:g}; 0 to {HIGHEST_AC} is possible.")
    return min(max(math.floor(value), 0), HIGHEST_AC)


def _stored_value(derived: Derivation, stored: dict[str, Any]) -> float:
    """0.9 and older: the number is in the file, effects add to it."""
    value: float | None = derived.whole(stored.get("value"), _WHERE)
    if value is None:
        derived.find(_WHERE, "The file holds no armour class; equipment was counted. Please check.")
        return _calculated(derived, {"calc": "default"})
    value = derived.changed("attributes.ac.value", value, _WHERE) or 0
    if effects := derived.touching("attributes.ac."):
        derived.find(_WHERE, f"Effects act on it: {', '.join(effects)}. Please check.")
    return value


def _calculated(derived: Derivation, stored: dict[str, Any]) -> float:
    calculation = _overridden(derived, "calc", words(stored.get("calc")) or "default")
    flat = derived.changed("attributes.ac.flat", number(stored.get("flat")), _WHERE)
    if calculation == "flat" and flat is not None:
        return flat  # Foundry adds nothing to a flat armour class
    worn = _worn(derived)
    if calculation == "natural" and flat is not None:
        base = flat
    elif calculation == "custom":
        base = _custom(derived, _overridden(derived, "formula", stored.get("formula")), worn)
    else:
        base = _base(derived, calculation, worn)
    bonus = derived.changed("attributes.ac.bonus", None, _WHERE) or 0
    cover = derived.changed("attributes.ac.cover", 0, _WHERE) or 0
    shield = derived.changed("attributes.ac.shield", worn.shield, _WHERE) or 0
    least = derived.changed("attributes.ac.min", None, _WHERE) or 0
    return max(least, base + shield + bonus + cover)


def _base(derived: Derivation, calculation: str, worn: _Worn) -> float:
    if calculation in _CALCULATIONS:
        base, abilities = _CALCULATIONS[calculation]
        return base + sum(map(derived.modifier, abilities))
    if calculation in _STORED:
        derived.find(_WHERE, "The file names a fixed armour class but holds none. Please check.")
    elif calculation != "default":
        derived.find(_WHERE, f"The calculation “{calculation[:40]}” is unknown; equipment was counted.")
    return worn.armour + worn.dexterity


def _custom(derived: Derivation, formula: object, worn: _Worn) -> float:
    references = derived.references() | {
        "attributes.ac.armor": worn.armour,
        "attributes.ac.dex": worn.dexterity,
        "attributes.ac.shield": worn.shield,
    }
    try:
        return evaluated(formula if isinstance(formula, str) else "?", references)
    except UnknownFormula:
        shown = words(formula, 80)
        derived.find(_WHERE, f"The formula “{shown}” is not understood; equipment was counted. Please check.")
        return worn.armour + worn.dexterity


def _overridden(derived: Derivation, field: str, value: Any) -> Any:
    """A text after the effects that replace it; the last one wins."""
    for change in derived.changes:
        if change.path == f"attributes.ac.{field}" and isinstance(change.value, str):
            if change.mode == "override":
                value = change.value.strip()
            else:
                derived.find(_WHERE, f"The effect “{change.effect}” works in its own way and was left out.")
    return value


def _worn(derived: Derivation) -> _Worn:
    """The first equipped armour and shield count, as in Foundry; more than one of a kind is reported."""
    worn = [item for item in derived.actor.items_of("equipment") if derived.actor.values_of(item).get("equipped")]
    armours = [item for item in worn if _kind(derived, item) in _ARMOUR]
    shields = [item for item in worn if _kind(derived, item) == "shield"]
    for items, what in ((armours, "armour"), (shields, "shield")):
        if len(items) > 1:
            derived.find(_WHERE, f"More than one {what} is equipped; the first one counts.")
    shield = _protection(derived, shields[0]) if shields else None
    dexterity = derived.modifier("dex")
    if not armours:
        return _Worn(_UNARMOURED, dexterity, shield or 0)
    protection = _protection(derived, armours[0])
    cap = number(dig(derived.actor.values_of(armours[0]), "armor", "dex"))
    if _kind(derived, armours[0]) == "heavy":
        dexterity = 0
    elif cap is not None:
        dexterity = min(dexterity, math.floor(cap))
    return _Worn(_UNARMOURED if protection is None else protection, dexterity, shield or 0)


def _kind(derived: Derivation, item: dict[str, Any]) -> str:
    """`type.value` since 3.0, `armor.type` before."""
    values = derived.actor.values_of(item)
    return words(dig(values, "type", "value")) or words(dig(values, "armor", "type"))


def _protection(derived: Derivation, item: dict[str, Any]) -> int | None:
    """An armour's or shield's value, with its magical bonus where that is in force."""
    values = derived.actor.values_of(item)
    base: float | None = derived.whole(dig(values, "armor", "value"), _WHERE)
    bonus: float | None = derived.formula(dig(values, "armor", "magicalBonus"), _WHERE)
    magical = "mgc" in listing(values.get("properties")) or bool(dig(values, "properties", "mgc"))
    for change in (change for effect in enchantments(item) for change in changes_of(effect)):
        delta = number(change.value)
        if change.path == "armor.value" and delta is not None:
            base = acted_on(base, change.mode, delta)
        elif change.path in ("armor.magicalBonus", "magicalBonus") and delta is not None:
            bonus = acted_on(bonus, change.mode, delta)
        elif change.path == "properties" and change.value == "mgc":
            magical = True
    if base is None:
        return None
    return math.floor(base + (bonus or 0 if magical and not lacks_attunement(values) else 0))


def _report(derived: Derivation) -> None:
    if any(change.path == "attributes.ac.value" for change in derived.changes):
        derived.find(_WHERE, "An effect changes the derived value itself, which was left out.")
    effects = derived.touching("attributes.ac.")
    acting = f" Effects act on it: {', '.join(effects)}." if effects else ""
    derived.find(_WHERE, f"Derived from calculation, equipment and abilities.{acting} Please check.")
