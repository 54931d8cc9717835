"""Signing in by Discord, end to end against a house of our own on loopback."""

import logging
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as live
from django.test import Client
from social_django.models import UserSocialAuth

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, User
from accounts.operations import people, two_factor
from tests.accounts.pages import is_signed_in, send, sign_in, text_of, visitor
from tests.accounts.test_second_step import code_of
from tests.factories import PASSWORD, a_user
from tests.oauth_server import NOOR, OAuthServer, settings_for

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/with/discord"
BACK = "/accounts/with/discord/complete"


@pytest.fixture
def house(settings: Any) -> Iterator[OAuthServer]:
    with OAuthServer() as house:
        for name, value in settings_for(house).items():
            setattr(settings, name, value)
        settings.AUTHENTICATION_BACKENDS = [*live.AUTHENTICATION_BACKENDS, "accounts.providers.Discord"]
        yield house


def asked_of(house: OAuthServer, client: Client, **fields: str) -> dict[str, str]:
    """What we ask the house for when somebody presses the button."""
    response = send(client, BEGIN, **fields)
    assert response.status_code == 302
    return house.question(response["Location"])


def path_of(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}"


def come_by_discord(house: OAuthServer, client: Client, **fields: str) -> Any:
    return client.get(path_of(house.agree(asked_of(house, client, **fields))))


def test_who_comes_for_the_first_time_gets_an_account(house: OAuthServer) -> None:
    client = visitor()
    assert "Go on with Discord" in text_of(client.get("/accounts/login"))
    response = come_by_discord(house, client, next="/campaigns")
    assert (response.status_code, response["Location"]) == (302, "/campaigns")
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.username, user.display_name) == ("noor.tide", "Noor of the Tide")
    assert user.avatar_url == f"https://cdn.discordapp.com/avatars/{NOOR['id']}/{NOOR['avatar']}.png?size=128"
    assert (user.email, user.has_usable_password(), user.is_staff) == ("", False, False)
    assert house.asked[0]["scope"] == "identify"


def test_tokens_of_the_house_are_not_kept(house: OAuthServer) -> None:
    client = visitor()
    come_by_discord(house, client)
    connection = UserSocialAuth.objects.get()
    assert (connection.uid, connection.extra_data) == (NOOR["id"], {})
    session = str(dict(client.session.items()))
    assert not any(token in session for token in house.tokens)
    assert not any(token in str(list(AuditEntry.objects.values())) for token in house.tokens)


def test_who_comes_again_is_the_same(house: OAuthServer) -> None:
    come_by_discord(house, visitor())
    User.objects.update(display_name="My own name")
    house.guest |= {"username": "renamed", "global_name": "Renamed", "avatar": None}
    client = visitor()
    come_by_discord(house, client)
    user = User.objects.get()
    assert is_signed_in(client)
    assert (user.username, user.display_name) == ("noor.tide", "My own name")


def test_the_session_gets_a_new_key(house: OAuthServer) -> None:
    client = visitor()
    asked = asked_of(house, client)
    before = client.session.session_key
    client.get(path_of(house.agree(asked)))
    assert client.session.session_key != before


@pytest.mark.parametrize("verified", [False, True])
def test_an_address_of_somebody_here_opens_nothing(house: OAuthServer, verified: bool) -> None:
    staff = people.create("boss", PASSWORD, actor=SYSTEM, email=NOOR["email"], is_staff=True)
    house.guest["verified"] = verified
    client = visitor()
    come_by_discord(house, client)
    assert client.session["_auth_user_id"] != str(staff.pk)
    assert User.objects.count() == 2
    assert not UserSocialAuth.objects.filter(user=staff).exists()


def test_nobody_is_found_by_an_address() -> None:
    assert not any("email" in step for step in live.SOCIAL_AUTH_PIPELINE)
    assert not any("load_extra_data" in step for step in live.SOCIAL_AUTH_PIPELINE)


@pytest.mark.parametrize(("taken", "given"), [("noor.tide", "noor.tide-2"), ("NOOR.TIDE", "noor.tide-2")])
def test_a_taken_name_gets_a_number(house: OAuthServer, taken: str, given: str) -> None:
    a_user(taken)
    come_by_discord(house, visitor())
    assert UserSocialAuth.objects.get().user.username == given


