"""Rows A01-A16, A26-A37, A61, A63 and A66 of the attack matrix, on the endpoints that there are.

Left out, because what they attack comes with a later issue:
- A04, A05, A32 (dots, XP): sheets.
- A06 on GraphQL, search and export: those are not served yet. REST and history are here, the socket in tests/live.
- A07 on portraits: uploads. The page and the socket are in tests/campaigns/test_pages.py and tests/live.
- A10 `?expand=` and A36 `?fields=`: no endpoint has them, so they are unknown parameters here.
- A11 on JWT, and A14 and A15 on API keys: those credentials do not exist yet. The open socket is in tests/live.
- A12: tests/campaigns/test_admin_scope.py.
- A63 "two level-ups": sheets.

A61 is in test_idempotency.py as well. AC 0 (A32) is a value: "has no armour class".
"""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from campaigns.models import CampaignToken, Event, Member
from characters.models import Character
from tests.actors import api_as
from tests.api_client import CSRF, Api, fields
from tests.contract.test_idempotency import at_once
from tests.factories import Table, a_private_campaign, a_table, a_token
from tests.pace import within

pytestmark = pytest.mark.django_db


@pytest.fixture
def hero(table: Table, here: str) -> str:
    return f"{here}/characters/{table.hero.pk}"


def less_request_id(response: Any) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in response.headers.items() if name != "X-Request-ID"}
    return response.status_code, response.content, headers


# --- access ---


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a01_a_private_character_is_like_none(method: str) -> None:
    table = a_table(visibility="private")
    body = {"level": 2} if method == "PATCH" else None
    foreign = api_as(table, "foreign")

    def ask(campaign: object, character: object) -> tuple[int, bytes, dict[str, str]]:
        return less_request_id(foreign.send(method, f"/campaigns/{campaign}/characters/{character}", body))

    nowhere = ask(uuid.uuid4(), uuid.uuid4())
    assert nowhere[0] == 404
    assert ask(table.campaign.pk, table.hero.pk) == ask(table.campaign.slug, table.hero.pk) == nowhere
    own = table.rival_campaign.slug
    assert ask(own, table.hero.pk) == ask(own, uuid.uuid4()) == nowhere


