"""How the events of characters and roster are told to each audience (docs/live-protocol.md)."""

from typing import Any

from campaigns import events
from campaigns.messages import GM, Message, event_message
from campaigns.models import Event
from characters import initiative
from characters.projection import projected, projected_stats, shows_numbers
from characters.queries import roster_shown

NUMBERS = ("from", "to", "delta")
FACTS = ("kind", "track", "condition", "rounds", "result")


def vitals_message(event: Event, audience: str) -> Message | None:
    data = event.data
    if data["is_secret"] and audience != GM:
        return None
    shown: dict[str, Any] = {"characterId": str(event.subject_id)}
    if event.type == events.HP_CHANGE and shows_numbers(data["hp_display"], audience):
        shown |= {key: data[key] for key in NUMBERS}
    shown |= {key: data[key] for key in FACTS if data.get(key) not in (None, "")}
    if audience == GM and "notes" in data:
        shown["notes"] = data["notes"]
    shown |= {
        "stats": projected_stats(data["stats"], data["hp_display"], audience),
        "version": data["version"],
    }
    message = event_message(event, event.type.upper(), shown)
    return {**message, "type": "HP_CHANGE"} if data["source"] == "edit" else message


def roster_message(event: Event, audience: str) -> Message:
    return {"type": "ROSTER_UPDATED", "data": {}, **roster_shown(event.data["roster"], audience)}


def initiative_message(event: Event, audience: str) -> Message:
    """With the state of the character whose turn ended, where its conditions changed and the audience knows of it."""
    data = event.data
    now = data["initiative"] if audience == GM else initiative.shown(data["initiative"], data["secret"])
    shown: dict[str, Any] = {"initiative": now}
    if "stats" in data and (audience == GM or not data["is_secret"]):
        shown |= {
            "characterId": str(event.subject_id),
            "stats": projected_stats(data["stats"], data["hp_display"], audience),
            "version": data["version"],
        }
    return event_message(event, "INITIATIVE", shown)


def created_message(event: Event, audience: str) -> Message | None:
    shown = projected(event.data["character"], audience)
    return None if shown is None else {"type": "CHAR_CREATED", "data": shown, **_roster(event, audience)}


def updated_message(event: Event, audience: str) -> Message | None:
    """A character that becomes secret is deleted for viewers; one that is revealed is created."""
    document, was_secret = event.data["character"], event.data["was_secret"]
    shown = projected(document, audience)
    if audience == GM or (shown is not None and not was_secret):
        return {"type": "CHAR_UPDATED", "data": shown, **_roster(event, audience)}
    if shown is not None:
        return {"type": "CHAR_CREATED", "data": shown, **_roster(event, audience)}
    return None if was_secret else _gone(event, audience)


def deleted_message(event: Event, audience: str) -> Message | None:
    if event.data["character"]["is_secret"] and audience != GM:
        return None
    return _gone(event, audience)


def _gone(event: Event, audience: str) -> Message:
    return {"type": "CHAR_DELETED", "data": {"id": event.data["character"]["id"]}, **_roster(event, audience)}


def _roster(event: Event, audience: str) -> dict[str, Any]:
    return roster_shown(event.data["roster"], audience) if "roster" in event.data else {}