@pytest.mark.parametrize("name", ["admin", "", "\u202e", "x" * 200, None, 5])
def test_whatever_the_house_calls_somebody_there_is_a_name(house: OAuthServer, name: Any) -> None:
    house.guest |= {"username": name, "global_name": "a\u202eb", "avatar": "../../evil"}
    come_by_discord(house, visitor())
    user = User.objects.get()
    assert 3 <= len(user.username) <= 30
    assert user.username != "admin"
    assert (user.display_name, user.avatar_url) == ("", "")


def nothing_happened(client: Client, response: Any, status: int = 400) -> None:
    assert response.status_code == status
    page = response.content.decode()
    assert "Traceback" not in page
    assert "<b>no</b>" not in page
    assert "Back to sign in" in text_of(response)
    assert not is_signed_in(client)
    assert not User.objects.exists()


def test_who_declines_comes_back_to_a_page(house: OAuthServer) -> None:
    client = visitor()
    response = client.get(path_of(house.decline(asked_of(house, client))))
    nothing_happened(client, response)
    assert "You went back" in text_of(response)


@pytest.mark.parametrize("step", ["/token", "/users/@me"])
@pytest.mark.parametrize(
    ("mode", "status"),
    [("500", 424), ("html", 424), ("refuses", 400), ("a list", 424)],
)
def test_a_house_that_fails(house: OAuthServer, step: str, mode: str, status: int) -> None:
    house.mode, house.fails_at = mode, step
    client = visitor()
    nothing_happened(client, come_by_discord(house, client), status)


@pytest.mark.parametrize(("mode", "step"), [("no token", "/token"), ("no id", "/users/@me")])
def test_a_house_that_tells_too_little(house: OAuthServer, mode: str, step: str) -> None:
    house.mode, house.fails_at = mode, step
    client = visitor()
    nothing_happened(client, come_by_discord(house, client), 424)


def test_a_house_that_hangs_is_waited_for_ten_seconds_at_most(house: OAuthServer, settings: Any) -> None:
    assert settings.SOCIAL_AUTH_REQUESTS_TIMEOUT * 2 <= 10
    settings.SOCIAL_AUTH_REQUESTS_TIMEOUT = 0.3
    house.mode = "hangs"
    client, begun = visitor(), time.monotonic()
    response = come_by_discord(house, client)
    assert time.monotonic() - begun < 20  # the house itself holds out for thirty
    nothing_happened(client, response, 424)


def test_a_house_that_is_gone(house: OAuthServer) -> None:
    client = visitor()
    back = path_of(house.agree(asked_of(house, client)))
    house.server.shutdown()
    house.server.server_close()
    nothing_happened(client, client.get(back), 424)


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=", "?code=x&state=made-up", "?state=" + "x" * 500])
def test_coming_back_without_having_left(house: OAuthServer, query: str) -> None:
    client = visitor()
    nothing_happened(client, client.get(BACK + query))
    asked_of(house, client)
    nothing_happened(client, client.get(BACK + query))


def test_the_state_of_another_browser_opens_nothing(house: OAuthServer) -> None:
    """Login CSRF: a link that would sign the victim in as the attacker."""
    attacker, victim = visitor(), visitor()
    link = path_of(house.agree(asked_of(house, attacker)))
    asked_of(house, victim)
    nothing_happened(victim, victim.get(link))


def test_a_code_and_a_state_work_once(house: OAuthServer) -> None:
    client = visitor()
    link = path_of(house.agree(asked_of(house, client)))
    assert client.get(link).status_code == 302
    assert client.get(link).status_code == 400
    other = visitor()
    asked = asked_of(house, other)
    used = link.split("code=")[1].split("&")[0]
    response = other.get(f"{BACK}?code={used}&state={asked['state']}")
    assert response.status_code == 400
    assert not is_signed_in(other)
    assert User.objects.count() == 1


def test_it_is_begun_by_a_form_of_ours_only(house: OAuthServer) -> None:
    assert visitor().get(BEGIN).status_code == 405
    assert Client(enforce_csrf_checks=True).post(BEGIN).status_code == 403
    assert visitor().post(BACK).status_code in (403, 405)


@pytest.mark.parametrize("wanted", ["//evil.example", "https:evil.example", "/\\evil.example", "%2f%2fevil.example"])
def test_the_way_on_stays_on_this_site(house: OAuthServer, wanted: str) -> None:
    assert come_by_discord(house, visitor(), next=wanted)["Location"] == "/"


