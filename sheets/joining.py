"""The part of a sheet's page on which it is put into a chronicle and given a character to play."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from accounts.actors import Actor
from accounts.views.acting import acting
from campaigns import access as campaign_access
from campaigns.models import Campaign
from characters.access import may_dress
from characters.models import Character
from contract.refusals import Invalid, NotVisible
from sheets import queries
from sheets.operations import playing, sheets
from sheets.queries import Found

MOST_SHOWN = 100
ANCHOR = "#chronicle"


def shown(request: HttpRequest, found: Found) -> dict[str, Any]:
    """Where the sheet could be, and whom it could play; at most three queries."""
    actor, plays = acting(request), queries.plays(found.sheet)
    return {
        "campaigns": _campaigns(actor) if found.standing.owns and not plays else [],
        "characters": [] if plays or not found.standing.edits else _characters(found, actor),
    }


def put(request: HttpRequest, found: Found) -> str:
    """Into the chronicle that was chosen, or out of any."""
    chosen = {"campaign": request.POST.get("campaign") or None}
    sheets.update(found.sheet, chosen, actor=acting(request), standing=found.standing)
    return ANCHOR


def play(request: HttpRequest, found: Found) -> str:
    """Raises Invalid where it is none of the characters that were offered."""
    actor, campaign = acting(request), found.sheet.campaign
    try:
        character_id = UUID(request.POST.get("character", ""))
    except ValueError as reason:
        raise Invalid([("character", "Choose whom the sheet plays.")]) from reason
    if campaign is None or not may_dress(actor, campaign, character_id):
        raise NotVisible
    playing.play(found.sheet, campaign, character_id, actor=actor)
    return ANCHOR


def _campaigns(actor: Actor) -> list[Campaign]:
    return list(Campaign.objects.filter(pk__in=campaign_access.own_ids(actor)).order_by("name", "pk")[:MOST_SHOWN])


def _characters(found: Found, actor: Actor) -> list[Character]:
    """Of the sheet's chronicle, those the actor may dress and no other sheet plays."""
    campaign = found.sheet.campaign
    if campaign is None:
        return []
    free = Character.objects.filter(campaign=campaign, sheet=None, sheet_group=None)
    if not found.standing.tells:
        free = free.filter(player=actor.user, is_secret=False)
    return list(free.order_by("name", "pk")[:MOST_SHOWN])
