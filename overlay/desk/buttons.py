"""Ready-made requests for Stream Deck, Companion and Streamer.bot, with the campaign's own ids in them."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.authentication import actor_of
from campaigns.managed import managed_campaign
from characters.models import Character, RosterEntry

MOST_SHOWN = 12


@never_cache
@login_required
@require_safe
def buttons(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = managed_campaign(slug, actor_of(request))
    root = request.build_absolute_uri(f"/api/v1/campaigns/{campaign.pk}")
    on_stage = RosterEntry.objects.filter(campaign=campaign).select_related("character")[:MOST_SHOWN]
    people = [
        {"name": entry.character.name, "requests": [_shown(root, one) for one in _of_character(entry.character)]}
        for entry in on_stage
    ]
    table = [_shown(root, one) for one in OF_THE_TABLE]
    context = {"section": "campaigns", "campaign": campaign, "people": people, "table": table, "root": root}
    return render(request, "desk/buttons.html", context)


def _of_character(character: Character) -> list[dict[str, Any]]:
    at, stats = f"/characters/{character.pk}", character.stats
    found: list[dict[str, Any]] = []
    if stats["hp"]["max"]:
        found = [
            {"what": "Damage, 5", "path": f"{at}/hp", "body": {"delta": -5}},
            {"what": "Healing, 5", "path": f"{at}/hp", "body": {"delta": 5}},
            {"what": "Temporary hit points, 8", "path": f"{at}/temp", "body": {"amount": 8}},
            {"what": "Death save failed", "path": f"{at}/death-save", "body": {"result": "failure"}},
        ]
    for name, track in stats["tracks"].items():
        count = "superficial" if "superficial" in track else "delta"
        what = f"{name.replace('_', ' ').capitalize()}, 1 more"
        found.append({"what": what, "path": f"{at}/track", "body": {"track": name, count: 1}})
    prone = {"what": "Prone", "path": f"{at}/condition", "body": {"condition": "prone"}}
    return [*found, prone, {**prone, "what": "No longer prone", "body": {"condition": "prone", "on": False}}]


OF_THE_TABLE: list[dict[str, Any]] = [
    {"what": "Undo the last event", "path": "/undo", "body": {}},
    {"what": "Next turn", "path": "/initiative/next", "body": {}, "plain": False},
    {"what": "A roll", "path": "/roll", "body": {"label": "Stealth", "total": 17}},
    {"what": "Begin the next episode", "path": "/episode/start", "body": {}},
    {"what": "End the episode", "path": "/episode/end", "body": {}},
]


def _shown(root: str, one: dict[str, Any]) -> dict[str, str]:
    """Address and body to copy; asked for text where there is a line to show."""
    query = "?format=text" if one.get("plain", True) else ""
    id_ = f"{one['path']} {one['what']}".replace("/", "-").replace(" ", "-").replace(",", "").lower()
    return {"id": id_, "what": one["what"], "address": f"{root}{one['path']}{query}", "body": json.dumps(one["body"])}
