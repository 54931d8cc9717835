"""Tracks: counters that make every game system fit.

A track is a row of damage boxes, `{"max": 7, "superficial": 2, "aggravated": 0}`, or a row of pips,
`{"value": 2, "max": 5}`, the latter with `stains` where humanity is meant. Every count is 0 or more; damage never
passes `max`. Stains lie in the empty boxes; there may be more of them than these (V5: then one is impaired), and they
are drawn over none that is filled.
"""

from typing import Any

Track = dict[str, int]

MOST_TRACKS = 12
MOST_BOXES = 30


def is_damage(track: Track) -> bool:
    return "superficial" in track


def hurt(track: Track, *, superficial: int = 0, aggravated: int = 0) -> Track:
    """Mark damage (positive) or mend it (negative).

    In a full row each further point of superficial damage turns a superficial box into an aggravated one
    (V5, health and willpower alike); aggravated damage displaces superficial when no box is free.
    """
    result = dict(track)
    for _ in range(max(aggravated, 0)):
        _mark_aggravated(result)
    for _ in range(max(superficial, 0)):
        _mark_superficial(result)
    result["superficial"] = max(result["superficial"] + min(superficial, 0), 0)
    result["aggravated"] = max(result["aggravated"] + min(aggravated, 0), 0)
    return result


def _free(track: Track) -> int:
    return track["max"] - track["superficial"] - track["aggravated"]


def _mark_aggravated(track: Track) -> None:
    if _free(track) == 0:
        if track["superficial"] == 0:
            return
        track["superficial"] -= 1
    track["aggravated"] += 1


def _mark_superficial(track: Track) -> None:
    if _free(track):
        track["superficial"] += 1
    elif track["superficial"]:
        track["superficial"] -= 1
        track["aggravated"] += 1


def moved(track: Track, *, delta: int = 0, stains: int = 0) -> Track:
    """Raise or lower a row of pips by `delta`, clamped to 0 and `max`; stains likewise."""
    result = dict(track)
    result["value"] = min(max(track["value"] + delta, 0), track["max"])
    if "stains" in track:
        result["stains"] = min(max(track["stains"] + stains, 0), track["max"])
    return result


def overlapping(track: Track) -> int:
    """How many stains find no empty box."""
    return max(track.get("stains", 0) - (track["max"] - track["value"]), 0)


def difference(before: Track, after: Track) -> Track:
    """What has been added to each count: enough to take the change back later."""
    return {key: after[key] - before[key] for key in before if key != "max" and after[key] != before[key]}


def taken_back(track: Track, added: Track) -> Track:
    """Undo a `difference`, whatever has happened since: each count stays within the row."""
    result = {key: count - added.get(key, 0) for key, count in track.items()}
    limit = result["max"]
    if is_damage(result):
        result["aggravated"] = min(max(result["aggravated"], 0), limit)
        result["superficial"] = min(max(result["superficial"], 0), limit - result["aggravated"])
        return result
    result["value"] = min(max(result["value"], 0), limit)
    if "stains" in result:
        result["stains"] = min(max(result["stains"], 0), limit)
    return result


def problems(track: Any) -> list[tuple[str, str]]:
    """What is wrong with a track as sent by somebody: (key or "", sentence)."""
    if not isinstance(track, dict):
        return [("", 'A track is an object such as {"value": 2, "max": 5}.')]
    shape = (
        {"superficial", "aggravated", "max"} if "superficial" in track or "aggravated" in track else {"value", "max"}
    )
    allowed = shape | ({"stains"} if "value" in shape else set())
    found = [(key, "Unknown field.") for key in track if key not in allowed]
    found += [(key, "This field is required.") for key in sorted(shape - track.keys())]
    found += [
        (key, f"A whole number from 0 to {MOST_BOXES}.")
        for key, value in track.items()
        if key in allowed and (type(value) is not int or not 0 <= value <= MOST_BOXES)
    ]
    return found or _sum_problems(track)


def _sum_problems(track: Track) -> list[tuple[str, str]]:
    if track["max"] < 1:
        return [("max", f"A whole number from 1 to {MOST_BOXES}.")]
    if is_damage(track):
        marked = track["superficial"] + track["aggravated"]
        together = f"Together the boxes marked may not exceed the maximum of {track['max']}."
        return [("superficial", together)] if marked > track["max"] else []
    counts = {key: track[key] for key in ("value", "stains") if key in track}
    return [(key, f"At most the maximum of {track['max']}.") for key, count in counts.items() if count > track["max"]]
