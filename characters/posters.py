"""What stands on a campaign's poster: its name, and who of its cast viewers know, with their portraits."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from campaigns import theme
from campaigns.models import Campaign
from characters.cast import of as somebody
from characters.heraldry import COLOURS, arms
from characters.models import Character, Status
from content.drawings import Drawing, drawing_at
from content.models import StoredFile
from content.queries import key_at

MOST_FIGURES = 5
DRAWN_ANEW = 1  # with another look, another number: then all are drawn again


@dataclass(frozen=True)
class Wanted:
    """`poster` is read by content.workshop.posters; its pictures are `files`, by number. `made_of` tells one from
    another without drawing it.
    """

    poster: dict[str, Any]
    files: list[StoredFile | Drawing]
    alt_text: str

    @property
    def made_of(self) -> str:
        told = [DRAWN_ANEW, self.poster, [file.digest for file in self.files]]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def wanted(campaign: Campaign) -> Wanted:
    cast = _cast(campaign)
    files = _files([*(each.portrait_url for each in cast), *(each.background_url for each in cast)])
    order: list[StoredFile | Drawing] = []
    figures = [_figure(each, _number(files.get(each.portrait_url), order)) for each in cast]
    scene = next((files[each.background_url] for each in cast if each.background_url in files), None)
    poster = {
        "title": campaign.name,
        "line": campaign.game_system,
        "accent": theme.resolved(campaign.theme).get("accent") or COLOURS[campaign.pk.int % len(COLOURS)],
        "scene": _number(scene, order),
        "figures": figures,
    }
    return Wanted(poster, order, _words(campaign, cast))


def _cast(campaign: Campaign) -> list[Character]:
    """Those with a portrait first, and who has been there longest."""
    known = Character.objects.filter(campaign=campaign, status=Status.ACTIVE, is_secret=False)
    rows = list(somebody(known).order_by("created_at", "pk")[:100])
    return sorted(rows, key=lambda each: not each.portrait_url)[:MOST_FIGURES]


def _files(addresses: list[str]) -> dict[str, StoredFile | Drawing]:
    """Those that are ours, by address, drawings of the house too: nothing is fetched from elsewhere."""
    drawn = {address: drawing_at(address) for address in addresses}
    keys = {address: key_at(address) for address in addresses if address}
    rows = StoredFile.objects.in_bulk([key for key in keys.values() if key], field_name="key")
    stored = {address: rows[key] for address, key in keys.items() if key in rows}
    return {**{address: drawing for address, drawing in drawn.items() if drawing}, **stored}


def _number(file: StoredFile | Drawing | None, order: list[StoredFile | Drawing]) -> int | None:
    if file is None:
        return None
    order.append(file)
    return len(order) - 1


def _figure(character: Character, picture: int | None) -> dict[str, Any]:
    borne = arms(str(character.pk))
    return {
        "picture": picture,
        "focus": [character.focal_x, character.focal_y],
        "under": borne.under,
        "over": borne.over,
        "metal": borne.metal,
        "division": borne.field,
        "letter": character.name[:1].upper(),
    }


def _words(campaign: Campaign, cast: list[Character]) -> str:
    names = [each.name for each in cast]
    if not names:
        return f"{campaign.name}: a stage at night."
    shown = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{campaign.name}, with {shown} under the arches of a stage."[:400]
