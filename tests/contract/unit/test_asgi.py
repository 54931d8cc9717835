"""The edge around Django under ASGI: what is refused before the first middleware, in the one shape."""

import asyncio
import json
import threading
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import pytest
from django.http import HttpResponse

from contract import asgi
from contract.asgi import ApiGuard, OneThreadHandler
from contract.json import MAX_BYTES
from tests.contract.unit import toy_urls

ECHO = "/api/toy/echo"
JSON_TYPE = (b"content-type", b"application/json")


def django() -> Any:
    return OneThreadHandler()


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


class Drip(Exchange):
    """Sends a byte now and then, for ever."""

    async def receive(self) -> Any:
        await asyncio.sleep(0.02)
        self.taken += 1
        return {"type": "http.request", "body": b"x", "more_body": True}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "PATIENCE", 0.3)


async def test_a43_a_body_that_drips_is_ended(impatient: None) -> None:
    (await Drip(ECHO, [], headers=[JSON_TYPE]).run()).assert_refused(408)
    upload = await Drip(ECHO, [], headers=[(b"content-type", b"multipart/form-data; boundary=x")]).run()
    upload.assert_refused(408)
    assert upload.taken < 40


async def test_a43_a_page_says_so_in_words(impatient: None) -> None:
    exchange = await Drip("/page/noted", []).run()
    assert exchange.status == 408
    assert b"too slowly" in exchange.sent[1]["body"]


async def test_a_body_that_keeps_its_pace_has_time(impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "SLOWEST", 10)
    exchange = Drip(ECHO, [], headers=[JSON_TYPE])
    with suppress(TimeoutError):
        async with asyncio.timeout(1.0):
            await exchange.run()
    assert exchange.taken > 25
    assert exchange.sent == []


async def test_a_page_takes_as_much_as_an_upload() -> None:
    exchange = Exchange("/page/noted", [b"x" * 1000] * 1000)
    await ApiGuard(django(), upload_bytes=10_000)(exchange.scope, exchange.receive, exchange.send)
    assert (exchange.status, exchange.taken) == (413, 11)


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


async def test_a_page_is_streamed_as_it_is_taken_and_closed() -> None:
    toy_urls.PARTS.clear()
    exchange = await Exchange("/page/streamed", [b""], method="GET").run()
    bodies = [message["body"] for message in exchange.sent[1:] if message.get("body")]
    assert bodies == [b"part 0;", b"part 1;", b"part 2;"]
    assert toy_urls.PARTS[-1] == "closed"
    assert all("request_" in part for part in toy_urls.PARTS[:-1])


async def test_a_stream_is_closed_when_its_client_hangs_up() -> None:
    toy_urls.PARTS.clear()
    exchange = Exchange("/page/streamed", [b""], method="GET")

    async def hang_up(message: Any) -> None:
        if message.get("body"):
            raise OSError("the client is gone")

    with pytest.raises(OSError, match="gone"):
        await django()(exchange.scope, exchange.receive, hang_up)
    assert [part.split()[0] for part in toy_urls.PARTS] == ["0", "closed"]


async def test_requests_share_threads_and_nothing_else() -> None:
    one_thread = OneThreadHandler(threads=1)
    answers = []
    for note in ("first", "second"):
        exchange = await Exchange("/page/noted", [b""], query=b"note=" + note.encode(), method="GET").run(one_thread)
        answers.append(exchange.body)
    assert answers[0] == answers[1] == {"left": "nothing", "thread": "request_0"}


async def test_requests_do_not_wait_for_each_other() -> None:
    handler = OneThreadHandler(threads=4)
    ready = threading.Barrier(3, timeout=20)

    def meet(request: Any) -> HttpResponse:
        ready.wait()
        return HttpResponse("met")

    with patch.object(handler, "_middleware_chain", meet):
        exchanges = await asyncio.gather(*(Exchange("/page/noted", [b""]).run(handler) for _ in range(3)))
    assert [exchange.status for exchange in exchanges] == [200] * 3


async def test_a_client_that_is_gone_before_its_body_is_read_costs_nothing() -> None:
    exchange = Exchange("/page/noted", [b""])

    async def gone() -> Any:
        return {"type": "http.disconnect"}

    await django()(exchange.scope, gone, exchange.send)
    assert exchange.sent == []
