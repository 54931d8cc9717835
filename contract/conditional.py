"""Conditional GET: an answer that the client already has costs no more than the parts of its ETag."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.response import Response

PUBLIC = "public, no-cache"  # may be stored by anybody, must be asked for again
PRIVATE = "private, no-cache"

_ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


def etag_of(*parts: object, weak: bool = True) -> str:
    """The tag of everything that the answer depends on: campaign id, epoch, seq, audience, query, build.

    Weak by default: two answers with one tag say the same, while a proxy may compress one of them.
    """
    # JSON keeps the borders of the parts: ("a", "bc") is not ("ab", "c").
    text = json.dumps([str(part) for part in parts])
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
    return f"W/{tag}" if weak else tag


def matches(header: str, etag: str) -> bool:
    """Weak comparison of an If-None-Match header (`*`, one tag, a list) with the tag of now."""
    if header.strip() == "*":
        return True
    opaque = etag.removeprefix("W/").strip('"')
    return any(found == opaque for found in _ETAG.findall(header))


def conditional(
    request: Any,
    etag: str,
    build: Callable[[], Any],
    *,
    cache: str = PRIVATE,
    vary: Iterable[str] = ("Cookie", "Authorization", "X-Token"),
) -> HttpResponseBase:
    """304 without a call of `build` when the client has `etag`; otherwise what `build` returns."""
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    response: HttpResponseBase
    if request.method in ("GET", "HEAD") and matches(known, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        built = build()
        response = built if isinstance(built, HttpResponseBase) else Response(built)
    response["ETag"] = etag
    response["Cache-Control"] = cache
    patch_vary_headers(response, list(vary))
    return response
