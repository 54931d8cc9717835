"""The ledger read back: what a client missed, and what the history shows.

An entry tells what was public when it was written. Told to viewers later, it must not tell of what has been hidden
since: it is tightened by the present first, in the one place where old entries become messages.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from campaigns import messages
from campaigns.models import Campaign, Event

# Takes entries of one campaign and returns copies as strict as both then and now, in a fixed number of queries.
Tightening = Callable[[UUID, Sequence[Event]], list[Event]]

_tightenings: list[Tightening] = []


def register(tightening: Tightening) -> None:
    """Apps above call this once, for what they know to be hidden."""
    if tightening not in _tightenings:
        _tightenings.append(tightening)


def tightened(campaign_id: UUID, entries: Iterable[Event]) -> list[Event]:
    """Copies of the entries as viewers may be told of them today. The GM is told them as they are."""
    found = list(entries)
    if found:
        for tightening in _tightenings:
            found = tightening(campaign_id, found)
    return found


def entries_since(campaign_id: UUID, since: int, limit: int, until: int | None = None) -> list[Event]:
    """The first `limit` entries after `since` (and up to `until`), in order, as they were written."""
    found = Event.objects.filter(campaign_id=campaign_id, seq__gt=since)
    if until is not None:
        found = found.filter(seq__lte=until)
    return list(found.order_by("seq")[:limit])


def messages_since(campaign: Campaign, audience: str, since: int, limit: int) -> list[messages.Message]:
    """The first `limit` messages after `since` as `audience` may see them today, in order."""
    return as_messages(campaign.pk, campaign.epoch, entries_since(campaign.pk, since, limit), audience)


def as_messages(campaign_id: UUID, epoch: str, entries: Iterable[Event], audience: str) -> list[messages.Message]:
    """Entries as they were written, as messages that the audience may get today."""
    told = entries if audience == messages.GM else tightened(campaign_id, entries)
    return [messages.message(event, audience, epoch) for event in told]


def seq_at(campaign_id: UUID, moment: datetime) -> int:
    """The ledger position that the campaign had at that moment."""
    entries = Event.objects.filter(campaign_id=campaign_id)
    before = entries.filter(occurred_at__lte=moment).order_by("-seq").values_list("seq", flat=True).first()
    if before is not None:
        return before
    first = entries.order_by("seq").values_list("seq", flat=True).first()
    if first is not None:
        return first - 1
    return Campaign.objects.filter(pk=campaign_id).values_list("seq", flat=True).first() or 0
