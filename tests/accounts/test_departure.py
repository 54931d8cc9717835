"""Taking all that is kept about oneself, and leaving."""

import json
from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, Membership, Team, TeamRole, User
from accounts.operations import people, preferences
from campaigns.models import Campaign, Event, Member
from campaigns.operations import campaigns
from characters.models import Character
from tests.accounts.pages import is_signed_in, send, text_of, visitor
from tests.factories import PASSWORD, a_campaign, a_character, a_member, a_user, acting, on_stage

pytestmark = pytest.mark.django_db
DELETE = "/accounts/data/delete"


@pytest.fixture
def noor() -> User:
    return people.create("noor", PASSWORD, actor=SYSTEM, email="noor@example.org")


def downloaded(user: User) -> Any:
    response = visitor(user).get("/accounts/data/download")
    assert response["Content-Disposition"] == f'attachment; filename="troupe-{user.username}.json"'
    return json.loads(response.content)


def delete(user: User, **fields: str) -> Any:
    client = visitor(user)
    return client, send(client, DELETE, **{"username": user.username, "current_password": PASSWORD, **fields})


def test_the_download_holds_all_and_nobody_else(noor: User) -> None:
    campaign = a_campaign(name="The Drowned Bell")
    a_member(campaign, user=noor)
    mine, other = a_character(campaign, name="Isaura", player=noor), a_character(campaign, name="Bram", player=a_user())
    on_stage(campaign, mine, other)
    own = a_campaign(owner=noor, name="Quiet Season")
    preferences.update(noor, {"theme": "dark"}, actor=acting(noor))
    document = downloaded(noor)
    assert document["account"]["email"] == "noor@example.org"
    assert document["account"]["preferences"]["theme"] == "dark"
    assert [each["name"] for each in document["campaigns"]["owned"]] == [own.name]
    assert "The Drowned Bell" in [each["campaign__name"] for each in document["campaigns"]["member_of"]]
    assert [each["name"] for each in document["characters"]] == ["Isaura"]
    assert "preferences_changed" in [each["action"] for each in document["deeds"]]
    assert "Bram" not in json.dumps(document)
    assert noor.password not in json.dumps(document)


def test_nobody_but_oneself_downloads() -> None:
    assert visitor().get("/accounts/data/download").status_code == 302


def test_the_page_says_what_goes_and_what_stays_before(noor: User) -> None:
    campaign = a_campaign()
    a_character(campaign, player=noor)
    page = text_of(visitor(noor).get(DELETE))
    for said in ("This goes", "API keys", "This stays", "audit trail", "ledgers of campaigns", "that you play stay"):
        assert said in page


def test_leaving(noor: User) -> None:
    campaign = a_campaign()
    a_member(campaign, user=noor)
    hero = a_character(campaign, player=noor)
    alone = Team.objects.create(name="Alone")
    Membership.objects.create(team=alone, user=noor, role=TeamRole.OWNER)
    together = Team.objects.create(name="Together")
    for user, role in ((noor, TeamRole.VIEWER), (a_user(), TeamRole.OWNER)):
        Membership.objects.create(team=together, user=user, role=role)
    other_tab = visitor(noor)
    client, response = delete(noor)
    assert "The account is gone" in text_of(response)
    assert not is_signed_in(client)
    assert not is_signed_in(other_tab)
    assert not User.objects.filter(username="noor").exists()
    assert list(Team.objects.values_list("name", flat=True)) == ["Together"]
    assert not Member.objects.filter(campaign=campaign, user_id=noor.pk).exists()
    hero = Character.objects.get(pk=hero.pk)
    assert hero.player is None
    entry = AuditEntry.objects.get(action="account_deleted")
    assert (entry.actor_id, entry.subject_name) == (noor.pk, "noor")


def test_the_ledger_keeps_the_name(noor: User) -> None:
    campaign = a_campaign()
    a_member(campaign, role="gm", user=noor)
    campaigns.update(campaign.pk, {"description": "By night."}, actor=acting(noor))
    delete(noor)
    event = Event.objects.filter(campaign=campaign).latest("seq")
    assert (event.actor, event.actor_name) == (None, "noor")


@pytest.mark.parametrize("field", ["username", "current_password"])
def test_it_takes_name_and_password(noor: User, field: str) -> None:
    client, response = delete(noor, **{field: "not-it-at-all"})
    assert response.status_code == 200
    assert is_signed_in(client)
    assert User.objects.filter(pk=noor.pk).exists()


def owns_a_campaign(user: User) -> None:
    a_campaign(owner=user, name="Quiet Season")


def owns_a_team(user: User) -> None:
    team = Team.objects.create(name="Lanterns")
    Membership.objects.create(team=team, user=user, role=TeamRole.OWNER)
    Membership.objects.create(team=team, user=a_user(), role=TeamRole.EDITOR)


def administers_alone(user: User) -> None:
    user.is_superuser = user.is_staff = True
    user.save()


@pytest.mark.parametrize(
    ("given", "told"),
    [(owns_a_campaign, "Quiet Season"), (owns_a_team, "Lanterns"), (administers_alone, "only administrator")],
)
def test_some_things_have_to_be_settled_first(noor: User, given: Any, told: str) -> None:
    given(noor)
    client = visitor(noor)
    page = text_of(client.get(DELETE))
    assert told in page
    assert "Delete my account" not in page
    assert told in text_of(send(client, DELETE, username="noor", current_password=PASSWORD))
    assert User.objects.filter(pk=noor.pk).exists()
    assert is_signed_in(client)


def test_an_administrator_among_others_may_go(noor: User) -> None:
    administers_alone(noor)
    a_user(is_superuser=True)
    delete(noor)
    assert not User.objects.filter(pk=noor.pk).exists()
    assert Campaign.objects.count() == 0
