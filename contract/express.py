"""The way around Django's middleware and views, for the few requests that come in hundreds a second.

A request goes it only when Django has answered one before that differed in nothing but the credential, the body and
the end of its address, and with success: then the answer's headers are known. Whatever cannot be done at once, and
every refusal, goes to Django as if nobody had looked at it, so there is one place that refuses and one that decides
about headers.
"""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import close_old_connections
from rest_framework.exceptions import APIException

from contract.asgi import App, Message, OneThreadHandler, Receive, Send
from contract.middleware import REQUEST_ID_HEADER, request_id
from contract.refusals import Refusal

CREATED = 201
LONGEST_BODY = 8192
MOST_KINDS = 64  # of requests, by their headers; beyond, none is learned any more
COUNTED = "troupe.counted"  # in the scope: this request has been counted against its rate limit

Header = tuple[bytes, bytes]
Headers = tuple[Header, ...]

_NEVER_THE_SAME = {b"content-length", b"x-request-id", b"date", b"server"}
_ITS_OWN = {b"content-length", b"x-token", b"x-forwarded-for", b"x-real-ip", b"user-agent"}
_USUAL = _ITS_OWN | {
    *(b"host", b"content-type", b"accept", b"accept-encoding", b"accept-language", b"connection", b"via"),
    *(b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port"),
}


class Request(Protocol):
    """What of a request the lane needs."""

    def answer(self, body: bytes, request_id: str) -> bytes:
        """Do it and return the JSON of a 201, or raise the refusal; in a thread, outside any transaction."""
        ...

    @property
    def is_counted(self) -> bool: ...


Match = Callable[[Mapping[str, Any], dict[bytes, bytes]], Request | None]


@dataclass(frozen=True)
class _Kind:
    """All that Django may look at to decide about headers, redirects and hosts."""

    scheme: str
    headers: Headers


class ExpressLane:
    """ASGI, around `handler`. `match` says which requests it would take, by scope and headers."""

    def __init__(self, handler: OneThreadHandler, match: Match) -> None:
        self._handler: App = handler
        self._in_thread: Callable[..., Awaitable[Any]] = handler.in_thread
        self._match = match
        self._learned: dict[_Kind, Headers] = {}

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        found = self._matched(scope)
        if found is None:
            await self._handler(scope, receive, send)
            return
        request, kind = found
        headers = self._learned.get(kind)
        if headers is None:
            await self._handler(scope, receive, self._learning(kind, send))
            return
        taken = await _body(receive)
        answer = await self._in_thread(_answer, request, taken.whole) if taken.is_whole else None
        if answer is None:
            await self._handler({**scope, COUNTED: request.is_counted}, taken.again(receive), send)
        else:
            await _send(send, headers, *answer)

    def _matched(self, scope: Mapping[str, Any]) -> tuple[Request, _Kind] | None:
        if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"] or scope.get("root_path"):
            return None
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]) or not headers.keys() <= _USUAL or not _is_short(headers):
            return None
        request = self._match(scope, headers)
        if request is None:
            return None
        return request, _Kind(scope["scheme"], tuple(each for each in scope["headers"] if each[0] not in _ITS_OWN))

    def _learning(self, kind: _Kind, send: Send) -> Send:
        async def learn(message: Message) -> None:
            if message["type"] == "http.response.start" and len(self._learned) < MOST_KINDS:
                headers = tuple((name.lower(), value) for name, value in message["headers"])
                if message["status"] == CREATED and _is_plain(headers):
                    self._learned[kind] = tuple(each for each in headers if each[0] not in _NEVER_THE_SAME)
            await send(message)

        return learn


def _is_short(headers: Mapping[bytes, bytes]) -> bool:
    length = headers.get(b"content-length", b"")
    return length.isdigit() and len(length) < 6 and int(length) <= LONGEST_BODY


def _is_plain(headers: Iterable[Header]) -> bool:
    return not {b"set-cookie", b"content-encoding", b"transfer-encoding"} & {name for name, _value in headers}


def _answer(request: Request, body: bytes) -> tuple[bytes, str] | None:
    """The answer and its id, or None for what Django is to refuse (nothing is changed then)."""
    id_ = uuid.uuid4().hex
    request_id.set(id_)
    close_old_connections()
    try:
        return request.answer(body, id_), id_
    except (Refusal, APIException):
        return None
    finally:
        close_old_connections()


async def _send(send: Send, headers: Headers, body: bytes, id_: str) -> None:
    own = ((b"content-length", b"%d" % len(body)), (REQUEST_ID_HEADER.lower().encode(), id_.encode()))
    await send({"type": "http.response.start", "status": CREATED, "headers": [*headers, *own]})
    await send({"type": "http.response.body", "body": body})


@dataclass
class _Taken:
    """Messages of a body; whole unless the client went away."""

    messages: list[Message]

    @property
    def is_whole(self) -> bool:
        last = self.messages[-1]
        return bool(last["type"] == "http.request" and not last.get("more_body"))

    @property
    def whole(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    def again(self, receive: Receive) -> Receive:
        waiting = iter(self.messages)

        async def replayed() -> Message:
            return next(waiting, None) or await receive()

        return replayed


async def _body(receive: Receive) -> _Taken:
    messages = [await receive()]
    while messages[-1]["type"] == "http.request" and messages[-1].get("more_body"):
        messages.append(await receive())
    return _Taken(messages)
