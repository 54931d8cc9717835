"""Signing up and in, by user name and password."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, User
from accounts.operations import people
from tests.accounts.pages import is_signed_in, send, sign_in, text_of, visitor, without_token
from tests.factories import PASSWORD, a_user
from tests.hashing import QuickHasher

pytestmark = pytest.mark.django_db
NEW = {"username": "noor", "password": "the tide is late tonight", "email": ""}


def sign_up(**fields: Any) -> tuple[Client, Any]:
    client = visitor()
    return client, send(client, "/accounts/signup", **{**NEW, **fields})


def test_who_signs_up_is_signed_in() -> None:
    client, response = sign_up(email="Noor@example.org")
    assert (response.status_code, response["Location"]) == (302, "/accounts/profile")
    assert is_signed_in(client)
    user = User.objects.get(username="noor")
    assert user.check_password(NEW["password"])
    assert user.email == "Noor@example.org"
    assert not user.is_staff
    assert AuditEntry.objects.get(action="account_created").subject_id == user.pk


def test_from_an_invitation_one_comes_back_to_it() -> None:
    _, response = sign_up(next="/join/abc")
    assert response["Location"] == "/join/abc"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("username", "", "Fill this in"),
        ("username", "no", "3 to 30 characters"),
        ("username", "n" * 31, "most 30"),
        ("username", "no or", "3 to 30 characters"),
        ("username", "-noor", "3 to 30 characters"),
        ("username", "nо\u043er", "3 to 30 characters"),
        ("username", "admin", "taken"),
        ("username", "Troupe", "taken"),
        ("username", "ME", "3 to 30 characters"),
        ("username", "TAKEN", "taken"),
        ("password", "", "Fill this in"),
        ("password", "short", "too short"),
        ("password", "password1234", "too common"),
        ("password", "84736251908", "entirely numeric"),
        ("email", "noor@", "complete e-mail address"),
    ],
)
def test_what_cannot_be_is_refused_in_words(field: str, value: str, told: str) -> None:
    a_user("taken")
    client, response = sign_up(**{field: value})
    assert response.status_code == 200
    assert told in text_of(response)
    assert not is_signed_in(client)
    assert User.objects.count() == 1


def test_a_password_is_not_the_name_again() -> None:
    _, response = sign_up(username="noor-van-lowmere", password="noor-van-lowmere1")
    assert "too similar" in text_of(response)


def test_the_name_typed_stays_and_the_password_does_not() -> None:
    _, response = sign_up(username="noor", password="short")
    assert 'value="noor"' in response.content.decode()
    assert "short" not in response.content.decode().replace("too short", "")


def test_signing_in_gives_the_session_a_new_key_and_keeps_it_14_days() -> None:
    user, client = a_user(), visitor()
    session = client.session
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    response = sign_in(client, user.username)
    assert response.status_code == 302
    cookie = response.cookies["sessionid"]
    assert cookie.value != planted
    assert cookie["max-age"] == 14 * 24 * 3600
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https:evil.example", "/\\evil.example", "%2f%2fevil.example", "https://evil.example/x"],
)
@pytest.mark.parametrize("page", ["/accounts/login", "/accounts/signup"])
def test_the_way_on_stays_on_this_site(wanted: str, page: str) -> None:
    user = a_user("taken")
    client = visitor()
    fields = NEW if page.endswith("signup") else {"username": user.username, "password": PASSWORD}
    response = send(client, page, next=wanted, **fields)
    assert response.status_code == 302
    assert response["Location"] in ("/", "/accounts/profile")
    assert f'href="{wanted}' not in visitor().get(page, {"next": wanted}).content.decode()


def test_the_way_on_is_followed() -> None:
    response = sign_in(visitor(), a_user().username, next="/campaigns?page=2")
    assert response["Location"] == "/campaigns?page=2"


def test_without_its_token_a_form_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    user = a_user()
    assert client.post("/accounts/login", {"username": user.username, "password": PASSWORD}).status_code == 403
    assert not is_signed_in(client)


def test_the_back_office_has_the_same_way_in() -> None:
    client, gm = visitor(), a_user(is_staff=True)
    asked = client.get("/admin/", follow=True)
    assert asked.request["PATH_INFO"] == "/accounts/login"
    assert sign_in(client, gm.username, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/login/")["Location"] == "/admin/"
    assert client.get("/admin/password_change/")["Location"] == "/accounts/security/password"
    assert "signed in as" in text_of(visitor(a_user()).get("/admin/", follow=True))


def guess(client: Client, username: str, times: int, **headers: str) -> list[int]:
    fields = {"csrfmiddlewaretoken": "c" * 32, "username": username, "password": "wrong-password-9"}
    return [client.post("/accounts/login", fields, headers=headers).status_code for _ in range(times)]


@pytest.mark.parametrize("name", ["somebody", "nobody-at-all"])
def test_guessing_ends_after_five(name: str) -> None:
    a_user("somebody")
    client = visitor()
    assert guess(client, name, 6) == [200] * 4 + [429] * 2
    assert guess(client, name, 3, **{"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}) == [429] * 3
    locked = sign_in(client, name)
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "Wait a while" in text_of(locked)
    assert not is_signed_in(client)


def test_a_locked_name_is_free_from_elsewhere_and_other_names_from_here() -> None:
    user, other = a_user(), a_user()
    guess(visitor(), user.username, 5)
    assert sign_in(visitor(REMOTE_ADDR="203.0.113.9"), user.username).status_code == 302
    assert sign_in(visitor(), other.username).status_code == 302


def test_known_and_unknown_names_are_answered_alike() -> None:
    a_user("somebody")
    known, unknown = (sign_in(visitor(), name, "wrong-password-9") for name in ("somebody", "nobody-x"))
    assert without_token(known).replace("somebody", "nobody-x") == without_token(unknown)
    locked = []
    for name in ("somebody", "nobody-x"):
        guess(visitor(), name, 5)
        locked.append(sign_in(visitor(), name).content)
    assert locked[0] == locked[1]


@pytest.mark.parametrize("name", ["somebody", "by-discord", "locked-out", "nobody-x"])
def test_every_refusal_costs_one_hash(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is all of the time that counts; a clock would tell of the machine's load."""
    a_user("somebody")
    a_user("locked-out", is_active=False)
    people.create("by-discord", None, actor=SYSTEM)
    hashed = []
    encode = QuickHasher.encode

    def counted(self: QuickHasher, password: str, salt: str, *more: Any) -> str:
        hashed.append(password)
        return encode(self, password, salt, *more)

    monkeypatch.setattr(QuickHasher, "encode", counted)
    sign_in(visitor(), name, "wrong-password-9")
    assert len(hashed) == 1


def test_a_right_password_forgets_the_wrong_ones() -> None:
    user = a_user()
    for _ in range(3):
        client = visitor()
        assert guess(client, user.username, 4) == [200] * 4
        assert sign_in(client, user.username).status_code == 302


def test_passwords_are_kept_as_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    sign_up()
    assert User.objects.get(username="noor").password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("query", "said"), [("?next=/admin/", "may not open that page"), ("", "change to another account")]
)
def test_who_is_signed_in_is_told_why_the_page_is_shown(query: str, said: str) -> None:
    page = text_of(visitor(a_user("noor")).get(f"/accounts/login{query}"))
    assert "You are signed in as noor" in page
    assert said in page