@pytest.mark.parametrize(("visibility", "status"), [("public", 403), ("unlisted", 403), ("private", 404)])
def test_a02_writing_into_another_campaign(visibility: str, status: int) -> None:
    table = a_table(visibility=visibility)
    here, foreign = f"/campaigns/{table.campaign.slug}", api_as(table, "foreign")
    before = table.campaign.events.count()
    hit = {"type": "hp_change", "character_id": str(table.hero.pk), "delta": -1}
    answers = [
        foreign.post(f"{here}/events", hit),
        foreign.patch(f"{here}/roster", {"character_ids": []}),
        foreign.patch(f"{here}/characters/{table.hero.pk}", {"stats": {"hp": {"current": 1}}}),
        foreign.patch(f"{here}/layout/large", {}),
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert table.campaign.events.count() == before


@pytest.mark.parametrize("field", ["campaign", "campaign_id"])
def test_a03_a_character_does_not_move(table: Table, gm: Api, hero: str, field: str) -> None:
    refused = gm.patch(hero, {field: str(table.rival_campaign.pk), "level": 9})
    assert (refused.status_code, fields(refused).keys()) == (422, {field})
    table.hero.refresh_from_db()
    assert (table.hero.campaign, table.hero.level) == (table.campaign, 1)


@pytest.mark.parametrize("actor", ["anonymous", "player", "viewer", "stranger", "overlay"])
def test_a06_hidden_fields_are_nowhere(table: Table, gm: Api, here: str, hero: str, actor: str) -> None:
    gm.patch(hero, {"hp_display": "hidden", "gm_notes": "Owes the harbour master."})
    gm.patch(f"{here}/characters/{table.secret.pk}", {"gm_notes": "Walks by day."})
    gm.post(f"{here}/events", {"type": "hp_change", "character_id": str(table.hero.pk), "delta": -7})
    gm.post(f"{here}/events", {"type": "custom", "name": "plot", "payload": {"who": "Moth"}, "hidden": True})
    api = api_as(table, actor)
    paths = ["", "/characters", f"/characters/{table.hero.pk}", "/roster", "/events", "/live"]
    seen = "".join(api.get(f"{here}{path}").content.decode() for path in paths)
    for hidden in (
        "harbour master",
        "Walks by day",
        "Pale King",
        str(table.secret.pk),
        "Moth",
        '"current"',
        "gm_notes",
    ):
        assert hidden not in seen, hidden
    assert "harbour master" in gm.get(hero).content.decode()


def test_a07_an_unpublished_campaign_is_like_none(anybody: Api) -> None:
    hidden = a_private_campaign(slug="drowned-bells")
    assert less_request_id(anybody.get("/campaigns/drowned-bells")) == less_request_id(anybody.get("/campaigns/none"))
    assert less_request_id(anybody.get(f"/campaigns/{hidden.pk}/live")) == less_request_id(
        anybody.get(f"/campaigns/{uuid.uuid4()}/live")
    )


def test_a08_players_do_not_run_the_campaign(table: Table, here: str) -> None:
    player = api_as(table, "player")
    token = table.campaign.tokens.first()
    assert token is not None
    answers = [
        player.post(f"{here}/tokens", {"kind": "control", "name": "Mine"}),
        player.delete(f"{here}/tokens/{token.pk}"),
        player.delete(here),
        player.patch(f"{here}/layout/large", {}),
        player.post(f"{here}/members", {"username": table.stranger.username, "role": "gm"}),
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_a09_every_write_asks_for_a_credential_first(anybody: Api) -> None:
    from tests.contract.test_actors import ROWS

    for row in ROWS:
        if row.method != "GET" and not row.path.startswith("/auth/"):  # which take the password itself
            path = re.sub(r"\{\w+\}", "x", row.path)
            answer = anybody.raw(row.method, path, b"{", "application/json")
            assert answer.status_code == 401, row
            assert answer.headers["WWW-Authenticate"]


def test_a10_lists_stay_with_what_was_asked_for(table: Table, gm: Api, here: str) -> None:
    for query in ({"campaign": str(table.rival_campaign.pk)}, {"owner": "x"}, {"expand": "owner.email"}):
        for path in ("/campaigns", f"{here}/characters", f"{here}/events", f"{here}/members"):
            refused = gm.get(path, query)
            assert (refused.status_code, fields(refused)) == (422, dict.fromkeys(query, "unknown parameter"))
    table.gm.email = "gm@example.org"
    table.gm.save()
    for path in ("/campaigns", here, f"{here}/members", f"{here}/characters"):
        assert "@" not in gm.get(path).content.decode()


def test_a11_who_was_removed_is_out_at_once() -> None:
    table = a_table(visibility="private")
    player, here = api_as(table, "player"), f"/campaigns/{table.campaign.slug}"
    assert player.get(here).status_code == 200
    Member.objects.filter(user=table.player).delete()
    assert player.get(here).status_code == 404


BAD_TOKENS = {
    "empty": "",
    "one character": "x",
    "10 KB": "x" * 10_240,
    "another prefix": "ghp_control_" + "0" * 36,
    "wrong checksum": "trp_control_" + "0" * 36,
    "unknown kind": "trp_master_" + "0" * 36,
    "not ASCII": "trp_control_é",
    "fullwidth digits": "trp_control_" + "\uff10".encode().decode("latin-1") * 12,
    "NUL": "trp_control_\x00",
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_a13_what_is_no_token_costs_no_query(here: str, django_assert_num_queries: Any, token: str) -> None:
    api = Api()
    with django_assert_num_queries(0):
        assert api.get(here, X_Token=token).status_code == 401
        assert api.post(f"{here}/events", {}, X_Token=token).status_code == 401


def test_a14_a_revoked_token(table: Table, here: str) -> None:
    control = api_as(table, "control")
    assert control.get(here).status_code == 200
    CampaignToken.objects.filter(campaign=table.campaign).update(revoked_at=timezone.now() - timedelta(seconds=1))
    assert control.get(here).status_code == 401
    assert control.patch(here, {}).status_code == 401


def test_a15_an_expired_token_and_one_that_only_reads(table: Table, here: str) -> None:
    _, expired = a_token(table.campaign, expires_at=timezone.now() - timedelta(seconds=1))
    assert Api(token=expired).patch(here, {}).status_code == 401
    refused = api_as(table, "read").patch(here, {})
    assert (refused.status_code, fields(refused)) == (403, {"credential": "insufficient_scope"})


def test_a16_only_the_header_counts(table: Table, here: str, caplog: pytest.LogCaptureFixture) -> None:
    private = a_table(visibility="private")
    token, there = private.control_token, f"/campaigns/{private.campaign.slug}"
    api = Api()
    api.client.cookies["token"] = api.client.cookies["x-token"] = token
    for name in ("token", "x-token", "X-Token"):
        assert api.patch(f"{there}?{name}={token}", {}).status_code == 401
        assert api.get(there, {name: token}).status_code in (404, 422)
        assert api.patch(there, {name: token}).status_code == 401
    assert api.get(there).status_code == 404
    assert token not in caplog.text


# --- requests ---


def test_a26_a_cookie_needs_its_csrf_token(table: Table, here: str) -> None:
    body = json.dumps({"description": "Forged."}).encode()

    def forged(content_type: str = "application/json", **headers: str) -> int:
        api = Api(user=table.gm)
        del api.headers["X-CSRFToken"]
        return api.raw("PATCH", here, body, content_type, **headers).status_code

    assert forged() == 403
    assert forged("text/plain") == 403
    assert forged("text/plain", X_CSRFToken=CSRF) == 415
    assert forged(X_CSRFToken="d" * 32) == 403
    assert forged(X_CSRFToken=CSRF, Origin="https://evil.example") == 403
    assert forged(X_CSRFToken=CSRF) == 200


def test_a26_two_credentials_are_one_too_many(table: Table, gm: Api, here: str) -> None:
    assert gm.get(here, X_Token=table.control_token).status_code == 400


MALFORMED = [
    b"",
    b"{",
    b'{"name": "a",}',
    b'{"name": "a"} {"name": "b"}',
    b'\xef\xbb\xbf{"name": "a"}',
    '{"name": "a"}'.encode("utf-16"),
    b'{"name": "\xff"}',
    b'{"name": "a", "name": "b"}',
    b'{"level": NaN}',
]


@pytest.mark.parametrize("raw", MALFORMED)
def test_a27_malformed(table: Table, here: str, hero: str, raw: bytes) -> None:
    assert api_as(table, "control").raw("PATCH", hero, raw).status_code == 400


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b"null", b"5"])
def test_a27_not_an_object(table: Table, hero: str, raw: bytes) -> None:
    assert api_as(table, "control").raw("PATCH", hero, raw).status_code == 422


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html", "application/json; charset=bz2_codec", "multipart/form-data; boundary=b", "application/xml"],
)
def test_a28_other_types(table: Table, hero: str, content_type: str) -> None:
    assert api_as(table, "control").raw("PATCH", hero, b"{}", content_type).status_code == 415


