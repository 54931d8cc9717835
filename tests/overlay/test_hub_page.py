import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns.messages import VIEWER
from campaigns.models import Campaign, Event
from campaigns.operations import episodes, table
from characters.models import Character
from characters.operations import lifecycle, vitals
from overlay.snapshot import snapshot
from tests import factories

pytestmark = pytest.mark.django_db


def embedded(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def hub(client: Client, campaign: Campaign) -> str:
    answer = client.get(f"/campaigns/{campaign.slug}")
    assert answer.status_code == 200
    return answer.content.decode()


def queries_of(client: Client, campaign: Campaign) -> int:
    with CaptureQueriesContext(connection) as found:
        hub(client, campaign)
    return len(found)


def test_a_new_campaign_says_what_will_be_here(client: Client) -> None:
    page = hub(client, factories.a_campaign(name="Empty house"))

    for words in ("Empty house", "The stage is empty", "No episode yet", "Nothing yet", "Nobody has been cast yet"):
        assert words in page


def test_the_roster_in_its_order_with_every_way_to_show_hit_points(client: Client) -> None:
    campaign = factories.a_campaign()
    modes = ["hidden", "band", "bar", "exact"]
    heroes = [factories.a_character(campaign, name=f"Shown {mode}", hp=40, hp_display=mode) for mode in modes]
    factories.on_stage(campaign, *heroes)
    for hero in heroes:
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-17)

    answer = client.get(f"/campaigns/{campaign.slug}")
    page = answer.content.decode()

    assert [player["name"] for player in answer.context["players"]] == [f"Shown {mode}" for mode in modes]
    assert [player["hp"]["figure"] for player in answer.context["players"]] == [
        "HP kept secret",
        "Hurt",
        "57 %",
        "23 / 40",
    ]
    assert page.count("23 of 40 hit points") == 1


def test_temporary_points_conditions_saves_and_tracks_are_drawn(client: Client) -> None:
    campaign = factories.a_campaign()
    hero, vampire = factories.a_character(campaign, hp=20), factories.a_vampire(campaign)
    factories.on_stage(campaign, hero, vampire)
    vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-20)
    vitals.save_against_death(campaign.pk, hero.pk, actor=SYSTEM, result="failure")
    vitals.add_condition(campaign.pk, hero.pk, actor=SYSTEM, condition="prone", rounds=3)

    page = hub(client, campaign)

    assert "Death saves: 0 passed, 1 failed" in page
    assert '<span class="chip" data-kind="bad">Prone <span class="num">3' in page
    assert "Health: 2 superficial, 0 aggravated of 7" in page


def test_no_name_note_or_number_of_what_is_secret(client: Client) -> None:
    table_ = factories.a_table()
    factories.on_stage(table_.campaign, table_.hero, table_.secret)
    vitals.change_hp(table_.campaign.pk, table_.secret.pk, actor=SYSTEM, delta=-3)

    for user in (None, table_.player, table_.gm):
        if user is not None:
            client.force_login(user)
        page = hub(client, table_.campaign)
        assert "Isaura Vane" in page
        assert "Pale King" not in page
        assert "harbour master" not in page


def test_who_became_secret_is_gone_from_what_happened_too(client: Client) -> None:
    table_ = factories.a_table()
    vitals.change_hp(table_.campaign.pk, table_.hero.pk, actor=SYSTEM, delta=-3)
    assert "Isaura Vane takes 3 damage" in hub(client, table_.campaign)
    table_.hero.refresh_from_db()
    lifecycle.update(table_.hero, {"is_secret": True}, actor=SYSTEM)

    assert "Isaura Vane" not in hub(client, table_.campaign)


def test_the_page_follows_the_stream_from_the_state_it_shows(client: Client) -> None:
    table_ = factories.a_table()
    off_stage = factories.a_character(table_.campaign, name="In the wings")

    page = hub(client, table_.campaign)
    state, fresh = embedded(page, "bootstrap"), snapshot(table_.campaign.pk, VIEWER)

    assert {key: state[key] for key in ("seq", "epoch", "roster", "episode")} == {
        key: fresh[key] for key in ("seq", "epoch", "roster", "episode")
    }
    assert [one["id"] for one in state["characters"]] == [str(table_.hero.pk)]
    assert embedded(page, "names") == {str(table_.hero.pk): "Isaura Vane", str(off_stage.pk): "In the wings"}


def test_live_and_the_episode_that_runs(client: Client) -> None:
    campaign = factories.a_campaign()
    episode = factories.an_episode(campaign, number=18, title="The Rope")
    assert re.search(r'data-part="tonight" hidden', hub(client, campaign))

    episodes.start(episode, actor=SYSTEM)

    page = hub(client, campaign)
    assert re.search(r'data-part="tonight">', page)
    assert "Episode 18: The Rope" in page


def test_the_next_evening_while_none_is_running(client: Client) -> None:
    campaign = factories.a_campaign()
    day = timezone.localdate()
    factories.an_episode(campaign, number=1, title="Long ago", date=day - timedelta(days=9))
    for number, days in ((3, 14), (2, 7)):
        factories.an_episode(campaign, number=number, title=f"In {days} days", date=day + timedelta(days=days))

    assert "Episode 2: In 7 days" in hub(client, campaign)
    episodes.start(campaign.episodes.get(number=3), actor=SYSTEM)
    assert re.search(r'data-part="next" hidden', hub(client, campaign))


