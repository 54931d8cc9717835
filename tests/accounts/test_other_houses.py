"""Signing in by Twitch and by Google: the same way as by Discord (test_discord.py), told in each house's own words."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as live
from social_django.models import UserSocialAuth

from accounts.actors import SYSTEM
from accounts.models import User
from accounts.operations import people
from tests.accounts.pages import is_signed_in, send, text_of, visitor
from tests.factories import PASSWORD
from tests.oauth_server import NOOR, OAuthServer, settings_for

pytestmark = pytest.mark.django_db
PICTURES = {"twitch": "https://static-cdn.jtvnw.net/n.png", "google": "https://lh3.googleusercontent.com/n"}
SCOPES = {"twitch": None, "google": "openid profile"}


@pytest.fixture(params=["twitch", "google"])
def house(request: pytest.FixtureRequest, settings: Any) -> Iterator[OAuthServer]:
    with OAuthServer(request.param) as house:
        for name, value in settings_for(house).items():
            setattr(settings, name, value)
        backend = f"accounts.providers.{house.name.title()}"
        settings.AUTHENTICATION_BACKENDS = [*live.AUTHENTICATION_BACKENDS, backend]
        yield house


def come(house: OAuthServer, client: Any, **fields: str) -> Any:
    response = send(client, f"/accounts/with/{house.name}", **fields)
    back = urlsplit(house.agree(house.question(response["Location"])))
    assert back.path == f"/accounts/with/{house.name}/complete"
    return client.get(f"{back.path}?{back.query}")


def test_who_comes_gets_an_account_and_is_known_again(house: OAuthServer) -> None:
    client = visitor()
    assert f"Go on with {house.name.title()}" in text_of(client.get("/accounts/login"))
    response = come(house, client, next="/campaigns")
    assert (response.status_code, response["Location"]) == (302, "/campaigns")
    user = User.objects.get()
    assert (user.username, user.display_name) == ("noor.tide", "Noor of the Tide")
    assert user.avatar_url == PICTURES[house.name]
    assert (user.email, user.has_usable_password(), user.is_staff) == ("", False, False)
    assert house.asked[0].get("scope") == SCOPES[house.name]
    again = visitor()
    house.guest |= {"username": "renamed", "email": "other@example.org"}
    come(house, again)
    assert again.session["_auth_user_id"] == str(user.pk)


def test_known_by_the_id_and_no_token_is_kept(house: OAuthServer) -> None:
    client = visitor()
    come(house, client)
    connection = UserSocialAuth.objects.get()
    assert (connection.provider, connection.uid, connection.extra_data) == (house.name, NOOR["id"], {})
    assert not any(token in str(dict(client.session.items())) for token in house.tokens)


@pytest.mark.parametrize("verified", [False, True])
def test_a22_an_address_of_somebody_here_opens_nothing(house: OAuthServer, verified: bool) -> None:
    staff = people.create("boss", PASSWORD, actor=SYSTEM, email=NOOR["email"], is_staff=True)
    UserSocialAuth.objects.create(user=staff, provider=house.name, uid=NOOR["email"])  # as other software keeps it
    house.guest["verified"] = verified
    client = visitor()
    come(house, client)
    assert client.session["_auth_user_id"] != str(staff.pk)
    assert User.objects.count() == 2


@pytest.mark.parametrize("step", ["/token", "/users/@me"])
@pytest.mark.parametrize(("mode", "status"), [("500", 424), ("html", 424), ("refuses", 400), ("a list", 424)])
def test_a23_a_house_that_fails(house: OAuthServer, step: str, mode: str, status: int) -> None:
    house.mode, house.fails_at = mode, step
    refused(house, status)


@pytest.mark.parametrize(("mode", "step"), [("no token", "/token"), ("no id", "/users/@me")])
def test_a23_a_house_that_tells_too_little(house: OAuthServer, mode: str, step: str) -> None:
    house.mode, house.fails_at = mode, step
    refused(house, 424)


@pytest.mark.parametrize("id_", [None, "", "a b", "\u0663", ["1"], "x" * 300])
def test_a23_an_id_that_is_none(house: OAuthServer, id_: Any) -> None:
    house.guest["id"] = id_
    refused(house, 424)


def refused(house: OAuthServer, status: int) -> None:
    client = visitor()
    response = come(house, client)
    assert response.status_code == status
    assert "Back to sign in" in text_of(response)
    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_a23_a_state_of_another_browser(house: OAuthServer) -> None:
    victim, attacker = visitor(), visitor()
    link = urlsplit(house.agree(house.question(send(attacker, f"/accounts/with/{house.name}")["Location"])))
    send(victim, f"/accounts/with/{house.name}")
    assert victim.get(f"{link.path}?{link.query}").status_code == 400
    assert not is_signed_in(victim)
