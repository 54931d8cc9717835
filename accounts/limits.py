"""How often somebody may ask: moving windows on Redis, where they are exact over all processes, else in memory.

A request of somebody known counts for the person or the token, any other for its address (an IPv6 one as its /64).
When Redis does not answer, whatever guards a secret is refused (503); everything else goes on uncounted.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import limits
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.throttling import BaseThrottle

from accounts.addresses import client_address
from contract.express import COUNTED
from contract.refusals import Refusal, TooMany, Unavailable

READ, WRITE, AUTH, TOKEN, UPLOAD, VOTE, GUESS = "read", "write", "auth", "token", "upload", "vote", "guess"
CLASSES = (READ, WRITE, AUTH, TOKEN, UPLOAD, VOTE, GUESS)
FAIL_CLOSED = frozenset({AUTH, TOKEN})
REDIS_SECONDS = 0.5
# After a fault nothing that fails open waits for Redis again so soon.
PAUSE_SECONDS = 2.0
# Pages by the name of their address. Elsewhere a form that is sent counts as a write.
AUTH_PAGES = frozenset(
    {
        "admin:login",
        *(f"accounts:{name}" for name in ("login", "second_step", "sign_up", "lost_password", "new_password")),
        "accounts:change_password",
        "accounts:social:begin",
    }
)

_making = threading.Lock()
logger = logging.getLogger(__name__)


class Limited(TooMany):
    """429 with the headers of draft-ietf-httpapi-ratelimit-headers. Other answers carry none of them: they would make
    two answers differ that must not be told apart.
    """

    def __init__(self, limit: limits.RateLimitItem, seconds: float) -> None:
        super().__init__(seconds)
        self.limit = limit

    def headers(self) -> dict[str, str]:
        wait = max(1, math.ceil(self.retry_after))
        told = {"Limit": str(self.limit.amount), "Remaining": "0", "Reset": str(wait)}
        return super().headers() | {f"RateLimit-{name}": value for name, value in told.items()}


class Counter:
    """The windows of one storage."""

    def __init__(self, storage: Storage) -> None:
        self.windows = MovingWindowRateLimiter(storage)
        self.paused_until = 0.0

    def hit(self, rate_class: str, who: str) -> None:
        """Count one request. Raises Limited, and Unavailable where an uncounted one would be a risk."""
        if rate_class not in FAIL_CLOSED and time.monotonic() < self.paused_until:
            return
        limit = limit_of(rate_class)
        try:
            if not self.windows.hit(limit, rate_class, who):
                reset = self.windows.get_window_stats(limit, rate_class, who).reset_time
                raise Limited(limit, reset - time.time())
        except (StorageError, OSError) as error:
            self._do_without(rate_class, error)

    def _do_without(self, rate_class: str, error: Exception) -> None:
        self.paused_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("Requests cannot be counted: %s", type(error).__name__)
        if rate_class in FAIL_CLOSED:
            raise Unavailable(PAUSE_SECONDS) from error


def hit(rate_class: str, who: str) -> None:
    """Count one request of this class for `who`. Raises Limited or Unavailable; nothing with RATE_LIMITS=off."""
    if settings.RATE_LIMITS:
        _counter(settings.REDIS_URL, settings.REDIS_PREFIX).hit(rate_class, who)


def limit_of(rate_class: str) -> limits.RateLimitItem:
    return _parsed(settings.RATES[rate_class])


@cache
def _parsed(text: str) -> limits.RateLimitItem:
    return limits.parse(text)


def _counter(redis_url: str, prefix: str) -> Counter:
    with _making:  # two at once would count apart, and `limits` itself fails when its parts are loaded twice at once
        return _made(redis_url, prefix)


@cache
def _made(redis_url: str, prefix: str) -> Counter:
    if not redis_url:
        return Counter(MemoryStorage())
    options: Any = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    return Counter(RedisStorage(redis_url, key_prefix=f"{prefix}:rate", wrap_exceptions=True, **options))


def address_of(request: Any) -> str:
    return f"address:{client_address(getattr(request, '_request', request))}"


def holder_of(token: Any) -> str:
    """Of a campaign's token."""
    return f"token:{token.pk}"


class Throttle(BaseThrottle):
    """DRF's hook, after the credential is known. A view names the class of its writes in `rate_class`."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if not getattr(request._request, "scope", {}).get(COUNTED):
            hit(self.rate_class(request, view), self.who(request))
        return True

    def rate_class(self, request: Any, view: Any) -> str:
        if request.method in SAFE_METHODS:
            return READ
        named: str = getattr(view, "rate_class", WRITE)
        return named

    def who(self, request: Any) -> str:
        if hasattr(request.auth, "campaign_id"):
            return holder_of(request.auth)
        return f"user:{request.user.pk}" if request.user.is_authenticated else address_of(request)


class PageLimits:
    """Middleware: forms of pages. What only shows a page is not counted; the API counts for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "POST" or hasattr(view, "cls"):  # DRF's views carry their class
            return None
        try:
            hit(*_counted(request, name))
        except (TooMany, Unavailable) as refusal:
            return refused_page(request, refusal)
        return None


def _counted(request: HttpRequest, name: str) -> tuple[str, str]:
    if name in AUTH_PAGES:
        return AUTH, address_of(request)
    user = request.user
    return WRITE, f"user:{user.pk}" if user.is_authenticated else address_of(request)


def refused_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    page = render(request, "429.html", {"too_many": refusal.status_code == 429}, status=refusal.status_code)
    for header, value in refusal.headers().items():
        page[header] = value
    add_never_cache_headers(page)
    return page
