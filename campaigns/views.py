"""Public pages about campaigns and episodes. What viewers see, whoever looks."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns import access, discovery, moments, programme, queries
from campaigns.authentication import actor_of
from campaigns.models import Campaign, Episode
from campaigns.pages import campaign_page, text_of
from campaigns.templatetags.stage import at_second

CARDS_ON_A_PAGE = 24
EPISODES_ON_A_PAGE = 50
MOMENTS_ON_A_PAGE = 100
CARDS_ON_HOME = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    live = list(programme.live(actor, CARDS_ON_HOME))
    others = queries.campaigns(actor).exclude(pk__in=[campaign.pk for campaign in live])
    bills = programme.billed([*live, *others[:CARDS_ON_HOME]])
    context = {
        "own": queries.played_last(access.managed(actor))[:CARDS_ON_HOME],
        "live": bills[: len(live)],
        "campaigns": bills[len(live) :],
        "episodes": programme.latest_episodes(actor, CARDS_ON_HOME),
    }
    return render(request, "campaigns/home.html", context)


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    actor, search, system = actor_of(request), text_of(request, "search"), text_of(request, "system")
    found = queries.campaigns(actor, search=search, game_system=system)
    page = Paginator(found, CARDS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "campaigns",
        "campaigns": programme.billed(list(page.object_list)),
        "page": page,
        "search": search,
        "system": system,
        "systems": programme.systems(actor),
        "query": _query_without_page(request),
    }
    return render(request, "campaigns/campaign_list.html", context)


@campaign_page
def episode_list(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    seasons = programme.seasons(campaign)
    season = _chosen_season(request, seasons)
    page = Paginator(programme.episodes(campaign, season=season), EPISODES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "seasons": seasons,
        "current_season": season,
        "episodes": page.object_list,
        "page": page,
        "query": _query_without_page(request),
    }
    return render(request, "campaigns/episode_list.html", context)


@campaign_page
def episode_detail(request: HttpRequest, campaign: Campaign, number: int) -> HttpResponse:
    episode = programme.episodes(campaign).filter(number=number).first()
    if episode is None:
        raise Http404
    events = moments.of(campaign).filter(episode=episode).order_by("seq")
    page = Paginator(events, MOMENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    earlier, later = programme.neighbours(episode)
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "episode": episode,
        "moments": [_watchable(moment, episode) for moment in moments.told(campaign, page.object_list)],
        "page": page,
        "previous": earlier,
        "facts": discovery.played(request, campaign, episode),
        "following": later,
    }
    return render(request, "campaigns/episode_detail.html", context)


def _watchable(moment: dict[str, object], episode: Episode) -> dict[str, object]:
    """The moment with the address of the recording at this very second, where both are known."""
    second = moment["second"]
    if not episode.vod_url or not isinstance(second, int):
        return moment
    return {**moment, "watch": at_second(episode.vod_url, second + episode.vod_offset)}


def _chosen_season(request: HttpRequest, seasons: list[dict[str, Any]]) -> int | None:
    """The season asked for, where it exists; else the newest. None without any episode."""
    known = [row["season"] for row in seasons]
    asked = request.GET.get("season", "")
    if asked.isascii() and asked.isdigit() and int(asked[:4]) in known:
        return int(asked[:4])
    return known[0] if known else None


def _query_without_page(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()
