"""A campaign's poster is drawn, in the background, when what stands on it has changed."""

import logging
from collections.abc import Collection
from contextlib import ExitStack
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from campaigns.models import Campaign, Visibility
from campaigns.posters import DRAW, PURPOSE
from characters import posters
from characters.operations.pictures import room
from characters.posters import Wanted
from content import background, recipes
from content.addresses import address_of
from content.claims import Progress
from content.drawings import Drawing
from content.models import Asset, StoredFile, Version
from content.operations import further, uploads
from content.operations.jobs import NotMade
from content.queries import asset_of
from content.workshops import Made, NotTaken, workshop
from contract.refusals import Invalid, Unavailable

RESUMED_AT_ONCE = 50
DRAWN = "SVG"
FORMATS = {"image/webp": "WEBP", "image/png": "PNG"}

logger = logging.getLogger(__name__)


def draw(campaign_id: str) -> None:
    """Done twice it does nothing the second time. Raises Again."""
    campaign = Campaign.objects.filter(pk=campaign_id).exclude(visibility=Visibility.PRIVATE).first()
    if campaign is None:
        return
    wanted = posters.wanted(campaign)
    asset = asset_of(PURPOSE, campaign.pk)
    if asset and asset.current and asset.current.facts.get("made_of") == wanted.made_of:
        return
    try:
        _store(campaign, wanted, _drawn(wanted))
    except (Unavailable, NotMade) as error:  # a portrait that is just replaced is there a little later
        raise background.Again(str(error)) from error
    except (Invalid, NotTaken) as error:
        logger.warning("No poster of %s: %s", campaign.pk, error)


def _drawn(wanted: Wanted) -> Made:
    with ExitStack() as stack:
        sources = [_opened(file, stack) for file in wanted.files]
        return workshop().draw(wanted.poster, sources, recipes.POSTER[PURPOSE].output)


def _opened(file: StoredFile | Drawing, stack: ExitStack) -> tuple[str, BinaryIO]:
    if isinstance(file, Drawing):
        return DRAWN, stack.enter_context(file.path.open("rb"))
    return FORMATS[file.media_type], stack.enter_context(further.fetched(file))


def _store(campaign: Campaign, wanted: Wanted, made: Made) -> None:
    picture = uploads.Picture(
        file=made.files[0],
        recipe=recipes.POSTER,
        room=room(campaign),
        stem=f"{campaign.slug}/posters/{campaign.pk}",
        purpose=PURPOSE,
        subject_id=campaign.pk,
        owner=campaign.owner,
        facts={"alt_text": wanted.alt_text},
        kept=0,
        is_whole=True,
    )
    with uploads.made_arriving(picture, made) as arrival, transaction.atomic():
        version = uploads.accept(arrival)
        Version.objects.filter(pk=version.pk).update(facts={"made_of": wanted.made_of})


def given_up(campaign_id: str, reason: str) -> None:
    """The next change, or `resume`, tries again."""


def resume() -> int:
    """Campaigns that have none: how many are drawn now."""
    drawn = Asset.objects.filter(purpose=PURPOSE, current__isnull=False).values("subject_id")
    open_ = Campaign.objects.exclude(visibility=Visibility.PRIVATE).exclude(pk__in=drawn)
    found = list(open_.order_by("-updated_at").values_list("pk", flat=True)[:RESUMED_AT_ONCE])
    for campaign_id in found:
        background.send(DRAW, str(campaign_id))
    return len(found)


def in_use(campaign_ids: Collection[UUID]) -> set[str]:
    """Addresses of what pages show."""
    files = StoredFile.objects.filter(version__asset__purpose=PURPOSE, version__asset__subject_id__in=campaign_ids)
    there = set(Campaign.objects.filter(pk__in=campaign_ids).values_list("pk", flat=True))
    rows = files.select_related("version__asset")
    return {
        address_of(file, public=True)
        for file in rows
        if file.version.asset.current_id == file.version_id and file.version.asset.subject_id in there
    }


def open_to_all(campaign_ids: Collection[UUID]) -> set[UUID]:
    found = Campaign.objects.filter(pk__in=campaign_ids).exclude(visibility=Visibility.PRIVATE)
    return set(found.values_list("pk", flat=True))


def lost(campaign_id: UUID, purpose: str, keys: set[str]) -> None:
    """Drawn again by `resume`; until then pages show that of the house."""


def moved(campaign_id: UUID, purpose: str) -> None:
    """Pages ask where it lies whenever they name it."""


def progressed(campaign_id: UUID, purpose: str, progress: Progress) -> None:
    """Nobody waits for it."""
