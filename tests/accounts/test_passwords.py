"""A new password, by somebody signed in or by a letter; and what ends with the old one."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from accounts import post
from accounts.actors import SYSTEM
from accounts.models import User
from accounts.operations import people, sessions
from tests.accounts.pages import is_signed_in, send, sign_in, text_of, visitor, wait_for_post, without_token
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db
NEW = "the tide is late tonight"
ADDRESS = "noor@example.org"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    cache.clear()
    yield
    wait_for_post()


def with_address(username: str = "noor") -> User:
    return people.create(username, PASSWORD, actor=SYSTEM, email=ADDRESS)


def letters_after(address: str, **headers: str) -> list[Any]:
    client = visitor()
    fields = {"csrfmiddlewaretoken": "c" * 32, "email": address}
    response = client.post("/accounts/password/lost", fields, headers=headers)
    assert response.status_code == 200
    wait_for_post()
    return mail.outbox


def link_in(letter: Any) -> str:
    found = re.search(r"https?://\S+", letter.body)
    assert found
    return found[0]


def path_of(letter: Any) -> str:
    return "/" + link_in(letter).split("/", 3)[3]


def test_a_letter_leads_to_a_new_password() -> None:
    user = with_address()
    (letter,) = letters_after(" Noor@Example.ORG ")
    assert letter.to == [ADDRESS]
    assert letter.subject == "A new password for Troupe"
    client = visitor()
    shown = client.get(path_of(letter), follow=True)
    address = shown.request["PATH_INFO"]
    assert address.endswith("/set-password")  # the token is out of the address before anything can quote it
    done = send(client, address, new_password=NEW)
    assert done["Location"] == "/accounts/login"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert not is_signed_in(client)  # a second step, where there is one, is still asked for
    assert "spent" in text_of(visitor().get(path_of(letter), follow=True))


def test_a_weak_password_is_refused_and_the_link_lives_on() -> None:
    with_address()
    (letter,) = letters_after(ADDRESS)
    client = visitor()
    address = client.get(path_of(letter), follow=True).request["PATH_INFO"]
    assert "too short" in text_of(send(client, address, new_password="short"))
    assert send(client, address, new_password=NEW).status_code == 302


def test_a_link_for_another_account_or_an_altered_one_opens_nothing() -> None:
    with_address()
    (letter,) = letters_after(ADDRESS)
    other = people.create("other", PASSWORD, actor=SYSTEM)
    path = path_of(letter)
    uid, token = path.split("/")[-2:]
    altered = [f"/accounts/password/new/{uid}/{token[:-1]}x", f"/accounts/password/new/{other.pk}/{token}"]
    for each in (*altered, "/accounts/password/new/AA/set-password", "/accounts/password/new/%00/x"):
        response = visitor().get(each, follow=True)
        assert response.status_code == 200
        assert "spent" in text_of(response)


def test_unknown_addresses_get_the_same_answer_and_no_letter() -> None:
    with_address()
    pages = [send(visitor(), "/accounts/password/lost", email=each) for each in (ADDRESS, "nobody@example.org")]
    wait_for_post()
    assert without_token(pages[0]) == without_token(pages[1])
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]


def test_the_answer_does_not_wait_for_the_post(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or how long it takes would tell which addresses are known."""
    with_address()
    release, delivered = threading.Event(), []
    monkeypatch.setattr(post, "_deliver", lambda *_: delivered.append(release.wait(5)))
    send(visitor(), "/accounts/password/lost", email=ADDRESS)
    assert delivered == []
    release.set()
    wait_for_post()
    assert delivered == [True]


def test_a_mailbox_is_not_flooded() -> None:
    with_address()
    for _ in range(4):
        letters_after(ADDRESS)
    assert len(mail.outbox) == 1


def test_who_is_locked_out_of_the_site_gets_no_letter() -> None:
    people.update(with_address(), {"is_active": False}, actor=SYSTEM)
    assert letters_after(ADDRESS) == []


def test_a_forged_host_is_in_no_letter(settings: Any) -> None:
    with_address()
    fields = {"csrfmiddlewaretoken": "c" * 32, "email": ADDRESS}
    assert visitor().post("/accounts/password/lost", fields, headers={"host": "evil.example"}).status_code == 400
    wait_for_post()
    assert mail.outbox == []
    (letter,) = letters_after(ADDRESS, **{"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert link_in(letter).startswith("http://testserver/accounts/password/new/")


def test_links_are_under_the_address_that_people_know(settings: Any) -> None:
    settings.TROUPE_BASE_URL = "https://troupe.example/"
    with_address()
    (letter,) = letters_after(ADDRESS)
    assert link_in(letter).startswith("https://troupe.example/accounts/password/new/")


def test_a_mail_server_that_fails_is_logged_without_the_address(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.nothing.Here"
    with_address()
    letters_after(ADDRESS)
    assert "could not be sent" in caplog.text
    assert ADDRESS not in caplog.text


def test_changing_the_password_ends_other_sessions_and_keeps_this_one() -> None:
    user = a_user()
    here, there = visitor(), visitor()
    for client in (here, there):
        sign_in(client, user.username)
    before = here.session.session_key
    response = send(here, "/accounts/security/password", current_password=PASSWORD, new_password=NEW)
    assert response.status_code == 302
    assert is_signed_in(here)
    assert here.session.session_key != before
    assert not is_signed_in(there)


def test_the_password_now_is_asked_for() -> None:
    user = a_user()
    client = visitor(user)
    response = send(client, "/accounts/security/password", current_password="not-it-at-all", new_password=NEW)
    assert "not your password" in text_of(response)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_has_none_may_set_one() -> None:
    user = people.create("by-discord", None, actor=SYSTEM)
    client = visitor(user)
    assert "Set a password" in text_of(client.get("/accounts/security"))
    assert send(client, "/accounts/security/password", new_password=NEW).status_code == 302
    assert is_signed_in(client)


def test_logging_out_everywhere_leaves_only_this_session() -> None:
    user = a_user()
    here, there = visitor(user), visitor(user)
    send(here, "/accounts/security/everywhere")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert here.get("/accounts/security/everywhere").status_code == 405


@pytest.mark.parametrize("how", ["password", "everywhere", "locked out"])
def test_what_a_program_signed_in_with_ends_too(how: str) -> None:
    user = a_user()
    before = user.get_session_auth_hash()
    if how == "password":
        people.set_password(user, NEW, actor=SYSTEM)
    elif how == "everywhere":
        sessions.end_all(user, actor=SYSTEM)
    else:
        people.update(user, {"is_active": False}, actor=SYSTEM)
    user.refresh_from_db()
    assert user.get_session_auth_hash() != before or not user.is_active


def test_an_address_is_changed_with_the_password_and_removed_by_emptiness() -> None:
    user = with_address()
    client = visitor(user)
    wrong = send(client, "/accounts/security/email", current_password="not-it-at-all", email="new@example.org")
    assert "not your password" in text_of(wrong)
    send(client, "/accounts/security/email", current_password=PASSWORD, email="new@example.org")
    user.refresh_from_db()
    assert user.email == "new@example.org"
    assert letters_after("new@example.org")[0].to == ["new@example.org"]
    send(client, "/accounts/security/email", current_password=PASSWORD, email="")
    user.refresh_from_db()
    assert (user.email, user.email_index) == ("", "")
