"""How others find the public campaigns: a feed of episodes, the site map, and facts in words for machines."""

from datetime import UTC, datetime, time
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.addresses import absolute as address
from campaigns import programme
from campaigns.models import Campaign, Episode, Visibility
from campaigns.pages import campaign_page

ITEMS = 50
# A map may hold 50,000 addresses; each campaign brings its own and those of its episodes.
CAMPAIGNS_IN_A_MAP = 500
EPISODES_IN_A_MAP = 90


@campaign_page
def feed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The newest episodes as RSS 2.0, for podcast and news readers."""
    hub = address(request, reverse("overlay:hub", args=(campaign.slug,)))
    rss = Rss201rev2Feed(
        title=campaign.name,
        link=hub,
        description=campaign.description or f"Episodes of {campaign.name}.",
        feed_url=address(request, request.path),
        language="en",
    )
    for episode in programme.episodes(campaign)[:ITEMS]:
        link = address(request, reverse("campaigns:episode", args=(campaign.slug, episode.number)))
        rss.add_item(
            title=f"{episode.number}. {episode.title}",
            link=link,
            description="\n\n".join(part for part in (episode.summary, _watch(episode)) if part),
            unique_id=f"urn:uuid:{episode.pk}",
            unique_id_is_permalink=False,
            pubdate=told_at(episode),
            categories=[f"Season {episode.season}"],
        )
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _watch(episode: Episode) -> str:
    return f"Watch: {episode.vod_url}" if episode.vod_url else ""


def told_at(episode: Episode) -> datetime | None:
    """When it was played, as far as that is known."""
    if episode.started_at or episode.date is None:
        return episode.started_at
    return datetime.combine(episode.date, time(12), UTC)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/admin/", "/accounts/", "/api/", "/overlay/", "/media/", "/invitations")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Disallow: /campaigns/*/control"]
    # What pages of others show of ours. The longer path counts.
    lines += [f"Allow: /media/*/{folder}/" for folder in ("posters", "portraits", "backgrounds")]
    lines.append(f"Sitemap: {address(request, reverse('campaigns:site_map'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def site_map(request: HttpRequest) -> HttpResponse:
    """The list of maps; each holds the public campaigns of one page. What is unlisted or private is in none."""
    pages = Paginator(_public(), CAMPAIGNS_IN_A_MAP)
    maps = [address(request, reverse("campaigns:site_map_page", args=(number,))) for number in pages.page_range]
    return render(request, "campaigns/site_maps.xml", {"maps": maps}, content_type="application/xml; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def site_map_page(request: HttpRequest, number: int) -> HttpResponse:
    """In two queries, whatever the page holds."""
    pages = Paginator(_public(), CAMPAIGNS_IN_A_MAP)
    if number not in pages.page_range:
        raise Http404
    start = (number - 1) * CAMPAIGNS_IN_A_MAP
    published = Episode.objects.filter(published=True).only("campaign_id", "number", "updated_at").order_by("-number")
    found = _public()[start : start + CAMPAIGNS_IN_A_MAP].prefetch_related(
        Prefetch("episodes", queryset=published, to_attr="published")
    )
    rows: list[tuple[str, datetime | None]] = [row for campaign in found for row in _addresses(request, campaign)]
    if number == 1:
        rows = [(address(request, "/"), None), (address(request, reverse("campaigns:list")), None), *rows]
    return render(request, "campaigns/site_map.xml", {"rows": rows}, content_type="application/xml; charset=utf-8")


def _public() -> QuerySet[Campaign]:
    return (
        Campaign.objects.filter(visibility=Visibility.PUBLIC).only("slug", "name", "updated_at").order_by("name", "id")
    )


def _addresses(request: HttpRequest, campaign: Campaign) -> list[tuple[str, datetime | None]]:
    episodes: list[Episode] = campaign.published[:EPISODES_IN_A_MAP]  # type: ignore[attr-defined]
    own = ("overlay:hub", "characters:list", "campaigns:episodes")
    rows = [(address(request, reverse(name, args=(campaign.slug,))), campaign.updated_at) for name in own]
    return [
        *rows,
        *(
            (address(request, reverse("campaigns:episode", args=(campaign.slug, one.number))), one.updated_at)
            for one in episodes
        ),
    ]


# --- schema.org ---


def series(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "CreativeWorkSeries",
        "name": campaign.name,
        "url": address(request, reverse("overlay:hub", args=(campaign.slug,))),
        **({"description": campaign.description[:500]} if campaign.description else {}),
        **({"genre": campaign.game_system} if campaign.game_system else {}),
    }


def played(request: HttpRequest, campaign: Campaign, episode: Episode) -> dict[str, Any]:
    at = told_at(episode)
    return {
        "@context": "https://schema.org",
        "@type": "Episode",
        "name": episode.title,
        "episodeNumber": episode.number,
        "url": address(request, reverse("campaigns:episode", args=(campaign.slug, episode.number))),
        "partOfSeries": {key: value for key, value in series(request, campaign).items() if key != "@context"},
        "partOfSeason": {"@type": "CreativeWorkSeason", "seasonNumber": episode.season},
        **({"description": episode.summary[:500]} if episode.summary else {}),
        **({"datePublished": at.date().isoformat()} if at else {}),
        **({"duration": f"PT{episode.runtime_minutes}M"} if episode.runtime_minutes else {}),
        **({"associatedMedia": _recording(episode)} if episode.vod_url else {}),
    }


def _recording(episode: Episode) -> dict[str, str]:
    return {"@type": "VideoObject", "name": episode.title, "url": episode.vod_url}
