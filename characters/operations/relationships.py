"""What characters are to each other: begun, put in other words, ended. Audited, as it is no part of the live state."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from campaigns import events, ledger
from campaigns.documents import MOST_DELAY
from campaigns.models import Campaign, Episode
from characters.models import Character, EarlierRelationship, Relationship
from contract.refusals import Invalid, NotVisible

EDITABLE = ("words", "note", "since_episode", "is_secret")
LONGEST_DELAY = timedelta(seconds=MOST_DELAY)
MOST_OF_CHARACTER = 100  # in both directions together: as many as its page lists


def add(campaign_id: UUID, source_id: UUID, target_id: UUID, *, actor: Actor, **fields: Any) -> Relationship:
    """`since_episode` is the number of an episode. Raises NotVisible for the source, Invalid for everything else."""
    with ledger.writing(campaign_id, actor) as book:
        source, target = _ends(campaign_id, source_id, target_id)
        _refuse_too_many(source, target)
        row = Relationship(source=source, target=target)
        _assign(row, fields, campaign_id)
        row.save(force_insert=True)
        _told("relationship_added", row, book, after=_words(row))
    return row


def change(campaign_id: UUID, relationship_id: UUID, changes: Mapping[str, Any], *, actor: Actor) -> Relationship:
    """Change some of `EDITABLE`. Raises NotVisible and Invalid."""
    with ledger.writing(campaign_id, actor) as book:
        row = _locked(campaign_id, relationship_id)
        before, earlier = _words(row), _earlier(row)
        _assign(row, changes, campaign_id)
        if _words(row) != before:
            _keep(campaign_id, [earlier])
            row.save()
            _told("relationship_changed", row, book, **audit.changed(before, _words(row)))
    return row


def remove(campaign_id: UUID, relationship_id: UUID, *, actor: Actor) -> None:
    """Raises NotVisible."""
    with ledger.writing(campaign_id, actor) as book:
        row = _locked(campaign_id, relationship_id)
        _keep(campaign_id, [_earlier(row)])
        _told("relationship_removed", row, book, before=_words(row))
        row.delete()


# --- a character that is deleted takes its relationships along, and brings them back ---


def taken_along(character: Character) -> list[dict[str, Any]]:
    """What `restore` needs of the relationships of a character that goes."""
    rows = list(Relationship.objects.filter(Q(source=character) | Q(target=character)))
    _keep(character.campaign_id, [_earlier(row) for row in rows])
    names = ("id", "source_id", "target_id", "words", "note", "since_id", "is_secret")
    return [{name: _plain(getattr(row, name)) for name in names} for row in rows]


def restore(campaign: Campaign, told: Sequence[Mapping[str, Any]]) -> None:
    """Those whose two ends are there again; an episode that is gone since is left out."""
    ends = {row[end] for row in told for end in ("source_id", "target_id")}
    there = _keys(Character.objects.filter(campaign=campaign, pk__in=ends))
    episodes = _keys(Episode.objects.filter(campaign=campaign, pk__in=[row["since_id"] for row in told]))
    for row in told:
        if {row["source_id"], row["target_id"]} <= there:
            Relationship.objects.create(**{**row, "since_id": row["since_id"] if row["since_id"] in episodes else None})


# --- viewers who are behind the table see what was there before ---


def _earlier(row: Relationship) -> EarlierRelationship | None:
    """The row as it was shown until now; None where viewers knew nothing of it."""
    if row.is_secret:
        return None
    told = {name: getattr(row, name) for name in ("source_id", "target_id", "words", "note", "since_id")}
    return EarlierRelationship(relationship_id=row.pk, begun=row.created_at, shown_from=row.updated_at, **told)


def _keep(campaign_id: UUID, rows: Iterable[EarlierRelationship | None]) -> None:
    """Until nobody is so far behind any more."""
    now = timezone.now()
    EarlierRelationship.objects.filter(campaign_id=campaign_id, shown_until__lt=now - LONGEST_DELAY).delete()
    found = [row for row in rows if row is not None]
    for row in found:
        row.campaign_id, row.shown_until = campaign_id, now
    EarlierRelationship.objects.bulk_create(found)


def _keys(found: Any) -> set[str]:
    return {str(key) for key in found.values_list("pk", flat=True)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _ends(campaign_id: UUID, source_id: UUID, target_id: UUID) -> tuple[Character, Character]:
    found = Character.objects.filter(campaign_id=campaign_id).in_bulk([source_id, target_id])
    if source_id not in found:
        raise NotVisible
    if target_id not in found:
        raise Invalid([("to_id", "There is no such character in this campaign.")])
    if source_id == target_id:
        raise Invalid([("to_id", "Choose somebody else: this is the character itself.")])
    return found[source_id], found[target_id]


def _refuse_too_many(source: Character, target: Character) -> None:
    if Relationship.objects.filter(source=source, target=target).exists():
        raise Invalid([("to_id", f"{source} has a relationship to {target} already. Change its words instead.")])
    for character in (source, target):
        if Relationship.objects.filter(Q(source=character) | Q(target=character)).count() >= MOST_OF_CHARACTER:
            fault = f"{character} has {MOST_OF_CHARACTER} relationships, in both directions. Remove one first."
            raise Invalid([("to_id", fault)])


def _assign(row: Relationship, fields: Mapping[str, Any], campaign_id: UUID) -> None:
    problems = []
    for name, value in fields.items():
        if name != "since_episode":
            setattr(row, name, value)
        elif value is None:
            row.since = None
        else:
            row.since = Episode.objects.filter(campaign_id=campaign_id, number=value).first()
            problems += [] if row.since else [("since_episode", f"There is no episode {value} in this campaign.")]
    try:
        row.clean_fields(exclude=["source", "target", "since"])
    except ValidationError as error:
        problems += [(name, reason) for name, reasons in error.message_dict.items() for reason in reasons]
    if problems:
        raise Invalid(problems)


def _words(row: Relationship) -> dict[str, Any]:
    since = row.since.number if row.since else None
    return {"words": row.words, "note": row.note, "since_episode": since, "is_secret": row.is_secret}


def _locked(campaign_id: UUID, relationship_id: UUID) -> Relationship:
    found = Relationship.objects.filter(source__campaign_id=campaign_id, pk=relationship_id)
    row = found.select_related("source", "target", "since").first()
    if row is None:
        raise NotVisible
    return row


def _told(action: str, row: Relationship, book: ledger.Book, **states: Any) -> None:
    """No event of the stream, yet whoever has read the character's page must see that it changed."""
    Campaign.objects.filter(pk=book.campaign.pk).update(updated_at=timezone.now())
    subject = (events.SUBJECT_RELATIONSHIP, row.pk, f"{row.source} → {row.target}")
    audit.record(action, actor=book.actor, subject=subject, campaign_id=book.campaign.pk, **states)
