"""A character's portrait and background: where the pictures lie and what is known of them."""

from dataclasses import dataclass

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


def is_public(character: Character) -> bool:
    """Whether the host that serves the bucket to everybody may serve it; else its address is the key to it."""
    return character.campaign.visibility != Visibility.PRIVATE and not character.is_secret


def look(character: Character) -> None:
    """Write down where the pictures lie now that the character has, and what is known of them: nothing of those from
    elsewhere.
    """
    character.pictures = {}
    for place in PLACES.values():
        version = queries.version_at(getattr(character, place.field), place.purpose, character.pk)
        if version is not None:
            known = present.shown(version, public=is_public(character))
            character.pictures[place.purpose] = known
            if not queries.is_file_at(getattr(character, place.field)):
                setattr(character, place.field, known["url"])
