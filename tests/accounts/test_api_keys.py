"""API keys through the API: issued, listed, replaced, revoked, and told in the audit trail."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import scopes, tokens
from accounts.actors import SYSTEM
from accounts.models import ApiKey, AuditEntry, User
from accounts.operations import keys
from contract.refusals import Invalid
from tests.api_client import Api, fields
from tests.factories import a_user, an_api_key

pytestmark = pytest.mark.django_db
WANTED = {"name": "Stream Deck", "scopes": ["live:write", "campaigns:read"]}


@pytest.fixture
def user(db: Any) -> User:
    return a_user()


@pytest.fixture
def api(user: User) -> Api:
    return Api(user=user)


def test_the_text_is_shown_once(api: Api) -> None:
    made = api.post("/keys", WANTED).json()
    assert tokens.kind_of(made["key"]) == "key"
    assert made["hint"] == tokens.hint(made["key"])
    (listed,) = api.get("/keys").json()["results"]
    assert listed == {name: value for name, value in made.items() if name != "key"}


def test_a_repeated_request_makes_one_key_and_shows_no_text(api: Api) -> None:
    first, again = (api.post("/keys", WANTED, Idempotency_Key="once").json() for _ in range(2))
    assert first["key"]
    assert again == {**first, "key": None}
    assert ApiKey.objects.count() == 1


def test_scopes_are_kept_in_order_and_once(api: Api) -> None:
    made = api.post("/keys", {**WANTED, "scopes": ["live:write", "campaigns:read", "live:write"]}).json()
    assert made["scopes"] == ["campaigns:read", "live:write"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"scopes": [""]}, "scopes.0"),
        ({"scopes": "live:write"}, "scopes"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"user": "x"}, "user"),
        ({"digest": "x"}, "digest"),
    ],
)
def test_what_is_refused(api: Api, change: dict[str, Any], field: str) -> None:
    refused = api.post("/keys", {**WANTED, **change})
    assert (refused.status_code, list(fields(refused))) == (422, [field])
    assert not ApiKey.objects.exists()


def test_a_new_text_keeps_name_scopes_and_id(api: Api, user: User) -> None:
    key, old = an_api_key(user)
    new = api.post(f"/keys/{key.pk}/rotate").json()
    assert (new["id"], new["name"], new["scopes"]) == (str(key.pk), key.name, list(scopes.ALL))
    assert new["key"] != old
    assert Api(authorization=f"Api-Key {old}").get("/users/me").status_code == 401
    assert Api(authorization=f"Api-Key {new['key']}").get("/users/me").status_code == 200


def test_a_revoked_key_stays_listed_and_gets_no_new_text(api: Api, user: User) -> None:
    key, _text = an_api_key(user)
    assert [api.delete(f"/keys/{key.pk}").status_code for _ in range(2)] == [204, 204]
    assert api.get("/keys").json()["results"][0]["revoked_at"]
    assert api.post(f"/keys/{key.pk}/rotate").status_code == 409


@pytest.mark.parametrize("id_", ["nonsense", "0b0e0c5a-2f0e-4a3c-9d6e-0d8a4c1b2f3e"])
def test_others_keys_are_like_none(api: Api, id_: str) -> None:
    foreign = str(an_api_key(a_user())[0].pk)
    answers = [api.delete(f"/keys/{each}") for each in (id_, foreign)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert api.get("/keys").json()["count"] == 0


def test_nobody_has_more_than_fifty(user: User) -> None:
    for _ in range(keys.MOST):
        key, _text = an_api_key(user, "live:write")
    with pytest.raises(Invalid):
        an_api_key(user, "live:write")
    keys.revoke(key, actor=SYSTEM)
    assert an_api_key(user, "live:write", expires_at=timezone.now() + timedelta(days=1))


def test_every_change_is_told_without_the_secret(user: User) -> None:
    key, text = an_api_key(user)
    _key, new = keys.rotate(key, actor=SYSTEM)
    keys.revoke(key, actor=SYSTEM)
    keys.revoke(key, actor=SYSTEM)
    told = list(AuditEntry.objects.filter(subject_id=key.pk).order_by("at"))
    assert [entry.action for entry in told] == ["key_issued", "key_rotated", "key_revoked"]
    kept = str([(entry.before, entry.after) for entry in told])
    assert text not in kept
    assert new not in kept
