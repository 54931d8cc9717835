import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns.models import Episode, Visibility
from campaigns.operations import episodes
from characters.operations import vitals
from tests import factories

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


class TestHome:
    def test_an_empty_house_says_what_will_be_here(self, client: Client) -> None:
        page = text_of(client, "/")

        assert "The house is dark tonight" in page
        assert "Begin a campaign" in page

    def test_whoever_wants_to_run_one_finds_the_way_on_a_busy_site_too(self, client: Client) -> None:
        live = factories.a_campaign(name="The Ferryman")
        episodes.start(factories.an_episode(live), actor=SYSTEM)
        way = '<a class="btn" href="/accounts/signup?next=/begin">Run your own</a>'

        assert way in text_of(client, "/")
        assert '<a href="/accounts/signup?next=/begin">Run your own</a>' in text_of(client, "/campaigns")  # at the foot
        client.force_login(live.owner)
        assert '<a href="/begin">Run your own</a>' in text_of(client, "/campaigns")

    def test_own_campaigns_stand_as_they_were_played(self, client: Client) -> None:
        first = factories.a_campaign(name="Zephyr Street")
        second = factories.a_campaign(name="Aardvark Alley", owner=first.owner)
        factories.a_character(second)
        factories.a_character(first)
        client.force_login(first.owner)

        assert [each.name for each in client.get("/").context["own"]] == ["Zephyr Street", "Aardvark Alley"]

    def test_what_is_live_comes_first_and_only_once(self, client: Client) -> None:
        live, other = factories.a_campaign(name="The Ferryman"), factories.a_campaign(name="Another")
        episodes.start(factories.an_episode(live, title="Low Water"), actor=SYSTEM)

        answer = client.get("/")

        assert [campaign.pk for campaign in answer.context["live"]] == [live.pk]
        assert [campaign.pk for campaign in answer.context["campaigns"]] == [other.pk]
        assert "Low Water" in answer.content.decode()

    def test_the_latest_episodes_are_those_played_not_those_planned(self, client: Client) -> None:
        campaign = factories.a_campaign()
        day = datetime.date(2026, 1, 10)
        factories.an_episode(campaign, title="Older", date=day)
        factories.an_episode(campaign, title="Newer", date=day + datetime.timedelta(days=7))
        factories.an_episode(campaign, title="Planned", date=datetime.date(2999, 1, 1))
        factories.an_episode(campaign, title="Undated")
        factories.an_episode(campaign, title="Draft", date=day, published=False)

        assert [episode.title for episode in client.get("/").context["episodes"]] == ["Newer", "Older"]

    def test_private_and_unlisted_campaigns_are_not_on_it(self, client: Client) -> None:
        for visibility in (Visibility.PRIVATE, Visibility.UNLISTED):
            hidden = factories.a_campaign(name="Hidden one", visibility=visibility)
            episodes.start(factories.an_episode(hidden, title="Hidden evening"), actor=SYSTEM)

        page = text_of(client, "/")

        assert "Hidden" not in page

    def test_the_theme_is_the_cookie_s_and_nothing_else(self, client: Client) -> None:
        assert 'data-theme="auto"' in text_of(client, "/")
        client.cookies["theme"] = "light"
        assert 'data-theme="light"' in text_of(client, "/")
        client.cookies["theme"] = '"><script>'
        assert 'data-theme="auto"' in text_of(client, "/")


