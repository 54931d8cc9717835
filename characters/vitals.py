"""Wounding, healing, dying: pure rules on the `stats` document (5e SRD: damage, temporary hit points, death saves).

Each function returns a `Change`: the new document (the old one is never touched), and what was really added to each
count, which is less than what was asked for where a bound was met. `reverted` takes exactly that back, whatever has
happened in between.
"""

import copy
from dataclasses import dataclass, field
from typing import Any

from characters import conditions, tracks
from characters.stats import Stats

Applied = dict[str, Any]
DEATH_SAVE_RESULTS = ("success", "failure", "critical_success", "critical_failure")
HIGHEST_CONCENTRATION_DC = 30


class Impossible(ValueError):
    """The rules do not allow it: `field` names what to change, the message says why."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True)
class Change:
    stats: Stats
    applied: Applied
    notes: dict[str, Any] = field(default_factory=dict)


def wounded(stats: Stats, amount: int, *, critical: bool = False) -> Change:
    """Damage of `amount` (1 or more): temporary hit points go first, then HP, never below 0.

    At 0 HP already, damage is one failed death save (two from a critical hit). Damage left over that reaches the
    maximum kills outright. Somebody who concentrates is reminded of the save: DC 10 or half the damage, at most 30.
    """
    _needs_hit_points(stats)
    after = _with_body_open(stats)
    hp = after["hp"]
    soaked = min(hp["temp"], amount)
    lost = min(hp["current"], amount - soaked)
    hp["temp"] -= soaked
    was_down = hp["current"] == 0
    hp["current"] -= lost
    left_over = amount - soaked - lost
    saves = after["death_saves"]
    if hp["current"] == 0 and left_over >= hp["max"]:
        saves["failure"] = 3
    elif was_down and left_over:
        saves["failure"] = min(saves["failure"] + (2 if critical else 1), 3)
    return Change(after, _applied(stats, after), _reminders(stats, after, amount))


def healed(stats: Stats, amount: int) -> Change:
    """HP rise by `amount` (0 or more) up to the maximum; anybody who rises from 0 forgets the death saves."""
    _needs_hit_points(stats)
    after = _with_body_open(stats)
    after["hp"]["current"] = min(after["hp"]["current"] + amount, after["hp"]["max"])
    _forget_saves_above_zero(after)
    return Change(after, _applied(stats, after))


def given_temporary(stats: Stats, amount: int) -> Change:
    """Temporary hit points do not add up: the larger of old and new stays; 0 removes them."""
    _needs_hit_points(stats)
    after = _with_body_open(stats)
    after["hp"]["temp"] = max(after["hp"]["temp"], amount) if amount else 0
    return Change(after, _applied(stats, after))


def set_to(stats: Stats, current: int) -> Change:
    """HP become `current`, which must lie between 0 and the maximum."""
    _needs_hit_points(stats)
    if not 0 <= current <= stats["hp"]["max"]:
        raise Impossible("to", f"A whole number from 0 to the maximum of {stats['hp']['max']}.")
    after = _with_body_open(stats)
    after["hp"]["current"] = current
    _forget_saves_above_zero(after)
    return Change(after, _applied(stats, after))


def death_saved(stats: Stats, result: str) -> Change:
    """Record a death save; a natural 20 brings back 1 HP, a natural 1 counts twice."""
    _needs_hit_points(stats)
    if stats["hp"]["current"] > 0:
        raise Impossible("result", "Only a character at 0 hit points makes death saves.")
    if stats["death_saves"]["failure"] == 3 or stats["death_saves"]["success"] == 3:
        raise Impossible("result", "The death saves are decided; heal the character or undo the last one.")
    after = _with_body_open(stats)
    saves = after["death_saves"]
    if result == "critical_success":
        after["hp"]["current"] = 1
        saves.update(success=0, failure=0)
    elif result == "success":
        saves["success"] = min(saves["success"] + 1, 3)
    else:
        saves["failure"] = min(saves["failure"] + (2 if result == "critical_failure" else 1), 3)
    return Change(after, _applied(stats, after), {"outcome": state(after)})


def with_condition(stats: Stats, name: str, rounds: int | None = None) -> Change:
    if name in stats["conditions"] and stats["condition_rounds"].get(name) == rounds:
        raise Impossible("condition", f"The character is already {name}.")
    if len(stats["conditions"]) >= conditions.MOST_AT_ONCE and name not in stats["conditions"]:
        raise Impossible("condition", f"At most {conditions.MOST_AT_ONCE} conditions at once; remove one first.")
    after = copy.deepcopy(stats)
    if name not in after["conditions"]:
        after["conditions"].append(name)
    after["condition_rounds"].pop(name, None)
    if rounds is not None:
        after["condition_rounds"][name] = rounds
    return Change(after, _applied(stats, after))


def without_condition(stats: Stats, name: str) -> Change:
    if name not in stats["conditions"]:
        raise Impossible("condition", f"The character is not {name}.")
    after = copy.deepcopy(stats)
    after["conditions"].remove(name)
    after["condition_rounds"].pop(name, None)
    return Change(after, _applied(stats, after))


def with_track(stats: Stats, name: str, **steps: int) -> Change:
    """Move a track by `delta`, `superficial`, `aggravated` or `stains`; see `characters.tracks`."""
    track = stats["tracks"].get(name)
    if track is None:
        known = ", ".join(sorted(stats["tracks"])) or "none"
        raise Impossible("track", f"The character has no such track (it has: {known}).")
    allowed = {"superficial", "aggravated"} if tracks.is_damage(track) else {"delta", "stains"}
    for key in steps.keys() - allowed:
        raise Impossible(key, f"This track changes by {' and '.join(sorted(allowed))}.")
    after = copy.deepcopy(stats)
    change = tracks.hurt if tracks.is_damage(track) else tracks.moved
    after["tracks"][name] = change(track, **steps)
    return Change(after, _applied(stats, after))


def reverted(stats: Stats, applied: Applied) -> Stats:
    """Take back what a change really added, keeping within today's bounds."""
    after = copy.deepcopy(stats)
    hp, saves = after["hp"], after["death_saves"]
    hp["current"] = min(max(hp["current"] - applied.get("hp", 0), 0), hp["max"])
    hp["temp"] = max(hp["temp"] - applied.get("temp", 0), 0)
    for key, added in applied.get("death_saves", {}).items():
        saves[key] = min(max(saves[key] - added, 0), 3)
    for name in applied.get("conditions_added", []):
        if name in after["conditions"]:
            after["conditions"].remove(name)
    for name in applied.get("conditions_removed", []):
        if name not in after["conditions"]:
            after["conditions"].append(name)
    _revert_rounds(after, applied.get("rounds", {}))
    for name, added in applied.get("tracks", {}).items():
        if name in after["tracks"]:
            after["tracks"][name] = tracks.taken_back(after["tracks"][name], added)
    _forget_saves_above_zero(after)
    return after


