from __future__ import annotations

from typing import Any

from characters import conditions as known
from characters.importers.fields import dig, number, unique, words
from characters.importers.foundry_dnd5e.derivation import Derivation
from characters.importers.foundry_dnd5e.effects import effects_in_force, statuses_of

MOST_EXHAUSTED = 6
_NAMES = {*known.SRD, known.CONCENTRATING}
# Foundry sets this one by itself from hit points; here it would outlive the next healing.
_FOLLOWS_FROM_HP = {"bloodied"}


def conditions(derived: Derivation) -> list[str]:
    """Ids of the conditions of the SRD and concentration; other statuses come as their own text."""
    found = [status for effect in effects_in_force(derived.actor) for status in _statuses(effect)]
    if exhaustion(derived):
        found.append("exhaustion")
    kept = unique(_normalised(status) for status in found if status not in _FOLLOWS_FROM_HP)
    return kept[: known.MOST_AT_ONCE]


def _normalised(status: str) -> str:
    try:
        return known.normalised(status)
    except ValueError:
        return ""


def _statuses(effect: dict[str, Any]) -> list[str]:
    if statuses := statuses_of(effect):
        return statuses
    if "statuses" in effect:
        return []
    # Before Foundry 11 some tables kept conditions as effects that only bear the name.
    name = (words(effect.get("label")) or words(effect.get("name"))).lower()
    return [name] if name in _NAMES else []


def exhaustion(derived: Derivation) -> int:
    """The level from 0 to 6: a field of the actor, mirrored on an effect's flag since 2.4."""
    levels = [number(derived.actor.attributes.get("exhaustion"))]
    levels += [
        number(dig(effect, "flags", "dnd5e", "exhaustionLevel")) or 1
        for effect in effects_in_force(derived.actor)
        if "exhaustion" in statuses_of(effect)
    ]
    level = max((level for level in levels if level is not None), default=0)
    if not 0 <= level <= MOST_EXHAUSTED:
        derived.find("stats.tracks.exhaustion", f"The file says {level:g}; 0 to {MOST_EXHAUSTED} is possible.")
    return int(min(max(level, 0), MOST_EXHAUSTED))


def death_saves(derived: Derivation) -> dict[str, int]:
    return {side: _saves(derived, side) for side in ("success", "failure")}


def _saves(derived: Derivation, side: str) -> int:
    where = f"stats.death_saves.{side}"
    count = derived.whole(dig(derived.actor.attributes, "death", side), where) or 0
    if count > 3:
        derived.find(where, f"The file says {count}; there are three at most.")
    return min(count, 3)
