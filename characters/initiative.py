"""Turn order: who acts when. Pure rules on one document, and on the conditions that last some rounds.

    {"round": 3, "turn": "<entry id>", "order": [
        {"id": "<entry id>", "character": "<character id>" or None, "name": "Bell Warden", "score": 14,
         "hidden": False}]}

The order is by score, the highest first; those with the same score stay as they were listed. Round 1 to 9,999.
"""

from collections.abc import Collection
from typing import Any

from characters.stats import Stats

Initiative = dict[str, Any]
Entry = dict[str, Any]

LONGEST = 60
LONGEST_NAME = 120
HIGHEST_ROUND = 9999
SCORES = (-99, 999)


def ordered(entries: list[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: -entry["score"])


def begun(entries: list[Entry]) -> Initiative | None:
    """A new order at its first turn; None where nobody is in it."""
    order = ordered(entries)
    return {"round": 1, "turn": order[0]["id"], "order": order} if order else None


def changed(now: Initiative | None, entries: list[Entry]) -> Initiative | None:
    """The same round with other people in it. When whose turn it was is gone, it is that of whoever came next."""
    if now is None:
        return begun(entries)
    order = ordered(entries)
    if not order:
        return None
    there = {entry["id"] for entry in order}
    turn = next((id_ for id_ in _from(now) if id_ in there), order[0]["id"])
    return {"round": now["round"], "turn": turn, "order": order}


def advanced(now: Initiative) -> Initiative:
    """The next turn; after the last one the first of the next round."""
    ids = [entry["id"] for entry in now["order"]]
    place = ids.index(now["turn"]) + 1
    if place < len(ids):
        return {**now, "turn": ids[place]}
    return {**now, "turn": ids[0], "round": min(now["round"] + 1, HIGHEST_ROUND)}


def moved(now: Initiative, turn: str) -> Initiative:
    """It is that entry's turn. Raises KeyError for one that is not in the order."""
    if turn not in {entry["id"] for entry in now["order"]}:
        raise KeyError(turn)
    return {**now, "turn": turn}


def acting(now: Initiative) -> Entry:
    """Whose turn it is."""
    return next(entry for entry in now["order"] if entry["id"] == now["turn"])


def acting_character(now: Initiative | None) -> str | None:
    """The id of the character whose turn it is, as far as whoever is shown this knows of one."""
    if now is None or now["turn"] is None:
        return None
    character: str | None = acting(now)["character"]
    return character


def counted_down(stats: Stats) -> Stats:
    """A turn of this character's has ended: conditions that last some rounds last one less; at none they end."""
    rounds = {name: left - 1 for name, left in stats["condition_rounds"].items()}
    ended = {name for name, left in rounds.items() if left < 1}
    return {
        **stats,
        "conditions": [name for name in stats["conditions"] if name not in ended],
        "condition_rounds": {name: left for name, left in rounds.items() if left > 0},
    }


def people(now: Initiative) -> set[str]:
    """The ids of the characters in it."""
    return {entry["character"] for entry in now["order"] if entry["character"]}


def shown(now: Initiative | None, hidden: Collection[str]) -> Initiative | None:
    """As viewers are told it: without entries kept from them and characters that do not exist for them (`hidden`).

    `turn` is None while it is the turn of somebody of whom they do not know.
    """
    if now is None:
        return None
    known = [entry for entry in now["order"] if not entry["hidden"] and entry["character"] not in hidden]
    if not known:
        return None
    order = [{name: value for name, value in entry.items() if name != "hidden"} for entry in known]
    turn = now["turn"] if now["turn"] in {entry["id"] for entry in known} else None
    return {"round": now["round"], "turn": turn, "order": order}


def _from(now: Initiative) -> list[str]:
    """The ids from whose turn it is onwards, and round to there again."""
    ids = [entry["id"] for entry in now["order"]]
    place = ids.index(now["turn"])
    return ids[place:] + ids[:place]