def test_what_is_planned_for_tonight_is_not_told_as_played(client: Client) -> None:
    campaign = factories.a_campaign()
    today = timezone.localdate()
    factories.an_episode(campaign, number=6, title="Wick", date=today - timedelta(days=7))
    tonight = factories.an_episode(campaign, number=7, title="The Lantern Chair", date=today)

    def told() -> tuple[Any, Any]:
        context = client.get(f"/campaigns/{campaign.slug}").context
        return context["latest"].number, context["upcoming"] and context["upcoming"].number

    assert told() == (6, 7)
    episodes.update(tonight, {"runtime_minutes": 180}, actor=SYSTEM)  # noted down without having been on air here
    assert told() == (7, None)


def test_while_live_the_address_of_the_running_episode_is_the_one_to_watch(client: Client) -> None:
    campaign = factories.a_campaign()
    factories.an_episode(campaign, date=timezone.localdate(), vod_url="https://example.org/last")
    assert "Watch episode 1" in hub(client, campaign)

    episodes.start(factories.an_episode(campaign, vod_url="https://example.org/now"), actor=SYSTEM)

    assert re.search(r'href="https://example.org/now"[^>]*>\s*<svg.*?</svg>\s*Watch live', hub(client, campaign))


@pytest.mark.parametrize(
    ("description", "lead", "about"),
    [
        ("", "", ""),
        ("The lake is gone.", "The lake is gone.", ""),
        ("The lake is gone.\r\n\r\nIt drained.\n\nIn a night.", "The lake is gone.", "It drained.\n\nIn a night."),
        ("word " * 60, "", "word " * 60),
    ],
)
def test_a_short_first_paragraph_is_the_line_below_the_title(
    client: Client, description: str, lead: str, about: str
) -> None:
    campaign = factories.a_campaign(description=description)

    context = client.get(f"/campaigns/{campaign.slug}").context

    assert (context["lead"], context["about"].strip()) == (lead, about.strip())


def test_the_plot_draws_whose_numbers_are_public_then_and_now(client: Client) -> None:
    campaign = factories.a_campaign()
    seen, bar, closed = (
        factories.a_character(campaign, name="Seen", hp=40),
        factories.a_character(campaign, name="Bar", hp=40, hp_display="bar"),
        factories.a_character(campaign, name="Closed", hp=40, hp_display="hidden"),
    )
    episode = episodes.start(factories.an_episode(campaign), actor=SYSTEM)
    for hero in (seen, bar, closed):
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-30)
    episodes.end(episode, actor=SYSTEM)
    closed.refresh_from_db()
    lifecycle.update(closed, {"hp_display": "exact"}, actor=SYSTEM)

    lanes = client.get(f"/campaigns/{campaign.slug}").context["plot"]["lanes"]

    assert [(lane["name"], lane["drawing"].lowest) for lane in lanes] == [("Seen", 10)]
    assert '<th scope="row">Seen</th>' in hub(client, campaign)


def test_what_happened_in_words_with_the_name_of_who_rolls(client: Client) -> None:
    table_ = factories.a_table()
    table.roll(table_.campaign.pk, actor=SYSTEM, label="Stealth", total=17, character_id=table_.hero.pk)

    assert "Isaura Vane, Stealth: 17" in hub(client, table_.campaign)


def test_a_viewer_delay_holds_back_what_the_stream_has_not_shown(client: Client) -> None:
    campaign = factories.a_campaign(settings={"viewer_delay": 60})
    hero = factories.a_character(campaign, name="Grale", hp=20)
    factories.on_stage(campaign, hero)
    Event.objects.update(occurred_at=timezone.now() - timedelta(minutes=5))
    vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-13)
    addresses = [f"/campaigns/{campaign.slug}", f"/campaigns/{campaign.slug}/characters/{hero.pk}"]

    for address in addresses:
        page = client.get(address).content.decode()
        assert "20 of 20 hit points" in page
        assert "takes 13 damage" not in page
        assert embedded(page, "bootstrap")["seq"] == 2

    Event.objects.update(occurred_at=timezone.now() - timedelta(minutes=5))
    for address in addresses:
        page = client.get(address).content.decode()
        assert "7 of 20 hit points" in page
        assert "takes 13 damage" in page


def test_the_viewer_delay_is_said(client: Client) -> None:
    page = hub(client, factories.a_campaign(settings={"viewer_delay": 15}))

    assert "runs 15 seconds behind the table" in page


def test_as_many_queries_for_30_of_everything_as_for_one(client: Client) -> None:
    campaign = factories.a_campaign()
    heroes: list[Character] = []

    def grow() -> None:
        hero = factories.a_character(campaign)
        heroes.append(hero)
        factories.on_stage(campaign, *heroes[:12])
        episode = episodes.start(factories.an_episode(campaign), actor=SYSTEM)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
        episodes.end(episode, actor=SYSTEM)

    grow()
    grow()
    few = queries_of(client, campaign)
    for _number in range(28):
        grow()

    assert queries_of(client, campaign) == few
