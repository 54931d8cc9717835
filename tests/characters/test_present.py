"""Old entries told today: as strict as then and as now, and still leading to the present state."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns import history
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign, Event
from campaigns.operations import table, undo
from characters.models import Character
from characters.operations import lifecycle, roster, vitals
from overlay.snapshot import snapshot
from tests.factories import a_campaign, a_character, on_stage
from tests.live.replay import comparable, replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign()


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    made = a_character(campaign, hp=77, name="Isaura Vane")
    on_stage(campaign, made, a_character(campaign))
    return made


def told(campaign: Campaign, since: int = 0, audience: str = VIEWER) -> list[dict]:
    return history.messages_since(campaign, audience, since, 100)


def update(hero: Character, **changes) -> None:
    lifecycle.update(Character.objects.get(pk=hero.pk), changes, actor=SYSTEM)


def wound(hero: Character) -> Event:
    return vitals.change_hp(hero.campaign_id, hero.pk, actor=SYSTEM, delta=-7)


class Evening:
    """Everything that can be told of a character, while it is public."""

    def __init__(self, campaign: Campaign, hero: Character) -> None:
        self.before = snapshot(campaign.pk, VIEWER)
        undo.undo(campaign.pk, wound(hero).pk, actor=SYSTEM)
        wound(hero)
        update(hero, summary="Known to all.")
        vitals.add_condition(campaign.pk, hero.pk, actor=SYSTEM, condition="prone")
        table.roll(campaign.pk, actor=SYSTEM, label="Vane's luck", total=3, character_id=hero.pk)
        table.custom_event(campaign.pk, actor=SYSTEM, name="vane-enters", character_id=hero.pk)
        roster.place(campaign.pk, hero.pk, actor=SYSTEM, on=False)
        roster.place(campaign.pk, hero.pk, actor=SYSTEM)
        self.since = self.before["seq"]


def assert_leads_to_the_present(campaign: Campaign, evening: Evening) -> None:
    state = replay(evening.before, told(campaign, evening.since))
    assert comparable(state) == comparable(snapshot(campaign.pk, VIEWER))


def test_what_is_still_public_is_told_as_it_was(campaign, hero):
    evening = Evening(campaign, hero)
    assert not [one for one in told(campaign, evening.since) if one.get("data", {}).get("type") == "HIDDEN"]
    assert_leads_to_the_present(campaign, evening)


def test_of_who_is_secret_now_nothing_is_told_but_that_it_is_gone(campaign, hero):
    evening = Evening(campaign, hero)
    update(hero, is_secret=True)
    messages = told(campaign, evening.since)
    naming = [message for message in messages if str(hero.pk) in str(message)]
    assert [message["type"] for message in naming] == ["CHAR_DELETED"]
    assert "ane" not in str(messages)
    assert_leads_to_the_present(campaign, evening)


def test_nor_when_it_was_deleted_as_a_secret(campaign, hero):
    evening = Evening(campaign, hero)
    update(hero, is_secret=True)
    lifecycle.delete(Character.objects.get(pk=hero.pk), actor=SYSTEM)
    assert [one["type"] for one in told(campaign, evening.since) if str(hero.pk) in str(one)] == ["CHAR_DELETED"]
    assert_leads_to_the_present(campaign, evening)


def test_who_was_deleted_in_public_is_told_of(campaign, hero):
    evening = Evening(campaign, hero)
    lifecycle.delete(Character.objects.get(pk=hero.pk), actor=SYSTEM)
    assert "Known to all." in str(told(campaign, evening.since))
    assert_leads_to_the_present(campaign, evening)


def test_a_secret_that_came_out_is_told_of_from_then_on(campaign):
    hero = a_character(campaign, is_secret=True, name="The Pale King")
    wound(hero)
    before = snapshot(campaign.pk, VIEWER)
    update(hero, is_secret=False)
    wound(hero)
    messages = told(campaign)
    assert [message.get("data", {}).get("type", message["type"]) for message in messages] == [
        "HIDDEN",
        "HIDDEN",
        "CHAR_CREATED",
        "HP_CHANGE",
    ]
    assert comparable(replay(before, messages)) == comparable(snapshot(campaign.pk, VIEWER))


@pytest.mark.parametrize(
    ("then", "now", "hidden"), [("exact", "band", True), ("band", "exact", True), ("exact", "exact", False)]
)
def test_numbers_are_told_where_they_were_and_are_shown(campaign, then, now, hidden):
    hero = a_character(campaign, hp=77, hp_display=then)
    before = snapshot(campaign.pk, VIEWER)
    wound(hero)
    if now != then:
        update(hero, hp_display=now)
    event = told(campaign, before["seq"])[0]["data"]
    assert ("from" not in event) is hidden
    assert (event["stats"]["hp"] == {"band": "hurt"}) is hidden
    assert comparable(replay(before, told(campaign, before["seq"]))) == comparable(snapshot(campaign.pk, VIEWER))


def test_the_gm_is_told_everything_as_it_was(campaign, hero):
    evening = Evening(campaign, hero)
    as_it_was = told(campaign, evening.since, GM)
    update(hero, is_secret=True, hp_display="hidden")
    assert told(campaign, evening.since, GM)[:-1] == as_it_was


def test_the_ledger_itself_is_not_touched(campaign, hero):
    entries = history.entries_since(campaign.pk, 0, 100)
    update(hero, is_secret=True)
    copies = history.tightened(campaign.pk, entries)
    assert copies[0].data["character"]["is_secret"]
    assert not entries[0].data["character"]["is_secret"]


def test_it_costs_the_same_for_one_entry_and_for_many(campaign, hero):
    def cost(since: int) -> int:
        with CaptureQueriesContext(connection) as found:
            told(campaign, since)
        return len(found)

    Evening(campaign, hero)
    one = Event.objects.filter(campaign=campaign).count() - 1
    assert cost(0) == cost(one)
