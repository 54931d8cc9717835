"""`/users/me` and `/preferences`: about oneself only."""

from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, Preferences, User
from accounts.operations import people
from tests.accounts.pages import send, text_of, visitor
from tests.api_client import Api, fields
from tests.factories import a_campaign, a_token, a_user

pytestmark = pytest.mark.django_db
DEFAULTS = {
    "theme": "auto",
    "column_widths_above": [30, 35, 35],
    "column_widths_below": [33, 33, 34],
    "textarea_heights": {},
    "locale": "en",
    "hp_animation": True,
}


@pytest.fixture
def noor() -> User:
    return people.create("noor", None, actor=SYSTEM, email="noor@example.org")


def test_me(noor: User) -> None:
    me = Api(noor).get("/users/me").json()
    assert me.pop("date_joined").endswith("Z")
    assert me == {
        "id": str(noor.pk),
        "username": "noor",
        "display_name": "",
        "avatar_url": "",
        "email": "noor@example.org",
        "has_password": False,
        "role": "member",
    }


def test_my_name_is_changed(noor: User) -> None:
    api = Api(noor)
    before = api.get("/users/me").headers["ETag"]
    assert api.patch("/users/me", {"display_name": " Noor of Lowmere "}).json()["display_name"] == "Noor of Lowmere"
    assert api.get("/users/me").headers["ETag"] != before
    entry = AuditEntry.objects.filter(action="account_changed").get()
    assert (entry.before, entry.after) == ({"display_name": ""}, {"display_name": "Noor of Lowmere"})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "admin"}, "role"),
        ({"is_superuser": True}, "is_superuser"),
        ({"email": "x@example.org"}, "email"),
        ({"username": "gm"}, "username"),
        ({"display_name": 5}, "display_name"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": "a\u202eb"}, "display_name"),
    ],
)
def test_nothing_else_of_me_is(noor: User, change: Any, field: str) -> None:
    response = Api(noor).patch("/users/me", change)
    assert response.status_code == 422
    assert list(fields(response)) == [field]
    noor.refresh_from_db()
    assert (noor.role, noor.is_superuser, noor.display_name) == ("member", False, "")


def test_defaults_before_anything_is_chosen(noor: User) -> None:
    assert Api(noor).get("/preferences").json() == DEFAULTS
    assert not Preferences.objects.exists()


def test_what_is_chosen_stays(noor: User) -> None:
    api = Api(noor)
    chosen = {
        "theme": "dark",
        "column_widths_above": [10, 20, 70],
        "column_widths_below": [70, 20, 10],
        "textarea_heights": {"history": 50, "notes-gm": 2000},
        "locale": "en-GB",
        "hp_animation": False,
    }
    for name, value in chosen.items():
        api.patch("/preferences", {name: value})
    assert api.get("/preferences").json() == chosen
    api.patch("/preferences", {"textarea_heights": {"history": None, "haven": 120}})
    assert api.get("/preferences").json()["textarea_heights"] == {"notes-gm": 2000, "haven": 120}
    assert Api(a_user()).get("/preferences").json() == DEFAULTS


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"theme": "sepia"}, "theme"),
        ({"column_widths_above": [33, 33, 33]}, "column_widths_above"),
        ({"column_widths_above": [50, 50]}, "column_widths_above"),
        ({"column_widths_above": [25, 25, 25, 25]}, "column_widths_above"),
        ({"column_widths_above": [9, 31, 60]}, "column_widths_above.0"),
        ({"column_widths_below": [71, 19, 10]}, "column_widths_below.0"),
        ({"column_widths_below": ["30", 35, 35]}, "column_widths_below.0"),
        ({"column_widths_below": [30.0, 35, 35]}, "column_widths_below.0"),
        ({"column_widths_below": [True, 35, 35]}, "column_widths_below.0"),
        ({"textarea_heights": {"history": 49}}, "textarea_heights.history"),
        ({"textarea_heights": {"history": 2001}}, "textarea_heights.history"),
        ({"textarea_heights": {"history": "80"}}, "textarea_heights.history"),
        ({"textarea_heights": {"A B": 80}}, "textarea_heights.A B"),
        ({"textarea_heights": []}, "textarea_heights"),
        ({"textarea_heights": {f"t{n}": 80 for n in range(201)}}, "textarea_heights"),
        ({"locale": "english!"}, "locale"),
        ({"hp_animation": 1}, "hp_animation"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_does_not_fit_is_refused(noor: User, change: Any, field: str) -> None:
    response = Api(noor).patch("/preferences", change)
    assert response.status_code == 422
    assert field in fields(response)
    assert Api(noor).get("/preferences").json() == DEFAULTS


@pytest.mark.parametrize("path", ["/users/me", "/preferences"])
def test_it_takes_a_person(path: str) -> None:
    token = a_token(a_campaign())[1]
    assert Api().get(path).status_code == 401
    assert Api().patch(path, {}).status_code == 401
    assert Api(token=token).get(path).status_code == 403
    assert Api(token=token).patch(path, {}).status_code == 403


def theme_on(page: Any) -> str:
    return page.content.decode().split('data-theme="')[1].split('"')[0]


def test_the_theme_of_the_person_wins_over_the_device_and_is_left_on_it(noor: User) -> None:
    client = visitor(noor)
    client.cookies["theme"] = "dark"
    assert theme_on(client.get("/campaigns")) == "dark"
    form = {"above_0": 30, "above_1": 35, "above_2": 35, "below_0": 33, "below_1": 33, "below_2": 34}
    saved = send(client, "/accounts/preferences", theme="light", **form)
    assert saved.status_code == 302
    assert saved.cookies["theme"].value == "light"
    client.cookies["theme"] = "dark"
    page = client.get("/campaigns")
    assert theme_on(page) == "light"
    assert 'data-hp-animation="off"' in page.content.decode()
    assert theme_on(visitor().get("/campaigns")) == "auto"


def test_the_page_refuses_widths_in_words(noor: User) -> None:
    client = visitor(noor)
    form = {"above_0": 30, "above_1": 30, "above_2": 30, "below_0": 5, "below_1": 33, "below_2": 34}
    page = text_of(send(client, "/accounts/preferences", theme="light", **form))
    assert "make 90 together" in page
    assert "greater than or equal to 10" in page
    assert not Preferences.objects.exists()


def test_dragged_heights_can_be_forgotten(noor: User) -> None:
    Api(noor).patch("/preferences", {"textarea_heights": {"history": 300}})
    client = visitor(noor)
    assert "Forget the heights" in text_of(client.get("/accounts/preferences"))
    form = {"above_0": 30, "above_1": 35, "above_2": 35, "below_0": 33, "below_1": 33, "below_2": 34}
    send(client, "/accounts/preferences", theme="auto", forget_heights="on", **form)
    assert Preferences.objects.get(user=noor).textarea_heights == {}


def test_the_name_is_changed_on_the_page(noor: User) -> None:
    client = visitor(noor)
    send(client, "/accounts/profile", display_name="Noor")
    assert "Noor" in text_of(client.get("/accounts/profile"))
    assert visitor().get("/accounts/profile")["Location"] == "/accounts/login?next=/accounts/profile"
