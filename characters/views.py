"""Public pages about characters. What viewers see, whoever looks."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from campaigns import moments
from campaigns.documents import campaign_document
from campaigns.messages import VIEWER
from campaigns.models import Campaign, Episode, Event
from campaigns.pages import campaign_page, text_of
from characters import queries
from characters.models import Character, Status
from characters.plates import STATUSES, plate
from characters.projection import Document, character_document

ON_A_PAGE = 48
MOMENTS = 12
ABILITIES = {
    "str": "Strength",
    "dex": "Dexterity",
    "con": "Constitution",
    "int": "Intelligence",
    "wis": "Wisdom",
    "cha": "Charisma",
}


@campaign_page
def character_list(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    search, status = text_of(request, "search"), text_of(request, "status")
    status = status if status in Status.values else ""
    found = queries.characters(campaign, VIEWER, status=status, search=search)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    documents = (character_document(character, VIEWER) for character in page.object_list)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "plates": [plate(document) for document in documents if document is not None],
        "page": page,
        "search": search,
        "status": status,
        "tabs": _tabs(campaign, search, status),
        "query": _query(search, status),
    }
    return render(request, "characters/character_list.html", context)


@campaign_page
def character_detail(request: HttpRequest, campaign: Campaign, character_id: UUID) -> HttpResponse:
    character = queries.character(campaign, character_id, VIEWER)
    document = character_document(character, VIEWER)
    if document is None:
        raise Http404
    appearances = _appearances(campaign, character)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "character": document,
        "plate": plate(document),
        "abilities": _abilities(document),
        "on_stage": any(entry["id"] == str(character.pk) for entry in queries.roster(campaign.pk)),
        "appearances": appearances,
        "present": sum(one["present"] for one in appearances),
        "first_seen": next((one for one in appearances if one["present"]), None),
        "told": moments.recent(campaign, MOMENTS, subject=character.pk),
        "bootstrap": _bootstrap(campaign, document),
    }
    return render(request, "characters/character_detail.html", context)


def _tabs(campaign: Campaign, search: str, status: str) -> list[dict[str, Any]]:
    found = queries.characters(campaign, VIEWER, search=search).order_by()
    counts = dict(found.values_list("status").annotate(Count("pk")))
    tabs = [("", "Everyone", sum(counts.values()))]
    tabs += [(value, label, counts.get(value, 0)) for value, label in STATUSES.items()]
    return [
        {"label": label, "count": count, "current": value == status, "query": _query(search, value)}
        for value, label, count in tabs
        if count or value in {"", status}
    ]


def _query(search: str, status: str) -> str:
    return urlencode({key: value for key, value in (("status", status), ("search", search)) if value})


def _abilities(document: Document) -> list[dict[str, Any]]:
    """The six scores, for games that have hit points; elsewhere they are only the field's defaults."""
    scores = document["stats"]["abilities"]
    if plate(document)["hp"]["mode"] == "none" or set(scores.values()) == {10}:
        return []
    return [
        {"key": key, "name": name, "short": key.capitalize(), "score": scores[key]}
        for key, name in ABILITIES.items()
        if key in scores
    ]


def _appearances(campaign: Campaign, character: Character) -> list[dict[str, Any]]:
    """Every episode played so far, the oldest first, and whether anything happened to the character in it."""
    seen = Event.objects.filter(campaign=campaign, subject_id=character.pk, episode__isnull=False).order_by()
    present = set(seen.values_list("episode_id", flat=True).distinct())
    played = Episode.objects.filter(campaign=campaign, published=True).order_by("number")
    return [
        {"number": number, "present": pk in present, "live": ended is None and started is not None}
        for pk, number, started, ended in played.values_list("pk", "number", "started_at", "ended_at")
        if started is not None or pk in present
    ]


def _bootstrap(campaign: Campaign, document: Document) -> dict[str, Any]:
    """As much of a BOOTSTRAP as the page of one character needs to follow the stream from here."""
    return {
        "type": "BOOTSTRAP",
        "seq": campaign.seq,
        "epoch": campaign.epoch,
        "audience": VIEWER,
        "campaign": campaign_document(campaign),
        "characters": [document],
        "roster": [],
    }
