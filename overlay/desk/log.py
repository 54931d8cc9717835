"""The last events as the GM reads them on the desk, each with whether it can still be taken back."""

from typing import Any

from campaigns import events, messages, moments, sentences
from campaigns.ledger import UNDO_REACH
from campaigns.models import Campaign, Event

SHOWN = 12


def last_events(campaign: Campaign, names: dict[str, str], most: int = SHOWN) -> list[dict[str, Any]]:
    """Newest first, without those taken back and what took them back: {seq, tone, text, at}. One query."""
    found = (
        Event.objects.filter(campaign=campaign, undone_by__isnull=True, seq__gt=campaign.seq - UNDO_REACH)
        .exclude(type=events.UNDO)
        .order_by("-seq")
    )
    return [_line(event, campaign.epoch, names) for event in found[:most]]


def _line(event: Event, epoch: str, names: dict[str, str]) -> dict[str, Any]:
    tone, text = told(event, epoch, names)
    return {"seq": event.seq, "tone": tone, "text": text, "at": messages.milliseconds(event.occurred_at)}


def told(event: Event, epoch: str, names: dict[str, str]) -> moments.Telling:
    """As viewers are told it where they are; else as the back office lists it."""
    name = names.get(str(event.subject_id), "") or moments.name_in(event.data)
    words = moments.words(messages.message(event, messages.GM, epoch), name)
    return words or ("", sentences.sentence(event.type, event.data))
