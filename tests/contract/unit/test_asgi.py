"""The edge around Django under ASGI: what is refused before the first middleware, in the one shape."""

import asyncio
import json
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler

from contract.asgi import ApiGuard
from contract.json import MAX_BYTES

ECHO = "/api/toy/echo"
JSON_TYPE = (b"content-type", b"application/json")


def django() -> Any:
    return ASGIHandler()


class Exchange:
    """One HTTP exchange with the application; `chunks` is the body as a server would hand it on."""

    def __init__(self, path: str, chunks: list[bytes], query: bytes = b"", headers: Any = (), method: str = "POST"):
        self.scope = {
            "type": "http", "method": method, "path": path, "query_string": query, "scheme": "http",
            "headers": [(b"host", b"testserver"), *headers], "server": ("testserver", 80), "http_version": "1.1",
        }  # fmt: skip
        self.chunks = chunks
        self.taken = 0
        self.sent: list[Any] = []

    async def receive(self) -> Any:
        if self.taken == len(self.chunks):
            await asyncio.sleep(60)
        self.taken += 1
        more = self.taken < len(self.chunks)
        return {"type": "http.request", "body": self.chunks[self.taken - 1], "more_body": more}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def run(self, app: Any = None) -> "Exchange":
        await ApiGuard(app or django())(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def body(self) -> Any:
        return json.loads(b"".join(message.get("body", b"") for message in self.sent))

    def assert_refused(self, status: int) -> None:
        headers = {name.lower(): value for name, value in self.sent[0]["headers"]}
        assert self.status == status
        assert [message["type"] for message in self.sent] == ["http.response.start", "http.response.body"]
        assert headers[b"content-type"] == b"application/json"
        assert len(headers[b"x-request-id"]) == 32
        assert set(self.body) == {"error", "status_code", "details"}
        assert self.body["status_code"] == status


async def test_chunked_body_without_length_is_read() -> None:
    exchange = await Exchange(ECHO, [b'{"a":', b" 1}"], headers=[JSON_TYPE]).run()
    assert (exchange.status, exchange.body) == (200, {"a": 1})


@pytest.mark.parametrize("announced", [[], [(b"content-length", b"12")]])
async def test_a29_large_chunked_body_is_cut_off_early(announced: Any) -> None:
    chunk = b"x" * (MAX_BYTES // 2)
    exchange = await Exchange(ECHO, [chunk] * 1000, headers=[JSON_TYPE, *announced]).run()
    exchange.assert_refused(413)
    assert exchange.taken == 3


async def test_uploads_have_a_limit_of_their_own() -> None:
    exchange = Exchange(ECHO, [b"x" * 1000] * 1000, headers=[(b"content-type", b"multipart/form-data; boundary=x")])
    await ApiGuard(django(), upload_bytes=10_000)(exchange.scope, exchange.receive, exchange.send)
    exchange.assert_refused(413)
    assert exchange.taken == 11


async def test_a28_a_codec_in_the_charset_decodes_nothing() -> None:
    named = [(b"content-type", b"application/json; charset=bz2_codec")]
    (await Exchange(ECHO, [b"{}"], headers=named).run()).assert_refused(415)
    listed = await Exchange("/api/toy/list", [b""], query=b"search=%41", headers=named, method="GET").run()
    assert listed.body["params"]["search"] == "A"


async def test_query_that_django_cannot_decode() -> None:
    (await Exchange("/api/toy/list", [b""], query=b"search=\xff", method="GET").run()).assert_refused(400)


async def test_fault_while_django_builds_the_request() -> None:
    """A charset makes Django parse the query in the constructor of the request, where nothing catches."""
    query = b"&".join(b"a%d=1" % n for n in range(1001))
    named = [(b"content-type", b"application/json; charset=utf-8")]
    (await Exchange("/api/toy/list", [b""], query=query, headers=named, method="GET").run()).assert_refused(400)


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise ValueError("a secret")


async def test_any_other_fault() -> None:
    exchange = await Exchange(ECHO, [b"{}"]).run(broken)
    exchange.assert_refused(500)
    assert "secret" not in str(exchange.sent)


async def test_other_addresses_and_protocols_pass() -> None:
    exchange = Exchange("/overlay/x", [b""])
    with pytest.raises(ValueError, match="a secret"):
        await exchange.run(broken)
    exchange.scope |= {"type": "websocket", "path": ECHO}
    with pytest.raises(ValueError, match="a secret"):
        await exchange.run(broken)


async def test_refusals_of_the_views_pass_as_they_are() -> None:
    exchange = await Exchange("/api/toy/raise/invalid", [b""], method="GET").run()
    exchange.assert_refused(422)
    assert exchange.body["details"][0]["field"] == "stats.hp.current"
