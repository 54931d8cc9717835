"""Layouts are saved, and pushed to every overlay that is open."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns import clock, events, ledger, steps
from campaigns.messages import GM
from campaigns.models import Event
from campaigns.undoing import Effect
from characters.queries import hidden_among
from contract.refusals import Conflict, Invalid
from overlay import layouts
from overlay.models import Layout

TOGETHER = timedelta(minutes=1)  # between two saves that are one step
LONGEST = timedelta(minutes=10)  # from the first save of a step to its last


def save(campaign_id: UUID, tier: str, patch: Any, *, actor: Actor, seen: int | None = None) -> Layout:
    """Merge `patch` into the tier's layout (see `overlay.layouts.merged`).

    Raises Invalid with every failing field, and Conflict when `seen` is not the version stored.
    """
    with ledger.writing(campaign_id, actor) as book:
        layout = _current(campaign_id, tier)
        if seen is not None and seen != layout.version:
            current = {"version": layout.version, **layout.document}
            raise Conflict("The layout was changed by somebody else meanwhile.", current=current)
        before = _told(layout)
        try:
            document = layouts.merged(layout.document, patch)
        except layouts.InvalidLayout as error:
            raise Invalid(error.problems) from error
        if before is None or document != layout.document:
            _store(layout, document)
            _record(book, layout, before, source="save")
    return layout


def replace(campaign_id: UUID, documents: Mapping[str, dict[str, Any]], *, actor: Actor) -> list[Layout]:
    """Put whole documents in the place of those of their tiers; those that are the same stay as they are.

    Raises Invalid with every failing field, and nothing is changed then.
    """
    with ledger.writing(campaign_id, actor) as book:
        found = [_current(campaign_id, tier) for tier in documents]
        for layout in found:
            document = layouts.whole(documents[layout.tier])
            try:
                layouts.refuse_bad(document)
            except layouts.InvalidLayout as error:
                raise Invalid([(f"{layout.tier}.{path}", reason) for path, reason in error.problems]) from error
            before = _told(layout)
            if before is None or document != layout.document:
                _store(layout, document)
                _record(book, layout, before)
    return found


def take_back(book: ledger.Book, event: Event) -> Effect:
    tier = event.data["tier"]
    layout = _current(book.campaign.pk, tier)
    now = _told(layout)
    if _document(now) != _document(steps.last(event).data["layout"]):
        raise Conflict("The layout was changed again since. Undo the later change first.")
    earlier = _document(event.data["before"])
    if earlier is None:
        layout.delete()
        return events.LAYOUT_UPDATED, {"tier": tier, "layout": None, "before": now, "secret": []}
    _store(layout, earlier)
    return events.LAYOUT_UPDATED, _data(layout, now)


def tell_again(book: ledger.Book, character_id: UUID) -> None:
    """A character exists for viewers now, or no longer: the layouts in which it has a place are not what they knew."""
    for layout in Layout.objects.filter(campaign=book.campaign):
        if str(character_id) in layouts.ids(layout.document):
            _record(book, layout, _told(layout))


def layout_message(event: Event, audience: str) -> dict[str, Any]:
    layout = event.data["layout"]
    if layout is not None and audience != GM:
        layout = layouts.without(layout, event.data["secret"])
    return {"type": "LAYOUT_UPDATED", "data": {"tier": event.data["tier"], "layout": layout}}


def _current(campaign_id: UUID, tier: str) -> Layout:
    stored = Layout.objects.select_for_update(no_key=True).filter(campaign_id=campaign_id, tier=tier).first()
    if stored is None:
        return Layout(campaign_id=campaign_id, tier=tier, document=layouts.blank(), version=0)
    stored.document = layouts.whole(stored.document)
    return stored


def _store(layout: Layout, document: dict[str, Any]) -> None:
    layout.document = document
    layout.version += 1
    layout.save()


def _record(book: ledger.Book, layout: Layout, before: dict[str, Any] | None, **source: str) -> None:
    continues = _step_going_on(book, layout) if source else None
    data = {**_data(layout, before), **source}
    book.record(events.LAYOUT_UPDATED, data, subject=(events.SUBJECT_LAYOUT, layout.pk), continues=continues)


def _step_going_on(book: ledger.Book, layout: Layout) -> int | None:
    """The beginning of the step that a save goes on with: the last thing that happened to this layout was a save by the
    same person, a moment ago.
    """
    last = Event.objects.filter(campaign=book.campaign, subject_id=layout.pk).order_by("-seq").first()
    if last is None or last.data.get("source") != "save":
        return None
    who = (book.actor.user.pk if book.actor.user else None, book.actor.credential)
    if (last.actor_id, last.credential) != who or clock.now() - last.occurred_at > TOGETHER:
        return None
    first = steps.first(last)
    return first.seq if clock.now() - first.occurred_at <= LONGEST and steps.may_go_on(first) else None


def _data(layout: Layout, before: dict[str, Any] | None) -> dict[str, Any]:
    """`secret` are the placed characters that do not exist for viewers: their places would give them away."""
    hidden = sorted(hidden_among(layout.campaign_id, layouts.ids(layout.document)))
    return {"tier": layout.tier, "layout": _told(layout), "before": before, "secret": hidden}


def _told(layout: Layout) -> dict[str, Any] | None:
    """The layout as the live stream tells it, None while the tier has none."""
    return {**layout.document, "version": layout.version} if layout.version else None


def _document(told: dict[str, Any] | None) -> dict[str, Any] | None:
    if told is None:
        return None
    return layouts.whole({key: part for key, part in told.items() if key != "version"})
