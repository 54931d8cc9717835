"""Steps: what one undo takes back. An event is a step, unless it `continues` one: then it belongs to that.

Whoever arranges the overlay saves several times a minute, while others fight. Without steps those saves would be what
the last fifty consist of. What others do meanwhile stands between the events of a step; it neither ends the step nor is
taken back with it. That a picture has come in more sizes belongs to the edit that chose it. A step has the place of its
beginning, so that no line moves while somebody reads.
"""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from campaigns.models import Campaign, Event

REACH = 50  # as many steps can be taken back


class Step(NamedTuple):
    first: Event
    events: int


def beginnings(campaign_id: UUID | OuterRef) -> QuerySet[Event]:
    return Event.objects.filter(campaign_id=campaign_id, continues=None)


def first(event: Event) -> Event:
    """The event with which the step of this one begins."""
    if event.continues is None:
        return event
    return Event.objects.get(campaign_id=event.campaign_id, seq=event.continues)


def last(event: Event) -> Event:
    """The last event of the step that begins with this one; all of them are of one subject."""
    rows = Event.objects.filter(campaign_id=event.campaign_id, subject_id=event.subject_id, continues=event.seq)
    return rows.order_by("-seq").first() or event


def is_out_of_reach(event: Event) -> bool:
    """Whether REACH steps, or more, have begun since."""
    return _have_begun_since(event, REACH)


def may_go_on(event: Event) -> bool:
    """Whether the step that begins with this event may get longer: what goes on with it is in reach for a while yet."""
    return not _have_begun_since(event, REACH // 2)


def _have_begun_since(event: Event, most: int) -> bool:
    return beginnings(event.campaign_id).filter(seq__gt=event.seq).order_by("seq")[:most].count() == most


def oldest_in_reach() -> Subquery:
    """For rows of events: the `seq` of the oldest step of their campaign that can be taken back; null: all can."""
    return Subquery(beginnings(OuterRef("campaign_id")).order_by("-seq").values("seq")[REACH - 1 : REACH])


def in_reach(campaign: Campaign) -> list[Step]:
    """Newest first, as of `campaign.seq`, without those taken back. Two queries."""
    undone = Exists(Event.objects.filter(undoes=OuterRef("pk")))
    rows = list(beginnings(campaign.pk).filter(seq__lte=campaign.seq).annotate(undone=undone).order_by("-seq")[:REACH])
    more = _events_after(campaign, rows[-1].seq if rows else campaign.seq)
    return [Step(event, 1 + more.get(event.seq, 0)) for event in rows if not event.undone]


def _events_after(campaign: Campaign, seq: int) -> dict[int, int]:
    """By the `seq` with which a step begins: how many events go on with it."""
    rows = Event.objects.filter(campaign=campaign, seq__gt=seq, seq__lte=campaign.seq, continues__isnull=False)
    return dict(rows.order_by().values_list("continues").annotate(events=Count("pk")))
