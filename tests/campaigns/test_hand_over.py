"""A campaign is handed over by its owner to another of its game masters."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry, User
from accounts.operations import people
from campaigns.models import Campaign, Member, Role
from campaigns.operations import campaigns, members
from contract.refusals import Invalid, NotAllowed, Refusal
from tests.accounts.pages import text_of, wait_for_post
from tests.back_office import signed_in, told
from tests.factories import a_campaign, a_member, a_table, a_token, a_user, acting, an_api_key, at_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(owner=people.create("ada", None, actor=SYSTEM, email="ada@example.org"), name="Low Tide")


@pytest.fixture
def heir(campaign: Campaign) -> User:
    noor = people.create("noor", None, actor=SYSTEM, email="noor@example.org")
    return a_member(campaign, Role.GM, noor).user


def owner_of(campaign: Campaign) -> User:
    return Campaign.objects.get(pk=campaign.pk).owner


def address(campaign: Campaign) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/hand-over/"


def test_another_gm_becomes_the_owner_and_the_first_stays_a_gm(campaign: Campaign, heir: User) -> None:
    giver = campaign.owner
    members.hand_over(campaign.pk, heir.pk, actor=acting(giver))
    assert owner_of(campaign) == heir
    assert Member.objects.get(campaign=campaign, user=giver).role == Role.GM
    members.remove(campaign, giver.pk, actor=acting(heir))
    with pytest.raises(Invalid):
        members.remove(campaign, heir.pk, actor=SYSTEM)


def test_the_audit_trail_tells(campaign: Campaign, heir: User) -> None:
    members.hand_over(campaign.pk, heir.pk, actor=acting(campaign.owner))
    entry = AuditEntry.objects.get(action="campaign_handed_over")
    assert (entry.campaign_id, entry.before, entry.after) == (campaign.pk, {"owner": "ada"}, {"owner": "noor"})


def test_both_are_told_once_it_is_so(campaign: Campaign, heir: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        members.hand_over(campaign.pk, heir.pk, actor=acting(campaign.owner))
        assert mail.outbox == []
    wait_for_post()
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert letters.keys() == {"ada@example.org", "noor@example.org"}
    assert "It is yours now" in letters["noor@example.org"]
    assert "You stay a game master" in letters["ada@example.org"]
    assert {letter.subject for letter in mail.outbox} == {'"Low Tide" has a new owner'}


def test_who_has_no_address_gets_no_letter(campaign: Campaign, django_capture_on_commit_callbacks: Any) -> None:
    silent = a_member(campaign, Role.GM).user
    with django_capture_on_commit_callbacks(execute=True):
        members.hand_over(campaign.pk, silent.pk, actor=acting(campaign.owner))
    wait_for_post()
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"]]


def by_co_gm(campaign: Campaign, heir: User) -> Actor:
    return acting(heir)


def by_token(campaign: Campaign, heir: User) -> Actor:
    return at_table(a_token(campaign)[0])


def by_key(campaign: Campaign, heir: User) -> Actor:
    key = an_api_key(campaign.owner)[0]
    return Actor(user=campaign.owner, via="api-key", key_id=key.pk, scopes=frozenset(key.scopes))


@pytest.mark.parametrize("actor", [by_co_gm, by_token, by_key])
def test_only_the_owner_in_person_does_it(campaign: Campaign, heir: User, actor: Any) -> None:
    with pytest.raises(NotAllowed):
        members.hand_over(campaign.pk, heir.pk, actor=actor(campaign, heir))
    assert owner_of(campaign) == campaign.owner


def test_an_administrator_does_it_for_an_owner_who_is_gone(campaign: Campaign, heir: User) -> None:
    people.update(campaign.owner, {"is_active": False}, actor=SYSTEM)
    members.hand_over(campaign.pk, heir.pk, actor=acting(a_user(is_superuser=True)))
    assert owner_of(campaign) == heir


@pytest.mark.parametrize("role", [Role.PLAYER, Role.VIEWER, "stranger", "owner", "locked out"])
def test_only_another_active_gm_gets_it(campaign: Campaign, role: str) -> None:
    user = campaign.owner if role == "owner" else a_user(is_active=role != "locked out")
    if role not in ("stranger", "owner"):
        a_member(campaign, role if role in Role.values else Role.GM, user)
    with pytest.raises(Invalid):
        members.hand_over(campaign.pk, user.pk, actor=acting(campaign.owner))
    assert not AuditEntry.objects.filter(action="campaign_handed_over").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_goes_through(campaign: Campaign, heir: User) -> None:
    other, barrier, refused = a_member(campaign, Role.GM).user, Barrier(2), []

    def give(to: User) -> None:
        barrier.wait()
        try:
            members.hand_over(campaign.pk, to.pk, actor=acting(campaign.owner))
        except Refusal as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=give, args=(user,)) for user in (heir, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert owner_of(campaign) in (heir, other)


class TestThePage:
    def test_it_says_what_changes_and_does_it(self, campaign: Campaign, heir: User) -> None:
        client = signed_in(campaign.owner)
        a_member(campaign, Role.PLAYER, a_user("pimpernel"))
        assert address(campaign) in client.get(address(campaign).replace("hand-over", "people")).content.decode()
        shown = text_of(client.get(address(campaign)))
        assert "You stay a game master" in shown
        assert "noor" in shown
        assert "pimpernel" not in shown
        answer: Any = client.post(address(campaign), {"user": str(heir.pk)}, follow=True)
        assert told(answer) == "Low Tide belongs to noor now."
        assert owner_of(campaign) == heir

    @pytest.mark.parametrize("choice", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_no_choice_changes_nothing(self, campaign: Campaign, heir: User, choice: str) -> None:
        page: Any = signed_in(campaign.owner).post(address(campaign), {"user": choice})
        assert page.status_code == 200
        assert told(page).startswith("Choose")
        assert owner_of(campaign) == campaign.owner

    def test_without_another_gm_it_says_what_to_do(self, campaign: Campaign) -> None:
        assert "there is no other" in text_of(signed_in(campaign.owner).get(address(campaign)))

    def test_another_gm_is_refused_and_a_rival_finds_nothing(self, campaign: Campaign, heir: User) -> None:
        assert signed_in(heir).get(address(campaign)).status_code == 403
        assert signed_in(heir).post(address(campaign), {"user": str(heir.pk)}).status_code == 403
        assert address(campaign) not in signed_in(heir).get(f"{address(campaign)[:-10]}people/").content.decode()
        assert signed_in(a_table().rival).get(address(campaign)).status_code == 404


def test_who_leaves_is_told_to_hand_over_first(campaign: Campaign, heir: User) -> None:
    from accounts.personal import obstacles

    assert any("hand it over" in sentence for sentence in obstacles(campaign.owner))
    members.hand_over(campaign.pk, heir.pk, actor=acting(campaign.owner))
    assert list(obstacles(campaign.owner)) == []
    campaigns.delete(campaign.pk, actor=SYSTEM)
