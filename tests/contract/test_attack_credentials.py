"""Rows A13-A21, A57, A58, A66 and A67 of the attack matrix, as far as they concern people's credentials.

X-Tokens alone: test_attack_matrix.py. JWTs one by one: tests/accounts/test_jwt.py. Rotation and its races (A19, A20):
tests/accounts/test_refresh.py. Sockets: tests/live/test_access.py. Limits (A57): tests/accounts/test_limits.py.
"""

import time
from datetime import timedelta
from typing import Any

import jwt as pyjwt
import pytest
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone
from django_otp.oath import TOTP

from accounts import jwt, scopes, tokens
from accounts.actors import SYSTEM
from accounts.jwt import Access
from accounts.models import ApiKey, AuditEntry, RefreshFamily, RefreshToken, User
from accounts.operations import keys, people, refresh, two_factor
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import PASSWORD, Table, a_table, a_team, a_user, an_api_key

pytestmark = pytest.mark.django_db


def bearer(access: str) -> Api:
    return Api(authorization=f"Bearer {access}")


def by_key(text: str) -> Api:
    return Api(authorization=f"Api-Key {text}")


@pytest.fixture
def here(table: Table) -> str:
    return f"/campaigns/{table.campaign.slug}"


def signed_in(user: User) -> dict[str, Any]:
    answer = Api().post("/auth/token", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 201
    return dict(answer.json())


# --- A13: what is no credential ---

NO_CREDENTIALS = [
    "",
    "x",
    "Bearer",
    "Bearer ",
    "Bearer x",
    "Bearer a.b.c",
    f"Bearer {'x' * 10_000}",
    "Api-Key",
    "Api-Key x",
    f"Api-Key {tokens.mint('control')}",
    f"Api-Key {tokens.mint('key')[:-1]}0a",
    "Api-Key trp_key_" + "a" * 36,
    f"Api-Key {tokens.mint('key')} ",
    "Api-Key trp_key_\xe9",
    "Api-Key trp_key_\0",
    "Basic dXNlcjpwYXNz",
    f"Token {tokens.mint('key')}",
    f"Bearer {tokens.mint('refresh')}",
]


# Named by place: some are minted anew in each process, and test processes must agree on the names.
@pytest.mark.parametrize("value", NO_CREDENTIALS, ids=range(len(NO_CREDENTIALS)))
def test_a13_what_is_no_credential_costs_no_query(here: str, django_assert_num_queries: Any, value: str) -> None:
    api = Api()
    with django_assert_num_queries(0):
        answers = [api.get(here, Authorization=value), api.post(f"{here}/events", {}, Authorization=value)]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].headers["WWW-Authenticate"] == "Bearer, Api-Key, X-Token"


def test_a13_all_are_told_the_same(here: str) -> None:
    gone = f"Api-Key {tokens.mint('key')}"
    assert len({Api().get(here, Authorization=value).content for value in (*NO_CREDENTIALS, gone)}) == 1


# --- A14, A15: keys ---


def test_a14_a_key_ends_when_it_is_revoked_replaced_or_its_owner_is_locked_out(table: Table) -> None:
    def alive(text: str) -> int:
        return int(by_key(text).get("/users/me").status_code)

    key, text = an_api_key(table.gm)
    assert alive(text) == 200
    _key, new = keys.rotate(key, actor=SYSTEM)
    assert (alive(text), alive(new)) == (401, 200)
    keys.revoke(key, actor=SYSTEM)
    assert alive(new) == 401
    other = an_api_key(table.gm)[1]
    people.update(table.gm, {"is_active": False}, actor=SYSTEM)
    assert alive(other) == 401


def test_a15_an_expired_key(table: Table, here: str) -> None:
    key, text = an_api_key(table.gm)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert by_key(text).get(here).status_code == 401