def state(stats: Stats) -> str:
    """up, down, stable or dead: what the drama of the moment is."""
    if stats["hp"]["max"] == 0 or stats["hp"]["current"] > 0:
        return "up"
    if stats["death_saves"]["failure"] >= 3:
        return "dead"
    return "stable" if stats["death_saves"]["success"] >= 3 else "down"


def band(stats: Stats) -> str:
    """Health as a word: unhurt, hurt (above half), bloodied (half or less), critical (a quarter or less), down."""
    current, most = stats["hp"]["current"], stats["hp"]["max"]
    if current == 0:
        return "down"
    if current >= most:
        return "unhurt"
    if current * 4 <= most:
        return "critical"
    return "bloodied" if current * 2 <= most else "hurt"


def applied_between(before: Stats, after: Stats) -> Applied:
    """The same for a change made by hand (an edit of the whole document)."""
    return _applied(before, after)


def _with_body_open(stats: Stats) -> Stats:
    """A copy in which hit points and death saves may be changed; the rest is shared with the old document."""
    return {**stats, "hp": dict(stats["hp"]), "death_saves": dict(stats["death_saves"])}


def _needs_hit_points(stats: Stats) -> None:
    if stats["hp"]["max"] == 0:
        raise Impossible("character_id", "This character has no hit points; set a maximum or use a track.")


def _forget_saves_above_zero(stats: Stats) -> None:
    if stats["hp"]["current"] > 0:
        stats["death_saves"].update(success=0, failure=0)


def _reminders(before: Stats, after: Stats, amount: int) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    if conditions.CONCENTRATING in before["conditions"]:
        notes["concentration_dc"] = min(max(10, amount // 2), HIGHEST_CONCENTRATION_DC)
    if state(after) != state(before):
        notes["outcome"] = state(after)
    return notes


def _applied(before: Stats, after: Stats) -> Applied:
    applied: Applied = {
        "hp": after["hp"]["current"] - before["hp"]["current"],
        "temp": after["hp"]["temp"] - before["hp"]["temp"],
        "death_saves": _differences(before["death_saves"], after["death_saves"]),
        "conditions_added": [name for name in after["conditions"] if name not in before["conditions"]],
        "conditions_removed": [name for name in before["conditions"] if name not in after["conditions"]],
        "rounds": _changed_rounds(before["condition_rounds"], after["condition_rounds"]),
        "tracks": {
            name: tracks.difference(track, after["tracks"][name])
            for name, track in before["tracks"].items()
            if name in after["tracks"] and after["tracks"][name] != track
        },
    }
    return {key: value for key, value in applied.items() if value}


def _differences(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {key: after[key] - value for key, value in before.items() if after[key] != value}


def _changed_rounds(before: dict[str, int], after: dict[str, int]) -> dict[str, list[int | None]]:
    names = before.keys() | after.keys()
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def _revert_rounds(stats: Stats, changed: dict[str, list[int | None]]) -> None:
    for name, (before, _after) in changed.items():
        stats["condition_rounds"].pop(name, None)
        if before is not None and name in stats["conditions"]:
            stats["condition_rounds"][name] = before
