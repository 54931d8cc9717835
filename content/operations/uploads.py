"""A picture comes in: measured, painted anew, its place reserved, its files stored; then, in the transaction of
whoever wanted it, accepted.

    with uploads.arriving(picture) as arrival:      # raises Invalid, Unavailable
        with transaction.atomic():
            version = uploads.accept(arrival)
            …

What is not accepted is taken away again. In this order no row is ever without its object; an object without its row
is left only by a process that died, for the sweeper.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Team, User
from content import recipes, storage
from content.models import Asset, Kind, State, StoredFile, Version
from content.operations import exposure, jobs
from content.quotas import Room
from content.recipes import Recipe
from content.workshops import Crop, Made, NotTaken, workshop
from contract.refusals import Invalid

FILE = "file"
OTHER_KIND = "A picture is replaced by a picture, sound by sound, a video by a video, a document by a document."
REPLACED_KEPT = 1  # earlier versions that are not deleted at once


@dataclass(frozen=True)
class Picture:
    """What is wanted: `stem` is where its files lie, up to the parts of the recipe. With `asset` a new version of
    that (which may be new itself), else one for the purpose and subject, made if there is none.
    """

    file: BinaryIO
    recipe: Recipe
    room: Room
    stem: str
    purpose: str
    subject_id: UUID | None = None
    asset: Asset | None = None
    owner: User | None = None
    team: Team | None = None
    created_by: User | None = None
    crop: Crop | None = None
    name: str = ""  # as it came; it decides of nothing but what a text is called
    facts: dict[str, Any] = field(default_factory=dict)  # title, alt_text, licence, credit
    kept: int = REPLACED_KEPT
    is_whole: bool = False  # nothing further is made of it in the background


Finish = Callable[[Callable[[], Any]], Any]


def straight(act: Callable[[], Any]) -> Any:
    """Whoever uploads may have the last step, which is a transaction, done inside something: see
    accounts.idempotency.idempotent_at_last.
    """
    return act()


@dataclass
class Arrival:
    picture: Picture
    version: Version
    files: list[StoredFile]


@contextmanager
def arriving(picture: Picture) -> Iterator[Arrival]:
    """Raises Invalid (field `file`) for what is no picture or has no room, Unavailable when it cannot be stored."""
    picture.room.require(0)
    with made_arriving(picture, _painted(picture)) as arrival:
        yield arrival


@contextmanager
def made_arriving(picture: Picture, made: Made) -> Iterator[Arrival]:
    """As `arriving`, of what is painted already; its files are closed at the end."""
    try:
        with stored(_reserved(picture, made), made.files) as arrival:
            yield arrival
    finally:
        for file in made.files:
            file.close()


@contextmanager
def stored(arrival: Arrival, files: Sequence[BinaryIO]) -> Iterator[Arrival]:
    """Its files lie in the storage; what is not accepted meanwhile goes again. Raises Unavailable."""
    try:
        pairs = zip(arrival.files, files, strict=True)
        storage.put([storage.Item(row.key, file, row.media_type) for row, file in pairs])
        yield arrival
    finally:
        withdraw_unless_accepted(arrival)


def accept(arrival: Arrival) -> Version:
    """The version is its asset's current one from here on; call it inside the transaction that tells of it."""
    picture, version = arrival.picture, arrival.version
    asset = Asset.objects.select_for_update(no_key=True, of=("self",)).get(pk=version.asset_id)
    now = timezone.now()
    version.state = State.READY
    version.save(update_fields=["state", "updated_at"])
    StoredFile.objects.bulk_create(arrival.files)
    asset.versions.exclude(pk=version.pk).filter(replaced_at=None).update(replaced_at=now)
    asset.current, version.asset = version, asset
    for name, value in picture.facts.items():
        setattr(asset, name, value)
    asset.save(update_fields=["current", *picture.facts, "updated_at"])
    forget([old.pk for old in _surplus(asset, picture.kept)])
    if asset.kind != Kind.DOCUMENT and not picture.is_whole:
        jobs.begin(version)
    return version


def release(asset: Asset, at: datetime | None = None) -> None:
    """The asset shows nothing any more; its files stay for a while, as those of a version that was replaced."""
    asset.versions.filter(replaced_at=None).update(replaced_at=at or timezone.now())
    asset.current = None
    asset.save(update_fields=["current", "updated_at"])


def forget(version_ids: list[UUID]) -> None:
    """Delete versions: their rows now, their files once that is committed."""
    keys = list(StoredFile.objects.filter(version__in=version_ids).values_list("key", flat=True))
    Version.objects.filter(pk__in=version_ids).delete()
    if keys:
        transaction.on_commit(lambda: storage.discard(keys), robust=True)


def _painted(picture: Picture) -> Made:
    outputs = [part.output for part in picture.recipe.values()]
    try:
        return workshop().make(picture.file, outputs, picture.crop)
    except NotTaken as error:
        raise Invalid([(FILE, str(error))]) from error


def _reserved(picture: Picture, made: Made) -> Arrival:
    version = reserve(
        picture,
        sum(each.size for each in made.painted),
        width=made.width,
        height=made.height,
        colour=made.colour,
        blur=made.blur,
    )
    stem, is_known = exposure.place(picture.stem, version.asset)
    files = [
        StoredFile(
            version=version,
            name=name,
            key=recipes.key(stem, version.number, part),
            exposed=is_known,
            media_type=part.media_type,
            width=painted.width,
            height=painted.height,
            size=painted.size,
            digest=painted.digest,
        )
        for (name, part), painted in zip(picture.recipe.items(), made.painted, strict=True)
    ]
    return Arrival(picture, version, files)


def reserve(picture: Picture, size: int, kind: Kind = Kind.IMAGE, **measured: Any) -> Version:
    """Number and room, committed before anything is stored: two at once get different names, and both are counted."""
    with transaction.atomic():
        picture.room.lock()
        picture.room.require(size)
        asset = picture.asset or _asset_for(picture)
        if asset._state.adding:
            asset.kind, asset.open = kind, exposure.is_open(asset)
            asset.save(force_insert=True)
        if asset.kind != kind:
            raise Invalid([(FILE, OTHER_KIND)])
        number = (asset.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        return Version.objects.create(asset=asset, number=number, size=size, created_by=picture.created_by, **measured)


def _asset_for(picture: Picture) -> Asset:
    """Perhaps one that is not saved yet; two at once are kept apart by the room, which is locked."""
    fields = {"owner": picture.owner, "team": picture.team, "space": picture.room.space}
    named = {"purpose": picture.purpose, "subject_id": picture.subject_id}
    there = Asset.objects.filter(**named).first() if picture.subject_id else None
    return there or Asset(**named, **fields)


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of the whole of it; it stands at its beginning then."""
    file.seek(0)
    found = hashlib.file_digest(cast(Any, file), "sha256").hexdigest()
    file.seek(0)
    return found


def withdraw_unless_accepted(arrival: Arrival) -> None:
    """What is in the database counts: a transaction may have failed after the version was accepted in it."""
    with transaction.atomic():
        version = Version.objects.filter(pk=arrival.version.pk)
        if version.filter(state=State.READY).exists():
            return
        version.delete()
        Asset.objects.filter(pk=arrival.version.asset_id, versions=None).delete()
    storage.discard([file.key for file in arrival.files])


def _surplus(asset: Asset, kept: int) -> list[Version]:
    replaced = asset.versions.exclude(replaced_at=None).filter(state=State.READY)
    return list(replaced.order_by("-replaced_at", "-number")[kept:])
