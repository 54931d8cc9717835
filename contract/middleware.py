"""What every answer carries (a request id) and what every failed answer of the API is (JSON, never a page).

RequestIDMiddleware stands first. JSONErrorsMiddleware stands before every middleware that can fail or refuse.
"""

from __future__ import annotations

import logging
import re
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from contract.errors import refusal_for, refusal_response, report
from contract.refusals import NotVisible, OtherRefusal, Refusal, Unexpected

API_ROOTS = ("/api", "/graphql")
REQUEST_ID_HEADER = "X-Request-ID"
KEPT_HEADERS = (
    *("Allow", "Retry-After", "WWW-Authenticate", "Vary", "Cache-Control"),
    *("X-Content-Type-Options", "X-Frame-Options", "Strict-Transport-Security", "Content-Security-Policy"),
    *("Referrer-Policy", "Cross-Origin-Opener-Policy", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"),
)
MAX_SEGMENT = 200
# Larger than any key of ours, and than what a database compares without complaint.
_TOO_MANY_DIGITS = re.compile(r"[0-9]{19,}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")

request_id: ContextVar[str] = ContextVar("request_id", default="-")

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class RequestIDFilter(logging.Filter):
    """Gives every log record `request_id`, "-" outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a refusal after the middleware is left, but tells which request it was.
        of_record = getattr(getattr(record, "request", None), "request_id", None)
        record.request_id = of_record or request_id.get()
        return True


class _Middleware:
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self.answer_async(request) if self.is_async else self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError

    def sync_response(self, request: HttpRequest) -> HttpResponseBase:
        return cast(HttpResponseBase, self.get_response(request))

    async def async_response(self, request: HttpRequest) -> HttpResponseBase:
        return await cast(Awaitable[HttpResponseBase], self.get_response(request))


class RequestIDMiddleware(_Middleware):
    """An id of our own for every request; what a client sends under that name is never taken over."""

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        with _identified(request):
            return _stamped(request, self.sync_response(request))

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with _identified(request):
            return _stamped(request, await self.async_response(request))


@contextmanager
def _identified(request: Any) -> Iterator[None]:
    request.request_id = uuid.uuid4().hex
    token = request_id.set(request.request_id)
    try:
        yield
    finally:
        request_id.reset(token)


def _stamped(request: Any, response: HttpResponseBase) -> HttpResponseBase:
    response[REQUEST_ID_HEADER] = request.request_id
    return response


class JSONErrorsMiddleware(_Middleware):
    """Below the API, every 4xx and 5xx of Django or of another middleware leaves in the one shape."""

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        return _refused_path(request) or _shaped(request, self.sync_response(request))

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        return _refused_path(request) or _shaped(request, await self.async_response(request))

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Faults of views that are not DRF's (GraphQL, a rendering that fails)."""
        if not in_api(request):
            return None
        refusal = refusal_for(exc)
        if isinstance(refusal, Unexpected):
            report(exc, request)
        return refusal_response(refusal)


def in_api(request: HttpRequest) -> bool:
    return is_api_path(request.path_info)


def is_api_path(path: str) -> bool:
    return any(path == root or path.startswith(root + "/") for root in API_ROOTS)


def _refused_path(request: HttpRequest) -> HttpResponse | None:
    """404 for paths that no address of ours can have, before a converter or a database sees them."""
    if not in_api(request):
        return None
    segments = request.path_info.split("/")
    return refusal_response(NotVisible()) if any(map(_is_odd, segments)) else None


def _is_odd(segment: str) -> bool:
    return bool(
        segment in (".", "..")
        or len(segment) > MAX_SEGMENT
        or _CONTROL.search(segment)
        or _TOO_MANY_DIGITS.fullmatch(segment)
    )


def _shaped(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code < 400 or not in_api(request) or _is_in_shape(response):
        return response
    shaped = refusal_response(_refusal_of(request, response))
    for name in KEPT_HEADERS:
        if response.has_header(name) and not shaped.has_header(name):
            shaped[name] = response[name]
    shaped.cookies = response.cookies
    return shaped


def _is_in_shape(response: HttpResponseBase) -> bool:
    """Made by `refusal_response`, here or as DRF's exception handler."""
    return getattr(response, "in_contract_shape", False)


def _refusal_of(request: Any, response: HttpResponseBase) -> Refusal:
    """An answer that Django made: the fault behind it if it told us of one, else its status."""
    fault = getattr(request, "contract_fault", None)
    if fault is not None and response.status_code == 500:
        return refusal_for(fault)
    return OtherRefusal(response.status_code)


def _remember_fault(sender: Any, request: Any = None, **kwargs: Any) -> None:
    """Django turns a middleware's fault into a page before we see it, and sends this signal just before."""
    if request is not None:
        request.contract_fault = sys.exc_info()[1]


got_request_exception.connect(_remember_fault, dispatch_uid="contract.middleware.remember_fault")