def test_the_house_is_told_the_address_that_people_know(house: OAuthServer, settings: Any) -> None:
    assert asked_of(house, visitor())["redirect_uri"] == f"http://testserver{BACK}"
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client = visitor()
    answer = client.post(BEGIN, {"csrfmiddlewaretoken": "c" * 32}, headers=forged)
    assert house.question(answer["Location"])["redirect_uri"] == f"http://testserver{BACK}"
    settings.TROUPE_BASE_URL = "https://troupe.example"
    assert asked_of(house, visitor())["redirect_uri"] == f"https://troupe.example{BACK}"


def test_somebody_locked_out_stays_out(house: OAuthServer) -> None:
    come_by_discord(house, visitor())
    people.update(User.objects.get(), {"is_active": False}, actor=SYSTEM)
    client = visitor()
    response = come_by_discord(house, client)
    assert response.status_code == 403
    assert "closed" in text_of(response)
    assert not is_signed_in(client)


def test_the_second_step_is_asked_for_here_too(house: OAuthServer) -> None:
    come_by_discord(house, visitor())
    user = User.objects.get()
    two_factor.begin(user)
    assert two_factor.confirm(user, code_of(user), actor=SYSTEM)
    client = visitor()
    response = come_by_discord(house, client, next="/campaigns")
    assert response["Location"] == "/accounts/login/code"
    assert not is_signed_in(client)
    user.two_factor.refresh_from_db()
    done = send(client, "/accounts/login/code", code=code_of(user, 1))
    assert done["Location"] == "/campaigns"
    assert is_signed_in(client)


def test_connecting_while_signed_in(house: OAuthServer) -> None:
    user = a_user()
    client = visitor(user)
    assert "Not connected" in text_of(client.get("/accounts/connections"))
    response = come_by_discord(house, client, connect="1")
    assert response["Location"] == "/accounts/connections"
    assert "Signs you in since" in text_of(client.get("/accounts/connections"))
    user.refresh_from_db()
    assert user.display_name == "Noor of the Tide"
    assert AuditEntry.objects.get(action="account_connected").after == {"provider": "discord"}
    again = visitor()
    come_by_discord(house, again)
    assert again.session["_auth_user_id"] == str(user.pk)


def test_who_is_signed_in_does_not_connect_by_mistake(house: OAuthServer) -> None:
    client = visitor(a_user())
    assert send(client, BEGIN)["Location"] == "/accounts/connections"
    outside = visitor()
    asked = asked_of(house, outside)
    sign_in(outside, a_user("other").username)
    response = outside.get(path_of(house.agree(asked)))
    assert response.status_code == 400
    assert not UserSocialAuth.objects.exists()


def test_a_connection_of_somebody_else_stays_theirs(house: OAuthServer) -> None:
    come_by_discord(house, visitor())
    client = visitor(a_user())
    response = come_by_discord(house, client, connect="1")
    assert response.status_code == 409
    assert "belongs to somebody else" in text_of(response)
    assert UserSocialAuth.objects.get().user.username == "noor.tide"


def test_the_last_way_in_is_not_given_up(house: OAuthServer) -> None:
    client = visitor()
    come_by_discord(house, client)
    send(client, "/accounts/connections/discord/disconnect")
    assert "only way in" in text_of(client.get("/accounts/connections"))
    assert UserSocialAuth.objects.exists()
    send(client, "/accounts/security/password", new_password="the tide is late tonight")
    send(client, "/accounts/connections/discord/disconnect")
    assert "does not sign you in any more" in text_of(client.get("/accounts/connections"))
    assert not UserSocialAuth.objects.exists()
    assert AuditEntry.objects.get(action="account_disconnected").before == {"provider": "discord"}


def test_the_log_names_the_failure_and_nothing_that_was_sent(
    house: OAuthServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    house.mode = "500"
    client = visitor()
    link = path_of(house.agree(asked_of(house, client)))
    client.get(link)
    assert "sign-in by discord failed: unavailable" in caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("accounts", "social")))
    assert link.split("code=")[1].split("&")[0] not in ours


def test_without_a_house_there_is_no_button_and_no_address(settings: Any) -> None:
    settings.SIGN_IN_PROVIDERS = {}
    client = visitor(a_user())
    assert "Go on with" not in text_of(visitor().get("/accounts/login"))
    assert "No other service" in text_of(client.get("/accounts/connections"))
    assert send(client, BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