HIT = {"type": "hp_change", "delta": -1}
NEEDS: list[tuple[str, str, str, Any]] = [
    ("GET", "{here}", scopes.CAMPAIGNS_READ, None),
    ("GET", "{here}/live", scopes.CAMPAIGNS_READ, None),
    ("PATCH", "{here}", scopes.CAMPAIGNS_WRITE, {"description": "By night."}),
    ("POST", "{here}/characters", scopes.CAMPAIGNS_WRITE, {"name": "Corvin Ash"}),
    ("PATCH", "{here}/roster", scopes.LIVE_WRITE, {"character_ids": []}),
    ("POST", "{here}/events", scopes.LIVE_WRITE, HIT),
    ("GET", "/users/me", scopes.PROFILE_READ, None),
    ("PATCH", "/preferences", scopes.PROFILE_WRITE, {"theme": "dark"}),
    ("GET", "/teams", scopes.TEAMS_READ, None),
    ("POST", "/teams", scopes.TEAMS_WRITE, {"name": "The Lamplighters"}),
    ("POST", "{team}/invitations", scopes.TEAMS_WRITE, {"role": "viewer"}),
    ("GET", "{team}/invitations", scopes.TEAMS_READ, None),
]


@pytest.mark.parametrize(("method", "path", "scope", "body"), NEEDS)
def test_a15_each_address_asks_for_its_scope(
    table: Table, here: str, method: str, path: str, scope: str, body: Any
) -> None:
    if body is HIT:
        body = {**HIT, "character_id": str(table.hero.pk)}
    others = [each for each in scopes.ALL if each != scope]
    path = path.format(here=here, team=f"/teams/{a_team(table.gm).pk}")
    refused = by_key(an_api_key(table.gm, *others)[1]).send(method, path, body)
    assert (refused.status_code, fields(refused)) == (403, {"credential": "insufficient_scope"})
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    allowed = by_key(an_api_key(table.gm, scope)[1]).send(method, path, body)
    assert allowed.status_code in (200, 201)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/keys", None),
        ("POST", "/keys", {"name": "More", "scopes": ["live:write"]}),
        ("GET", "{here}/tokens", None),
        ("POST", "{here}/tokens", {"kind": "control", "name": "More"}),
        ("POST", "{here}/members", {"username": "x", "role": "gm"}),
        ("GET", "{here}/invitations", None),
        ("POST", "{here}/invitations", {"role": "gm"}),
        ("DELETE", "{here}/invitations/00000000-0000-4000-8000-000000000000", None),
        ("GET", "{here}/team", None),
        ("PATCH", "{here}/team", {"team_id": None}),
        ("DELETE", "{here}", None),
    ],
)
def test_a15_no_key_hands_out_rights_or_deletes(table: Table, here: str, method: str, path: str, body: Any) -> None:
    refused = by_key(an_api_key(table.gm)[1]).send(method, path.format(here=here), body)
    assert (refused.status_code, fields(refused)) == (403, {"credential": "insufficient_scope"})


def test_a15_a_key_reaches_no_further_than_its_owner(table: Table, here: str) -> None:
    player, stranger = (by_key(an_api_key(user)[1]) for user in (table.player, table.stranger))
    assert player.patch(here, {"name": "Mine"}).status_code == 403
    private = a_table(visibility="private")
    assert stranger.get(f"/campaigns/{private.campaign.slug}").status_code == 404


def test_a_key_s_use_is_noted_once_a_minute(table: Table, here: str) -> None:
    key, text = an_api_key(table.gm)
    api = by_key(text)
    api.get(here)
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    api.get(here)
    assert first is not None
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=F("last_used_at") - timedelta(seconds=61))
    api.get(here)
    again = ApiKey.objects.get(pk=key.pk).last_used_at
    assert again is not None
    assert again > first


# --- A16, A17: where, and how many ---


