import json
import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns import clock
from campaigns.operations import episodes
from characters.operations import lifecycle, vitals
from tests import factories

pytestmark = pytest.mark.django_db


def embedded(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_gm_notes_and_exact_points_stay_where_they_are(client: Client) -> None:
    campaign = factories.a_campaign()
    hero = factories.a_character(campaign, hp=7177, hp_display="band", gm_notes="Is the murderer.")
    vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-4100)
    client.force_login(campaign.owner)

    page = client.get(f"/campaigns/{campaign.slug}/characters/{hero.pk}").content.decode()

    assert "Bloodied" in page
    assert "murderer" not in page
    assert not re.search(r"\b(7177|3077|4100)\b", re.sub(r"[0-9a-f-]{36}", "", page))
    assert embedded(page, "bootstrap")["characters"][0]["stats"]["hp"] == {"band": "bloodied"}


def test_secret_foreign_and_unknown_characters_are_not_there(client: Client) -> None:
    table = factories.a_table()
    client.force_login(table.gm)

    for character_id in (table.secret.pk, table.rival_hero.pk, uuid.uuid4()):
        assert client.get(f"/campaigns/{table.campaign.slug}/characters/{character_id}").status_code == 404


def test_the_page_follows_the_stream_from_the_state_it_shows(client: Client) -> None:
    table = factories.a_table()
    vitals.change_hp(table.campaign.pk, table.hero.pk, actor=SYSTEM, delta=-5)
    table.campaign.refresh_from_db()

    page = client.get(f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}").content.decode()
    state = embedded(page, "bootstrap")

    assert (state["seq"], state["epoch"]) == (table.campaign.seq, table.campaign.epoch)
    assert state["characters"][0]["stats"]["hp"]["current"] == 40
    assert "40 of 45 hit points" in page


def test_appearances_are_the_episodes_in_which_something_happened(client: Client) -> None:
    campaign = factories.a_campaign()
    hero, other = factories.a_character(campaign), factories.a_character(campaign)
    for number, struck in ((1, hero), (2, other), (3, hero)):
        episode = episodes.start(factories.an_episode(campaign, number=number), actor=SYSTEM)
        vitals.change_hp(campaign.pk, struck.pk, actor=SYSTEM, delta=-1)
        episodes.end(episode, actor=SYSTEM)
    factories.an_episode(campaign, number=4)

    context = client.get(f"/campaigns/{campaign.slug}/characters/{hero.pk}").context

    assert [(one["number"], one["present"]) for one in context["appearances"]] == [(1, True), (2, False), (3, True)]
    assert context["first_seen"]["number"] == 1


def test_what_happened_lately_says_when(client: Client) -> None:
    campaign = factories.a_campaign()
    hero = factories.a_character(campaign)
    with clock.at(datetime(2031, 3, 9, 20, 15, tzinfo=UTC)):
        vitals.change_hp(campaign.pk, hero.pk, delta=-3, actor=SYSTEM)
    episodes.start(factories.an_episode(campaign, number=7), actor=SYSTEM)
    vitals.change_hp(campaign.pk, hero.pk, delta=-4, actor=SYSTEM)

    page = client.get(f"/campaigns/{campaign.slug}/characters/{hero.pk}").content.decode()

    assert '<time datetime="2031-03-09T20:15:00Z">9 Mar 2031</time>' in page
    assert '<span class="when small">Episode 7</span>' in page


def test_abilities_only_where_the_game_has_them(client: Client) -> None:
    campaign = factories.a_campaign()
    bard = factories.a_character(campaign, stats={"abilities": {"cha": 18}})
    vampire = factories.a_vampire(campaign)

    def abilities(hero: Any) -> Any:
        return client.get(f"/campaigns/{campaign.slug}/characters/{hero.pk}").context["abilities"]

    assert [one["score"] for one in abilities(bard)] == [10, 10, 10, 10, 10, 18]
    assert abilities(vampire) == []


def test_what_is_written_about_it_is_text(client: Client) -> None:
    campaign = factories.a_campaign()
    hero = factories.a_character(campaign, summary="</script><img src=x onerror=alert(1)>", name="<b>Bold</b>")

    page = client.get(f"/campaigns/{campaign.slug}/characters/{hero.pk}").content.decode()

    assert "<img src=x" not in page
    assert "<b>Bold" not in page


def test_as_many_queries_for_30_events_and_episodes_as_for_one(client: Client) -> None:
    campaign = factories.a_campaign()
    hero = factories.a_character(campaign, hp=100)
    address = f"/campaigns/{campaign.slug}/characters/{hero.pk}"
    evening(campaign, hero)
    one = queries_of(client, address)
    for _number in range(9):
        evening(campaign, hero)

    assert queries_of(client, address) == one


def evening(campaign: Any, hero: Any) -> None:
    episode = episodes.start(factories.an_episode(campaign), actor=SYSTEM)
    for _number in range(3):
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
    episodes.end(episode, actor=SYSTEM)


def test_a_retired_character_keeps_its_page(client: Client) -> None:
    table = factories.a_table()
    lifecycle.retire(table.hero, actor=SYSTEM)

    page = client.get(f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}").content.decode()

    assert "Retired" in page
    assert "As last seen" in page
