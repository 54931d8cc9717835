"""A client of the live stream as a pure function: `fold(state, message)` (docs/live-protocol.md).

The invariant that it is for: an old BOOTSTRAP with the messages since folded in equals a fresh BOOTSTRAP.

    state = replay(bootstrap, messages)
    assert comparable(state) == comparable(fresh)
"""

from collections.abc import Iterable
from typing import Any

State = dict[str, Any]
Message = dict[str, Any]

# What differs between two BOOTSTRAPs of the same state.
INCIDENTAL = ("ts", "recovered", "build")


class OutOfStep(AssertionError):
    """The message does not follow what the client holds: a gap, a heartbeat ahead of it, or another epoch."""


def fold(state: State | None, message: Message) -> State | None:
    """The state after the message; what the client has already is dropped. Raises OutOfStep."""
    if message["type"] == "BATCH":
        return replay(state, message["messages"])
    if message["type"] in ("ERROR", "FILE_PROGRESS", "OVERLAYS", "SHEET_CHANGED"):
        return state
    if message["type"] == "BOOTSTRAP":
        return message
    if state is None:
        raise OutOfStep(f"{message['type']} before any BOOTSTRAP")
    if message["epoch"] != state["epoch"]:
        raise OutOfStep(f"epoch {message['epoch']} while holding {state['epoch']}")
    if message["seq"] <= state["seq"]:
        return state
    if message["type"] == "HEARTBEAT" or message["seq"] != state["seq"] + 1:
        raise OutOfStep(f"{message['type']} {message['seq']} while holding {state['seq']}")
    changed = _changed(state, message["type"], message.get("data", {}))
    beside: State = {key: message[key] for key in ("roster", "rosterTiers") if key in message}
    return {**changed, **beside, "seq": message["seq"]}


def replay(state: State | None, messages: Iterable[Message]) -> State | None:
    for message in messages:
        state = fold(state, message)
    return state


def comparable(state: State | None) -> State:
    """The state without what is incidental, its characters by id."""
    assert state is not None
    kept = {key: value for key, value in state.items() if key not in INCIDENTAL}
    return {**kept, "characters": {character["id"]: character for character in state["characters"]}}


def flat(messages: Iterable[Message]) -> list[Message]:
    """The messages with each BATCH taken apart."""
    found: list[Message] = []
    for message in messages:
        found += message["messages"] if message["type"] == "BATCH" else [message]
    return found


def _changed(state: State, type_: str, data: dict[str, Any]) -> State:
    if type_ in {"CHAR_CREATED", "CHAR_UPDATED"}:
        return _with_character(state, data)
    if type_ == "CHAR_DELETED":
        return _without_character(state, data["id"])
    if type_ == "LAYOUT_UPDATED":
        return _with_layout(state, data["tier"], data["layout"])
    if type_ == "CAMPAIGN_UPDATED":
        return {**state, "campaign": data}
    if type_ in {"EVENT", "HP_CHANGE"}:
        return _after_event(state, data)
    if type_ == "ROSTER_UPDATED":
        return state
    raise OutOfStep(f"a message of an unknown type: {type_}")


def _with_character(state: State, character: dict[str, Any]) -> State:
    others = [one for one in state["characters"] if one["id"] != character["id"]]
    return {**state, "characters": [*others, character]}


def _without_character(state: State, id_: str) -> State:
    return {
        **state,
        "characters": [one for one in state["characters"] if one["id"] != id_],
        "roster": [one for one in state["roster"] if one != id_],
        "rosterTiers": {one: tier for one, tier in state["rosterTiers"].items() if one != id_},
    }


def _with_layout(state: State, tier: str, layout: dict[str, Any] | None) -> State:
    others = {name: one for name, one in state["layoutOverrides"].items() if name != tier}
    return {**state, "layoutOverrides": others if layout is None else {**others, tier: layout}}


def _after_event(state: State, data: dict[str, Any]) -> State:
    if "episode" in data:
        state = {**state, "episode": data["episode"]}
    if "initiative" in data:
        state = {**state, "initiative": data["initiative"]}
    absolute = {key: data[key] for key in ("stats", "version") if key in data}
    if not absolute:
        return state
    characters = [{**one, **absolute} if one["id"] == data["characterId"] else one for one in state["characters"]]
    return {**state, "characters": characters}
