import json
from pathlib import Path
from typing import Any

import pytest

from accounts.actors import SYSTEM
from campaigns import moments
from campaigns.operations import episodes, table, undo
from characters.operations import lifecycle, vitals
from tests import factories

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("moments.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_message_in_words(case: dict[str, Any]) -> None:
    told = moments.words(case["message"], case["name"])

    assert told == (tuple(case["told"]) if case["told"] else None)


@pytest.mark.django_db
class TestRecent:
    def test_the_newest_comes_first_and_each_names_its_episode(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Grale", hp=20)
        episode = factories.an_episode(campaign, number=7, title="Low Water")
        episodes.start(episode, actor=SYSTEM)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5, kind="fire")

        told = [(moment["text"], moment["episode"]) for moment in moments.recent(campaign, 10)]

        assert told == [
            ("Grale takes 5 fire damage", 7),
            ("Episode 7 begins: Low Water", 7),
            ("Grale joins the company", None),
        ]

    def test_what_was_taken_back_is_not_told_nor_its_undoing(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Grale", hp=20)
        event = vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)
        undo.undo(campaign.pk, event.pk, actor=SYSTEM)

        assert [moment["text"] for moment in moments.recent(campaign, 10)] == ["Grale joins the company"]

    def test_nothing_is_told_of_a_secret_character_or_a_hidden_roll(self) -> None:
        table_ = factories.a_table()
        vitals.change_hp(table_.campaign.pk, table_.secret.pk, actor=SYSTEM, delta=-5)
        table.roll(table_.campaign.pk, actor=SYSTEM, label="Deception", total=19, hidden=True)

        assert [moment["text"] for moment in moments.recent(table_.campaign, 10)] == ["Isaura Vane joins the company"]

    def test_numbers_stay_secret_where_hit_points_are_not_shown_exactly(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="The Crow", hp=20, hp_display="hidden")
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)

        assert moments.recent(campaign, 1)[0]["text"] == "The Crow’s hit points change"

    def test_one_character_alone_and_the_name_of_one_who_rolls(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Grale")
        factories.a_character(campaign, name="Maud")
        table.roll(campaign.pk, actor=SYSTEM, label="Stealth", total=17, character_id=hero.pk)

        told = moments.recent(campaign, 10, subject=hero.pk, names={str(hero.pk): "Grale"})

        assert [moment["text"] for moment in told] == ["Grale, Stealth: 17", "Grale joins the company"]

    def test_the_second_of_the_episode(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign)
        episode = episodes.start(factories.an_episode(campaign), actor=SYSTEM)
        event = vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
        assert episode.started_at is not None

        second = moments.recent(campaign, 1)[0]["second"]

        assert second == int((event.occurred_at - episode.started_at).total_seconds())

    def test_what_has_become_secret_since_is_no_longer_told(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Wick")
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
        hero.refresh_from_db()
        lifecycle.update(hero, {"is_secret": True}, actor=SYSTEM)

        assert moments.recent(campaign, 5) == []

    def test_up_to_a_position_of_the_ledger(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Wick")
        event = vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)

        assert [moment["text"] for moment in moments.recent(campaign, 5, until=event.seq - 1)] == [
            "Wick joins the company"
        ]

    def test_a_renamed_character_keeps_the_name_it_had_then(self) -> None:
        campaign = factories.a_campaign()
        hero = factories.a_character(campaign, name="Wick")
        lifecycle.update(hero, {"name": "Wick the Less"}, actor=SYSTEM)

        assert moments.recent(campaign, 5)[-1]["text"] == "Wick joins the company"
