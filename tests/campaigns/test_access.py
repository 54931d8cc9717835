from collections.abc import Callable

import pytest

from accounts.actors import ANONYMOUS, SYSTEM, Actor
from campaigns import access
from campaigns.models import Campaign, Member, Visibility
from contract.refusals import NotAllowed, NotSignedIn, NotVisible
from tests.factories import Table, a_table, acting, at_table

pytestmark = pytest.mark.django_db

WHO: dict[str, Callable[[Table], Actor]] = {
    "anonymous": lambda t: ANONYMOUS,
    "gm": lambda t: acting(t.gm),
    "player": lambda t: acting(t.player),
    "viewer": lambda t: acting(t.viewer),
    "stranger": lambda t: acting(t.stranger),
    "rival": lambda t: acting(t.rival),
    "control": lambda t: at_table(t.campaign.tokens.get(kind="control")),
    "read": lambda t: at_table(t.campaign.tokens.get(kind="read")),
    "overlay": lambda t: at_table(t.campaign.tokens.get(kind="overlay")),
    "foreign": lambda t: at_table(t.rival_campaign.tokens.get(kind="control")),
    "system": lambda t: SYSTEM,
}
# sees a private campaign, manages it, owns it, is shown it as
RIGHTS = {
    "anonymous": (False, False, False, "viewer"),
    "gm": (True, True, True, "gm"),
    "player": (True, False, False, "viewer"),
    "viewer": (True, False, False, "viewer"),
    "stranger": (False, False, False, "viewer"),
    "rival": (False, False, False, "viewer"),
    "control": (True, True, False, "gm"),
    "read": (True, False, False, "gm"),
    "overlay": (True, False, False, "viewer"),
    "foreign": (False, False, False, "viewer"),
    "system": (True, True, True, "gm"),
}


def test_everybody_is_in_the_table() -> None:
    assert WHO.keys() == RIGHTS.keys()


@pytest.mark.parametrize("who", WHO)
def test_rights_on_a_private_campaign(who: str) -> None:
    table = a_table(visibility=Visibility.PRIVATE)
    actor, campaign = WHO[who](table), table.campaign
    found = (
        access.may_see(actor, campaign),
        access.may_manage(actor, campaign),
        access.may_own(actor, campaign),
        access.audience(actor, campaign),
    )
    assert found == RIGHTS[who]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.UNLISTED])
def test_an_open_campaign_is_seen_by_everybody(who: str, visibility: str) -> None:
    table = a_table(visibility=visibility)
    assert access.may_see(WHO[who](table), table.campaign)


@pytest.mark.parametrize("who", WHO)
def test_refusals_do_not_tell_that_a_private_campaign_exists(who: str) -> None:
    table = a_table(visibility=Visibility.PRIVATE)
    actor = WHO[who](table)
    sees, manages, *_ = RIGHTS[who]
    if manages:
        access.require_manage(actor, table.campaign)
        return
    refusal = NotSignedIn if actor.is_anonymous else NotAllowed if sees else NotVisible
    with pytest.raises(refusal):
        access.require_manage(actor, table.campaign)


@pytest.mark.parametrize("who", ["gm", "player", "stranger", "anonymous"])
@pytest.mark.parametrize("visibility", Visibility.values)
def test_lists_hold_what_is_public_and_what_is_one_s_own(who: str, visibility: str) -> None:
    table = a_table(visibility=visibility)
    listed = table.campaign in access.visible(WHO[who](table))
    assert listed == (visibility == Visibility.PUBLIC or who in {"gm", "player"})


def test_a_member_who_left_has_no_rights() -> None:
    table = a_table(visibility=Visibility.PRIVATE)
    Member.objects.filter(user=table.player).delete()
    assert not access.may_see(acting(table.player), table.campaign)


def test_a_deactivated_gm_has_no_rights() -> None:
    table = a_table(visibility=Visibility.PRIVATE)
    table.gm.is_active = False
    table.gm.save()
    assert not access.may_see(acting(table.gm), table.campaign)
    assert not access.managed(acting(table.gm)).exists()


def test_the_back_office_shows_own_campaigns_only() -> None:
    table = a_table()
    assert list(access.managed(acting(table.gm))) == [table.campaign]
    assert list(access.managed(acting(table.player))) == []
    table.stranger.is_superuser = True
    assert access.managed(acting(table.stranger)).count() == Campaign.objects.count()
