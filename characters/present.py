"""Old ledger entries, as strict as the present: what is secret or veiled today was never told.

An entry carries how its character was shown when it was written. Whoever asks for it later is told no more than the
present allows; then and now, the stricter of the two holds. `tightened` is registered with `campaigns.history`.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from campaigns import events
from campaigns.messages import GM
from campaigns.models import Event
from characters.models import Character, HPDisplay

Data = dict[str, Any]

STRICTNESS = {HPDisplay.EXACT: 0, HPDisplay.BAR: 1, HPDisplay.BAND: 2, HPDisplay.HIDDEN: 3}
DOCUMENTS = (events.CHARACTER_CREATED, events.CHARACTER_UPDATED, events.CHARACTER_DELETED)


@dataclass(frozen=True)
class Present:
    """Which characters (ids as text) are secret now, or were when they were deleted; how each shows its HP now."""

    secret: frozenset[str]
    display: dict[str, str]

    def shows(self, id_: str, then: str) -> str:
        now = self.display.get(id_, then)
        return max(then, now, key=lambda mode: STRICTNESS[HPDisplay(mode)])


def present(campaign_id: UUID, also: Iterable[str] = ()) -> Present:
    """The present of a campaign and of the characters `also`, where they are gone, in two queries."""
    rows = list(Character.objects.filter(campaign_id=campaign_id).values_list("pk", "is_secret", "hp_display"))
    display = {str(id_): shown for id_, _secret, shown in rows}
    secret = {str(id_) for id_, is_secret, _shown in rows if is_secret}
    return Present(frozenset(secret | _gone_in_secret(campaign_id, set(also) - display.keys())), display)


def tightened(campaign_id: UUID, entries: Sequence[Event]) -> list[Event]:
    now = present(campaign_id, {id_ for event in entries for id_ in _mentioned(event)})
    return [_tightened(event, now) for event in entries]


def tightened_document(document: Data, now: Present) -> Data:
    id_ = document["id"]
    return {
        **document,
        "is_secret": document["is_secret"] or id_ in now.secret,
        "hp_display": now.shows(id_, document["hp_display"]),
    }


def tightened_roster(roster: list[Data], now: Present) -> list[Data]:
    return [{**entry, "is_secret": entry["is_secret"] or entry["id"] in now.secret} for entry in roster]


def _tightened(event: Event, now: Present) -> Event:
    data = event.data
    if event.type == events.UNDO:
        effect = data["effect"]
        inner = tightened_data(effect["type"], str(event.subject_id), effect["data"], now)
        data = {**data, "effect": {**effect, "data": inner}}
    else:
        data = tightened_data(event.type, str(event.subject_id), data, now)
    # What is only about a character (a roll, something of the table's own) is hidden with it.
    about = _effect(event)[1].get("character_id")
    told = copy.copy(event)
    told.data = data
    told.audience = GM if about in now.secret else event.audience
    return told


def tightened_data(type_: str, subject_id: str, data: Data, now: Present) -> Data:
    """The `data` of one entry (campaigns.events) of this type and subject."""
    if type_ in events.CARRYING_STATS and "stats" in data:
        is_secret = data["is_secret"] or subject_id in now.secret
        data = {**data, "is_secret": is_secret, "hp_display": now.shows(subject_id, data["hp_display"])}
    if type_ in DOCUMENTS:
        data = _tightened_change(data, now)
    if "roster" in data:
        return {**data, "roster": tightened_roster(data["roster"], now)}
    if "secret" in data:  # a layout or a turn order, with the placed characters that viewers do not know of
        return {**data, "secret": sorted({*data["secret"], *now.secret})}
    return data


def _tightened_change(data: Data, now: Present) -> Data:
    document = tightened_document(data["character"], now)
    hidden_since = document["is_secret"] and not data["character"]["is_secret"]
    # An edit before the character was hidden is not what hid it: that one tells viewers to remove the character.
    was = {"was_secret": True} if hidden_since and "was_secret" in data else {}
    return {**data, **was, "character": document}


def _gone_in_secret(campaign_id: UUID, ids: set[str]) -> set[str]:
    deletions = Q(type=events.CHARACTER_DELETED, data__character__is_secret=True) | Q(
        type=events.UNDO,
        data__effect__type=events.CHARACTER_DELETED,
        data__effect__data__character__is_secret=True,
    )
    found = Event.objects.filter(deletions, campaign_id=campaign_id, subject_id__in=ids)
    return {str(id_) for id_ in found.values_list("subject_id", flat=True)}


def _effect(event: Event) -> tuple[str, Data]:
    """The type and data of what happened, where that was an undo too."""
    if event.type == events.UNDO:
        return event.data["effect"]["type"], event.data["effect"]["data"]
    return event.type, event.data


def _mentioned(event: Event) -> list[str]:
    _type, data = _effect(event)
    found = [entry["id"] for entry in data.get("roster", [])]
    if event.subject_kind == events.SUBJECT_CHARACTER:
        found.append(str(event.subject_id))
    return found
