"""What each audience sees of a character: the one projection behind pages, API, socket, history and export.

Pure functions on the internal document (`document`), so that a ledger entry can be projected years later.
"""

from typing import Any

from campaigns.messages import GM
from characters import tracks, vitals
from characters.models import Character, HPDisplay

Document = dict[str, Any]

GM_ONLY = ("gm_notes", "is_secret", "external_ids")


def document(character: Character) -> Document:
    """Everything there is to know, as the ledger stores it and the GM sees it."""
    return {
        "id": str(character.pk),
        "name": character.name,
        "player_name": character.player_name,
        "class": character.class_name,
        "race": character.race,
        "level": character.level,
        "status": character.status,
        "portrait_url": character.portrait_url or None,
        "background_url": character.background_url or None,
        "crest_url": crest_url(str(character.pk)),
        "pictures": character.pictures,
        "accent": character.accent,
        "focal": {"x": character.focal_x, "y": character.focal_y},
        "summary": character.summary,
        "appearance": character.appearance,
        "hp_display": character.hp_display,
        "stats": character.stats,
        "version": character.version,
        "gm_notes": character.gm_notes,
        "is_secret": character.is_secret,
        "external_ids": character.external_ids,
    }


def projected(document: Document, audience: str) -> Document | None:
    """The document as `audience` may see it; None where the character does not exist for them."""
    if audience == GM:
        return document
    if document["is_secret"]:
        return None
    shown = {key: value for key, value in document.items() if key not in GM_ONLY}
    return {**shown, "stats": projected_stats(document["stats"], document["hp_display"], audience)}


def character_document(character: Character, audience: str) -> Document | None:
    return projected(document(character), audience)


def projected_stats(stats: dict[str, Any], hp_display: str, audience: str) -> dict[str, Any]:
    """`stats` with hit points in the display mode; see docs/live-protocol.md for the four shapes."""
    if audience == GM or hp_display == HPDisplay.EXACT:
        return stats
    shown = {**stats, "hp": _hit_points(stats, hp_display)}
    shown["tracks"] = {name: track for name, track in stats["tracks"].items() if not tracks.is_damage(track)}
    if hp_display == HPDisplay.HIDDEN:
        del shown["death_saves"]
    return shown


def _hit_points(stats: dict[str, Any], hp_display: str) -> dict[str, Any] | None:
    hp = stats["hp"]
    if hp_display == HPDisplay.HIDDEN or hp["max"] == 0:
        return None
    if hp_display == HPDisplay.BAR:
        # Never 0 while somebody stands, never 1 while somebody bleeds.
        share = round(hp["current"] / hp["max"], 2)
        if 0 < hp["current"] < hp["max"]:
            share = min(max(share, 0.01), 0.99)
        return {"fraction": share, "temp": hp["temp"] > 0}
    return {"band": vitals.band(stats)}


def shows_numbers(hp_display: str, audience: str) -> bool:
    return audience == GM or hp_display == HPDisplay.EXACT


def crest_url(character_id: str) -> str:
    """The drawn coat of arms that stands in for a portrait."""
    return f"/crests/{character_id}.svg"
