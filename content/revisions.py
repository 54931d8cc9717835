"""Questions about revisions. A subject is what has them: its kind, and its id in an app above."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from content import snapshots
from content.models import Revision
from contract.refusals import NotVisible


class Subject(NamedTuple):
    kind: str
    id: UUID


def of(subject: Subject) -> QuerySet[Revision]:
    """The newest first, without their documents."""
    found = Revision.objects.filter(kind=subject.kind, subject_id=subject.id)
    return found.select_related("author").defer("text").order_by("-number")


def head(subject: Subject) -> Revision | None:
    """The newest, which is what there is now."""
    return Revision.objects.filter(kind=subject.kind, subject_id=subject.id).order_by("-number").first()


def lock(subject: Subject) -> None:
    """Until the transaction ends, nobody else appends; before the first revision there is nothing to lock."""
    oldest = Revision.objects.select_for_update(no_key=True).filter(kind=subject.kind, subject_id=subject.id)
    oldest.order_by("number").only("pk").first()


def revision(subject: Subject, number: int) -> Revision:
    """Raises NotVisible."""
    found = Revision.objects.filter(kind=subject.kind, subject_id=subject.id, number=number).first()
    if found is None:
        raise NotVisible
    return found


def document(revision: Revision) -> Any:
    return json.loads(revision.text)


def is_whole(revision: Revision) -> bool:
    """Whether its text is the one that was saved."""
    return snapshots.digest(revision.text) == revision.digest


def changes(old: Revision | None, new: Revision) -> Sequence[snapshots.Change]:
    """What leads from one to the other; from nothing, the whole of it."""
    if old is None:
        return [{"op": "add", "path": "", "value": document(new)}]
    return [] if old.digest == new.digest else snapshots.difference(document(old), document(new))
