"""Teams over the API. Who may do what is in tests/contract/test_actors.py."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, TeamInvitation, User
from tests.api_client import Api, fields
from tests.factories import a_team, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return a_user("ada", email="ada@example.org", display_name="Ada")


@pytest.fixture
def api(ada: User) -> Iterator[Api]:
    yield Api(user=ada)


def invited(api: Api, team: Any, **fields: Any) -> dict[str, Any]:
    answer = api.post(f"/teams/{team.pk}/invitations", fields)
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_team_from_its_founding_to_its_end(api: Api) -> None:
    made = api.post("/teams", {"name": "The Lamplighters"}).json()
    assert (made["name"], made["role"]) == ("The Lamplighters", "owner")
    here = f"/teams/{made['id']}"
    assert api.patch(here, {"name": "The Wicks"}).json()["name"] == "The Wicks"
    assert [row["name"] for row in api.get("/teams").json()["results"]] == ["The Wicks"]
    assert api.delete(here).status_code == 204
    assert api.get(here).status_code == 404


def test_listed_are_the_own_teams_with_the_own_role(api: Api, ada: User) -> None:
    a_team()
    team = a_team(a_user(), editor=ada)
    assert [(row["id"], row["role"]) for row in api.get("/teams").json()["results"]] == [(str(team.pk), "editor")]


def test_an_invitation_is_shown_once_and_joins_once(api: Api, ada: User) -> None:
    team, noor = a_team(ada), a_user("noor")
    made = invited(api, team, role="editor")
    assert made["url"] == f"http://testserver/invitations#{made['token']}"
    listed = api.get(f"/teams/{team.pk}/invitations").json()["results"]
    assert [row["hint"] for row in listed] == [made["hint"]]
    assert made["token"] not in str(listed)

    welcome = Api(user=noor).post("/invitations/accept", {"token": made["token"]}).json()

    assert welcome == {
        "kind": "team",
        "id": str(team.pk),
        "name": team.name,
        "role": "editor",
        "url": f"/accounts/teams/{team.pk}",
    }
    again = Api(user=a_user()).post("/invitations/accept", {"token": made["token"]})
    assert again.status_code == 422
    assert fields(again).keys() == {"token"}


def test_a_repeated_request_does_not_show_the_secret_again(api: Api, ada: User) -> None:
    team = a_team(ada)
    for shown in (True, False):
        answer = api.post(f"/teams/{team.pk}/invitations", {"role": "viewer"}, Idempotency_Key="once").json()
        assert (answer["token"] is not None, answer["url"] is not None) == (shown, shown)
    assert TeamInvitation.objects.count() == 1


def test_an_invitation_by_name_is_for_one_person(api: Api, ada: User) -> None:
    team, noor = a_team(ada), a_user("noor")
    made = invited(api, team, username="noor")
    assert made["invited"] == "noor"
    assert Api(user=a_user()).post("/invitations/accept", {"token": made["token"]}).status_code == 422
    assert Api(user=noor).post("/invitations/accept", {"token": made["token"]}).status_code == 200


@pytest.mark.parametrize(
    ("body", "failing"),
    [
        ({"username": "nobody-here"}, {"username"}),
        ({"role": "king"}, {"role"}),
        ({"uses": 0}, {"uses"}),
        ({"uses": "5"}, {"uses"}),
        ({"expires_at": "2001-01-01T00:00:00Z"}, {"expires_at"}),
        ({"email": "a@b.example"}, {"email"}),
    ],
)
def test_refused_invitations(body: dict[str, Any], failing: set[str], api: Api, ada: User) -> None:
    answer = api.post(f"/teams/{a_team(ada).pk}/invitations", body)
    assert answer.status_code == 422
    assert fields(answer).keys() == failing


def test_a_revoked_invitation_is_gone(api: Api, ada: User) -> None:
    team = a_team(ada)
    made = invited(api, team)
    assert api.delete(f"/teams/{team.pk}/invitations/{made['id']}").status_code == 204
    assert api.get(f"/teams/{team.pk}/invitations").json()["count"] == 0
    assert Api(user=a_user()).post("/invitations/accept", {"token": made["token"]}).status_code == 422


def test_one_leaves_on_one_s_own(ada: User) -> None:
    team = a_team(a_user(), viewer=ada)
    assert Api(user=ada).delete(f"/teams/{team.pk}/members/{ada.pk}").status_code == 204
    assert Api(user=ada).get(f"/teams/{team.pk}").status_code == 404


def test_the_last_owner_does_not(api: Api, ada: User) -> None:
    team = a_team(ada)
    assert fields(api.delete(f"/teams/{team.pk}/members/{ada.pk}")).keys() == {"user_id"}
    assert fields(api.patch(f"/teams/{team.pk}/members/{ada.pk}", {"role": "viewer"})).keys() == {"role"}
    assert Membership.objects.get(team=team).role == "owner"


def test_a_foreign_team_and_none_at_all_answer_alike(api: Api) -> None:
    theirs, none = a_team(), "0b0e0c5a-2f0e-4a3c-9d6e-0d8a4c1b2f3e"
    for method, page, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", None),
        ("GET", "/members", None),
        ("POST", "/invitations", {}),
    ):
        answers = [api.send(method, f"/teams/{team}{page}", body) for team in (theirs.pk, none, "no-id")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


def test_people_are_found_by_their_whole_name_without_their_address(api: Api) -> None:
    noor = a_user("noor", email="noor@example.org", display_name="Noor")
    found = api.get("/users?username=noor").json()
    assert found["results"] == [{"id": str(noor.pk), "username": "noor", "display_name": "Noor", "avatar_url": ""}]
    for part in ("noo", "NOOR", "noor@example.org", "%", "*"):
        assert api.get("/users", {"username": part}).json()["count"] == 0
    assert api.get("/users").status_code == 422
    User.objects.filter(pk=noor.pk).update(is_active=False)
    assert api.get("/users?username=noor").json()["count"] == 0


def test_no_address_in_any_list(api: Api, ada: User) -> None:
    team = a_team(ada, viewer=a_user("noor", email="noor@example.org"))
    for path in ("/teams", f"/teams/{team.pk}", f"/teams/{team.pk}/members", f"/teams/{team.pk}/invitations"):
        assert "@example.org" not in api.get(path).content.decode()


def test_nobody_without_a_sign_in() -> None:
    assert Client().get("/api/v1/teams").status_code == 401
