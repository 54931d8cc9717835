"""Take back any of the last fifty steps of the ledger by a compensating entry."""

from uuid import UUID

from accounts.actors import Actor
from campaigns import events, ledger, messages, steps, undoing
from campaigns.models import Event
from contract.refusals import Conflict, NotVisible


def undo(campaign_id: UUID, event_id: UUID, *, actor: Actor) -> Event:
    """Undo the step that an event belongs to; undoing an undo does the thing again.

    Raises NotVisible for an unknown event, Conflict where it lies too far back, was taken back before, or where what
    it changed has been changed again since.
    """
    with ledger.writing(campaign_id, actor) as book:
        event = Event.objects.filter(campaign_id=campaign_id, pk=event_id).first()
        if event is None:
            raise NotVisible
        event = steps.first(event)
        if steps.is_out_of_reach(event):
            raise Conflict(f"Only the last {steps.REACH} events can be undone; change the values by hand instead.")
        if Event.objects.filter(undoes=event).exists():
            raise Conflict("This event has been undone already.")
        type_, data = undoing.handler_for(event.type)(book, event)
        return book.record(
            events.UNDO,
            {"seq": event.seq, "type": event.type, "effect": {"type": type_, "data": data}},
            subject=(event.subject_kind, event.subject_id) if event.subject_id else None,
            audience=event.audience,
            undoes=event,
        )


def redo(book: ledger.Book, event: Event) -> undoing.Effect:
    effect = messages.effect_of(event)
    return undoing.handler_for(effect.type)(book, effect)
