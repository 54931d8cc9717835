"""One line of text for what has just happened, with the new state in it: what a button or a bot shows.

Isaura Vane takes 7 fire damage: 31 / 45, concentration DC 10
"""

from typing import Any

from campaigns import messages, moments
from campaigns.messages import Message
from campaigns.models import Event
from characters.plates import hp, saves, track

Document = dict[str, Any]


def line(event: Event, audience: str, name: str, hp_display: str) -> str:
    """As `audience` may know it; `name` and `hp_display` are the character's, empty where there is none."""
    told = messages.message(event, audience, "")
    sentence = _sentence(told, name)
    state = _state(told, hp_display)
    return f"{sentence}: {state}" if state else sentence


def _sentence(told: Message, name: str) -> str:
    words = moments.words(told, name)
    undone = "undo" in told or "undo" in told.get("data", {})
    if undone:
        return f"Undone. {name}".rstrip(". ") if name else "Undone"
    if words is not None:
        return words[1]
    return str(told.get("data", {}).get("name") or "Done")


def _state(told: Message, hp_display: str) -> str:
    data = told.get("data") or {}
    stats = data.get("stats")
    if not stats:
        return ""
    shown = hp({"stats": stats, "hp_display": hp_display})
    parts = [f"{shown['figure']} {shown['plus']}".strip()] if shown["mode"] != "none" else []
    if shown["down"]:
        counts = saves(stats)
        parts.append(f"down, {counts['label'].lower()}" if counts else "down")
    if data.get("track") in stats.get("tracks", {}) and shown["mode"] == "none":
        parts = [track(data["track"], stats["tracks"][data["track"]])["figure"]]
    if "concentration_dc" in data.get("notes", {}):
        parts.append(f"concentration DC {data['notes']['concentration_dc']}")
    return ", ".join(parts)
