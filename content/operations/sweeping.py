"""What broken connections and dead processes leave behind, put right: objects without a row, rows without an object,
pictures that nothing shows any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from content import claims, queries, storage
from content.models import Asset, State, StoredFile, Version
from content.operations import uploads

BATCH = 500
# With more of the files missing than this, it is rather the wrong folder or bucket.
MOST_MISSING = 0.5


Row = TypeVar("Row")


class WrongStorage(Exception):
    """Most of the files are not where they should be."""


@dataclass
class Swept:
    """How many of each were found; keys of objects and of missing files."""

    unfinished: int = 0
    unclaimed: int = 0
    orphans: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def sweep(*, older_than: timedelta, dry_run: bool = False, force: bool = False) -> Swept:
    """Leaves alone what began less than `older_than` ago: it may be on its way. Raises WrongStorage."""
    now = timezone.now()
    found = Swept()
    with transaction.atomic():
        found.unfinished = _drop_unfinished(now - older_than)
        found.unclaimed = _drop_unclaimed(now)
        transaction.set_rollback(dry_run)
    _compare(found, now - older_than, dry_run=dry_run, force=force)
    return found


def _drop_unfinished(before: datetime) -> int:
    stale = list(Version.objects.filter(state=State.STORING, created_at__lt=before).values_list("pk", flat=True))
    _forget(stale)
    return len(stale)


def _drop_unclaimed(now: datetime) -> int:
    """Mark what nothing shows, unmark what something shows again, drop what has been marked for long enough."""
    dropped: list[UUID] = []
    for version, is_claimed in _claimed():
        if is_claimed and version.replaced_at:
            Version.objects.filter(pk=version.pk).update(replaced_at=None)
        elif not is_claimed and version.replaced_at is None:
            Version.objects.filter(pk=version.pk).update(replaced_at=now)
        elif not is_claimed and version.replaced_at < now - timedelta(hours=settings.CONTENT_KEPT_HOURS):  # type: ignore[operator]
            dropped.append(version.pk)
    _forget(dropped)
    return len(dropped)


def _claimed() -> Iterator[tuple[Version, bool]]:
    purposes = Asset.objects.exclude(subject_id=None).order_by().values_list("purpose", flat=True).distinct()
    for purpose in purposes:
        claim = claims.of(purpose)
        ready = Version.objects.filter(asset__purpose=purpose, state=State.READY).select_related("asset")
        for rows in _batches(ready.iterator()) if claim else ():
            shown = {queries.key_at(url) for url in claim.in_use([row.asset.subject_id for row in rows])}  # type: ignore[union-attr, misc]
            keys = StoredFile.objects.filter(version__in=rows, key__in=shown - {None}).values_list("version", flat=True)
            kept = set(keys)
            yield from ((row, row.pk in kept) for row in rows)


def _compare(found: Swept, before: datetime, *, dry_run: bool, force: bool) -> None:
    rows = StoredFile.objects.filter(version__state=State.READY)
    settled = set(rows.filter(version__updated_at__lt=before).values_list("key", flat=True))
    objects = dict(storage.stored())
    found.missing = sorted(settled - objects.keys())
    if found.missing and len(found.missing) > len(settled) * MOST_MISSING and not force:
        raise WrongStorage(f"{len(found.missing)} of {len(settled)} files are not there.")
    # Asked after the objects were listed: whatever was stored meanwhile has its row by now, or is young.
    known = set(StoredFile.objects.values_list("key", flat=True))
    found.orphans = sorted(key for key, moment in objects.items() if key not in known and moment < before)
    if not dry_run:
        for key in found.missing:
            _lost(key)
        for keys in _batches(found.orphans):
            storage.delete(keys)


def _lost(key: str) -> None:
    """Whoever shows the picture is shown without; the rest of the version goes too."""
    with transaction.atomic():
        file = StoredFile.objects.filter(key=key).select_related("version__asset").first()
        if file is None:
            return
        asset = file.version.asset
        claim = claims.of(asset.purpose)
        if claim and asset.subject_id:
            claim.lost(asset.subject_id, asset.purpose, {each.key for each in file.version.files.all()})
        _forget([file.version_id])


def _forget(version_ids: list[UUID]) -> None:
    assets = list(Asset.objects.filter(versions__in=version_ids).distinct())
    uploads.forget(version_ids)
    for asset in assets:
        if not asset.versions.exists():
            asset.delete()


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
