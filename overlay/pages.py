"""The campaign's hub: stage, episodes and cast on one page. What viewers see, whoever looks."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campaigns import access, discovery, events, moments, programme, shelf
from campaigns.authentication import actor_of
from campaigns.messages import VIEWER
from campaigns.models import Campaign, Episode, Event
from campaigns.pages import campaign_page
from characters import cast
from characters.plates import Plate, arch, plate
from characters.projection import Document, shows_numbers
from overlay import hp_plot
from overlay.shown import shown_state
from overlay.snapshot import Snapshot
from sheets import queries as sheet_queries
from sheets import table

EPISODES_SHOWN = 6
MOMENTS_SHOWN = 12
CAST_SHOWN = 24
LONGEST_LEAD = 140
SAMPLES_DRAWN = 3000
NOBODY: Document = {
    "id": "",
    "name": "",
    "player_name": "",
    "class": "",
    "race": "",
    "level": 0,
    "status": "active",
    "hp_display": "hidden",
    "stats": {"hp": None},
}


@campaign_page
def hub(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    state = shown_state(campaign)
    characters = {document["id"]: document for document in state["characters"]}
    names = {id_: document["name"] for id_, document in characters.items()}
    may_manage = access.may_manage(actor_of(request), campaign)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "may_manage": may_manage,
        "has_table": may_manage and table.is_there(campaign.pk),
        "may_use_library": shelf.may_use(actor_of(request), campaign),
        "viewer_delay": state["campaign"]["viewerDelay"],
        "running": state["episode"],
        "bootstrap": {**state, "characters": [characters[id_] for id_ in state["roster"]], "layoutOverrides": {}},
        "names": names,
        "nobody": plate(NOBODY),
        **_playbill(campaign.description),
        **_company(campaign, state, characters),
        **_evenings(campaign, characters),
        "told": moments.recent(campaign, MOMENTS_SHOWN, until=state["seq"], names=names),
        "legal": sheet_queries.notices(campaign.pk),
    }
    context["facts"] = discovery.series(request, campaign)
    return render(request, "overlay/hub.html", context)


def _playbill(description: str) -> dict[str, str]:
    """A short first paragraph is the line below the title; the rest tells about the campaign."""
    first, _, rest = description.strip().replace("\r\n", "\n").partition("\n\n")
    if len(first) <= LONGEST_LEAD and "\n" not in first:
        return {"lead": first, "about": rest.strip()}
    return {"lead": "", "about": description}


def _company(campaign: Campaign, state: Snapshot, characters: dict[str, Document]) -> dict[str, Any]:
    outside = cast.outside(campaign.pk)
    known = [document for document in state["characters"] if document["id"] not in outside]
    return {
        "players": [_plate(campaign, characters[id_]) for id_ in state["roster"] if id_ in characters],
        "cast": [plate(document) for document in known[:CAST_SHOWN]],
        "cast_count": len(known),
    }


def _plate(campaign: Campaign, document: Document) -> Plate:
    address = reverse("overlay:character", args=[campaign.slug, document["id"]])
    return {**plate(document), "address": address}


def _evenings(campaign: Campaign, characters: dict[str, Document]) -> dict[str, Any]:
    published = programme.episodes(campaign)
    latest = programme.latest(campaign)
    shown = list(published[:EPISODES_SHOWN])
    return {
        "episodes": shown,
        "episode_count": published.count(),
        "season": shown[0].season if shown else None,
        "first": published.last() if len(shown) > 1 else None,
        "latest": latest,
        "upcoming": programme.upcoming(campaign),
        "watch_url": next((episode.vod_url for episode in shown if episode.is_running), ""),  # type: ignore[attr-defined]
        "plot": _plot(latest, characters) if latest is not None else None,
    }


def _plot(episode: Episode, characters: dict[str, Document]) -> dict[str, Any]:
    """Lanes of those whose hit points viewers see exactly, both then and now."""
    samples = _samples(episode, characters)
    if not samples:
        return {"lanes": []}
    started = episode.started_at or samples[0].at
    drawn = hp_plot.plot(samples, started, episode.ended_at or samples[-1].at)
    lanes = [
        {"name": characters[id_]["name"], "arch": arch(characters[id_]), "drawing": lane}
        for id_, lane in drawn["lanes"].items()
    ]
    return {"lanes": lanes, "hours": drawn["hours"]}


def _samples(episode: Episode, characters: dict[str, Document]) -> list[hp_plot.Sample]:
    shown = [UUID(id_) for id_, document in characters.items() if shows_numbers(document["hp_display"], VIEWER)]
    rows = Event.objects.filter(episode=episode, type=events.HP_CHANGE, subject_id__in=shown).order_by("seq")
    values = rows.values_list(
        "subject_id", "occurred_at", "data__from", "data__stats__hp", "data__hp_display", "data__is_secret"
    )
    return [
        hp_plot.Sample(str(subject), at, before, hp["current"], hp["max"])
        for subject, at, before, hp, display, is_secret in values[:SAMPLES_DRAWN]
        if hp["max"] and not is_secret and shows_numbers(display, VIEWER)
    ]
