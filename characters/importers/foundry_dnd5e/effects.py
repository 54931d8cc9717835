"""Which changes of Foundry's active effects are in force on an actor, and how a change acts on a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from characters.importers.fields import dig, listing, mapping, mappings, number, words
from characters.importers.foundry_dnd5e.generation import Actor

# CONST.ACTIVE_EFFECT_MODES of Foundry up to 13; Foundry 14 writes the names.
_MODES = ("custom", "multiply", "add", "downgrade", "upgrade", "override")
_ITEM_IN_ORIGIN = re.compile(r"Item\.(\w+)$")
# Consumables take effect when used, except these, which are held.
_HELD_CONSUMABLES = {"rod", "trinket", "wand"}
_ATTUNEMENT_REQUIRED = 1  # 2 is "attuned"; since 3.0 the word "required" and a separate `attuned`


@dataclass(frozen=True)
class Change:
    """One change: `path` without the root, such as `attributes.ac.bonus`; `effect` is the effect's name."""

    path: str
    mode: str
    value: Any
    priority: float
    effect: str


def changes_in_force(actor: Actor) -> list[Change]:
    """Every change that Foundry applies to the actor, in its order: by priority, then as stored."""
    changes = [change for effect in effects_in_force(actor) for change in changes_of(effect)]
    return sorted(changes, key=lambda change: change.priority)


def effects_in_force(actor: Actor) -> Iterator[dict[str, Any]]:
    """Enabled effects on the actor itself, and those that its active items pass on to it."""
    own = mappings(actor.document.get("effects"))
    items = {item["_id"]: item for item in actor.items if isinstance(item.get("_id"), str)}
    for effect in own:
        source = items.get(_origin_item(effect))
        if _acts(effect) and not (source and _copied_from_idle(effect, source, actor)):
            yield effect
    if actor.copies_effects:
        return
    copies = {(_origin_item(effect), _name(effect)) for effect in own}
    for item in actor.items:
        for effect in transferred(item):
            copied = (words(item.get("_id")), _name(effect)) in copies
            if _acts(effect) and not copied and is_active(item, actor):
                yield effect


def transferred(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [effect for effect in mappings(item.get("effects")) if effect.get("transfer") is not False]


def enchantments(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Enabled effects that change the item itself, such as a +1 laid on armour."""
    return [
        effect
        for effect in mappings(item.get("effects"))
        if effect.get("type") == "enchantment" and not effect.get("disabled") and effect.get("origin")
    ]


def _acts(effect: dict[str, Any]) -> bool:
    return not effect.get("disabled") and effect.get("type") != "enchantment"


def _copied_from_idle(effect: dict[str, Any], item: dict[str, Any], actor: Actor) -> bool:
    """Whether the effect is a copy from an item that is not worn or attuned now, so that it rests too."""
    if is_active(item, actor):
        return False
    return actor.copies_effects or _name(effect) in {_name(other) for other in transferred(item)}


def is_active(item: dict[str, Any], actor: Actor) -> bool:
    values = actor.values_of(item)
    kind = words(dig(values, "type", "value")) or words(values.get("consumableType"))
    held = item.get("type") != "consumable" or kind in _HELD_CONSUMABLES
    if held and values.get("equipped") is False:
        return False
    return not lacks_attunement(values)


def lacks_attunement(values: dict[str, Any]) -> bool:
    attunement = values.get("attunement")
    if attunement == "required":
        return not values.get("attuned")
    return not isinstance(attunement, bool) and attunement == _ATTUNEMENT_REQUIRED


def changes_of(effect: dict[str, Any]) -> list[Change]:
    records = mappings(effect.get("changes")) or mappings(dig(effect, "system", "changes"))
    return [change for record in records if (change := _change(record, _name(effect)))]


def _change(record: dict[str, Any], effect: str) -> Change | None:
    key = record.get("key")
    if not isinstance(key, str):
        return None
    mode = _mode(record)
    priority = number(record.get("priority"))
    if priority is None:
        priority = _MODES.index(mode) * 10
    return Change(re.sub(r"^(system|data)\.", "", key), mode, record.get("value"), priority, effect)


def _mode(record: dict[str, Any]) -> str:
    if record.get("type") in _MODES:
        return str(record["type"])
    index = number(record.get("mode"))
    return _MODES[int(index)] if index is not None and 0 <= index < len(_MODES) else "custom"


def _name(effect: dict[str, Any]) -> str:
    return words(effect.get("name")) or words(effect.get("label")) or "unnamed effect"


def _origin_item(effect: dict[str, Any]) -> str:
    match = _ITEM_IN_ORIGIN.search(words(effect.get("origin"), 300))
    return match[1] if match else ""


def acted_on(current: float | None, mode: str, value: float) -> float:
    """The number after a change; None stands for "nothing yet". Custom changes leave it alone."""
    if current is None:
        return value
    results = {
        "add": current + value,
        "multiply": current * value,
        "override": value,
        "upgrade": max(current, value),
        "downgrade": min(current, value),
    }
    return results.get(mode, current)


def statuses_of(effect: dict[str, Any]) -> list[str]:
    """Status ids of an effect: a list since Foundry 11, a flag before, and a mere name with some modules."""
    if isinstance(effect.get("statuses"), list):
        return [words(status, 40).lower() for status in listing(effect["statuses"])]
    flags = mapping(effect.get("flags"))
    if status := words(dig(flags, "core", "statusId"), 80):
        return [status.lower().rsplit(".", 1)[-1].removeprefix("convenient effect: ")]
    if dig(flags, "midi-qol", "isConcentration"):
        return ["concentrating"]
    return []
