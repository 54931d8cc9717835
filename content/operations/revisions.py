"""A document is saved, goes back to an earlier revision, loses old autosaves."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from content import revisions, snapshots
from content.models import Revision
from content.revisions import Subject
from contract.refusals import Conflict, Invalid

MOST_AUTOSAVES = 100  # of one subject
KEPT_DAYS = 30
ATTEMPTS = 5


def save(
    subject: Subject,
    document: Any,
    *,
    author: User | None,
    message: str = "",
    autosave: bool = False,
    seen: int | None = None,
) -> Revision:
    """The new head; the old one where nothing changed and nothing is to be said.

    With `seen`, the number of the head that the author saw, a newer head raises Conflict with its number. Raises
    Invalid for what is no document.
    """
    try:
        text = snapshots.canonical(document)
    except snapshots.NotCanonical as error:
        raise Invalid([("document", str(error))]) from error
    new = Revision(text=text, digest=snapshots.digest(text), author=author, message=message, autosave=autosave)
    return _appended(subject, new, seen)


def restore(subject: Subject, number: int, *, author: User | None, seen: int | None = None) -> Revision:
    """What was there at `number`, as a new revision. Raises NotVisible, Conflict."""
    old = revisions.revision(subject, number)
    message = f"As in no. {number}" + (f": {old.message}" if old.message else "")
    new = Revision(text=old.text, digest=old.digest, restored=old, author=author, message=message[:200])
    return _appended(subject, new, seen)


def prune(*, kept: timedelta = timedelta(days=KEPT_DAYS)) -> int:
    """Delete autosaves older than that, of every subject; how many. A head stays: it is what there is."""
    old = Revision.objects.filter(autosave=True, created_at__lt=timezone.now() - kept)
    return _prune(old)


def _appended(subject: Subject, new: Revision, seen: int | None) -> Revision:
    """One after the other; two that both begin the history want the same number, and the later one looks again."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _append(subject, new, seen)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def _append(subject: Subject, new: Revision, seen: int | None) -> Revision:
    revisions.lock(subject)
    head = revisions.head(subject)
    if seen is not None and seen != (head.number if head else 0):
        current = {"number": head.number if head else 0}
        raise Conflict("Somebody saved this meanwhile. Look at what there is now.", current=current)
    if head is not None and head.digest == new.digest and (new.autosave or not new.message):
        return head
    new.kind, new.subject_id = subject
    new.number, new.parent = (head.number if head else 0) + 1, head
    new.save(force_insert=True)
    if new.autosave:
        _prune_surplus(subject)
    return new


def _prune_surplus(subject: Subject) -> None:
    autosaves = revisions.of(subject).filter(autosave=True)
    surplus = list(autosaves.values_list("pk", flat=True)[MOST_AUTOSAVES:])
    if surplus:
        _prune(Revision.objects.filter(pk__in=surplus))


def _prune(wanted: QuerySet[Revision]) -> int:
    same = Revision.objects.filter(kind=OuterRef("kind"), subject_id=OuterRef("subject_id"))
    newest = Subquery(same.order_by("-number").values("number")[:1])
    doomed = list(wanted.filter(autosave=True).exclude(number=newest).order_by("number").only("pk", "parent_id"))
    with transaction.atomic():
        _hand_children_up(doomed)
        Revision.objects.filter(pk__in=[each.pk for each in doomed], autosave=True).delete()
    return len(doomed)


def _hand_children_up(doomed: list[Revision]) -> None:
    """To the nearest ancestor that stays. The oldest come first, so what they hand up is known already."""
    heirs: dict[Any, Any] = {}
    for each in doomed:
        heirs[each.pk] = heirs.get(each.parent_id, each.parent_id)
    for pk, heir in heirs.items():
        Revision.objects.filter(parent=pk).exclude(pk__in=heirs).update(parent=heir)
