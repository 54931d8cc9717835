"""One character's page: live vitals, abilities, what happened to it and when it appeared."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from campaigns import moments, programme
from campaigns.authentication import actor_of
from campaigns.models import Campaign
from campaigns.pages import campaign_page
from characters.access import may_dress
from characters.plates import Plate, plate
from characters.projection import Document
from characters.ties import ties
from overlay.shown import shown_moment, shown_state
from sheets import queries as sheet_queries

MOMENTS_SHOWN = 12
ABILITIES = {
    "str": "Strength",
    "dex": "Dexterity",
    "con": "Constitution",
    "int": "Intelligence",
    "wis": "Wisdom",
    "cha": "Charisma",
}


@campaign_page
def character(request: HttpRequest, campaign: Campaign, character_id: UUID) -> HttpResponse:
    state = shown_state(campaign)
    document = next((one for one in state["characters"] if one["id"] == str(character_id)), None)
    if document is None:
        raise Http404
    appearances = programme.appearances(campaign, character_id, until=state["seq"])
    shown = plate(document)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "character": document,
        "plate": shown,
        "abilities": _abilities(document, shown),
        "may_dress": may_dress(actor_of(request), campaign, character_id),
        "on_stage": document["id"] in state["roster"],
        "ties": ties(character_id, state["characters"], shown_moment(campaign)),
        "appearances": appearances,
        "present": sum(one["present"] for one in appearances),
        "first_seen": next((one for one in appearances if one["present"]), None),
        "told": moments.recent(
            campaign, MOMENTS_SHOWN, until=state["seq"], subject=character_id, names={document["id"]: document["name"]}
        ),
        "bootstrap": {**state, "characters": [document], "layoutOverrides": {}},
        "legal": sheet_queries.notices(campaign.pk),
    }
    return render(request, "characters/character_detail.html", context)


def _abilities(document: Document, shown: Plate) -> list[dict[str, Any]]:
    """The six scores, for games that have hit points; elsewhere they are only the field's defaults."""
    scores = document["stats"]["abilities"]
    if shown["hp"]["mode"] == "none" or set(scores.values()) == {10}:
        return []
    return [
        {"key": key, "name": name, "short": key.capitalize(), "score": scores[key]} for key, name in ABILITIES.items()
    ]
