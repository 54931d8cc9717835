"""Rows A16 and A26 to A37 of the attack matrix on a toy view, through the whole stack."""

import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.json import MAX_BYTES
from tests.contract.unit.envelope import fields_of, refused
from tests.contract.unit.toy_urls import EchoView, SessionView

ECHO, HEROES = "/api/toy/echo", "/api/toy/heroes"
JSON = "application/json"


def post(raw: bytes | str, *, content_type: str = JSON, address: str = ECHO, **headers: str) -> Any:
    client = Client(raise_request_exception=False)
    data = raw.encode() if isinstance(raw, str) else raw
    return client.generic("POST", address, data, content_type, headers=headers, CONTENT_TYPE=content_type)


def enlist(body: object) -> Any:
    return post(json.dumps(body), address=HEROES, **{"X-Token": "good"})


def test_a16_only_the_header_counts() -> None:
    client = Client()
    for address in (f"{HEROES}?token=good", f"{HEROES}?x-token=good"):
        refused(client.post(address, {"name": "A", "token": "good"}, JSON), 401)
    client.cookies["X-Token"] = "good"
    refused(client.post(HEROES, {"name": "A"}, JSON), 401)


def test_a26_cookie_needs_csrf() -> None:
    """SessionAuthentication asks for the token as soon as the session names an account."""
    request = RequestFactory().post("/", b"{}", content_type=JSON)
    request.user = type("Known", (AnonymousUser,), {"is_active": True, "is_authenticated": True})()
    request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    response = SessionView.as_view()(request)
    response["X-Request-ID"] = "0" * 32
    assert refused(response, 403)["error"].startswith("CSRF")


def test_a26_cookie_with_a_text_body() -> None:
    refused(post('{"name": "A"}', content_type="text/plain"), 415)


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b'{"a": "\xff"}', b'{"a": 1,}', b"{}{}"]
)
def test_a27_malformed(raw: bytes) -> None:
    refused(post(raw), 400)


@pytest.mark.parametrize("raw", ["[]", '"x"', "null"])
def test_a27_no_object(raw: str) -> None:
    assert fields_of(refused(post(raw), 422)) == {""}


@pytest.mark.parametrize(
    "content_type",
    [
        "", "text/html", "text/plain", "application/json; charset=bz2_codec", "application/json; charset=utf-16",
        "application/json; charset=latin-1", "multipart/form-data; boundary=x", "multipart/form-data",
        "application/x-www-form-urlencoded", "application/jsonp", "application/json,application/json",
        "*/*", "application/*", "application/json; charset=utf-8" + " " * 300 + ";x=1", "json", "\x00", ";",
        "application/json; charset*=utf-8''bz2",
    ],
)  # fmt: skip
def test_a28_other_media(content_type: str) -> None:
    refused(post('{"a": 1}', content_type=content_type), 415)


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"'])
def test_a28_json(content_type: str) -> None:
    assert post('{"a": 1}', content_type=content_type).json() == {"a": 1}


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity"])
def test_a28_nothing_is_decompressed(encoding: str) -> None:
    refused(post('{"a": 1}', **{"Content-Encoding": encoding}), 415)


def of_size(size: int) -> str:
    return json.dumps({"a": "x" * (size - len('{"a": ""}'))})


def test_a29_size() -> None:
    assert post(of_size(MAX_BYTES)).status_code == 200
    refused(post(of_size(MAX_BYTES + 1)), 413)


class CountingBody(io.BytesIO):
    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        self.taken += len(chunk)
        return chunk


@pytest.mark.parametrize("announced", [None, "12", "0", "-1", "x", "٣"])
def test_a29_size_without_or_with_a_false_length(announced: str | None) -> None:
    """As a server hands on a chunked body: the stream ends by itself."""
    request = RequestFactory().generic("POST", ECHO, b"", JSON, CONTENT_TYPE=JSON)
    request._stream = body = CountingBody(of_size(3_000_000).encode())
    request.META.pop("CONTENT_LENGTH", None)
    if announced is not None:
        request.META["CONTENT_LENGTH"] = announced
    response = EchoView.as_view()(request)
    response["X-Request-ID"] = "0" * 32
    refused(response, 413)
    assert body.taken == MAX_BYTES + 1


def test_a29_announced_size_is_enough_to_refuse() -> None:
    request = RequestFactory().generic("POST", ECHO, b"", JSON, CONTENT_TYPE=JSON)
    request._stream = body = CountingBody(b"{}")
    request.META["CONTENT_LENGTH"] = str(MAX_BYTES + 1)
    assert EchoView.as_view()(request).status_code == 413
    assert body.taken == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("[" * 100_000, 400),
        ('{"a":' + "[" * 100 + "]" * 100 + "}", 422),
        (json.dumps(dict.fromkeys(map(str, range(10_001)))), 422),
        ('{"a": 1, "a": 1}', 400),
    ],
)
def test_a29_shape(raw: str, status: int) -> None:
    refused(post(raw), status)


@pytest.mark.parametrize("value", [r'"\u0000"', r'"\ud800"', "1e400", "NaN", "Infinity", "-0", "9" * 4000])
def test_a30_values(value: str) -> None:
    response = post(f'{{"stats": {{"tracks": [{value}]}}}}')
    body = refused(response, 400 if value in ("NaN", "Infinity") else 422)
    assert fields_of(body) == ({"stats.tracks.0"} if response.status_code == 422 else set())


