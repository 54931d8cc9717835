"""Pages of teams and invitations, as a browser without scripts uses them."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import tokens
from accounts.actors import SYSTEM
from accounts.models import Membership, Team, TeamInvitation, User
from accounts.operations import teams
from tests.back_office import signed_in
from tests.factories import PASSWORD, a_team, a_user

pytestmark = pytest.mark.django_db

LOOK, OPEN = "/invitations", "/invitations/open"


@pytest.fixture
def ada() -> User:
    return a_user("ada", display_name="Ada")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


def page(team: Team, name: str = "team", *more: Any) -> str:
    return reverse(f"accounts:{name}", args=(team.pk, *more))


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_a_team_is_founded(client: Client, ada: User) -> None:
    answer = client.post("/accounts/teams", {"name": "The Lamplighters"})
    team = Team.objects.get(memberships__user=ada)
    assert answer["Location"] == page(team)
    assert "The Lamplighters" in text_of(client.get("/accounts/teams"))
    assert client.post("/accounts/teams", {"name": " "}).status_code == 422


def test_who_is_in_no_team_is_told_what_one_is_for(client: Client) -> None:
    assert "You are in no team yet" in text_of(client.get("/accounts/teams"))


def test_an_invitation_is_made_shown_once_and_withdrawn(client: Client, ada: User) -> None:
    team = a_team(ada)
    made = text_of(client.post(page(team, "team_invite"), {"role": "editor", "uses": "5", "days": "30"}))
    row = TeamInvitation.objects.get()
    assert "http://testserver/invitations#trp_teaminvite_" in made
    assert (row.role, row.uses_left, row.created_by) == ("editor", 5, ada)
    assert "invitations#trp_" not in text_of(client.get(page(team)))
    client.post(page(team, "team_revoke", row.pk))
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_somebody_is_invited_by_name_and_joins_from_the_own_page(client: Client, ada: User) -> None:
    team, noor = a_team(ada), a_user("noor")
    assert (
        client.post(page(team, "team_invite"), {"role": "viewer", "username": "nobody", "days": "7"}).status_code == 422
    )
    client.post(page(team, "team_invite"), {"role": "viewer", "username": "noor", "days": "7"})
    row = TeamInvitation.objects.get()
    accepting = reverse("accounts:accept_invitation", args=(row.pk,))
    theirs = signed_in(noor)
    assert team.name in text_of(theirs.get("/accounts/teams"))
    assert signed_in(a_user()).post(accepting).status_code == 404
    assert theirs.post(accepting)["Location"] == page(team)
    assert team.memberships.get(user=noor).role == "viewer"


def test_roles_change_and_members_go(client: Client, ada: User) -> None:
    noor = a_user("noor")
    team = a_team(ada, viewer=noor)
    client.post(page(team, "team_role", noor.pk), {"role": "editor"})
    assert team.memberships.get(user=noor).role == "editor"
    client.post(page(team, "team_remove", noor.pk))
    assert not team.memberships.filter(user=noor).exists()
    assert "not in the team any more" in text_of(client.post(page(team, "team_remove", noor.pk), follow=True))


def test_a_team_is_handed_over_and_left(client: Client, ada: User) -> None:
    noor = a_user("noor")
    team = a_team(ada, viewer=noor)
    assert teams.LAST_OWNER in text_of(client.post(page(team, "team_leave"), follow=True))
    client.post(page(team, "team_hand_over", noor.pk))
    assert team.memberships.get(user=noor).role == "owner"
    assert client.post(page(team, "team_leave"))["Location"] == "/accounts/teams"
    assert not team.memberships.filter(user=ada).exists()


def test_a_team_is_renamed_and_deleted(client: Client, ada: User) -> None:
    team = a_team(ada)
    client.post(page(team, "team_rename"), {"name": "The Wicks"})
    assert "The Wicks" in text_of(client.get(page(team)))
    assert "no way back" in text_of(client.get(page(team, "team_delete")))
    assert Team.objects.filter(pk=team.pk).exists()
    client.post(page(team, "team_delete"))
    assert not Team.objects.filter(pk=team.pk).exists()


OWNERS_ONLY = (
    ("team_rename", ()),
    ("team_invite", ()),
    ("team_role", (1,)),
    ("team_remove", (1,)),
    ("team_delete", ()),
)


@pytest.mark.parametrize(("name", "more"), OWNERS_ONLY)
def test_who_may_do_it(name: str, more: tuple[Any, ...], ada: User) -> None:
    noor = a_user()
    team = a_team(ada, editor=noor)
    address = page(team, name, *(ada.pk for _ in more))
    data = {"name": "Mine", "role": "viewer", "days": "7"}
    before = list(Membership.objects.order_by("pk").values())

    assert signed_in(noor).post(address, data).status_code == 403
    assert signed_in(a_user()).post(address, data).status_code == 404
    assert Client().post(address, data)["Location"].startswith("/accounts/login")

    assert list(Membership.objects.order_by("pk").values()) == before
    assert Team.objects.get().name == team.name
    assert not TeamInvitation.objects.filter(created_by=noor).exists()


def test_editors_are_not_shown_what_they_may_not_do(ada: User) -> None:
    noor = a_user()
    shown = text_of(signed_in(noor).get(page(a_team(ada, editor=noor))))
    assert "Leave the team" in shown
    assert "Invite somebody" not in shown
    assert "Delete the team" not in shown


class TestLink:
    def invited(self, **more: Any) -> tuple[Team, str]:
        team = a_team()
        return team, teams.invite(team.pk, "viewer", actor=SYSTEM, **more)[1]

    @pytest.mark.parametrize("form", ["{}", " {} ", "http://testserver/invitations#{}"])
    def test_the_code_or_the_whole_link_will_do(self, form: str, client: Client, ada: User) -> None:
        team, text = self.invited()
        assert client.post(LOOK, {"token": form.format(text)})["Location"] == OPEN
        assert team.name in text_of(client.get(OPEN))
        assert client.post(OPEN)["Location"] == page(team)
        assert team.memberships.get(user=ada).role == "viewer"
        assert client.get(OPEN).status_code == 404

    def test_who_is_signed_out_signs_in_and_lands_back(self, ada: User) -> None:
        team, text = self.invited()
        client = Client()
        client.post(LOOK, {"token": text})
        shown = text_of(client.get(OPEN))
        assert team.name in shown
        assert "/accounts/login?next=/invitations/open" in shown
        assert client.post(OPEN)["Location"] == OPEN
        answer = client.post("/accounts/login", {"username": "ada", "password": PASSWORD, "next": OPEN})
        assert answer["Location"] == OPEN
        assert client.post(OPEN)["Location"] == page(team)
        assert team.memberships.filter(user=ada).exists()

    def test_the_secret_is_stored_nowhere(self, client: Client) -> None:
        _team, text = self.invited()
        answer = client.post(LOOK, {"token": text})
        kept = [session.get_decoded() for session in Session.objects.all()]
        assert tokens.digest(text) in str(kept)
        assert text not in str(kept) + str(answer.headers) + text_of(client.get(OPEN))

    @pytest.mark.parametrize("text", ["", "hello", "trp_teaminvite_short", "x" * 300])
    def test_what_is_no_invitation_is_refused(self, text: str, client: Client) -> None:
        assert client.post(LOOK, {"token": text}).status_code == 422

    def test_unknown_used_up_and_withdrawn_look_the_same(self, client: Client) -> None:
        team, used = self.invited()
        client.post(LOOK, {"token": used})
        client.post(OPEN, follow=True)
        seen = []
        for text in (used, tokens.mint(teams.TOKEN_KIND)):
            assert client.post(LOOK, {"token": text})["Location"] == OPEN
            answer = client.get(OPEN)
            assert answer.status_code == 404
            seen.append(text_of(answer))
        assert team.name not in seen[0]
        assert "does not work" in seen[0]

    def test_an_invitation_for_somebody_else_does_not_open(self, client: Client, ada: User) -> None:
        team, text = self.invited(invited=a_user())
        client.post(LOOK, {"token": text})
        assert client.post(OPEN).status_code == 422
        assert not team.memberships.filter(user=ada).exists()

    def test_the_page_asks_for_nothing_from_elsewhere(self, client: Client) -> None:
        answer = client.get(LOOK)
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
