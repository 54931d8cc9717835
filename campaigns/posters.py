"""The picture that others show of a campaign's pages: which one it is, and that it has to be drawn anew.

It is drawn in the background by whoever knows the cast (characters.operations.posters).
"""

from typing import TypedDict
from uuid import UUID

from django.http import HttpRequest
from django.templatetags.static import static

from accounts.addresses import absolute
from campaigns.models import Campaign, Visibility
from content import background
from content.addresses import address_of
from content.queries import asset_of, files_of

PURPOSE = "poster"
DRAW = "campaigns.poster"
SHOWS = {"name", "game_system", "theme", "visibility"}  # fields of the campaign
WIDTH, HEIGHT = 1200, 630
# Drawn by the same hand, for what has no poster of its own.
NONE_YET = "common/img/poster.jpg"
NONE_YET_SHOWS = "A stage at night, with the curtain open."


class Poster(TypedDict):
    """A whole address; width and height in pixels."""

    url: str
    width: int
    height: int
    alt: str


def changed(campaign_id: UUID) -> None:
    """Inside the transaction of what changed on it."""
    background.after_commit(DRAW, str(campaign_id))


def of(request: HttpRequest, campaign: Campaign) -> Poster | None:
    """Of a private campaign there is none."""
    if campaign.visibility == Visibility.PRIVATE:
        return None
    asset = asset_of(PURPOSE, campaign.pk)
    file = files_of(asset.current).get(PURPOSE) if asset and asset.current else None
    if asset is None or file is None:
        return house(request)
    address = address_of(file, public=True)
    url = absolute(request, address) if address.startswith("/") else address
    return {"url": url, "width": file.width or WIDTH, "height": file.height or HEIGHT, "alt": asset.alt_text}


def house(request: HttpRequest) -> Poster:
    """Of the house itself."""
    return {"url": absolute(request, static(NONE_YET)), "width": WIDTH, "height": HEIGHT, "alt": NONE_YET_SHOWS}
