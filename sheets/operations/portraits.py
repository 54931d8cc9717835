"""A sheet gets a picture, another one, or none."""

from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from content.claims import Claim, Progress, register
from content.models import Asset, Version
from content.operations import uploads
from content.operations.uploads import Finish, straight
from content.queries import asset_of
from content.workshops import Crop
from contract.refusals import Conflict
from sheets import editing, portraits
from sheets.models import Sheet
from sheets.portraits import Slot


def put_on(
    sheet: Sheet,
    place: Slot,
    file: BinaryIO,
    *,
    actor: Actor,
    crop: Crop | None = None,
    facts: dict[str, Any] | None = None,
    finish: Finish = straight,
) -> Any:
    """The picture is decoded, stored and shown. Returns what `finish` makes of the slot (`portraits.Shown`).

    Raises Invalid (field `file`) for what is no picture, Unavailable when it cannot be stored; nothing is changed then.
    """
    wanted = uploads.Picture(
        file=file,
        recipe=portraits.RECIPE,
        room=portraits.room(sheet.owner),
        stem=portraits.stem(sheet.pk, place),
        purpose=place.purpose,
        subject_id=sheet.pk,
        owner=sheet.owner,
        created_by=actor.user,
        crop=crop,
        facts=facts or {},
    )
    with uploads.arriving(wanted) as arrival:
        return finish(lambda: _shown(arrival, sheet, place, actor))


@transaction.atomic
def _shown(arrival: uploads.Arrival, sheet: Sheet, place: Slot, actor: Actor) -> portraits.Shown:
    with editing.editing(sheet.pk, actor) as edit:
        version = uploads.accept(arrival)
        edit.write()
        edit.told("sheet_changed", after={f"portrait.{place.name}": version.number})
    return portraits.one(sheet, place)


def describe(sheet: Sheet, place: Slot, facts: dict[str, Any], *, actor: Actor) -> portraits.Shown:
    """Other words for the picture that is there: alt_text, credit, licence. Raises Conflict where there is none."""
    with editing.editing(sheet.pk, actor) as edit:
        asset = asset_of(place.purpose, sheet.pk)
        if asset is None or asset.current_id is None:
            raise Conflict(f"{place.label}: there is no picture to describe. Put one there first.")
        before = {name: getattr(asset, name) for name in facts}
        if before != facts:
            Asset.objects.filter(pk=asset.pk).update(**facts)
            edit.write()
            edit.told("sheet_changed", before=_of(place, before), after=_of(place, facts))
    return portraits.one(sheet, place)


def _of(place: Slot, facts: dict[str, Any]) -> dict[str, Any]:
    return {f"portrait.{place.name}.{name}": text for name, text in facts.items()}


def take_off(sheet: Sheet, place: Slot, *, actor: Actor) -> None:
    """No picture; its files go some time later, as those of one that was replaced."""
    with editing.editing(sheet.pk, actor) as edit:
        asset = asset_of(place.purpose, sheet.pk)
        if asset is None or asset.current is None:
            return
        number = asset.current.number
        uploads.release(asset)
        edit.write()
        edit.told("sheet_changed", before={f"portrait.{place.name}": number})


def forget(sheet_ids: list[UUID]) -> None:
    """With all versions: their sheets go. Inside the transaction that tells of that."""
    found = portraits.of(sheet_ids)
    uploads.forget(list(Version.objects.filter(asset__in=found).values_list("pk", flat=True)))
    Asset.objects.filter(pk__in=[asset.pk for asset in found]).delete()


# --- what content tells (content.claims) ---


def _lost(sheet_id: UUID, purpose: str, keys: set[str]) -> None:
    """The storage has the picture no more: the slot is empty."""
    asset = asset_of(purpose, sheet_id)
    if asset is None or asset.current is None:
        return
    if keys & set(asset.current.files.values_list("key", flat=True)):
        uploads.release(asset)
        _grown(sheet_id, purpose)


def _grown(sheet_id: UUID, purpose: str) -> None:
    """Whoever reads the sheet conditionally reads it anew."""
    Sheet.objects.filter(pk=sheet_id).update(updated_at=timezone.now())


def _progressed(sheet_id: UUID, purpose: str, progress: Progress) -> None:
    """The page asks how far it is."""


def register_claim() -> None:
    nobody: set[UUID] = set()
    told = portraits.in_use, lambda sheet_ids: nobody, _lost, _grown, _progressed
    register(Claim(frozenset(portraits.BY_PURPOSE), *told))
