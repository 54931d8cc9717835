from collections.abc import Callable

import pytest

from accounts.actors import SYSTEM
from accounts.models import User
from campaigns.models import Campaign, Visibility
from campaigns.operations import campaigns
from characters.models import Character
from characters.operations import lifecycle, roster, vitals


@pytest.fixture
def gm(transactional_db: None) -> User:
    return User.objects.create_user("mira", password="pw")


@pytest.fixture
def campaign(gm: User) -> Campaign:
    return campaigns.create(gm, actor=SYSTEM, name="Saltmarsh Nights", slug="saltmarsh")


@pytest.fixture
def private(gm: User) -> Campaign:
    return campaigns.create(gm, actor=SYSTEM, name="The Closed Table", slug="closed", visibility=Visibility.PRIVATE)


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    """On stage with 500 of 500 hit points; seq is 2 then."""
    made = lifecycle.create(campaign, actor=SYSTEM, name="Isaura Vane", stats={"hp": {"max": 500}})
    roster.set_roster(campaign.pk, [(made.pk, "")], actor=SYSTEM)
    return made


@pytest.fixture
def wound(campaign: Campaign, hero: Character) -> Callable[..., int]:
    """`wound()` takes one hit point; returns the new seq."""

    def strike(amount: int = 1) -> int:
        return vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-amount).seq

    return strike