@pytest.mark.parametrize("value", ["5", 5.0, True, [5], None, -1, 1000, 2**31, 2**63 - 1])
def test_a31_a32_hit_points(value: object) -> None:
    body = refused(enlist({"name": "Mara", "stats": {"hp": {"current": value}}}), 422)
    assert fields_of(body) == {"stats.hp.current"}


@pytest.mark.parametrize(("field", "value"), [("name", 5), ("alive", "on"), ("alive", 1), ("born", 5), ("tags", "a")])
def test_a31_other_types(field: str, value: object) -> None:
    assert fields_of(refused(enlist({"name": "Mara"} | {field: value}), 422)) == {field}


@pytest.mark.parametrize("key", ["unknown", "__proto__", "constructor", "stats.hp", "k" * 300, "campaign", "id"])
def test_a33_keys(key: str) -> None:
    body = refused(enlist({"name": "Mara", key: 1}), 422)
    assert [field[:128] for field in fields_of(body)] == [key[:128]]


@pytest.mark.parametrize(
    ("name", "stored"),
    [("x" * 40, "x" * 40), ("  a ", "a"), ("e\u0301", "é"), ("👩\u200d🚀", "👩\u200d🚀"), ("", None), ("x" * 41, None),
     ("   ", None), ("a" + "\u0301" * 200, None), ("a\u202eb", None), ("a\u200bb", None), ("a\x07b", None)],
)  # fmt: skip
def test_a34_names(name: str, stored: str | None) -> None:
    response = enlist({"name": name})
    if stored is None:
        assert fields_of(refused(response, 422)) == {"name"}
    else:
        assert response.json() == {"name": stored}


@pytest.mark.parametrize("root", ["heroes", "numbers"])
@pytest.mark.parametrize(
    "part", ["0", "-1", "1e3", "%00", "%D9%A1", "9" * 40, "..%2f", "0B0E0C5A-2F0E-4A3C-9D6E-0D8A4C1B2F3E", "%ff", "a b"]
)
def test_a35_path_ids(client: Client, root: str, part: str) -> None:
    refused(client.get(f"/api/toy/{root}/{part}"), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "GET", "HEAD"])
def test_a35_methods(client: Client, method: str) -> None:
    """Before the credential is asked for, so that an address says what it is."""
    response = client.generic(method, HEROES)
    assert response["Allow"] == "POST, OPTIONS"
    assert response.status_code == 405
    if method != "HEAD":
        refused(response, 405)


def test_options_needs_no_credential(client: Client) -> None:
    response = client.options(HEROES, headers={"X-Token": "bad"})
    assert (response.status_code, response["Allow"]) == (204, "POST, OPTIONS")


@pytest.mark.parametrize("accept", ["text/html", "image/png", "application/xml"])
def test_other_renderings(client: Client, accept: str) -> None:
    refused(client.get("/api/toy/list", headers={"Accept": accept}), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/*", "text/html, */*;q=0.1", "application/json; indent=4", ""])
def test_json_renderings(client: Client, accept: str) -> None:
    assert client.get("/api/toy/state", headers={"Accept": accept})["Content-Type"] == JSON


@pytest.mark.parametrize("probe", ["' OR 1=1 --", "{{7*7}}", "%s%n", "{0.__class__}", "${x}", "<script>"])
def test_a37_probes_are_text(probe: str) -> None:
    assert enlist({"name": probe}).json() == {"name": probe}


def test_body_may_be_left_out_where_an_action_has_no_arguments() -> None:
    undo = "/api/toy/undo"
    assert post("", content_type="", address=undo).json() == {}
    assert post("{}", address=undo).json() == {}
    refused(post("", address=undo), 400)
    refused(post("{}", content_type="", address=undo), 415)
    refused(post("", content_type=""), 415)


BODIES = st.binary(max_size=200) | st.text(st.characters(), max_size=80).map(lambda t: t.encode("utf-8", "replace"))
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["hp", "current", "max", "tier", "a.b", "\ud800"]), inner, max_size=3)
    ),
    max_leaves=8,
)
HERO_BODIES = st.dictionaries(
    st.sampled_from(["id", "name", "notes", "born", "seen_at", "patron", "scale", "tags", "entries", "stats", "extra"]),
    TREES,
    max_size=6,
)


def never_a_fault(response: Any) -> None:
    if response.status_code >= 400:
        assert response.status_code < 500
        refused(response, response.status_code)


@given(BODIES, st.sampled_from([JSON, "text/plain", "", "application/json; charset=x"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_answered_in_shape(raw: bytes, content_type: str) -> None:
    never_a_fault(post(raw, content_type=content_type))


@given(HERO_BODIES)
@settings(max_examples=200, deadline=None)
def test_any_json_is_answered_in_shape(body: dict[str, Any]) -> None:
    never_a_fault(enlist(body))


@given(st.text(max_size=40), st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_address_and_accept_are_answered_in_shape(tail: str, accept: str) -> None:
    client = Client(raise_request_exception=False)
    never_a_fault(client.generic("GET", "/api/toy/names/" + tail.lstrip("/?"), headers={"Accept": accept}))
