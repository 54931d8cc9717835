"""A character as the plate below an arch shows it: what is drawn and what is said, from the projected document alone.

`static/pages/js/plate.js` says the same in the browser; tests/characters/plates.json holds both to it.
"""

import re
from typing import Any

from characters import conditions

Document = dict[str, Any]
Plate = dict[str, Any]

BANDS = {"unhurt": "Unhurt", "hurt": "Hurt", "bloodied": "Bloodied", "critical": "Critical", "down": "Down"}
HIDDEN_WORDS = "HP kept secret"
STATUSES = {"active": "At the table", "guest": "Guest", "retired": "Retired", "dead": "Dead"}
DEFAULT_ACCENT = "#f0bd4f"


def plate(document: Document) -> Plate:
    stats = document["stats"]
    hit_points = hp(document)
    down = hit_points["down"]
    called = calling(document, has_hit_points=hit_points["mode"] != "none")
    return {
        "id": document["id"],
        "name": document["name"],
        "calling": called,
        "role": f"{document['race']} {called}".strip(),
        "player": document["player_name"],
        "status": document["status"],
        "status_label": STATUSES[document["status"]],
        "arch": arch(document, down=down),
        "ac": None if hit_points["mode"] == "none" else stats.get("ac"),
        "hp": hit_points,
        "saves": saves(stats) if down else None,
        "chips": chips(stats),
        "tracks": [track(key, value) for key, value in (stats.get("tracks") or {}).items()],
    }


def calling(document: Document, *, has_hit_points: bool = True) -> str:
    """Bard 7. A level written out in the class already (Bard 5 / Cleric 2) is not said again."""
    level = document["level"]
    says_level = level and document["class"] and not re.search(r"\d", document["class"])
    if says_level and not has_hit_points and level == 1:
        says_level = False  # systems without hit points know no levels; 1 is the field's default
    return f"{document['class']} {level}" if says_level else str(document["class"])


def arch(document: Document, *, down: bool = False) -> dict[str, Any]:
    focal = document.get("focal") or {"x": 0.5, "y": 0.2}
    state = document["status"] if document["status"] in {"dead", "retired"} else ("down" if down else "")
    portrait = document.get("portrait_url")
    return {
        "image": portrait or document.get("crest_url") or "",
        "drawn": not portrait,
        **_sources(document),
        "accent": document.get("accent") or DEFAULT_ACCENT,
        "fx": _whole(focal["x"] * 10),
        "fy": _whole(focal["y"] * 10),
        "state": state,
    }


def _sources(document: Document) -> dict[str, str]:
    """`srcset` in WebP and in `avif`; empty where only the one address is known."""
    known = (document.get("pictures") or {}).get("portrait") or {}
    if not known or known.get("url") != document.get("portrait_url"):
        return {"srcset": "", "avif": ""}
    return {"srcset": srcset(known.get("srcset")), "avif": srcset(known.get("avif_srcset"))}


def srcset(sources: list[dict[str, Any]] | None) -> str:
    return ", ".join(f"{source['url']} {source['width']}w" for source in sources or [])


def hp(document: Document) -> dict[str, Any]:
    """`mode` none (no hit points in this game), exact, bar, band or hidden; `now`, `temp`: shares of the bar."""
    points = document["stats"].get("hp")
    if points is None:
        return (
            _said("hidden", HIDDEN_WORDS, HIDDEN_WORDS) if document["hp_display"] == "hidden" else _said("none", "", "")
        )
    if "band" in points:
        return _said(
            "band", BANDS[points["band"]], BANDS[points["band"]], band=points["band"], down=points["band"] == "down"
        )
    if "fraction" in points:
        return _bar(points["fraction"], points["temp"])
    return _exact(**points) if points["max"] else _said("none", "", "")


def _exact(current: int, max: int, temp: int) -> dict[str, Any]:
    whole = current + temp if current + temp > max else max
    label = f"{current} of {max} hit points" + (f", {temp} temporary" if temp else "")
    plus = f"+{temp}" if temp else ""
    return _said(
        "exact", f"{current} / {max}", label, plus=plus, now=current / whole, temp=temp / whole, down=current == 0
    )


def _bar(fraction: float, temporary: bool) -> dict[str, Any]:
    share = _whole(fraction * 100)
    label = f"{share} percent of hit points" + (", and temporary ones" if temporary else "")
    now = min(fraction, 0.92) if temporary else fraction
    return _said("bar", f"{share} %", label, now=now, temp=0.08 if temporary else 0, down=fraction == 0)


def _said(mode: str, figure: str, label: str, **more: Any) -> dict[str, Any]:
    return {
        "mode": mode,
        "figure": figure,
        "label": label,
        "plus": "",
        "band": "",
        "now": 0,
        "temp": 0,
        "down": False,
    } | more


def _whole(number: float) -> int:
    """Rounded as browsers do it: 2.5 is 3."""
    return int(number + 0.5)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def saves(stats: Document) -> dict[str, Any] | None:
    counts = stats.get("death_saves")
    if counts is None:
        return None
    passed, failed = counts["success"], counts["failure"]
    title = "Dead" if failed >= 3 else "Stable" if passed >= 3 else "Death saves"
    cells = ["s" if n < passed else "" for n in range(3)] + ["f" if n < failed else "" for n in range(3)]
    return {"title": title, "cells": cells, "label": f"Death saves: {passed} passed, {failed} failed"}


def chips(stats: Document) -> list[dict[str, Any]]:
    found = [{"text": "Inspired", "kind": "good", "rounds": None}] if stats.get("inspiration") else []
    rounds = stats.get("condition_rounds") or {}
    return found + [
        {"text": _capital(name), "kind": conditions.tone(name), "rounds": rounds.get(name)}
        for name in stats.get("conditions") or []
    ]


def track(key: str, value: dict[str, int]) -> dict[str, Any]:
    name = _capital(key.replace("_", " "))
    most = value["max"]
    if "superficial" in value:
        aggravated, superficial = value["aggravated"], value["superficial"]
        free = most - aggravated - superficial
        cells = ["aggravated"] * aggravated + ["superficial"] * superficial + [""] * free
        said = f"{superficial} superficial, {aggravated} aggravated of {most}"
        return {
            "key": key,
            "name": name,
            "kind": "boxes",
            "cells": cells,
            "figure": f"{free} / {most}",
            "label": f"{name}: {said}",
        }
    full, stains = value["value"], value.get("stains", 0)
    free = most - full
    cells = ["full"] * full + [""] * (free - stains) + ["stain"] * min(stains, free)
    said = f"{full} of {most}" + (f", {stains} stained" if stains else "")
    kind = "humanity" if "stains" in value else "pips"
    return {
        "key": key,
        "name": name,
        "kind": kind,
        "cells": cells,
        "figure": f"{full} / {most}",
        "label": f"{name}: {said}",
    }
