"""The document `Character.stats`: its shape, its ranges, and how a partial edit is merged into it.

    {"hp": {"current": 35, "max": 45, "temp": 0}, "ac": 16,
     "abilities": {"str": 16, "dex": 12, "con": 14, "int": 10, "wis": 13, "cha": 8},
     "conditions": ["prone"], "condition_rounds": {"bless": 10},
     "death_saves": {"success": 0, "failure": 0}, "inspiration": false, "tracks": {}}

HP 0 to 9,999 (`max` 0: this character has no hit points), AC 0 to 99, abilities 0 to 99, death saves 0 to 3.
"""

import copy
import re
from collections.abc import Iterator
from typing import Any

from characters import conditions, tracks

Stats = dict[str, Any]
Problem = tuple[str, str]

ABILITIES = ("str", "dex", "con", "int", "wis", "cha")
HIGHEST_HP = 9999
HIGHEST_AC = 99
HIGHEST_ABILITY = 99

_TRACK_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")


class InvalidStats(ValueError):
    """`problems` lists every failing field: (dotted path below `stats`, sentence)."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in problems))
        self.problems = problems


def blank() -> Stats:
    return {
        "hp": {"current": 0, "max": 0, "temp": 0},
        "ac": 10,
        "abilities": dict.fromkeys(ABILITIES, 10),
        "conditions": [],
        "condition_rounds": {},
        "death_saves": {"success": 0, "failure": 0},
        "inspiration": False,
        "tracks": {},
    }


def merged(current: Stats, patch: Any) -> Stats:
    """`current` with the fields of `patch` in place of its own; raises InvalidStats and changes nothing.

    Objects merge key by key, a track set to null is removed, lists are replaced whole.
    """
    if not isinstance(patch, dict):
        raise InvalidStats([("", "An object is expected.")])
    result = copy.deepcopy(current)
    found = [problem for key, value in patch.items() for problem in _merge_part(result, key, value)]
    if "condition_rounds" not in patch:
        _forget_rounds(result)
    found = found or list(_problems(result))
    if found:
        raise InvalidStats(found)
    result["conditions"] = [conditions.normalised(name) for name in result["conditions"]]
    return result


def _forget_rounds(result: Stats) -> None:
    """What is no condition any more lasts no rounds."""
    left = result["conditions"] if isinstance(result["conditions"], list) else []
    result["condition_rounds"] = {name: n for name, n in result["condition_rounds"].items() if name in left}


def _merge_part(result: Stats, key: str, value: Any) -> Iterator[Problem]:
    if key not in result:
        yield key, "Unknown field."
    elif isinstance(result[key], dict):
        if not isinstance(value, dict):
            yield key, "An object is expected."
            return
        for name, part in value.items():
            if key in {"hp", "abilities", "death_saves"} and name not in result[key]:
                yield f"{key}.{name}", "Unknown field."
            elif key in {"tracks", "condition_rounds"} and part is None:
                result[key].pop(name, None)
            elif key == "tracks" and isinstance(part, dict) and name in result[key]:
                result[key][name] = {**result[key][name], **part}
            else:
                result[key][name] = part
    else:
        result[key] = value


def _problems(stats: Stats) -> Iterator[Problem]:
    hp = stats["hp"]
    of_hp = list(_integers(hp, "hp", 0, HIGHEST_HP))
    yield from of_hp
    yield from _integers({"ac": stats["ac"]}, "", 0, HIGHEST_AC)
    yield from _integers(stats["abilities"], "abilities", 0, HIGHEST_ABILITY)
    yield from _integers(stats["death_saves"], "death_saves", 0, 3)
    if not of_hp and hp["current"] > hp["max"]:
        yield "hp.current", f"A whole number from 0 to the maximum of {hp['max']}."
    if type(stats["inspiration"]) is not bool:
        yield "inspiration", "true or false."
    yield from _condition_problems(stats)
    yield from _track_problems(stats["tracks"])


def _integers(values: dict[str, Any], under: str, low: int, high: int) -> Iterator[Problem]:
    for key, value in values.items():
        if type(value) is not int or not low <= value <= high:
            yield f"{under}.{key}".lstrip("."), f"A whole number from {low} to {high}."


def _condition_problems(stats: Stats) -> Iterator[Problem]:
    names = stats["conditions"]
    if not isinstance(names, list) or len(names) > conditions.MOST_AT_ONCE:
        yield "conditions", f"A list of at most {conditions.MOST_AT_ONCE} names."
        return
    seen: set[str] = set()
    for index, name in enumerate(names):
        try:
            name = conditions.normalised(name) if isinstance(name, str) else None
        except ValueError as reason:
            yield f"conditions.{index}", str(reason)
            continue
        if name is None:
            yield f"conditions.{index}", "A text is expected."
        elif name in seen:
            yield f"conditions.{index}", "This condition is listed twice."
        else:
            seen.add(name)
    for name, rounds in stats["condition_rounds"].items():
        if type(rounds) is not int or not 1 <= rounds <= conditions.MOST_ROUNDS:
            yield f"condition_rounds.{name}", f"A whole number from 1 to {conditions.MOST_ROUNDS}."
        elif name not in seen:
            yield f"condition_rounds.{name}", "The character does not have this condition."


def _track_problems(rows: dict[str, Any]) -> Iterator[Problem]:
    if len(rows) > tracks.MOST_TRACKS:
        yield "tracks", f"At most {tracks.MOST_TRACKS} tracks."
    for name, track in rows.items():
        if not _TRACK_NAME.fullmatch(name):
            yield f"tracks.{name[:40]}", "A track's name has small letters, digits and _, at most 30."
        for key, message in tracks.problems(track):
            yield f"tracks.{name}.{key}".rstrip("."), message


def leaves(document: Any, under: str = "") -> dict[str, Any]:
    """Dotted path to value; lists and tracks count as one value each, because each is edited as one."""
    if not isinstance(document, dict) or re.fullmatch(r"(stats\.)?tracks\.[^.]+", under):
        return {under: document}
    found: dict[str, Any] = {}
    for key, value in document.items():
        found |= leaves(value, f"{under}.{key}" if under else key)
    return found


def changed_leaves(before: Stats, after: Stats, under: str = "") -> set[str]:
    """The dotted paths at which two documents differ."""
    apart = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    old, new = (leaves({name: one[name] for name in apart if name in one}, under) for one in (before, after))
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
