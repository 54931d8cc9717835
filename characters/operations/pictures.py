"""A character gets a portrait or a background, another one, or none."""

from collections.abc import Collection
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.actors import SYSTEM, Actor
from campaigns import live
from campaigns.models import Campaign, Visibility
from characters import pictures
from characters.models import Character
from characters.operations import lifecycle
from characters.pictures import Place
from content import present, queries
from content.claims import Progress
from content.operations import uploads
from content.operations.uploads import Finish, straight
from content.quotas import Room
from content.workshops import Crop


def room(campaign: Campaign) -> Room:
    return Room(campaign.pk, settings.CONTENT_CAMPAIGN_QUOTA)


def put_on(
    character: Character,
    place: Place,
    file: BinaryIO,
    *,
    actor: Actor,
    crop: Crop | None = None,
    facts: dict[str, Any] | None = None,
    finish: Finish = straight,
) -> Any:
    """The picture is decoded, stored and shown; an earlier one is kept for a while, so that this can be undone. Returns
    the character, or what `finish` makes of it.

    Raises Invalid (field `file`) for what is no picture, Unavailable when it cannot be stored; nothing is changed then.
    """
    campaign = character.campaign
    wanted = uploads.Picture(
        file=file,
        recipe=place.recipe,
        room=room(campaign),
        stem=pictures.stem(campaign, character, place),
        purpose=place.purpose,
        subject_id=character.pk,
        owner=actor.user,
        created_by=actor.user,
        crop=crop,
        facts=facts or {},
    )
    with uploads.arriving(wanted) as arrival:
        return finish(lambda: _shown(arrival, character, place, actor))


@transaction.atomic
def _shown(arrival: uploads.Arrival, character: Character, place: Place, actor: Actor) -> Character:
    version = uploads.accept(arrival)
    address = present.main_address(version, public=pictures.is_public(character))
    return lifecycle.update(character, {place.field: address}, actor=actor)


def take_off(character: Character, place: Place, *, actor: Actor) -> Character:
    """No picture; for a while an undo brings it back."""
    with transaction.atomic():
        asset = queries.asset_of(place.purpose, character.pk)
        if asset is not None:
            uploads.release(asset)
        return lifecycle.update(character, {place.field: ""}, actor=actor)


def in_use(character_ids: Collection[UUID]) -> set[str]:
    """Addresses that these characters show."""
    rows = Character.objects.filter(pk__in=character_ids).values_list(*pictures.FIELDS)
    return {address for row in rows for address in row if address}


def open_to_all(character_ids: Collection[UUID]) -> set[UUID]:
    """Those whose pictures everybody may fetch."""
    found = Character.objects.filter(pk__in=character_ids, is_secret=False)
    return set(found.exclude(campaign__visibility=Visibility.PRIVATE).values_list("pk", flat=True))


def lost(character_id: UUID, purpose: str, keys: set[str]) -> None:
    """The storage has the picture no more: who shows it is shown without."""
    field = pictures.PLACES[purpose].field
    character = Character.objects.filter(pk=character_id).first()
    if character is not None and queries.key_at(getattr(character, field)) in keys:
        lifecycle.update(character, {field: ""}, actor=SYSTEM)


def progressed(character_id: UUID, purpose: str, progress: Progress) -> None:
    """The GM's pages are told how far the further forms of a picture are; it is no event."""
    campaign_id = Character.objects.filter(pk=character_id).values_list("campaign_id", flat=True).first()
    if campaign_id is not None:
        data = {"characterId": str(character_id), "purpose": purpose, **progress}
        live.whisper(campaign_id, {"type": "FILE_PROGRESS", "data": data})


def grown(character_id: UUID, purpose: str) -> None:
    """A picture has more forms than before, or lies elsewhere: who shows it is told of them."""
    character = Character.objects.filter(pk=character_id).first()
    if character is not None and getattr(character, pictures.PLACES[purpose].field):
        lifecycle.look_again(character, actor=SYSTEM)