def test_a16_only_the_header_counts(caplog: pytest.LogCaptureFixture) -> None:
    private = a_table(visibility="private")
    there, text = f"/campaigns/{private.campaign.slug}", an_api_key(private.gm)[1]
    access = signed_in(private.gm)["access"]
    for name in ("token", "key", "api_key", "access_token", "authorization"):
        for secret in (text, access):
            answer = Api().client.get(f"/api/v1{there}", {name: secret})
            assert answer.status_code in (404, 422)
            assert secret not in caplog.text
    api = Api()
    api.client.cookies["authorization"] = f"Api-Key {text}"
    assert api.get(there).status_code == 404
    assert text not in caplog.text


def test_a17_two_credentials_are_one_too_many(table: Table, here: str) -> None:
    key, access = f"Api-Key {an_api_key(table.gm)[1]}", f"Bearer {signed_in(table.gm)['access']}"
    session = api_as(table, "gm")
    pairs = [
        session.get(here, Authorization=key),
        session.get(here, Authorization=access),
        session.get(here, X_Token=table.control_token),
        Api(authorization=key).get(here, X_Token=table.control_token),
        Api(authorization=access).get(here, X_Token="nonsense"),
        Api(token=table.foreign_token).get(here, Authorization="nonsense"),
    ]
    assert [answer.status_code for answer in pairs] == [400] * 6
    assert Api(authorization=f"{key}, {access}").get(here).status_code == 401


def test_a17_a_session_needs_csrf_and_a_header_does_not(table: Table, here: str) -> None:
    session = api_as(table, "gm")
    del session.headers["X-CSRFToken"]
    assert session.patch(here, {"description": "x"}).status_code == 403
    assert bearer(signed_in(table.gm)["access"]).patch(here, {"description": "x"}).status_code == 200


# --- A18: access tokens at the API ---


def test_a18_every_bad_token_is_told_the_same(table: Table, here: str) -> None:
    pair = signed_in(table.gm)
    family = RefreshFamily.objects.get()
    claims = pyjwt.decode(pair["access"], options={"verify_signature": False})
    header, payload, signature = pair["access"].split(".")
    kid = pyjwt.get_unverified_header(pair["access"])["kid"]
    bad = [
        pyjwt.encode(claims, "", algorithm="none", headers={"kid": kid}),
        pyjwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": kid}),
        f"{header}.{payload}.{signature[::-1]}",
        pair["refresh"],
        jwt.issue(Access(table.player.pk, family.pk, 0)),  # another's name in a sign-in of hers
        jwt.issue(Access(table.gm.pk, table.campaign.pk, 0)),  # a sign-in that never was
        jwt.issue(Access(table.gm.pk, family.pk, 7)),
    ]
    answers = [bearer(text).get(here) for text in bad]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert bearer(pair["access"]).get(here).status_code == 200


def test_a18_an_access_token_refreshes_nothing(table: Table) -> None:
    refused = Api().post("/auth/token/refresh", {"refresh": signed_in(table.gm)["access"]})
    assert refused.status_code in (401, 422)  # longer than any refresh token of ours
    assert RefreshFamily.objects.get().revoked_at is None


# --- A19, A21: sign-ins end ---


def test_a19_reuse_ends_everything_of_the_sign_in(table: Table) -> None:
    first = signed_in(table.gm)
    second = Api().post("/auth/token/refresh", {"refresh": first["refresh"]}).json()
    third = Api().post("/auth/token/refresh", {"refresh": second["refresh"]}).json()
    assert bearer(third["access"]).get("/users/me").status_code == 200
    reused = Api().post("/auth/token/refresh", {"refresh": first["refresh"]})
    assert (reused.status_code, fields(reused)) == (401, {"credential": "token_reused"})
    dead = Api().post("/auth/token/refresh", {"refresh": third["refresh"]})
    assert (dead.status_code, fields(dead)) == (401, {})
    assert bearer(third["access"]).get("/users/me").status_code == 401
    assert AuditEntry.objects.get(action="token_reused").subject_name == table.gm.username


def _lock_out(user: User) -> None:
    people.update(user, {"is_active": False}, actor=SYSTEM)


