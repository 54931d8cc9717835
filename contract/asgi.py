"""What Django does before its first middleware, kept within the contract.

Django writes a whole body to disk before any code of ours sees the request, and answers a query that is not UTF-8
(or raises) while it builds the request. `ApiGuard` stands around it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.http.response import FileResponse, HttpResponseBase
from django.urls import set_script_prefix

from contract.errors import refusal_for
from contract.json import MAX_BYTES
from contract.middleware import REQUEST_ID_HEADER, is_api_path
from contract.refusals import OtherRefusal, Refusal, TooLarge, TooSlow

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
PATIENCE = 30.0  # seconds in which a body may begin at any pace
SLOWEST = 4096  # bytes a second from then on: a phone with two bars is faster

logger = logging.getLogger("contract.asgi")


class ApiGuard:
    """Wraps Django's ASGI application: bodies keep to a size and a pace, and no answer below the API is without the
    one error shape.

    `upload_bytes` bounds the bodies of pages and multipart ones; every other body has the limit of JSON.
    """

    def __init__(self, app: App, *, upload_bytes: int = MAX_UPLOAD_BYTES) -> None:
        self.app = app
        self.upload_bytes = upload_bytes

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        in_api = is_api_path(scope["path"])
        answer = _Answer(send) if in_api else _PageAnswer(send)
        try:
            await self.app(scope, _Body(receive, self._limit(scope, in_api)).receive, answer.send)
        except Exception as exc:
            if answer.started or not answer.speaks_of(exc):
                raise
            await answer.refuse(_logged(exc))

    def _limit(self, scope: MutableMapping[str, Any], in_api: bool) -> int:
        media_type = dict(scope["headers"]).get(b"content-type", b"")
        return self.upload_bytes if media_type.startswith(b"multipart/") or not in_api else MAX_BYTES


class OneThreadHandler(ASGIHandler):
    """Django's, with the whole of a request in one thread of a lasting few: every view of ours is synchronous.

    Django's own makes a thread for each request, and changes threads for each signal and for each middleware that
    could be asynchronous: twice the CPU for /healthz, and a new thread has to build its database connection. It also
    watches for a client that goes away, to cancel the view, which no thread can be.
    """

    def __init__(self, threads: int | None = None) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(threads or settings.REQUEST_THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = True) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served here, not {scope['type']}.")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            await self._answered(scope, body, send)

    async def _answered(self, scope: Any, body: IO[bytes], send: Any) -> None:
        response = await self.in_thread(self._response, scope, body)
        if not response.streaming:
            await self.send_response(response, send)
            return
        try:
            if not response.is_async:
                response.streaming_content = self._parts(iter(response.streaming_content))
            await self.send_response(response, send)
        finally:
            await self.in_thread(response.close)

    async def _parts(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        """One after the other as the client takes them, where Django would first read all."""
        while (part := await self.in_thread(next, parts, None)) is not None:
            yield part

    def in_thread(self, function: Callable[..., Any], *args: Any) -> Awaitable[Any]:
        """Under a context of its own, so that nothing a request sets there is met by the next one."""
        return asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, function, *args)

    def _response(self, scope: MutableMapping[str, Any], body: IO[bytes]) -> HttpResponseBase:
        """Ready to be sent and done with the database: what is streamed may not ask it for its parts."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = self.__class__
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            close_old_connections()  # other threads send it: this one would keep its connection until its next request
        else:
            response.close()
        made: HttpResponseBase = response
        return made


class _Answer:
    """Passes on what Django sends, except a refusal that never met our middleware."""

    media_type = "application/json"

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self._replaced = False

    def text(self, refusal: Refusal) -> str:
        return json.dumps(refusal.body())

    def speaks_of(self, exc: Exception) -> bool:
        return True

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_raw_refusal(message):
            self._replaced = True
            await self.refuse(OtherRefusal(message["status"]))
        elif not self._replaced:
            self.started = True
            await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        self.started = True
        body = self.text(refusal).encode()
        headers = {
            "Content-Type": self.media_type,
            "Content-Length": str(len(body)),
            REQUEST_ID_HEADER: uuid.uuid4().hex,
        } | refusal.headers()
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self._send({"type": "http.response.start", "status": refusal.status_code, "headers": raw})
        await self._send({"type": "http.response.body", "body": body})


class _PageAnswer(_Answer):
    """Django answers for pages, but for what it never sees: a body that is not read to its end."""

    media_type = "text/plain; charset=utf-8"

    def speaks_of(self, exc: Exception) -> bool:
        return isinstance(exc, TooLarge | TooSlow)

    async def send(self, message: Message) -> None:
        self.started = True
        await self._send(message)

    def text(self, refusal: Refusal) -> str:
        return refusal.message


def _is_raw_refusal(message: Message) -> bool:
    names = {name.lower() for name, _ in message["headers"]}
    return message["status"] >= 400 and REQUEST_ID_HEADER.lower().encode() not in names


class _Body:
    """What a client sends, as long as it is no more than `limit` bytes and no slower than SLOWEST after PATIENCE."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._taken = 0
        self._whole = False
        self._begun = asyncio.get_running_loop().time()

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._begun + PATIENCE + self._taken / SLOWEST):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow("This came too slowly to wait for. Try again with a better connection.") from None
        self._taken += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._taken > self._limit:
            raise TooLarge(f"The body is larger than {self._limit} bytes. Send less at once.")
        return message


def _logged(exc: Exception) -> Refusal:
    refusal = refusal_for(exc)
    if refusal.status_code >= 500:
        logger.error("%s before the first middleware", type(exc).__name__, exc_info=exc)
    return refusal
