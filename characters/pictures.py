"""A character's portrait and background: where the pictures lie and what is known of them."""

from dataclasses import dataclass
from typing import Any

from campaigns.models import Campaign, Visibility
from characters.models import Character
from content import present, queries, recipes
from content.recipes import Recipe


@dataclass(frozen=True)
class Place:
    """`field` of the character holds the address; files lie below `folder` of the campaign."""

    purpose: str
    field: str
    folder: str
    recipe: Recipe


PORTRAIT = Place("portrait", "portrait_url", "portraits", recipes.PORTRAIT)
BACKGROUND = Place("background", "background_url", "backgrounds", recipes.BACKGROUND)
PLACES = {place.purpose: place for place in (PORTRAIT, BACKGROUND)}
FIELDS = {place.field for place in PLACES.values()}


def stem(campaign: Campaign, character: Character, place: Place) -> str:
    return f"{campaign.slug}/{place.folder}/{character.pk}"


def is_public(campaign: Campaign) -> bool:
    """Whether the host that serves the bucket to everybody may serve it; else its address is the key to it."""
    return campaign.visibility != Visibility.PRIVATE


def of(character: Character) -> dict[str, Any]:
    """What is known of the pictures whose addresses the character has now: {} for those from elsewhere."""
    found: dict[str, Any] = {}
    for place in PLACES.values():
        version = queries.version_at(getattr(character, place.field))
        if version is not None:
            found[place.purpose] = present.shown(version, public=is_public(character.campaign))
    return found
