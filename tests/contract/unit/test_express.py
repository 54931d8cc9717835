"""The way around Django: taken only by what Django has answered alike before, and left without a trace."""

import json
from typing import Any

import pytest

from contract import express
from contract.express import COUNTED, ExpressLane
from contract.refusals import NotAllowed

HEADERS = ((b"host", b"troupe.example"), (b"content-type", b"application/json"), (b"x-token", b"t"))
DJANGO_S = [(b"Content-Type", b"application/json"), (b"Vary", b"Cookie"), (b"X-Request-ID", b"first")]
BODY = b'{"n": 1}'


class Handler:
    """Django's place: notes what comes through, and answers `status` with these headers."""

    def __init__(self) -> None:
        self.status = 201
        self.headers = DJANGO_S
        self.seen: list[tuple[Any, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        self.seen.append((scope, body))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"by Django"})

    async def in_thread(self, function: Any, *args: Any) -> Any:
        return function(*args)


class Sent:
    def __init__(self) -> None:
        self.is_counted = False
        self.trouble: Exception | None = None
        self.bodies: list[bytes] = []

    def answer(self, body: bytes, request_id: str) -> bytes:
        self.bodies.append(body)
        if self.trouble:
            self.is_counted = True
            raise self.trouble
        return b'{"done": true}'


class Edge:
    def __init__(self) -> None:
        self.handler, self.request = Handler(), Sent()
        self.lane = ExpressLane(self.handler, lambda scope, headers: self.request)  # type: ignore[arg-type]

    async def post(self, *chunks: bytes, headers: Any = HEADERS, **scope: Any) -> tuple[int, dict[bytes, bytes], bytes]:
        chunks = chunks or (BODY,)
        length = (b"content-length", b"%d" % sum(map(len, chunks)))
        waiting = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
        waiting[-1]["more_body"] = False
        sent: list[Any] = []

        async def receive() -> Any:
            return waiting.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        whole = {"type": "http", "method": "POST", "path": "/e", "query_string": b"", "scheme": "https"}
        await self.lane({**whole, "headers": [*headers, length], **scope}, receive, send)
        start, *rest = sent
        return start["status"], dict(start["headers"]), b"".join(message["body"] for message in rest)

    @property
    def by_django(self) -> int:
        return len(self.handler.seen)


@pytest.fixture(autouse=True)
def _without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(express, "close_old_connections", lambda: None)


@pytest.fixture
async def edge() -> Edge:
    """One that knows a kind of request already."""
    found = Edge()
    await found.post()
    assert found.by_django == 1
    return found


async def test_the_first_goes_to_django_and_the_next_has_its_headers(edge: Edge) -> None:
    status, headers, body = await edge.post(BODY)
    assert (edge.by_django, edge.request.bodies) == (1, [BODY])
    assert (status, json.loads(body)) == (201, {"done": True})
    assert headers[b"vary"] == b"Cookie"
    assert headers[b"content-length"] == b"14"
    assert len(headers[b"x-request-id"]) == 32


async def test_a_body_in_parts_arrives_whole(edge: Edge) -> None:
    await edge.post(b'{"n"', b": 1", b"}")
    assert edge.request.bodies == [BODY]


async def test_credential_length_and_sender_make_no_other_kind(edge: Edge) -> None:
    others = [(b"x-token", b"other"), (b"x-forwarded-for", b"203.0.113.9"), (b"user-agent", b"Deck")]
    await edge.post(b'{"number": 22}', headers=[*HEADERS[:2], *others])
    assert edge.by_django == 1


@pytest.mark.parametrize(
    "other",
    [
        {"scheme": "http"},
        {"method": "PUT"},
        {"query_string": b"a=1"},
        {"root_path": "/below"},
        {"headers": [(b"host", b"evil.example"), *HEADERS[1:]]},
        {"headers": [*HEADERS, (b"accept", b"text/html")]},
        {"headers": [*HEADERS, (b"origin", b"https://elsewhere.example")]},
        {"headers": [*HEADERS, (b"cookie", b"sessionid=1")]},
        {"headers": [*HEADERS, (b"idempotency-key", b"k")]},
        {"headers": [*HEADERS, (b"x-token", b"twice")]},
    ],
    ids=str,
)
async def test_whatever_else_differs_is_django_s(edge: Edge, other: Any) -> None:
    assert (await edge.post(**other))[2] == b"by Django"
    assert edge.request.bodies == []


async def test_a_long_body_is_django_s(edge: Edge) -> None:
    assert (await edge.post(b"x" * (express.LONGEST_BODY + 1)))[2] == b"by Django"


@pytest.mark.parametrize(
    ("status", "header"),
    [(200, None), (422, None), (201, (b"Set-Cookie", b"a=b")), (201, (b"Content-Encoding", b"gzip"))],
)
async def test_only_a_plain_success_is_learned(status: int, header: Any) -> None:
    edge = Edge()
    edge.handler.status = status
    edge.handler.headers = [*DJANGO_S, *([header] if header else [])]
    for _ in range(3):
        await edge.post()
    assert edge.by_django == 3


async def test_no_more_kinds_are_learned_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(express, "MOST_KINDS", 2)
    edge = Edge()
    for name in (b"a", b"b", b"c", b"a", b"b", b"c"):
        await edge.post(headers=[(b"host", name), *HEADERS[1:]])
    assert edge.by_django == 4


async def test_what_is_refused_is_told_by_django_with_the_same_body(edge: Edge) -> None:
    edge.request.trouble = NotAllowed()
    edge.handler.status = 403
    assert (await edge.post(b'{"n"', b": 1}"))[0] == 403
    scope, body = edge.handler.seen[-1]
    assert body == BODY
    assert scope[COUNTED] is True  # not twice against its rate limit


async def test_a_fault_is_not_tried_again(edge: Edge) -> None:
    """It may have been done: whoever stands around answers 500 or 503."""
    edge.request.trouble = RuntimeError()
    with pytest.raises(RuntimeError):
        await edge.post()
    assert edge.by_django == 1