def nested(levels: int) -> bytes:
    return b'{"stats": ' * levels + b"1" + b"}" * levels


SHAPES = {
    "over 256 KiB": (b'{"summary": "' + b"x" * 262_144 + b'"}', 413),
    "100,000 brackets": (b"[" * 100_000, 400),
    "101 levels": (nested(101), 422),
    "10,001 keys": (json.dumps({"stats": {f"k{n}": 1 for n in range(10_001)}}).encode(), 422),
    "a key twice, deep": (b'{"stats": {"hp": {"max": 1, "max": 2}}}', 400),
}


@pytest.mark.parametrize(("raw", "status"), SHAPES.values(), ids=SHAPES)
def test_a29_bad_shapes(table: Table, hero: str, raw: bytes, status: int) -> None:
    assert api_as(table, "control").raw("PATCH", hero, raw).status_code == status


VALUES = [
    '"\\u0000"',
    '"\\ud800"',
    "1e400",
    "-1e400",
    "NaN",
    "Infinity",
    "-0",
    "-0.0",
    "9" * 4000,
    str(2**63),
    "1e3",
]


@pytest.mark.parametrize("place", ['{"hp": {"current": %s}}', '{"tracks": {"luck": {"value": %s, "max": 5}}}'])
@pytest.mark.parametrize("value", VALUES)
def test_a30_values_that_are_none(table: Table, hero: str, value: str, place: str) -> None:
    raw = ('{"stats": %s}' % (place % value)).encode()
    refused = api_as(table, "control").raw("PATCH", hero, raw)
    assert refused.status_code in (400, 422)
    if refused.status_code == 422:
        assert all(name.startswith("stats.") for name in fields(refused))


@pytest.mark.parametrize("value", ["5", 5.0, True, [5], None, {}])
def test_a31_hit_points_are_whole_numbers(table: Table, gm: Api, hero: str, value: Any) -> None:
    assert fields(gm.patch(hero, {"stats": {"hp": {"current": value}}})).keys() == {"stats.hp.current"}


