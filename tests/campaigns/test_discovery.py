"""Feeds, the site map and what pages tell machines about themselves."""

import json
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import discovery
from campaigns.models import Campaign, Visibility
from tests.factories import a_campaign, a_private_campaign, an_episode

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(slug="the-drowned-bell", name="The <Drowned> Bell & Co", description="A bell </script> rings.")


def parsed(client: Client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content)


def addresses(client: Client, path: str) -> list[str]:
    return [str(node.text).removeprefix(HOST) for node in parsed(client, path).iter(f"{MAP}loc")]


def facts(client: Client, path: str) -> dict[str, Any]:
    page = client.get(path).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_the_feed_tells_of_episodes(client: Client, campaign: Campaign) -> None:
    an_episode(
        campaign, title="Salt & Fire", summary="They fell.", date=date(2026, 5, 3), vod_url="https://vod.example/9"
    )
    an_episode(campaign, title="Not for viewers", published=False)
    channel = parsed(client, "/campaigns/the-drowned-bell/episodes.rss").find("channel")
    assert channel is not None
    assert channel.findtext("title") == campaign.name
    (item,) = channel.findall("item")
    assert item.findtext("title") == "1. Salt & Fire"
    assert item.findtext("link") == f"{HOST}/campaigns/the-drowned-bell/episodes/1"
    assert item.findtext("description") == "They fell.\n\nWatch: https://vod.example/9"
    assert str(item.findtext("pubDate")).startswith("Sun, 03 May 2026")


def test_a_private_campaign_has_no_feed_for_strangers(client: Client) -> None:
    private = a_private_campaign()
    assert client.get(f"/campaigns/{private.slug}/episodes.rss").status_code == 404


def test_the_map_holds_what_is_public(client: Client, campaign: Campaign) -> None:
    an_episode(campaign)
    an_episode(campaign, published=False)
    for visibility in (Visibility.UNLISTED, Visibility.PRIVATE):
        an_episode(a_campaign(visibility=visibility))
    assert addresses(client, "/sitemap.xml") == ["/sitemap-1.xml"]
    here = "/campaigns/the-drowned-bell"
    assert addresses(client, "/sitemap-1.xml") == [
        *("/", "/campaigns", here, f"{here}/characters", f"{here}/episodes", f"{here}/episodes/1")
    ]
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_a_long_map_is_cut_into_pages_of_few_queries(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "CAMPAIGNS_IN_A_MAP", 3)
    for _ in range(7):
        an_episode(a_campaign())
    assert addresses(client, "/sitemap.xml") == [f"/sitemap-{number}.xml" for number in (1, 2, 3)]
    with CaptureQueriesContext(connection) as queries:
        assert len(addresses(client, "/sitemap-2.xml")) == 3 * 4
    assert len(queries) == 3
    assert len(addresses(client, "/sitemap-3.xml")) == 4


def test_robots_are_told_where_the_map_is_and_what_is_not_theirs(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert f"Sitemap: {HOST}/sitemap.xml" in text
    assert "Disallow: /admin/" in text
    assert "Allow: /media/*/posters/" in text  # what others show of a page they have to fetch


def test_the_hub_tells_machines_what_it_is(client: Client, campaign: Campaign) -> None:
    an_episode(campaign)
    told = facts(client, "/campaigns/the-drowned-bell")
    assert (told["@type"], told["name"]) == ("CreativeWorkSeries", campaign.name)
    assert told["description"] == campaign.description
    page = client.get("/campaigns/the-drowned-bell").content.decode()
    assert f'<link rel="canonical" href="{HOST}/campaigns/the-drowned-bell">' in page
    assert '<meta property="og:title" content="The &lt;Drowned&gt; Bell &amp; Co">' in page
    assert "noindex" not in page


def test_an_episode_tells_of_its_series(client: Client, campaign: Campaign) -> None:
    an_episode(campaign, title="Salt", runtime_minutes=221, date=date(2026, 5, 3), vod_url="https://vod.example/9")
    told = facts(client, "/campaigns/the-drowned-bell/episodes/1")
    assert (told["@type"], told["episodeNumber"], told["duration"]) == ("Episode", 1, "PT221M")
    assert told["datePublished"] == "2026-05-03"
    assert told["associatedMedia"]["url"] == "https://vod.example/9"
    assert told["partOfSeries"]["url"] == f"{HOST}/campaigns/the-drowned-bell"


# What schema.org lets these types say, as far as we say it: a validator takes no other word.
CREATIVE_WORK = {"name", "url", "description", "genre", "datePublished", "associatedMedia"}
WORDS = {
    "CreativeWorkSeries": CREATIVE_WORK,
    "CreativeWorkSeason": CREATIVE_WORK | {"seasonNumber"},
    "Episode": CREATIVE_WORK | {"episodeNumber", "partOfSeries", "partOfSeason", "duration"},
    "VideoObject": CREATIVE_WORK,
}


def foreign(told: dict[str, Any]) -> list[str]:
    """Words that the type does not have, however deep."""
    own = [f"{told['@type']}.{word}" for word in told if not word.startswith("@") and word not in WORDS[told["@type"]]]
    return own + [fault for part in told.values() if isinstance(part, dict) for fault in foreign(part)]


def test_facts_keep_to_the_words_of_schema_org(client: Client, campaign: Campaign) -> None:
    an_episode(campaign, title="Salt", runtime_minutes=221, summary="Wet.", vod_url="https://vod.example/9")
    for path in ("/campaigns/the-drowned-bell", "/campaigns/the-drowned-bell/episodes/1"):
        told = facts(client, path)
        assert told["@context"] == "https://schema.org"
        assert foreign(told) == []


def test_what_is_unlisted_asks_not_to_be_found(client: Client) -> None:
    hidden = a_campaign(visibility=Visibility.UNLISTED)
    assert '<meta name="robots" content="noindex">' in client.get(f"/campaigns/{hidden.slug}").content.decode()


def test_addresses_are_those_people_know_us_by(client: Client, campaign: Campaign, settings: Any) -> None:
    settings.TROUPE_BASE_URL = "https://troupe.example/"
    page = client.get("/campaigns/the-drowned-bell").content.decode()
    assert '<link rel="canonical" href="https://troupe.example/campaigns/the-drowned-bell">' in page
