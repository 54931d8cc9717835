"""Stored files, served by us: from a folder as they are, from a bucket by sending the browser on to it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from content import queries, ranges, storage
from content.addresses import opens
from content.models import StoredFile

PIECE = 256 * 1024  # bytes
# Somebody who opens the address itself sees the picture; nothing in it could do anything.
ALONE = "default-src 'none'; sandbox"


@require_safe
def media(request: HttpRequest, key: str) -> HttpResponseBase:
    """404 for whoever does not bring the mark that the file's address has."""
    file = queries.file_at(key) if "\x00" not in key else None
    if file is None or not opens(file, request.GET.get("v", "")):
        raise Http404
    answer = _from_folder(request, file) if storage.is_local() else _from_bucket(file)
    if storage.disposition(file.media_type):
        answer.headers["Content-Disposition"] = storage.disposition(file.media_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _from_folder(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    try:
        answer = _part_of(request, file, storage.open_local(file.key))
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Accept-Ranges"] = "bytes"
    if answer.status_code == 416:
        return answer
    answer.headers["Cache-Control"] = settings.FILE_CACHING
    answer.headers["ETag"] = f'"{file.digest[:32]}"'
    return answer


def _part_of(request: HttpRequest, file: StoredFile, opened: Any) -> HttpResponseBase:
    try:
        part = ranges.asked(request.headers.get("Range", ""), file.size)
    except ranges.Unsatisfiable:
        opened.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    if part is not None:
        with opened:
            opened.seek(part[0])
            body = opened.read(part[1] - part[0] + 1)
        told = {"Content-Range": f"bytes {part[0]}-{part[1]}/{file.size}"}
        return HttpResponse(body, status=206, content_type=file.media_type, headers=told)
    if file.size > ranges.MOST and isinstance(request, ASGIRequest):  # Django would read all of it first
        length = {"Content-Length": str(file.size)}
        return StreamingHttpResponse(_piece_by_piece(opened), content_type=file.media_type, headers=length)
    return FileResponse(opened, content_type=file.media_type)


async def _piece_by_piece(opened: Any) -> AsyncIterator[bytes]:
    with opened:
        while piece := await asyncio.to_thread(opened.read, PIECE):
            yield piece


def _from_bucket(file: StoredFile) -> HttpResponse:
    answer = HttpResponseRedirect(storage.signed_address(file.key, file.media_type))
    # The browser may go there again for as long as the bucket will let it in.
    answer.headers["Cache-Control"] = f"private, max-age={storage.SIGNED_SECONDS - 60}"
    return answer