def _change_password(user: User) -> None:
    people.set_password(user, "another-long-password", actor=SYSTEM)


def _log_out_everywhere(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


@pytest.mark.parametrize("end", [_lock_out, _change_password, _log_out_everywhere])
def test_a21_access_refresh_and_session_end_at_once(table: Table, here: str, end: Any) -> None:
    user = table.gm
    pair, session = signed_in(user), api_as(table, "gm")
    assert session.patch(here, {"description": "x"}).status_code == 200
    end(User.objects.get(pk=user.pk))
    assert bearer(pair["access"]).get("/users/me").status_code == 401
    assert Api().post("/auth/token/refresh", {"refresh": pair["refresh"]}).status_code == 401
    assert session.patch(here, {"description": "x"}).status_code == 401


def test_a21_revoked_by_its_holder(table: Table) -> None:
    pair = signed_in(table.gm)
    assert Api().post("/auth/token/revoke", {"refresh": pair["refresh"]}).status_code == 204
    assert Api().post("/auth/token/revoke", {"refresh": "nonsense"}).status_code == 204
    assert bearer(pair["access"]).get("/users/me").status_code == 401


# --- signing in ---


@pytest.mark.parametrize(
    "body",
    [
        {"username": "{name}", "password": "wrong"},
        {"username": "nobody-of-this-name", "password": PASSWORD},
        {"username": "{name}", "password": PASSWORD + " "},
    ],
)
def test_a_wrong_password_and_an_unknown_name_are_told_the_same(table: Table, body: dict[str, str]) -> None:
    refused = Api().post("/auth/token", {key: value.format(name=table.gm.username) for key, value in body.items()})
    assert refused.status_code == 401
    assert refused.json()["error"] == "User name, password or code is wrong."


@pytest.mark.parametrize(
    "body", [{}, {"username": "x"}, {"username": 5, "password": True}, {"username": "x\0", "password": "y"}]
)
def test_a_document_that_is_none(db: Any, body: dict[str, Any]) -> None:
    assert Api().post("/auth/token", body).status_code in (400, 422)


def test_five_wrong_passwords_lock_the_name_out(table: Table) -> None:
    name = table.gm.username
    for _ in range(5):
        Api().post("/auth/token", {"username": name, "password": "wrong"})
    locked = Api().post("/auth/token", {"username": name, "password": PASSWORD})
    assert locked.status_code == 429
    assert int(locked.headers["Retry-After"]) > 60
    assert Api().post("/auth/token", {"username": table.player.username, "password": PASSWORD}).status_code == 201


def test_a_second_step_is_asked_for_here_too(table: Table) -> None:
    clock = TOTP(bytes.fromhex(two_factor.begin(table.gm).seed))
    clock.time = time.time()
    codes = two_factor.confirm(table.gm, f"{clock.token():06}", actor=SYSTEM)
    assert codes
    sent = {"username": table.gm.username, "password": PASSWORD}
    without, wrong, right, again = (
        Api().post("/auth/token", {**sent, **more})
        for more in ({}, {"code": "000000"}, {"code": codes[0]}, {"code": codes[0]})
    )
    assert (without.status_code, list(fields(without))) == (403, ["code"])
    assert [wrong.status_code, right.status_code, again.status_code] == [401, 201, 401]


def test_answers_with_secrets_are_kept_by_nobody(table: Table) -> None:
    answer = Api().post("/auth/token", {"username": table.gm.username, "password": PASSWORD})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["expires_in"] <= 600


def test_neither_keys_nor_refresh_tokens_are_in_the_database(table: Table) -> None:
    text, pair = an_api_key(table.gm)[1], refresh.begin(table.gm, actor=SYSTEM)
    stored = str([*ApiKey.objects.values(), *RefreshToken.objects.values(), *AuditEntry.objects.values()])
    assert text not in stored
    assert pair.refresh not in stored


def test_a_sign_in_outlives_nothing_of_a_deleted_person(table: Table) -> None:
    user = a_user()
    pair, text = signed_in(user), an_api_key(user)[1]
    user.delete()
    assert bearer(pair["access"]).get("/users/me").status_code == 401
    assert by_key(text).get("/users/me").status_code == 401


# --- A58, A66: what a stranger sends along ---


@pytest.mark.parametrize("path", ["/api/v1/campaigns", "/", "/accounts/login"])
def test_a58_a_host_that_is_not_ours(path: str) -> None:
    answer = Client().get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Original-URL"]
)
def test_a58_forged_headers_are_in_no_link(table: Table, header: str) -> None:
    plain, forged = (Api().get("/campaigns", {"page_size": 1}, **sent) for sent in ({}, {header: "evil.example"}))
    assert plain.json()["next"] == forged.json()["next"]
    redirect = Client().get("/accounts/profile", headers={header: "evil.example"})
    assert "evil.example" not in redirect.headers["Location"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a66_no_other_origin_reads_with_credentials(table: Table, here: str, origin: str) -> None:
    ask = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization",
    }
    answers = [
        api_as(table, "gm").get(here, Origin=origin),
        Api().client.options(f"/api/v1{here}", headers=ask),
        Api().client.options("/api/v1/auth/token", headers=ask),
    ]
    for answer in answers:
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers


@override_settings(CORS_ALLOWED_ORIGINS=["https://friend.example"])
def test_a66_a_listed_origin_reads_what_a_header_opens_and_never_with_cookies(table: Table, here: str) -> None:
    answer = api_as(table, "control").get(here, Origin="https://friend.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "ratelimit-limit" in answer.headers["Access-Control-Expose-Headers"]


# --- A67: headers of every class of answer ---

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
CLASSES = {
    "page": ("/", 200),
    "page of a form": ("/accounts/login", 200),
    "page that is not there": ("/nowhere", 404),
    "admin": ("/admin/login/", 302),
    "api": ("/api/v1/campaigns", 200),
    "api error": ("/api/v1/nowhere", 404),
    "api refusal": ("/api/v1/users/me", 401),
    "overlay": ("/overlay/{slug}", 200),
    "overlay of nothing": ("/overlay/nowhere", 200),
    "redirect": ("/accounts/profile", 302),
}
SECURE = {
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "DEBUG": False,
}


@pytest.mark.parametrize("kind", CLASSES)
@override_settings(**SECURE)
def test_a67_headers(table: Table, kind: str) -> None:
    path, status = CLASSES[kind]
    answer = Client(raise_request_exception=False).get(path.format(slug=table.campaign.slug), secure=True)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    script = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert script.split() == ["script-src", "'self'"]
    assert answer.headers.get("X-Frame-Options") == "DENY"
    assert answer.headers["X-Request-ID"]


@override_settings(**SECURE)
@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/readyz", 503)])
def test_a67_probes(path: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if status == 503:
        monkeypatch.setattr("config.views.MigrationExecutor", lambda _connection: 1 / 0)
    answer = Client(raise_request_exception=False).get(path, secure=True)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Request-ID"]
    assert not answer.cookies


@override_settings(**SECURE, WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
@pytest.mark.parametrize(
    ("path", "kind"), [("common/js/theme.js", "text/javascript"), ("common/img/mark.svg", "image/svg+xml")]
)
def test_a67_static_files(path: str, kind: str) -> None:
    answer = Client().get(f"/static/{path}", secure=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(kind)
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert not answer.cookies


@override_settings(**SECURE)
def test_a67_cookies(table: Table) -> None:
    client = Client()
    client.get("/accounts/login", secure=True)
    sent = {"username": table.gm.username, "password": PASSWORD}
    answer = client.post("/accounts/login", sent, secure=True)
    session, csrf = answer.cookies["sessionid"], answer.cookies["csrftoken"]
    assert (session["httponly"], session["secure"], session["samesite"]) == (True, True, "Lax")
    assert (csrf["secure"], csrf["samesite"]) == (True, "Lax")
