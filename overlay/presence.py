"""What an overlay reports of itself, and what the GM makes of it. Pure rules; `overlay.live.presence` keeps it.

An entry has id, tier, seq, behind, lag, width, height, build, visible, obs, streaming, keyed and at.
`behind` are the events that it lacked then; `lag` the milliseconds that the last one took; `obs` the version
of OBS's browser, None elsewhere; `keyed`: it came with the campaign's overlay token; `at`: milliseconds since 1970.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Entry = dict[str, Any]

OFFLINE_AFTER = 8.0  # seconds; an overlay reports every four
FORGOTTEN_AFTER = 600.0  # seconds
FORGOTTEN_TAB_AFTER = 30.0  # of a plain browser: somebody has looked and gone
SLOW = 2000  # milliseconds
FEW = 3  # so many in plain browsers are shown when there is nothing else
MOST = 24  # of one campaign; anybody may open the overlay of a public one
DEFAULT_SIZE = (800, 600)  # of a new browser source in OBS
LARGEST_NUMBER = 2**31
LONGEST_TEXT = 80

_NUMBERS = ("seq", "width", "height", "lag")
_TEXTS = ("build", "tier", "source", "obs")
_SWITCHES = ("visible", "streaming")


def read(message: Mapping[str, Any]) -> Entry:
    """What a STATUS says, as far as it is of the right kind."""
    found: Entry = {}
    for name in _NUMBERS:
        value = message.get(name)
        if type(value) is int and 0 <= value <= LARGEST_NUMBER:
            found[name] = value
    for name in _TEXTS:
        value = message.get(name)
        if isinstance(value, str) and value.isprintable():
            found[name] = value[:LONGEST_TEXT]
    return found | {name: message[name] for name in _SWITCHES if type(message.get(name)) is bool}


def entry(status: Entry, *, id_: str, head: int, keyed: bool, at: int) -> Entry:
    seq = status.get("seq", 0)
    return {
        "id": status.get("source") or id_,
        "tier": status.get("tier", ""),
        "seq": seq,
        "behind": max(head - seq, 0),
        "lag": status.get("lag"),
        "width": status.get("width", 0),
        "height": status.get("height", 0),
        "build": status.get("build", ""),
        "visible": status.get("visible", True),
        "obs": status.get("obs"),
        "streaming": status.get("streaming"),
        "keyed": keyed,
        "at": at,
    }


def merged(known: Iterable[Entry], reported: Iterable[Entry], now: int) -> list[Entry]:
    """The newest of each, without those long gone; those with the key first, then those in OBS, at most MOST."""
    newest: dict[str, Entry] = {}
    for one in (*known, *reported):
        if one["id"] not in newest or newest[one["id"]]["at"] <= one["at"]:
            newest[one["id"]] = one
    kept = [one for one in newest.values() if now - one["at"] < _kept_for(one) * 1000]
    kept.sort(key=lambda one: (not one["keyed"], one["obs"] is None, one["tier"], one["id"]))
    return kept[:MOST]


def split(overlays: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """What the GM is shown, and what is only counted: anybody may open the overlay of a public campaign.

    Those with the key are the GM's; where none has it, those in OBS; a few in plain browsers are shown when there is
    nothing else. `static/desk/js/sources.js` says the same in the browser.
    """
    keyed = [one for one in overlays if one["keyed"]]
    shown = keyed or [one for one in overlays if _is_on_air(one)]
    folded = [one for one in overlays if one not in shown]
    return (shown, folded) if shown or len(folded) > FEW else (folded, [])


def folded_words(count: int, *, alone: bool) -> str:
    return f"{count} without your key" if alone else f"and {count} without your key"


def ago(seconds: int) -> str:
    return f"{seconds} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _is_on_air(one: Entry) -> bool:
    return one["obs"] is not None or bool(one["keyed"])


def _kept_for(one: Entry) -> float:
    return FORGOTTEN_AFTER if _is_on_air(one) else FORGOTTEN_TAB_AFTER


def judged(one: Entry, now: int, build: str) -> Entry:
    """The entry with `state` (live, hidden, slow, size or offline), `seconds` since it was heard, and `advice`."""
    seconds = max(now - one["at"], 0) / 1000
    found = _faults(one, seconds, build)
    state = found[0][0] if found else ("live" if one["visible"] else "hidden")
    return {**one, "state": state, "seconds": round(seconds), "advice": [text for _state, text in found]}


def _faults(one: Entry, seconds: float, build: str) -> list[tuple[str, str]]:
    if seconds > OFFLINE_AFTER:
        return [("offline", "Nothing is heard of it. Is OBS running, the source active, the computer online?")]
    found = []
    if (one["width"], one["height"]) == DEFAULT_SIZE:
        found.append(
            ("size", "Still 800 × 600, as OBS makes a source. Type the size of your canvas in its properties.")
        )
    if one["behind"]:
        found.append(("slow", f"{one['behind']} events behind. Refresh the source if this stays."))
    elif (one["lag"] or 0) > SLOW:
        found.append(("slow", f"{one['lag'] / 1000:.1f} s behind. The computer or its connection is busy."))
    if one["build"] and one["build"] != build:
        found.append(("live", "An older version; it takes the new one when it is hidden next, or refresh it."))
    return found
