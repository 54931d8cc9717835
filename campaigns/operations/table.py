"""Things that happen at the table and change no row: rolls and custom events."""

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns import events, ledger, messages
from campaigns.models import Event
from campaigns.undoing import Effect

SUBJECT = events.SUBJECT_CHARACTER


def roll(
    campaign_id: UUID,
    *,
    actor: Actor,
    label: str,
    total: int,
    dice: list[dict[str, Any]] | None = None,
    character_id: UUID | None = None,
    hidden: bool = False,
    facts: events.RollFacts | None = None,
) -> Event:
    """Record a roll; a hidden one stays with the GM. `facts` are there where it was made here."""
    data: dict[str, Any] = {"label": label, "total": total, "dice": dice or []}
    if facts is not None:
        data["roll"] = facts
    return _record(campaign_id, actor, events.ROLL, data, character_id, hidden=hidden)


def custom_event(
    campaign_id: UUID,
    *,
    actor: Actor,
    name: str,
    payload: dict[str, Any] | None = None,
    character_id: UUID | None = None,
    hidden: bool = False,
) -> Event:
    """Tell the overlay and the bots something of the table's own; Troupe only carries it."""
    data = {"name": name, "payload": payload or {}}
    return _record(campaign_id, actor, events.CUSTOM, data, character_id, hidden=hidden)


def _record(
    campaign_id: UUID,
    actor: Actor,
    type_: str,
    data: dict[str, Any],
    character_id: UUID | None,
    *,
    hidden: bool,
) -> Event:
    subject = (SUBJECT, character_id) if character_id else None
    if character_id:
        data = {**data, "character_id": str(character_id)}
    audience = messages.GM if hidden else messages.VIEWER
    with ledger.writing(campaign_id, actor) as book:
        return book.record(type_, data, subject=subject, audience=audience)


def roll_message(event: Event, _audience: str) -> messages.Message:
    shown = {key: event.data[key] for key in ("label", "total", "dice", "roll") if key in event.data}
    return messages.event_message(event, "ROLL", {**_about(event), **shown})


def custom_message(event: Event, _audience: str) -> messages.Message:
    shown = {key: event.data[key] for key in ("name", "payload")}
    return messages.event_message(event, "CUSTOM", {**_about(event), **shown})


def _about(event: Event) -> dict[str, str]:
    return {"characterId": event.data["character_id"]} if "character_id" in event.data else {}


def take_back(_book: ledger.Book, event: Event) -> Effect:
    return event.type, event.data
