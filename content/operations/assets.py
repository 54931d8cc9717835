"""Files of the library: uploaded, replaced by another version, described, published, brought back, deleted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.access import EDIT_CONTENT, may
from accounts.actors import Actor
from accounts.models import Team, User
from content import documents, recipes
from content.footage.facts import is_recording
from content.measuring import is_picture
from content.models import LIBRARY, Asset, State, Version
from content.operations import documents as library_documents
from content.operations import exposure, recordings, uploads
from content.operations.uploads import Finish, straight
from content.quotas import Room
from content.workshops import Crop
from contract.refusals import Conflict, Invalid

WORDS = ("title", "alt_text", "licence", "credit")
BEFORE_PUBLISHING = ("alt_text", "licence", "credit")
KEPT = 5  # earlier versions
Way = Callable[[uploads.Picture], AbstractContextManager[uploads.Arrival]]
ACTIONS = ("asset_uploaded", "asset_replaced", "asset_changed", "asset_restored", "asset_deleted")  # in the audit trail


IN_SHARED_LIBRARY = ("team_id", "This file is in a library that many share already. Leave team_id out.")


def room(owner: User) -> Room:
    return Room(owner.pk, settings.CONTENT_USER_QUOTA)


def shared_room(space: UUID) -> Room:
    return Room(space, settings.CONTENT_CAMPAIGN_QUOTA)


def upload(
    owner: User,
    file: BinaryIO,
    *,
    actor: Actor,
    name: str = "",
    space: UUID | None = None,
    team_id: UUID | None = None,
    crop: Crop | None = None,
    facts: dict[str, Any] | None = None,
    finish: Finish = straight,
) -> Any:
    """Into the owner's library, or the shared one of `space`. `name` is that of the file as it came. Returns the asset,
    or what `finish` makes of it.

    Raises Invalid (field `file`, `team_id`), Unavailable when it cannot be stored.
    """
    asset = Asset(owner=owner, space=space or owner.pk, purpose=LIBRARY)
    asset.team = _team(asset, team_id, actor)
    with _arriving(_picture(asset, owner, file, name, crop, facts)) as arrival:
        return finish(lambda: _uploaded(arrival, actor))


@transaction.atomic
def _uploaded(arrival: uploads.Arrival, actor: Actor) -> Asset:
    asset = uploads.accept(arrival).asset
    _record("asset_uploaded", asset, actor, after=_told(asset))
    return asset


def replace(
    asset: Asset,
    file: BinaryIO,
    *,
    actor: Actor,
    name: str = "",
    crop: Crop | None = None,
    facts: dict[str, Any] | None = None,
    finish: Finish = straight,
) -> Any:
    """Another version of the same; the earlier ones stay, as many as `KEPT`. Returns and raises as `upload` does."""
    with _arriving(_picture(asset, actor.user, file, name, crop, facts)) as arrival:
        return finish(lambda: _replaced(arrival, _told(asset), actor))


@transaction.atomic
def _replaced(arrival: uploads.Arrival, before: dict[str, Any], actor: Actor) -> Asset:
    asset = uploads.accept(arrival).asset
    _record("asset_replaced", asset, actor, before=before, after=_told(asset))
    return asset


@transaction.atomic
def update(asset: Asset, changes: dict[str, Any], *, actor: Actor) -> Asset:
    """Change words, team or `published`. What is published has words for those who cannot see it, and says whose it is.

    Raises Invalid.
    """
    asset = _locked(asset)
    before = _told(asset)
    for name in (*WORDS, "published"):
        if name in changes:
            setattr(asset, name, changes[name])
    if "team_id" in changes:
        asset.team = _team(asset, changes["team_id"], actor)
    missing = [name for name in BEFORE_PUBLISHING if asset.published and not getattr(asset, name)]
    if missing:
        raise Invalid([(name, "Fill this in before you publish the file.") for name in missing])
    after = _told(asset)
    if after != before:
        asset.save(update_fields=[*WORDS, "published", "team", "updated_at"])
        exposure.settle(asset)
        _record("asset_changed", asset, actor, **audit.changed(before, after))
    return asset


@transaction.atomic
def restore(asset: Asset, number: int, *, actor: Actor) -> Asset:
    """An earlier version is the current one again. Raises Conflict where it is gone."""
    asset = _locked(asset)
    before = _told(asset)
    version = asset.versions.filter(number=number, state=State.READY).first()
    if version is None:
        raise Conflict("This version is gone. Choose another.")
    asset.versions.exclude(pk=version.pk).filter(replaced_at=None).update(replaced_at=timezone.now())
    Version.objects.filter(pk=version.pk).update(replaced_at=None)
    asset.current = version
    asset.save(update_fields=["current", "updated_at"])
    _record("asset_restored", asset, actor, before=before, after=_told(asset))
    return asset


def forget_library(space: UUID) -> None:
    """All files of a library go, with whom or what they belong to. Inside the transaction that tells of that."""
    found = Asset.objects.filter(space=space, purpose=LIBRARY)
    uploads.forget(list(Version.objects.filter(asset__in=found).values_list("pk", flat=True)))
    found.delete()


@transaction.atomic
def delete(asset: Asset, *, actor: Actor) -> None:
    """With all versions; their files go once that is committed."""
    asset = _locked(asset)
    _record("asset_deleted", asset, actor, before=_told(asset))
    uploads.forget(list(asset.versions.values_list("pk", flat=True)))
    asset.delete()


def _arriving(wanted: uploads.Picture) -> AbstractContextManager[uploads.Arrival]:
    arriving = _way(wanted.file)
    if wanted.crop is not None and arriving is not uploads.arriving:
        raise Invalid([("crop", "Only a picture can be cropped.")])
    return arriving(wanted)


def _way(file: BinaryIO) -> Way:
    """By content. Raises Invalid."""
    file.seek(0)
    head = file.read(documents.HEAD_BYTES)
    if is_picture(head):
        return uploads.arriving
    if is_recording(head):
        return recordings.arriving
    if documents.most_bytes_of(head) is None:
        raise Invalid([(uploads.FILE, documents.NEITHER)])
    return library_documents.arriving


def _picture(
    asset: Asset, by: User | None, file: BinaryIO, name: str, crop: Crop | None, facts: dict[str, Any] | None
) -> uploads.Picture:
    return uploads.Picture(
        file=file,
        recipe=recipes.PICTURE,
        room=Room(asset.space, settings.CONTENT_USER_QUOTA) if asset.is_personal else shared_room(asset.space),
        stem=f"library/{asset.pk}",
        purpose=LIBRARY,
        asset=asset,
        created_by=by,
        name=name,
        crop=crop,
        facts=facts or {},
        kept=KEPT,
    )


def _team(asset: Asset, team_id: UUID | None, actor: Actor) -> Team | None:
    if team_id and not asset.is_personal:
        raise Invalid([IN_SHARED_LIBRARY])
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    if team_id and (team is None or not may(actor, EDIT_CONTENT, team)):
        raise Invalid([("team_id", "You are no owner or editor of such a team.")])
    return team


def _locked(asset: Asset) -> Asset:
    return Asset.objects.select_for_update(no_key=True, of=("self",)).select_related("team", "owner").get(pk=asset.pk)


def _told(asset: Asset) -> dict[str, Any]:
    version = asset.current.number if asset.current else None
    team = str(asset.team or "")
    return {**{name: getattr(asset, name) for name in (*WORDS, "published")}, "team": team, "version": version}


def _record(action: str, asset: Asset, actor: Actor, **states: Any) -> None:
    told: dict[str, Any] = {"team_id": asset.team_id, "campaign_id": None if asset.is_personal else asset.space}
    audit.record(action, actor=actor, subject=("asset", asset.pk, asset.title), **told, **states)
