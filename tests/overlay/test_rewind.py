"""The state of an earlier moment, for who watches with a delay: exactly what a snapshot said then."""

import contextlib
from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns import history
from campaigns.messages import GM, VIEWER
from campaigns.models import Event
from campaigns.operations import undo
from characters.models import Character
from characters.operations import lifecycle, roster, vitals
from contract.refusals import Refusal
from overlay.snapshot import snapshot
from tests.factories import a_campaign, a_character, on_stage
from tests.live.replay import comparable
from tests.overlay.test_every_operation import CASES, Stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", CASES)
def test_the_state_before_any_operation_can_be_told_after_it(name):
    stage = Stage()
    before = comparable(snapshot(stage.id, GM))
    CASES[name](stage)
    assert comparable(snapshot(stage.id, GM, before["seq"])) == before


def test_every_moment_of_an_evening():
    """After many operations and undos, every seq there was is told as it was."""
    stage = Stage()
    moments = []
    for operation in list(CASES.values())[::2]:
        with contextlib.suppress(Refusal, ObjectDoesNotExist):  # an earlier one may have used up what it needs
            operation(stage)
            moments.append(comparable(snapshot(stage.id, GM)))
            last = Event.objects.filter(campaign=stage.id).latest("seq")
            undo.undo(stage.id, last.pk, actor=SYSTEM)
            moments.append(comparable(snapshot(stage.id, GM)))
    assert len(moments) > 20
    for state in moments:
        assert comparable(snapshot(stage.id, GM, state["seq"])) == state


class TestAsViewersSeeIt:
    @pytest.fixture
    def campaign(self):
        return a_campaign()

    def seen(self, campaign, seq):
        return comparable(snapshot(campaign.pk, VIEWER, seq))["characters"]

    def test_wounds_are_taken_back(self, campaign):
        hero = a_character(campaign, hp=20)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)
        assert [self.seen(campaign, seq)[str(hero.pk)]["stats"]["hp"]["current"] for seq in (1, 2, 3)] == [20, 15, 10]

    def test_who_came_later_is_not_there_and_who_left_is(self, campaign):
        early = a_character(campaign)
        on_stage(campaign, early)
        late = a_character(campaign)
        lifecycle.delete(early, actor=SYSTEM)
        roster.set_roster(campaign.pk, [(late.pk, "large")], actor=SYSTEM)
        then = snapshot(campaign.pk, VIEWER, 2)
        assert [one["id"] for one in then["characters"]] == [str(early.pk)]
        assert (then["roster"], then["rosterTiers"]) == ([str(early.pk)], {})

    def test_a_deleted_character_that_came_back_was_away_between(self, campaign):
        hero = a_character(campaign)
        lifecycle.delete(hero, actor=SYSTEM)
        undo.undo(campaign.pk, Event.objects.get(campaign=campaign, seq=2).pk, actor=SYSTEM)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)
        assert [len(self.seen(campaign, seq)) for seq in (0, 1, 2, 3, 4)] == [0, 1, 0, 1, 1]

    def test_what_is_secret_now_is_not_shown_then(self, campaign):
        hero = a_character(campaign)
        on_stage(campaign, hero)
        lifecycle.update(hero, {"is_secret": True}, actor=SYSTEM)
        then = snapshot(campaign.pk, VIEWER, 2)
        assert (then["characters"], then["roster"]) == ([], [])
        assert snapshot(campaign.pk, GM, 2)["roster"] == [str(hero.pk)]

    def test_nor_are_numbers_that_are_veiled_now(self, campaign):
        hero = a_character(campaign)
        lifecycle.update(hero, {"hp_display": "band"}, actor=SYSTEM)
        shown = self.seen(campaign, 1)[str(hero.pk)]
        assert (shown["hp_display"], shown["stats"]["hp"]) == ("band", {"band": "unhurt"})

    def test_a_secret_of_then_stays_one(self, campaign):
        hero = a_character(campaign, is_secret=True)
        lifecycle.update(hero, {"is_secret": False}, actor=SYSTEM)
        assert self.seen(campaign, 1) == {}
        assert len(self.seen(campaign, 2)) == 1

    def test_it_costs_the_same_for_one_and_for_many(self, campaign):
        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                snapshot(campaign.pk, VIEWER, 1)
            return len(found)

        heroes: list[Character] = [a_character(campaign)]
        vitals.change_hp(campaign.pk, heroes[0].pk, actor=SYSTEM, delta=-1)
        few = cost()
        for _ in range(10):
            heroes.append(a_character(campaign))
            vitals.change_hp(campaign.pk, heroes[-1].pk, actor=SYSTEM, delta=-1)
        assert cost() == few <= 15


def test_the_position_at_a_moment():
    campaign = a_campaign()
    now = timezone.now()
    assert history.seq_at(campaign.pk, now) == 0
    hero = a_character(campaign)
    for _ in range(4):
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)
    for event in Event.objects.filter(campaign=campaign):
        Event.objects.filter(pk=event.pk).update(occurred_at=now - timedelta(seconds=60 - 10 * event.seq))
    assert history.seq_at(campaign.pk, now - timedelta(seconds=25)) == 3
    assert history.seq_at(campaign.pk, now) == 5
    assert history.seq_at(campaign.pk, now - timedelta(seconds=90)) == 0
