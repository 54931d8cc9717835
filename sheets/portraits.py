"""The pictures of a sheet: slots for a face, a body and four hobbies. They lie with its owner's files, and nobody may
fetch them who was not shown the sheet.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TypedDict
from uuid import UUID

from django.conf import settings

from accounts.models import User
from content import present, storage
from content.models import Asset
from content.queries import files_of
from content.quotas import Room
from content.recipes import Part, Recipe
from content.serializers import job_document
from content.workshop.orders import Output
from contract.refusals import NotVisible, Refusal
from sheets.models import Sheet

# A sheet is looked at, not streamed: half of what portraits of characters have.
RECIPE: Recipe = {
    "original": Part("_original.png", Output("PNG", 1280)),
    "thumb": Part("_thumb.png", Output("PNG", 256)),
    "webp": Part(".webp", Output("WEBP", 800)),
}


@dataclass(frozen=True)
class Slot:
    """`name` stands in addresses; `hint` says what fits best."""

    name: str
    label: str
    hint: str

    @property
    def purpose(self) -> str:
        return f"sheet_{self.name}"


HOBBIES = 4
SLOTS = {
    slot.name: slot
    for slot in (
        Slot("face", "Face", "Stands in the arch at the head of the sheet. Upright pictures fit best."),
        Slot("body", "Full length", "The whole figure, twice as high as wide."),
        *(Slot(f"hobby_{n}", f"Hobby {n}", "A square: what they do, own or love.") for n in range(1, HOBBIES + 1)),
    )
}
BY_PURPOSE = {slot.purpose: slot for slot in SLOTS.values()}
FACE = SLOTS["face"]


class Shown(TypedDict):
    """`picture` is None where the slot is empty; `job` tells how far its further sizes are."""

    slot: str
    title: str
    picture: present.Shown | None
    job: dict[str, object] | None


def slot(name: str) -> Slot:
    """Raises NotVisible."""
    if name not in SLOTS:
        raise NotVisible
    return SLOTS[name]


def room(owner: User) -> Room:
    """They count in the library of the sheet's owner."""
    return Room(owner.pk, settings.CONTENT_USER_QUOTA)


def stem(sheet_id: UUID, place: Slot) -> str:
    return f"sheets/{sheet_id}/{place.name}"


def shown(sheet: Sheet) -> list[Shown]:
    """Every slot, in order. Two queries."""
    found = {asset.purpose: asset for asset in _assets([sheet.pk], SLOTS.values())}
    return [_shown(place, found.get(place.purpose)) for place in SLOTS.values()]


def one(sheet: Sheet, place: Slot) -> Shown:
    return _shown(place, next(iter(_assets([sheet.pk], [place])), None))


def words(sheet: Sheet) -> dict[str, Asset]:
    """Slot to what is said of its picture: alt_text, credit, licence."""
    return {BY_PURPOSE[asset.purpose].name: asset for asset in _assets([sheet.pk], SLOTS.values())}


def faces(sheets: Iterable[Sheet]) -> dict[UUID, str]:
    """Sheet to the address of its face, for those that have one. Two queries."""
    found = _assets([sheet.pk for sheet in sheets], [FACE])
    return {asset.subject_id: _address(asset) for asset in found if asset.subject_id}


def small_face(sheet: Sheet) -> tuple[bytes, str] | None:
    """Its face as a small PNG, and what is said of it; None where there is none, or the storage is away."""
    found = next(iter(_assets([sheet.pk], [FACE])), None)
    file = files_of(found.current).get("thumb") if found is not None and found.current is not None else None
    if found is None or file is None:
        return None
    into = BytesIO()
    try:
        storage.fetch(file.key, into)
    except (Refusal, FileNotFoundError):
        return None
    return into.getvalue(), found.alt_text


def of(sheet_ids: Collection[UUID]) -> list[Asset]:
    """All slots of these sheets, empty ones too; with pictures of earlier times."""
    return list(Asset.objects.filter(subject_id__in=sheet_ids, purpose__in=BY_PURPOSE))


def _assets(sheet_ids: Collection[UUID], places: Iterable[Slot]) -> list[Asset]:
    purposes = [place.purpose for place in places]
    found = Asset.objects.filter(subject_id__in=sheet_ids, purpose__in=purposes, current__isnull=False)
    return list(found.select_related("current__job").prefetch_related("current__files"))


def _shown(place: Slot, asset: Asset | None) -> Shown:
    if asset is None or asset.current is None:
        return {"slot": place.name, "title": place.label, "picture": None, "job": None}
    asset.current.asset = asset
    job = job_document(getattr(asset.current, "job", None))
    return {"slot": place.name, "title": place.label, "picture": present.shown(asset.current, public=False), "job": job}


def _address(asset: Asset) -> str:
    assert asset.current is not None  # noqa: S101  as _assets asks for it
    return present.main_address(asset.current, public=False)


# --- what content asks (content.claims) ---


def in_use(sheet_ids: Collection[UUID]) -> set[str]:
    """Addresses that sheets show; of sheets that are gone, none."""
    there = Sheet.objects.filter(pk__in=sheet_ids).values_list("pk", flat=True)
    return {_address(asset) for asset in _assets(list(there), SLOTS.values())}
