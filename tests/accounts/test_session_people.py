"""Who comes with the session is whom Django would have found; whatever is not as it was, Django decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts import session_people
from accounts.actors import SYSTEM
from accounts.hashed_sessions import SessionStore, stored
from accounts.models import User
from accounts.operations import sessions
from accounts.session_people import Guesses
from tests.factories import a_user

pytestmark = pytest.mark.django_db

PASSWORDS = "django.contrib.auth.backends.ModelBackend"
DISCORD = "accounts.providers.Discord"


def a_session(user: User, backend: str = PASSWORDS) -> str:
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def request_with(key: str | None) -> Any:
    request = HttpRequest()
    request.session = SessionStore(key)
    return request


def found(key: str | None) -> Any:
    return session_people.user_of(request_with(key))


def as_django_finds(key: str | None) -> Any:
    return auth.get_user(request_with(key))


@pytest.fixture
def noor() -> User:
    return a_user("noor")


@pytest.fixture
def key(noor: User) -> str:
    """Of a session that this process has seen: its user comes along from now on."""
    key = a_session(noor)
    assert found(key) == noor
    return key


def test_who_was_seen_before_comes_with_the_session(noor: User, key: str) -> None:
    request = request_with(key)
    assert session_people.guessed(request.session) == noor
    assert request.session.person == noor
    with CaptureQueriesContext(connection) as captured:
        assert found(key) == noor
    assert len(captured) == 2


def test_who_comes_along_is_as_the_database_has_them_now(noor: User, key: str) -> None:
    User.objects.filter(pk=noor.pk).update(display_name="Noor of the Reeds", is_superuser=True)
    person = found(key)
    assert (person.display_name, person.is_superuser) == ("Noor of the Reeds", True)
    fields = [field.attname for field in User._meta.concrete_fields]
    assert all(getattr(person, name) == getattr(as_django_finds(key), name) for name in fields)


# --- what Django refuses ---


def ended(noor: User, key: str) -> None:
    SessionStore(key).flush()


def expired(noor: User, key: str) -> None:
    Session.objects.filter(pk=stored(key)).update(expire_date=timezone.now() - timedelta(seconds=1))


def deactivated(noor: User, key: str) -> None:
    User.objects.filter(pk=noor.pk).update(is_active=False)


def deleted(noor: User, key: str) -> None:
    User.objects.filter(pk=noor.pk).delete()


def another_password(noor: User, key: str) -> None:
    User.objects.filter(pk=noor.pk).update(password=make_password("something quite different"))


def logged_out_everywhere(noor: User, key: str) -> None:
    sessions.end_all(noor, actor=SYSTEM)


def another_secret(noor: User, key: str) -> None:
    """The hash of somebody who knows the password's hash, but not the site's key."""
    value = f"{noor.password}:{noor.session_epoch}"
    forged = salted_hmac("accounts.User.session", value, secret="guessed", algorithm="sha256")
    rewrite(key, HASH_SESSION_KEY, forged.hexdigest())


def without_hash(noor: User, key: str) -> None:
    rewrite(key, HASH_SESSION_KEY, None)


def with_an_empty_hash(noor: User, key: str) -> None:
    rewrite(key, HASH_SESSION_KEY, "")


def without_a_name(noor: User, key: str) -> None:
    rewrite(key, SESSION_KEY, None)


def with_the_name_of_another(noor: User, key: str) -> None:
    rival = User.objects.filter(username="rival").first() or a_user("rival")
    rewrite(key, SESSION_KEY, str(rival.pk))


def without_a_backend(noor: User, key: str) -> None:
    rewrite(key, BACKEND_SESSION_KEY, None)


def by_a_backend_that_is_gone(noor: User, key: str) -> None:
    rewrite(key, BACKEND_SESSION_KEY, "accounts.providers.Nowhere")


def altered(noor: User, key: str) -> None:
    Session.objects.filter(pk=stored(key)).update(session_data="e30:not:signed")


def rewrite(key: str, name: str, value: Any) -> None:
    session = SessionStore(key)
    if value is None:
        session.pop(name, None)
    else:
        session[name] = value
    session.save()


ENDS = [
    *(ended, expired, deactivated, deleted, another_password, logged_out_everywhere, another_secret),
    *(
        without_hash,
        with_an_empty_hash,
        without_a_name,
        with_the_name_of_another,
        without_a_backend,
        by_a_backend_that_is_gone,
        altered,
    ),
]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_nobody_comes_where_django_lets_nobody_in(noor: User, key: str, end: Callable[[User, str], None]) -> None:
    twin = a_session(noor)
    for each in (key, twin):
        end(noor, each)
    assert session_people.guessed(SessionStore(key)) is None
    assert isinstance(as_django_finds(twin), AnonymousUser)
    assert isinstance(found(key), AnonymousUser)
    remaining = Session.objects.filter(pk__in=[stored(key), stored(twin)]).count()
    assert remaining in (0, 2), "Django throws away a session that is not vouched for any more; so must we"


# --- what Django lets in otherwise ---


def test_the_session_of_another_is_that_of_another(noor: User, key: str) -> None:
    rival = a_user("rival")
    for name, value in ((SESSION_KEY, str(rival.pk)), (HASH_SESSION_KEY, rival.get_session_auth_hash())):
        rewrite(key, name, value)
    assert found(key) == rival
    assert session_people.guessed(SessionStore(key)) == rival, "remembered anew"


def test_a_hash_by_the_key_before_is_renewed(noor: User, key: str, settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the key of today " * 4, [settings.SECRET_KEY]
    request = request_with(key)
    assert session_people.guessed(request.session) is None
    assert session_people.user_of(request) == noor
    assert request.session.session_key != key
    assert request.session[HASH_SESSION_KEY] == noor.get_session_auth_hash()


def test_other_houses_let_in_as_the_password_does(noor: User, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [PASSWORDS, DISCORD]
    key = a_session(noor, DISCORD)
    assert found(key) == noor
    assert session_people.guessed(SessionStore(key)) == noor
    User.objects.filter(pk=noor.pk).update(is_active=False)
    assert isinstance(found(key), AnonymousUser)


def test_a_backend_that_may_ask_for_more_is_asked(noor: User, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = ["axes.backends.AxesBackend"]
    key = a_session(noor, "axes.backends.AxesBackend")
    for _ in range(2):
        assert found(key) == noor
        assert session_people.guessed(SessionStore(key)) is None


def test_without_a_session_there_is_nobody() -> None:
    assert isinstance(found(None), AnonymousUser)
    assert isinstance(found("not-a-session-of-ours-0123456789ab"), AnonymousUser)


# --- in requests ---


def test_signing_out_and_in_as_another_in_one_browser(noor: User) -> None:
    rival, client = a_user("rival"), Client()
    for user in (noor, rival, noor):
        client.force_login(user, PASSWORDS)
        for _ in range(2):
            assert client.get("/api/v1/users/me").json()["username"] == user.username
        client.logout()
        assert client.get("/api/v1/users/me").status_code == 401


def test_who_is_deactivated_between_two_requests_is_out(noor: User) -> None:
    client = Client()
    client.force_login(noor, PASSWORDS)
    assert [client.get("/api/v1/users/me").status_code for _ in range(2)] == [200, 200]
    User.objects.filter(pk=noor.pk).update(is_active=False)
    assert client.get("/api/v1/users/me").status_code == 401


# --- the guesses ---


def test_only_so_many_are_remembered() -> None:
    guesses, people = Guesses(most=3), [uuid4() for _ in range(5)]
    for number, person in enumerate(people):
        guesses.put(f"session {number}", person)
    assert [guesses.get(f"session {number}") for number in range(5)] == [None, None, *people[2:]]


def test_a_session_that_is_seen_again_counts_as_new() -> None:
    guesses, people = Guesses(most=2), [uuid4() for _ in range(3)]
    guesses.put("old", people[0])
    guesses.put("other", people[1])
    guesses.put("old", people[2])
    guesses.put("third", people[1])
    assert (guesses.get("old"), guesses.get("other")) == (people[2], None)
