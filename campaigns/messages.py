"""From a ledger event to the message each audience gets (docs/live-protocol.md).

The apps above register a renderer for the types that they own; a renderer sees the event and the audience and returns
the message without its envelope, or None where that audience may not know more than that something happened.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from campaigns import events
from campaigns.models import Event

VIEWER = "viewer"
GM = "gm"
AUDIENCES = (VIEWER, GM)

Message = dict[str, Any]
Renderer = Callable[[Event, str], Message | None]

_renderers: dict[str, Renderer] = {}

HIDDEN: Message = {"type": "EVENT", "data": {"type": "HIDDEN"}}


def register(type_: str, renderer: Renderer) -> None:
    _renderers[type_] = renderer


def registered_types() -> set[str]:
    return set(_renderers)


def message(event: Event, audience: str, epoch: str) -> Message:
    """The whole message, envelope included. Pure: the same entry gives the same message at any time."""
    hidden = event.audience == GM and audience != GM
    body = None if hidden else _renderers[event.type](event, audience)
    step = {"continues": event.continues} if body and event.continues is not None else {}
    return {**(body or HIDDEN), **step, "seq": event.seq, "epoch": epoch, "ts": milliseconds(event.occurred_at)}


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def event_message(event: Event, type_: str, data: dict[str, Any]) -> Message:
    """An EVENT with the fields that all of them share."""
    shared = {
        "id": str(event.id),
        "type": type_,
        "timestamp": event.occurred_at.isoformat().replace("+00:00", "Z"),
    }
    return {"type": "EVENT", "data": {**shared, **data}}


def effect_of(undo: Event) -> Event:
    """The event that an undo amounts to, as if it had been recorded at the undo's own place."""
    effect = undo.data["effect"]
    return Event(
        id=undo.id,
        campaign_id=undo.campaign_id,
        seq=undo.seq,
        type=effect["type"],
        subject_kind=undo.subject_kind,
        subject_id=undo.subject_id,
        data=effect["data"],
        audience=undo.audience,
        occurred_at=undo.occurred_at,
    )


def undo_message(event: Event, audience: str) -> Message | None:
    effect = effect_of(event)
    body = _renderers[effect.type](effect, audience)
    if body is None:
        return None
    undone = {"undo": event.data["seq"]}
    if body["type"] in {"EVENT", "HP_CHANGE"}:
        return {**body, "type": "EVENT", "data": {**body["data"], **undone}}
    return {**body, **undone}


def register_own() -> None:
    """The types that belong to campaigns themselves."""
    register(events.UNDO, undo_message)
    register(events.CAMPAIGN_UPDATED, lambda event, _: {"type": "CAMPAIGN_UPDATED", "data": event.data["campaign"]})
    register(events.EPISODE_STARTED, _episode_message)
    register(events.EPISODE_ENDED, _episode_message)


def _episode_message(event: Event, _audience: str) -> Message:
    return event_message(event, event.type.upper(), {"episode": event.data["episode"]})
