"""What comes in by POST …/events: which shape each type has, and which operation it is."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns import events, messages
from campaigns.models import Event
from campaigns.operations import table
from campaigns.serializers import EventSerializer
from characters.models import Character
from characters.operations import vitals
from characters.projection import projected_stats
from characters.serializers import INGESTED
from contract.refusals import Invalid

Sent = dict[str, Any]

TYPE = ("type", f"Send one of: {', '.join(events.INGESTED)}.")
# One of each for all: to build a serializer's fields takes longer than to read a document with them.
_READERS = {type_: serializer() for type_, serializer in INGESTED.items()}
NOT_HERE = ("character_id", "There is no such character in this campaign.")


def read(document: Mapping[str, Any]) -> Sent:
    """The document, valid for the type that it names. Raises Invalid."""
    type_ = document.get("type")
    if not isinstance(type_, str) or type_ not in INGESTED:
        raise Invalid([TYPE])
    return dict(_READERS[type_].run_validation(document))


def record(campaign_id: UUID, sent: Sent, character: Character | None = None, *, actor: Actor) -> Event:
    """`character` is given where the table tells what somebody does (a roll).

    Raises Invalid where the rules do not allow it, NotVisible where the character is not of this campaign.
    """
    facts = {name: value for name, value in sent.items() if name not in {"type", "character_id"}}
    if sent["type"] in _AT_THE_TABLE:
        facts |= _about(character, hidden=facts.get("hidden", False))
        return _AT_THE_TABLE[sent["type"]](campaign_id, actor=actor, **facts)
    return _HAPPENS_TO[sent["type"]](campaign_id, sent["character_id"], actor=actor, **facts)


def state_after(event: Event) -> dict[str, Any] | None:
    """Whose `stats`, with `hp_display`, the event carries; None where it is about no character."""
    data = messages.effect_of(event).data if event.type == events.UNDO else event.data
    return data if "stats" in data else data.get("character")


def answer(event: Event, audience: str) -> dict[str, Any]:
    """What whoever sent it is told: the entry, and the character's new `stats` as this audience sees them."""
    state = state_after(event)
    shown = EventSerializer(event, context={"audience": audience, "epoch": event.campaign.epoch}).data
    return {
        "id": str(event.pk),
        "seq": event.seq,
        "event": shown,
        "stats": state and projected_stats(state["stats"], state["hp_display"], audience),
    }


def _about(character: Character | None, *, hidden: bool) -> dict[str, Any]:
    """What a character does whom viewers do not know of is hidden with it."""
    if character is None:
        return {"hidden": hidden}
    return {"character_id": character.pk, "hidden": hidden or character.is_secret}


def _change_hp(campaign_id: UUID, character_id: UUID, *, actor: Actor, **facts: Any) -> Event:
    if "temp" in facts:
        return vitals.give_temporary_hp(campaign_id, character_id, actor=actor, amount=facts["temp"])
    change = vitals.change_hp if "delta" in facts else vitals.set_hp
    return change(campaign_id, character_id, actor=actor, **facts)


_HAPPENS_TO: Mapping[str, Callable[..., Event]] = {
    events.HP_CHANGE: _change_hp,
    events.CONDITION_ADDED: vitals.add_condition,
    events.CONDITION_REMOVED: vitals.remove_condition,
    events.DEATH_SAVE: vitals.save_against_death,
    events.TRACK_CHANGE: vitals.change_track,
}
_AT_THE_TABLE: Mapping[str, Callable[..., Event]] = {events.ROLL: table.roll, events.CUSTOM: table.custom_event}
