"""The last steps as the GM reads them on the desk, each with the way back.

A step is an event, or several that are taken back together: whoever moves a badge saves the layout ten times a minute,
and this list has one line for all of them (campaigns.steps). static/desk/js/log.js does the same to what it hears.
"""

from typing import Any

from campaigns import events, messages, moments, sentences, steps
from campaigns.models import Campaign, Event

SHOWN = 12

Line = dict[str, Any]


def last_events(campaign: Campaign, names: dict[str, str], most: int = SHOWN) -> list[Line]:
    """{seq, tone, text, at}, newest first, without those taken back and what took them back. Two queries."""
    found = [step for step in steps.in_reach(campaign) if step.first.type != events.UNDO]
    return [_line(step, campaign.epoch, names) for step in found[:most]]


def _line(step: steps.Step, epoch: str, names: dict[str, str]) -> Line:
    tone, text = told(step.first, epoch, names)
    several = step.events > 1 and step.first.type == events.LAYOUT_UPDATED
    counted = f"{text}, {step.events} times" if several else text
    return {"seq": step.first.seq, "tone": tone, "text": counted, "at": messages.milliseconds(step.first.occurred_at)}


def told(event: Event, epoch: str, names: dict[str, str]) -> moments.Telling:
    """As viewers are told it where they are; else as the back office lists it."""
    name = names.get(str(event.subject_id), "") or moments.name_in(event.data)
    words = moments.words(messages.message(event, messages.GM, epoch), name)
    return words or ("", sentences.sentence(event.type, event.data))