@pytest.mark.parametrize(
    "body", [{"name": 5}, {"name": ["a"]}, {"is_secret": "on"}, {"is_secret": 1}, {"level": "3"}, {"level": 3.0}]
)
def test_a31_other_types(gm: Api, hero: str, body: dict[str, Any]) -> None:
    assert fields(gm.patch(hero, body)).keys() == body.keys()


@pytest.mark.parametrize(
    ("stats", "field"),
    [
        *(({"hp": {"current": value}}, "hp.current") for value in (-1, 46, 2**31, 2**63 - 1)),
        *(({"hp": {"max": value}}, "hp.max") for value in (-1, 10_000)),
        *(({"ac": value}, "ac") for value in (-5, 10**6)),
        *(({"abilities": {"str": value}}, "abilities.str") for value in (-1, 100)),
        ({"tracks": {"hunger": {"value": 6, "max": 5}}}, "tracks.hunger.value"),
    ],
)
def test_a32_out_of_range(gm: Api, hero: str, stats: dict[str, Any], field: str) -> None:
    found = fields(gm.patch(hero, {"stats": stats}))
    assert found.keys() == {f"stats.{field}"}
    assert any(letter.isdigit() for letter in found[f"stats.{field}"])


@pytest.mark.parametrize("key", ["nonsense", "__proto__", "constructor", "prototype", "a.b", "x" * 300, ""])
@pytest.mark.parametrize("inside", [False, True])
def test_a33_unknown_fields(gm: Api, hero: str, key: str, inside: bool) -> None:
    body = {"stats": {key: 1}} if inside else {key: 1}
    assert gm.patch(hero, body).status_code == 422


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("", None),
        ("   ", None),
        ("\u200b", None),
        ("x" * 120, "x" * 120),
        ("x" * 121, None),
        ("e\u0301", "\u00e9"),
        ("a" + "\u0301" * 200, None),
        ("\u202eevil", None),
        ("zero\u200bwidth", None),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        ("two\nlines", None),
        ("  Isaura ", "Isaura"),
    ],
)
def test_a34_names(table: Table, gm: Api, hero: str, name: str, stored: str | None) -> None:
    answer = gm.patch(hero, {"name": name})
    if stored is None:
        assert (answer.status_code, fields(answer).keys()) == (422, {"name"})
    else:
        assert answer.json()["name"] == stored


BAD_IDS = ["0", "-1", "1e3", "%00", "%D9%A1", "9" * 40, "..%2f", "%2e%2e", "{id}", "'", "a b", "NULL"]


@pytest.mark.parametrize("part", BAD_IDS)
def test_a35_bad_path_ids(gm: Api, here: str, part: str) -> None:
    paths = [f"/campaigns/{part}", f"{here}/characters/{part}", f"{here}/events/{part}", f"{here}/episodes/{part}"]
    assert {gm.raw("GET", path, b"").status_code for path in [*paths, f"{here}/layout/{part}"]} == {404}
    assert gm.delete(f"{here}/tokens/{part}").status_code in (404, 405)


def test_a35_ids_in_another_spelling(table: Table, gm: Api, here: str) -> None:
    for path in (f"/campaigns/{str(table.campaign.pk).upper()}", f"/campaigns/{table.campaign.pk.hex}"):
        assert gm.get(path).status_code == 404
    assert gm.get(f"{here}/characters/{str(table.hero.pk).upper()}").status_code == 404
    assert gm.get(f"/campaigns/{table.campaign.slug.upper()}").status_code == 404


def test_a35_unknown_routes_and_methods(gm: Api, here: str) -> None:
    assert gm.raw("GET", "/nothing/here", b"").status_code == 404
    assert gm.raw("GET", f"{here}/", b"").status_code == 404
    for method in ("PUT", "TRACE", "PATCH", "BREW"):
        refused = gm.raw(method, f"{here}/characters", b"{}")
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


BAD_QUERIES = [
    {"page": "0"},
    {"page": "-1"},
    {"page": "1000000000"},
    {"page": "x"},
    {"page": "\u0661"},
    {"page_size": "0"},
    {"page_size": "many"},
    {"ordering": "owner__password"},
    {"ordering": "name,created_at"},
    {"fields": "owner"},
    {"search": "x" * 10_240},
    {"search": "\u202e"},
]


