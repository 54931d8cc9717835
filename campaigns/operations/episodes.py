"""Episodes are planned, started and ended. While one runs, every event belongs to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts import audit
from accounts.actors import Actor
from campaigns import clock, events, ledger
from campaigns.documents import episode_document
from campaigns.models import Campaign, Episode, Event
from campaigns.undoing import Effect
from contract.refusals import Conflict, Invalid, NotVisible

EDITABLE = (
    "season",
    "number",
    "title",
    "date",
    "runtime_minutes",
    "summary",
    "vod_url",
    "vod_offset",
    "published",
)
NUMBER_TAKEN = ("number", "There is an episode with this number already.")


def create(campaign: Campaign, *, actor: Actor, **fields: Any) -> Episode:
    """Plan an episode; without a number it gets the next one. Raises Invalid."""
    with ledger.writing(campaign.pk, actor) as book:
        if fields.get("number") is None:
            last = campaign.episodes.order_by("-number").values_list("number", flat=True).first()
            fields["number"] = (last or 0) + 1
        episode = _saved(Episode(campaign=campaign, **fields))
        _mark_programme(book)
        _audit("episode_planned", episode, actor, after=_words(episode))
        return episode


def update(episode: Episode, changes: dict[str, Any], *, actor: Actor) -> Episode:
    """Change what is written about an episode. Raises Invalid."""
    with ledger.writing(episode.campaign_id, actor) as book:
        episode = _locked(book, episode.pk)
        before = _words(episode)
        for name, value in changes.items():
            setattr(episode, name, value)
        episode = _saved(episode)
        _mark_programme(book)
        _audit("episode_changed", episode, actor, **audit.changed(before, _words(episode)))
        if episode.started_at and not episode.ended_at:  # its title is on screen
            _record(book, events.EPISODE_STARTED, episode, _times(episode))
        return episode


def delete(episode: Episode, *, actor: Actor) -> None:
    """Delete an episode; its events stay in the ledger."""
    with ledger.writing(episode.campaign_id, actor) as book:
        episode = _locked(book, episode.pk)
        if episode.started_at and not episode.ended_at:
            raise Conflict("This episode is running. End it first.")
        _audit("episode_deleted", episode, actor, before={**_words(episode), **_times(episode)})
        episode.delete()
        _mark_programme(book)


def start(episode: Episode, *, actor: Actor) -> Episode:
    """Go live. Raises Conflict while another episode runs, or when this one has been played."""
    with ledger.writing(episode.campaign_id, actor) as book:
        running = book.episode
        if running is not None:
            raise Conflict(f"Episode {running.number} is running. End it first.")
        episode = _locked(book, episode.pk)
        before = _times(episode)
        episode.started_at, episode.ended_at = clock.now(), None
        episode.save(update_fields=["started_at", "ended_at", "updated_at"])
        book.forget_episode()
        _record(book, events.EPISODE_STARTED, episode, before)
    return episode


def end(episode: Episode, *, actor: Actor) -> Episode:
    """The stream is over; the runtime is noted unless somebody wrote one. Raises Conflict when it is not running."""
    with ledger.writing(episode.campaign_id, actor) as book:
        episode = _locked(book, episode.pk)
        if book.episode != episode or episode.started_at is None:  # asked first: its end is its last event
            raise Conflict("This episode is not running.")
        before = _times(episode)
        episode.ended_at = clock.now()
        if episode.runtime_minutes is None:
            episode.runtime_minutes = min(round((episode.ended_at - episode.started_at).total_seconds() / 60), 2880)
        episode.save(update_fields=["ended_at", "runtime_minutes", "updated_at"])
        _record(book, events.EPISODE_ENDED, episode, before)
    return episode


def take_back(book: ledger.Book, event: Event) -> Effect:
    episode = _locked(book, UUID(event.data["episode_id"]))
    before = _times(episode)
    started, ended = _moment(event.data["before"]["started_at"]), _moment(event.data["before"]["ended_at"])
    runs_again = started is not None and ended is None
    if runs_again and book.episode is not None and book.episode.pk != episode.pk:
        raise Conflict(f"Episode {book.episode.number} is running. End it first.")
    episode.started_at, episode.ended_at = started, ended
    episode.save(update_fields=["started_at", "ended_at", "updated_at"])
    book.forget_episode()
    type_ = events.EPISODE_STARTED if runs_again else events.EPISODE_ENDED
    return type_, _data(episode, before)


def _audit(action: str, episode: Episode, actor: Actor, **states: Any) -> None:
    subject = (events.SUBJECT_EPISODE, episode.pk, str(episode))
    audit.record(action, actor=actor, subject=subject, campaign_id=episode.campaign_id, **states)


def _words(episode: Episode) -> dict[str, Any]:
    """What is written about an episode."""
    return {name: getattr(episode, name) for name in EDITABLE}


def _record(book: ledger.Book, type_: str, episode: Episode, before: dict[str, str | None]) -> None:
    book.record(type_, _data(episode, before), subject=(events.SUBJECT_EPISODE, episode.pk))


def _data(episode: Episode, before: dict[str, str | None]) -> dict[str, Any]:
    running = episode.started_at is not None and episode.ended_at is None
    return {
        "episode": episode_document(episode) if running else None,
        "episode_id": str(episode.pk),
        "before": before,
    }


def _times(episode: Episode) -> dict[str, str | None]:
    return {
        "started_at": episode.started_at.isoformat() if episode.started_at else None,
        "ended_at": episode.ended_at.isoformat() if episode.ended_at else None,
    }


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None


def _mark_programme(book: ledger.Book) -> None:
    """What is planned is no event of the stream, yet whoever has read the programme must see that it changed."""
    Campaign.objects.filter(pk=book.campaign.pk).update(updated_at=timezone.now())


def _locked(book: ledger.Book, episode_id: UUID) -> Episode:
    episode = Episode.objects.filter(campaign=book.campaign, pk=episode_id).first()
    if episode is None:
        raise NotVisible
    return episode


def _saved(episode: Episode) -> Episode:
    try:
        episode.clean_fields()
        with transaction.atomic():
            episode.save()
    except ValidationError as error:
        raise Invalid([(name, reason) for name, reasons in error.message_dict.items() for reason in reasons]) from error
    except IntegrityError as error:
        raise Invalid([NUMBER_TAKEN]) from error
    return episode
