from collections.abc import Callable

import pytest

from accounts.actors import SYSTEM
from campaigns.models import Campaign, Event
from characters import queries
from characters.models import Character
from characters.operations import roster
from contract.refusals import Invalid
from tests.contract.test_idempotency import at_once
from tests.factories import a_campaign, a_character, on_stage


def order(campaign: Campaign) -> list[str]:
    return [row["id"] for row in queries.roster(campaign.pk)]


@pytest.mark.django_db
def test_who_comes_on_stands_at_the_end_and_may_go_again() -> None:
    campaign = a_campaign()
    one, two = a_character(campaign), a_character(campaign)
    for character in (two, one, two):
        roster.place(campaign.pk, character.pk, actor=SYSTEM)
    assert order(campaign) == [str(two.pk), str(one.pk)]
    roster.place(campaign.pk, two.pk, actor=SYSTEM, on=False)
    assert order(campaign) == [str(one.pk)]


@pytest.mark.django_db
def test_the_same_roster_again_is_no_event() -> None:
    campaign = a_campaign()
    hero = a_character(campaign)
    on_stage(campaign, hero)
    before = Event.objects.count()
    on_stage(campaign, hero)
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_strangers_twins_and_crowds_are_refused_by_name() -> None:
    campaign = a_campaign()
    hero, stranger = a_character(campaign), a_character(a_campaign())
    with pytest.raises(Invalid) as refusal:
        roster.set_roster(campaign.pk, [(hero.pk, "huge"), (hero.pk, ""), (stranger.pk, "")], actor=SYSTEM)
    fields = [field for field, _ in refusal.value.details]
    assert fields == ["entries.0.tier", "entries.1.character_id", "entries.2.character_id"]
    assert order(campaign) == []


@pytest.mark.django_db(transaction=True)
def test_six_who_come_on_at_once_are_six() -> None:
    campaign = a_campaign()
    heroes = [a_character(campaign) for _ in range(6)]

    def entrance(hero: Character) -> Callable[[], object]:
        return lambda: roster.place(campaign.pk, hero.pk, actor=SYSTEM)

    at_once([entrance(hero) for hero in heroes])
    assert sorted(order(campaign)) == sorted(str(hero.pk) for hero in heroes)
    assert Event.objects.filter(campaign=campaign, type="roster_updated").count() == 6
