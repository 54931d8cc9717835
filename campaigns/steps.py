"""Steps: what one undo takes back. An event is a step, unless it `continues` one: then it belongs to that.

Whoever arranges the overlay saves several times a minute, while others fight. Without steps those saves would be what
the last fifty consist of. The events of a step follow each other directly in the ledger, so it is as long as it is to
the beginning of the next.
"""

from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

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
    """The last event of the step that begins with this one."""
    following = beginnings(event.campaign_id).filter(seq__gt=event.seq).order_by("seq").values("seq")[:1]
    rows = Event.objects.filter(campaign_id=event.campaign_id, seq__gt=event.seq, continues=event.seq)
    end = following.first()
    return (rows.filter(seq=end["seq"] - 1) if end else rows.order_by("-seq")).first() or event


def is_out_of_reach(event: Event) -> bool:
    """Whether REACH steps, or more, have begun since."""
    return beginnings(event.campaign_id).filter(seq__gt=event.seq).order_by("seq")[:REACH].count() == REACH


def oldest_in_reach() -> Subquery:
    """For rows of events: the `seq` of the oldest step of their campaign that can be taken back; null: all can."""
    return Subquery(beginnings(OuterRef("campaign_id")).order_by("-seq").values("seq")[REACH - 1 : REACH])


def in_reach(campaign: Campaign) -> list[Step]:
    """Newest first, as of `campaign.seq`, without those taken back. One query."""
    undone = Exists(Event.objects.filter(undoes=OuterRef("pk")))
    rows = beginnings(campaign.pk).filter(seq__lte=campaign.seq).annotate(undone=undone).order_by("-seq")[:REACH]
    found, end = [], campaign.seq + 1
    for event in rows:
        if not event.undone:
            found.append(Step(event, end - event.seq))
        end = event.seq
    return found