@pytest.mark.parametrize("query", BAD_QUERIES, ids=str)
def test_a36_bad_queries(anybody: Api, here: str, query: dict[str, str]) -> None:
    for path in ("/campaigns", f"{here}/characters"):
        assert fields(anybody.get(path, query)).keys() == query.keys()


@pytest.mark.parametrize("search", ["%", "_", "'", "a & !b | (c", ".*", "\\", "<->", '"', "%s", "{0}"])
def test_a36_a_search_is_only_text(anybody: Api, here: str, search: str) -> None:
    def look() -> None:
        for path in ("/campaigns", f"{here}/characters"):
            assert anybody.get(path, {"search": search}).json()["results"] == []

    assert within(0.6, look)


def test_a36_pages_are_capped(anybody: Api, here: str) -> None:
    page = anybody.get(f"{here}/characters", {"page_size": "1000000"})
    assert page.status_code == 200
    assert anybody.get(f"{here}/characters", {"page": "9999"}).json()["results"] == []


PROBES = ["' OR 1=1 --", "{{7*7}}", "{% debug %}", "%s%n", "{0.__class__}", "${jndi:x}", "<script>alert(1)</script>"]


@pytest.mark.parametrize("probe", PROBES)
def test_a37_probes_are_stored_and_shown_as_text(gm: Api, anybody: Api, hero: str, here: str, probe: str) -> None:
    body = dict.fromkeys(("name", "player_name", "class", "race", "summary", "appearance"), probe)
    assert gm.patch(hero, body).status_code == 200
    shown = anybody.get(hero).json()
    assert {name: shown[name] for name in body} == body
    gm.patch(here, {"name": probe, "description": probe})
    assert anybody.get(here).json()["name"] == probe
    rolled = gm.post(f"{here}/events", {"type": "roll", "label": probe, "total": 1}).json()
    assert rolled["event"]["message"]["data"]["label"] == probe


# --- together ---


@pytest.mark.data_layer
@pytest.mark.django_db(transaction=True)
def test_a63_200_concurrent_wounds() -> None:
    """On HP 500: 300 are left, by 200 events, and no number of the ledger is missing."""
    table = a_table()
    Character.objects.filter(pk=table.hero.pk).update(
        stats={**table.hero.stats, "hp": {"current": 500, "max": 500, "temp": 0}}
    )
    path = f"/campaigns/{table.campaign.slug}/events"
    before = table.campaign.events.count()
    body = {"type": "hp_change", "character_id": str(table.hero.pk), "delta": -1}

    def many() -> list[int]:
        api = Api(token=table.control_token)
        return [api.post(path, body).status_code for _ in range(25)]

    assert at_once([many] * 8) == [[201] * 25] * 8
    table.hero.refresh_from_db()
    table.campaign.refresh_from_db()
    assert table.hero.stats["hp"]["current"] == 300
    seqs = list(Event.objects.filter(campaign=table.campaign).values_list("seq", flat=True))
    assert seqs == list(range(1, before + 201))
    assert table.campaign.seq == before + 200
    left = Event.objects.filter(campaign=table.campaign, type="hp_change").values_list("data__to", flat=True)
    assert list(left) == list(range(499, 299, -1))


@pytest.mark.data_layer
@pytest.mark.django_db(transaction=True)
def test_a63_deleting_while_others_edit() -> None:
    table = a_table()
    path = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
    apis = [Api(token=table.control_token) for _ in range(6)]
    jobs: list[Any] = [lambda api=api: api.patch(path, {"level": 5}).status_code for api in apis[1:]]
    statuses = at_once([lambda: apis[0].delete(path).status_code, *jobs])
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {200, 404}
    assert apis[0].patch(path, {"level": 6}).status_code == 404


def test_a66_no_origin_may_act_with_credentials(table: Table, gm: Api, here: str) -> None:
    for origin in ("https://evil.example", "null"):
        answer = gm.get(here, Origin=origin)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Access-Control-Allow-Credentials" not in answer.headers


def preflight(origin: str, here: str) -> Any:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-token,idempotency-key"}
    return Api().client.options(f"/api/v1{here}/events", headers={"Origin": origin, **asked})


def test_a66_preflight(here: str) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=["https://deck.example"]):
        allowed, evil = preflight("https://deck.example", here), preflight("https://evil.example", here)
    assert allowed.headers["Access-Control-Allow-Origin"] == "https://deck.example"
    assert {"x-token", "idempotency-key"} <= set(allowed.headers["Access-Control-Allow-Headers"].split(", "))
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "Access-Control-Allow-Origin" not in evil.headers
