"""The desk without script: one form, whose buttons do everything."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns.models import Event
from campaigns.operations import episodes
from characters import queries
from characters.models import Character
from characters.operations import vitals
from tests import factories
from tests.factories import Table, a_character

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return factories.a_table()


@pytest.fixture
def gm(client: Client, table: Table) -> Client:
    client.force_login(table.gm)
    return client


def press(gm: Client, table: Table, do: str, *who: Character, **fields: Any) -> str:
    """What the page says after the button `do`."""
    data = {"do": do, "mode": "damage", "kind": "", "who": [str(one.pk) for one in who], **fields}
    answer = gm.post(f"/campaigns/{table.campaign.slug}/control", data, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def stats(character: Character) -> Any:
    return Character.objects.get(pk=character.pk).stats


def test_the_party_is_the_roster_first(gm: Client, table: Table) -> None:
    later = factories.a_character(table.campaign, name="Aaron", hp=9)
    factories.a_character(table.campaign, name="Long gone", status="dead")
    answer = gm.get(f"/campaigns/{table.campaign.slug}/control")
    rows = answer.context["rows"]
    assert [(row["name"], row["on_stage"]) for row in rows] == [
        ("Isaura Vane", True),
        (later.name, False),
        ("The Pale King", False),
    ]


def test_a_wound_a_cure_and_temporary_points(gm: Client, table: Table) -> None:
    assert press(gm, table, "amount 20", table.hero, kind="fire") == "Done."
    assert Event.objects.latest("seq").data["kind"] == "fire"
    press(gm, table, "typed", table.hero, mode="heal", number="5")
    press(gm, table, "amount 8", table.hero, mode="temp")
    assert stats(table.hero)["hp"] == {"current": 30, "max": 45, "temp": 8}


def test_several_at_once_or_nobody(gm: Client, table: Table) -> None:
    press(gm, table, "amount 3", table.hero, table.secret)
    assert [stats(one)["hp"]["current"] for one in (table.hero, table.secret)] == [42, 17]
    assert "Choose somebody" in press(gm, table, "amount 3")
    before = Event.objects.count()
    assert "not prone" not in press(gm, table, "condition prone", table.hero)
    assert Event.objects.count() == before + 1


def test_inspiration_is_given_and_taken(gm: Client, table: Table) -> None:
    other = factories.a_character(table.campaign, stats={"inspiration": True})
    assert press(gm, table, "inspire", table.hero, other) == "Inspired."
    assert [stats(one)["inspiration"] for one in (table.hero, other)] == [True, True]
    assert Event.objects.filter(type="character_updated").count() == 1, "who was inspired already is not told again"
    assert press(gm, table, "inspire", table.hero, other) == "No longer inspired."
    assert [stats(one)["inspiration"] for one in (table.hero, other)] == [False, False]
    told = gm.get(f"/campaigns/{table.campaign.slug}/control").context["told"]
    assert {line["text"] for line in told[:2]} == {f"{one.name} is no longer inspired" for one in (table.hero, other)}
    assert "Choose somebody" in press(gm, table, "inspire")


def test_the_order_on_the_overlay_changes_by_steps(gm: Client, table: Table) -> None:
    second = factories.a_character(table.campaign)
    factories.on_stage(table.campaign, table.hero, second)
    in_order = [str(table.hero.pk), str(second.pk)]

    def order() -> list[str]:
        return [row["id"] for row in queries.roster(table.campaign.pk)]

    assert press(gm, table, f"move {second.pk} up") == "Order changed."
    assert order() == in_order[::-1]
    told = gm.get(f"/campaigns/{table.campaign.slug}/control").context["told"]
    assert told[0]["text"] == "Order on the overlay changed"
    press(gm, table, f"move {second.pk} up")
    assert order() == in_order[::-1], "nobody stands before the first"
    press(gm, table, f"move {second.pk} down")
    assert order() == in_order
    for what in (f"move {table.secret.pk} up", f"move {second.pk} sideways"):
        assert "Load the desk again" in press(gm, table, what)


def test_conditions_go_on_and_off(gm: Client, table: Table) -> None:
    press(gm, table, "condition prone", table.hero)
    press(gm, table, "condition", table.hero, condition="Marked", rounds="3")
    assert stats(table.hero)["conditions"] == ["prone", "marked"]
    assert stats(table.hero)["condition_rounds"] == {"marked": 3}
    press(gm, table, "condition prone", table.hero)
    assert stats(table.hero)["conditions"] == ["marked"]


def test_death_saves(gm: Client, table: Table) -> None:
    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-45, actor=SYSTEM)
    press(gm, table, f"save {table.hero.pk} failure")
    assert stats(table.hero)["death_saves"] == {"success": 0, "failure": 1}
    press(gm, table, f"save {table.hero.pk} critical_success")
    assert stats(table.hero)["hp"]["current"] == 1


def test_only_who_needs_them_has_death_saves_and_a_place(gm: Client, table: Table) -> None:
    """A cast of a hundred would have them a hundred times; static/desk/js adds them when they are needed."""
    down = a_character(table.campaign, hp=9)
    vitals.change_hp(table.campaign.pk, down.pk, delta=-9, actor=SYSTEM)
    shown = gm.get(f"/campaigns/{table.campaign.slug}/control").content.decode()
    page, templates = shown.split('<template id="row">')
    assert page.count('data-save="failure"') == 1
    assert f'value="save {down.pk} failure"' in page
    assert page.count('data-move="up"') == 1
    assert f'value="move {table.hero.pk} up"' in page
    assert 'data-save="failure"' in templates
    assert 'data-move="up"' in templates


def test_undo(gm: Client, table: Table) -> None:
    event = vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-10, actor=SYSTEM)
    page = gm.get(f"/campaigns/{table.campaign.slug}/control")
    assert page.context["told"][0] == {
        "seq": event.seq,
        "tone": "wound",
        "text": "Isaura Vane takes 10 damage",
        "at": int(event.occurred_at.timestamp() * 1000),
    }
    assert press(gm, table, f"undo {event.seq}") == "Taken back."
    assert stats(table.hero)["hp"]["current"] == 45
    assert "undone already" in press(gm, table, f"undo {event.seq}")
    shown = gm.get(f"/campaigns/{table.campaign.slug}/control").context["told"]
    assert event.seq not in [line["seq"] for line in shown]


def test_on_and_off_the_overlay_and_how_large(gm: Client, table: Table) -> None:
    press(gm, table, f"stage {table.secret.pk} on")
    press(gm, table, f"tier {table.secret.pk}", **{f"tier-{table.secret.pk}": "compact"})
    assert [(row["id"], row["tier"]) for row in queries.roster(table.campaign.pk)] == [
        (str(table.hero.pk), ""),
        (str(table.secret.pk), "compact"),
    ]
    press(gm, table, f"stage {table.hero.pk} off")
    assert len(queries.roster(table.campaign.pk)) == 1


def test_an_episode_begins_and_ends(gm: Client, table: Table) -> None:
    episode = factories.an_episode(table.campaign)
    assert press(gm, table, f"episode start {episode.number}") == f"Episode {episode.number} begins."
    assert f"Episode {episode.number}" in gm.get(f"/campaigns/{table.campaign.slug}/control").content.decode()
    press(gm, table, f"episode end {episode.number}")
    episode.refresh_from_db()
    assert episode.ended_at is not None


def test_a_turn_order_is_set_and_goes_on(gm: Client, table: Table) -> None:
    scores = {
        f"score-{table.hero.pk}": "12",
        f"score-{table.secret.pk}": "",
        "foe-1": "Bell Warden",
        "foe-score-1": "15",
    }
    press(gm, table, "turn begin", **scores)
    press(gm, table, "turn next")
    order = queries.turn_order(table.campaign.pk)
    assert order is not None
    assert [entry["name"] for entry in order["order"]] == ["Bell Warden", "Isaura Vane"]
    assert order["turn"] == str(table.hero.pk)
    press(gm, table, f"turn to {order['order'][0]['id']}")
    press(gm, table, "turn begin", **scores, **{"foe-2": "A hidden blade", "foe-hidden-2": "1", "foe-score-2": "-3"})
    again = queries.turn_order(table.campaign.pk)
    assert again is not None
    assert again["turn"] == order["order"][0]["id"], "the Bell Warden is the same as before"
    assert again["order"][-1]["hidden"]
    page = gm.get(f"/campaigns/{table.campaign.slug}/control")
    assert [foe["name"] for foe in page.context["foes"]][:3] == ["Bell Warden", "A hidden blade", ""]
    assert "-99 to 999" in press(gm, table, "turn begin", **{f"score-{table.hero.pk}": "many"})
    press(gm, table, "turn end")
    assert queries.turn_order(table.campaign.pk) is None


def test_a_roll_and_a_custom_event(gm: Client, table: Table) -> None:
    press(gm, table, "roll", table.hero, roll_label="Stealth", roll_total="17", roll_hidden="1")
    roll = Event.objects.latest("seq")
    assert (roll.type, roll.audience, roll.data["total"], roll.subject_id) == ("roll", "gm", 17, table.hero.pk)
    press(gm, table, "cue", cue="The bell rings")
    assert Event.objects.latest("seq").data["name"] == "The bell rings"
    assert "total" in press(gm, table, "roll", roll_total="many")


NONSENSE = (
    *("", "fly", "amount", "amount x", "amount 0", "save", "save x y", "undo x", "undo 99999999999999999999"),
    *("stage x on", "tier", "episode start", "episode fly 1", "condition", "cue"),
)


@pytest.mark.parametrize("do", NONSENSE)
def test_what_no_button_says_changes_nothing(gm: Client, table: Table, do: str) -> None:
    before = Event.objects.count()
    assert press(gm, table, do, table.hero, mode="damage")
    assert Event.objects.count() == before


def test_one_refusal_keeps_all_from_being_changed(gm: Client, table: Table) -> None:
    before = Event.objects.count()
    assert press(gm, table, "condition " + "x" * 41, table.hero, table.secret)
    assert Event.objects.count() == before


def test_an_empty_campaign_says_what_to_do(client: Client) -> None:
    campaign = factories.a_campaign()
    client.force_login(campaign.owner)
    page = client.get(f"/campaigns/{campaign.slug}/control").content.decode()
    assert "Nobody to play with yet" in page
    assert "Nothing has happened yet" in page
    assert "No episode is planned" in page


def test_the_desk_costs_the_same_for_one_and_for_thirty(gm: Client, table: Table) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            gm.get(f"/campaigns/{table.campaign.slug}/control")
        return len(found)

    gm.get(f"/campaigns/{table.campaign.slug}/control")
    few = cost()
    heroes = [factories.a_character(table.campaign) for _ in range(20)]
    factories.on_stage(table.campaign, *heroes)
    episodes.start(factories.an_episode(table.campaign), actor=SYSTEM)
    for hero in heroes:
        vitals.change_hp(table.campaign.pk, hero.pk, delta=-1, actor=SYSTEM)
    assert cost() == few
