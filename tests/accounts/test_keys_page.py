"""The page of one's API keys."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import ApiKey, User
from tests.accounts.pages import send, text_of, visitor
from tests.factories import a_user, an_api_key

pytestmark = pytest.mark.django_db
PAGE = "/accounts/keys"
TEXT = re.compile(r"trp_key_[0-9A-Za-z]{36}")
FORM = {"name": "Stream Deck", "scopes": ["live:write"], "days": "90"}


@pytest.fixture
def user(db: Any) -> User:
    return a_user()


@pytest.fixture
def client(user: User) -> Client:
    return visitor(user)


def shown(page: Any) -> str:
    """The one key that the page shows."""
    (text,) = set(TEXT.findall(page.content.decode()))
    return str(text)


def test_a_key_is_shown_in_one_answer_only(client: Client, user: User) -> None:
    page = send(client, PAGE, **FORM)
    text = shown(page)
    assert ApiKey.objects.get(user=user).digest == tokens.digest(text)
    assert "data-secret" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert not TEXT.search(client.get(PAGE).content.decode())
    assert text not in str(dict(client.session.items()))


def test_it_lasts_as_long_as_was_chosen(client: Client, user: User) -> None:
    send(client, PAGE, **FORM)
    send(client, PAGE, **{**FORM, "days": ""})
    limited, endless = ApiKey.objects.filter(user=user).order_by("created_at")
    assert limited.expires_at is not None
    assert timedelta(days=89) < limited.expires_at - timezone.now() <= timedelta(days=90)
    assert endless.expires_at is None


@pytest.mark.parametrize("change", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"}])
def test_what_is_wrong_is_said_at_the_field(client: Client, change: dict[str, Any]) -> None:
    page = send(client, PAGE, **{**FORM, **change})
    assert page.status_code == 422
    assert 'class="error"' in page.content.decode()
    assert not ApiKey.objects.exists()


def test_a_new_text_and_the_end(client: Client, user: User) -> None:
    key, old = an_api_key(user)
    new = shown(send(client, f"{PAGE}/{key.pk}/rotate"))
    assert new != old
    assert ApiKey.objects.get().digest == tokens.digest(new)
    send(client, f"{PAGE}/{key.pk}/revoke")
    assert ApiKey.objects.get().revoked_at
    assert "is revoked" in text_of(client.get(PAGE))
    assert key.name not in text_of(client.get(PAGE))
    assert send(client, f"{PAGE}/{key.pk}/rotate").status_code == 302
    assert "This key is revoked" in text_of(client.get(PAGE))


@pytest.mark.parametrize("deed", ["rotate", "revoke"])
def test_not_with_the_keys_of_others(client: Client, deed: str) -> None:
    key, _text = an_api_key(a_user())
    before = ApiKey.objects.values().get()
    assert send(client, f"{PAGE}/{key.pk}/{deed}").status_code == 404
    assert client.get(f"{PAGE}/{key.pk}/{deed}").status_code == 405
    assert ApiKey.objects.values().get() == before


def test_it_is_for_those_who_are_signed_in() -> None:
    assert visitor().get(PAGE).headers["Location"].startswith("/accounts/login")


def test_no_form_without_its_token(client: Client) -> None:
    assert client.post(PAGE, FORM).status_code == 403


def test_an_expired_key_says_so(client: Client, user: User) -> None:
    an_api_key(user)
    ApiKey.objects.update(expires_at=timezone.now())
    assert "Expired" in text_of(client.get(PAGE))