class TestCampaignList:
    def test_search_and_game_system(self, client: Client) -> None:
        factories.a_campaign(name="The Ferryman’s Bell", game_system="D&D 5e")
        factories.a_campaign(name="Night Market", game_system="Vampire")

        def found(query: str) -> list[str]:
            return [campaign.name for campaign in client.get(f"/campaigns?{query}").context["campaigns"]]

        assert found("") == ["Night Market", "The Ferryman’s Bell"]
        assert found("search=ferry") == ["The Ferryman’s Bell"]
        assert found("system=Vampire") == ["Night Market"]
        assert found("search=ferry&system=Vampire") == []
        assert "No campaign fits" in text_of(client, "/campaigns?search=ferry&system=Vampire")

    def test_pages_of_24_keep_the_search(self, client: Client) -> None:
        for number in range(25):
            factories.a_campaign(name=f"Blade {number:02}")

        first, last = client.get("/campaigns?search=blade"), client.get("/campaigns?search=blade&page=2")

        assert len(first.context["campaigns"]) == 24
        assert [campaign.name for campaign in last.context["campaigns"]] == ["Blade 24"]
        assert 'rel="next" href="?search=blade&amp;page=2"' in first.content.decode()

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page=999", "search=%00", "search=" + "x" * 5000, "system=%F0%9F%92%A9"]
    )
    def test_nonsense_in_the_address_is_answered(self, client: Client, query: str) -> None:
        factories.a_campaign()

        assert client.get(f"/campaigns?{query}").status_code == 200

    def test_a_member_finds_the_own_private_campaign_a_stranger_does_not(self, client: Client) -> None:
        table = factories.a_table(visibility=Visibility.PRIVATE)

        for user, sees in ((table.gm, True), (table.player, True), (table.stranger, False), (table.rival, False)):
            client.force_login(user)
            names = [campaign.pk for campaign in client.get("/campaigns").context["campaigns"]]
            assert (table.campaign.pk in names) is sees

    def test_a_card_tells_what_runs_else_what_was_played(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.an_episode(campaign, title="Played", date=datetime.date(2026, 1, 1))
        assert client.get("/campaigns").context["campaigns"][0].latest.title == "Played"
        assert "Latest: episode 1, Played" in text_of(client, "/campaigns")

        episodes.start(factories.an_episode(campaign, title="Tonight"), actor=SYSTEM)

        assert client.get("/campaigns").context["campaigns"][0].running.title == "Tonight"
        assert "Live now" in text_of(client, "/campaigns")

    def test_names_are_text(self, client: Client) -> None:
        factories.a_campaign(name="<script>alert(1)</script>")

        assert "<script>alert" not in text_of(client, "/campaigns")

    def test_as_many_queries_for_30_campaigns_as_for_one(self, client: Client) -> None:
        self._with_episode(0)
        one = queries_of(client, "/campaigns"), queries_of(client, "/")
        for number in range(1, 30):
            self._with_episode(number)

        assert (queries_of(client, "/campaigns"), queries_of(client, "/")) == one

    def _with_episode(self, number: int) -> None:
        campaign = factories.a_campaign()
        factories.an_episode(campaign, date=datetime.date(2026, 1, 1))
        if number % 2 == 0:
            episodes.start(factories.an_episode(campaign), actor=SYSTEM)


class TestEpisodes:
    def test_by_season_the_newest_first(self, client: Client) -> None:
        campaign = factories.a_campaign()
        for number, season in ((1, 1), (2, 1), (3, 2)):
            factories.an_episode(campaign, number=number, season=season)

        def numbers(query: str) -> list[int]:
            answer = client.get(f"/campaigns/{campaign.slug}/episodes{query}")
            return [episode.number for episode in answer.context["episodes"]]

        assert numbers("") == [3]
        assert numbers("?season=1") == [2, 1]
        assert numbers("?season=9") == numbers("?season=x") == [3]

    def test_drafts_are_not_listed_nor_opened(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.an_episode(campaign, number=1, title="Draft", published=False)

        assert "No episode yet" in text_of(client, f"/campaigns/{campaign.slug}/episodes")
        assert client.get(f"/campaigns/{campaign.slug}/episodes/1").status_code == 404

    def test_as_many_queries_for_30_episodes_as_for_one(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.an_episode(campaign)
        one = queries_of(client, f"/campaigns/{campaign.slug}/episodes")
        for _number in range(29):
            factories.an_episode(campaign)

        assert queries_of(client, f"/campaigns/{campaign.slug}/episodes") == one

    def test_an_episode_tells_what_happened_and_when_to_watch_it(self, client: Client) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Grale")
        episode = factories.an_episode(campaign, vod_url="https://youtu.be/abc", vod_offset=90)
        episodes.start(episode, actor=SYSTEM)
        event = vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5, kind="fire")
        Episode.objects.update(started_at=event.occurred_at - datetime.timedelta(seconds=600))

        page = text_of(client, f"/campaigns/{campaign.slug}/episodes/{episode.number}")

        assert "Grale takes 5 fire damage" in page
        assert "0:10:00" in page
        assert "https://youtu.be/abc?t=690" in page

    def test_as_many_queries_for_30_events_as_for_one(self, client: Client) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, hp=100)
        episode = episodes.start(factories.an_episode(campaign), actor=SYSTEM)
        address = f"/campaigns/{campaign.slug}/episodes/{episode.number}"
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
        one = queries_of(client, address)
        for _number in range(29):
            vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)

        assert queries_of(client, address) == one

    def test_neighbours_skip_drafts(self, client: Client) -> None:
        campaign = factories.a_campaign()
        for number in (1, 2, 3, 4, 5):
            factories.an_episode(campaign, number=number, published=number != 4)

        context = client.get(f"/campaigns/{campaign.slug}/episodes/3").context

        assert (context["previous"].number, context["following"].number) == (2, 5)


@pytest.mark.parametrize("place", ["", "/episodes", "/episodes/1", "/characters"])
def test_who_may_open_a_private_campaign(client: Client, place: str) -> None:
    table = factories.a_table(visibility=Visibility.PRIVATE)
    factories.an_episode(table.campaign, number=1)
    address = f"/campaigns/{table.campaign.slug}{place}"

    assert client.get(address).status_code == 404
    for user, status in (
        (table.gm, 200),
        (table.player, 200),
        (table.viewer, 200),
        (table.stranger, 404),
        (table.rival, 404),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status


@pytest.mark.parametrize("place", ["", "/episodes", "/episodes/1", "/characters"])
def test_what_is_not_visible_looks_like_what_is_not_there(client: Client, place: str) -> None:
    hidden = factories.a_private_campaign(slug="aaaaaa")

    one, other = client.get(f"/campaigns/{hidden.slug}{place}"), client.get(f"/campaigns/bbbbbb{place}")

    assert one.status_code == other.status_code == 404
    assert one.content.replace(b"aaaaaa", b"") == other.content.replace(b"bbbbbb", b"")
    assert b"Nothing on this stage" in one.content


@pytest.mark.parametrize("address", ["/", "/campaigns", "/accounts/login"])
def test_pages_are_only_read(client: Client, address: str) -> None:
    assert client.head(address).status_code == 200
    assert client.delete(address).status_code == 405


def test_the_way_in(client: Client) -> None:
    user = factories.a_user("maren")

    refused = client.post("/accounts/login", {"username": "maren", "password": "wrong"})
    assert "do not go together" in refused.content.decode()
    assert 'value="maren"' in refused.content.decode()
    accepted = client.post(
        "/accounts/login", {"username": "maren", "password": factories.PASSWORD, "next": "/campaigns"}
    )
    assert (accepted.status_code, accepted["Location"]) == (302, "/campaigns")
    assert str(user) in text_of(client, "/campaigns")
