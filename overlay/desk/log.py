"""The last events as the GM reads them on the desk, each with whether it can still be taken back.

Whoever moves a badge pushes it ten times a minute. The ledger has each, this list one line for all of them: of one
size, each within five minutes of the next. Undo takes back the newest, and the line says how many are left.
static/desk/js/log.js does the same to what it hears.
"""

from collections.abc import Iterable
from typing import Any

from campaigns import events, messages, moments, sentences
from campaigns.ledger import UNDO_REACH
from campaigns.models import Campaign, Event

SHOWN = 12
TOGETHER = 5 * 60_000  # milliseconds between two saves of a layout that are one line

Line = dict[str, Any]


def last_events(campaign: Campaign, names: dict[str, str], most: int = SHOWN) -> list[Line]:
    """Newest first, without those taken back and what took them back. One query.

    {seq, tone, text, at, group, earlier}: `earlier` are the {seq, at} of those that the line stands for besides.
    """
    found = (
        Event.objects.filter(campaign=campaign, undone_by__isnull=True, seq__gt=campaign.seq - UNDO_REACH)
        .exclude(type=events.UNDO)
        .order_by("-seq")
    )
    return collapsed(_line(event, campaign.epoch, names) for event in found)[:most]


def collapsed(lines: Iterable[Line]) -> list[Line]:
    """Lines, newest first, with those of a group that follow each other soon as one."""
    shown: list[Line] = []
    newest: dict[str, Line] = {}
    for line in lines:
        head = newest.get(line["group"]) if line["group"] else None
        if head is not None and (head["earlier"] or [head])[-1]["at"] - line["at"] <= TOGETHER:
            head["earlier"].append({"seq": line["seq"], "at": line["at"]})
        else:
            newest[line["group"]] = line
            shown.append(line)
    return [{**line, "text": _counted(line)} for line in shown]


def _counted(line: Line) -> str:
    count = len(line["earlier"]) + 1
    return f"{line['text']}, {count} times" if count > 1 else line["text"]


def _line(event: Event, epoch: str, names: dict[str, str]) -> Line:
    tone, text = told(event, epoch, names)
    group = f"layout {event.data['tier']}" if event.type == events.LAYOUT_UPDATED else ""
    at = messages.milliseconds(event.occurred_at)
    return {"seq": event.seq, "tone": tone, "text": text, "at": at, "group": group, "earlier": []}


def told(event: Event, epoch: str, names: dict[str, str]) -> moments.Telling:
    """As viewers are told it where they are; else as the back office lists it."""
    name = names.get(str(event.subject_id), "") or moments.name_in(event.data)
    words = moments.words(messages.message(event, messages.GM, epoch), name)
    return words or ("", sentences.sentence(event.type, event.data))
