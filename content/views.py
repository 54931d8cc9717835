"""Stored files, served by us: from a folder as they are, from a bucket by sending the browser on to it."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from content import queries, storage
from content.addresses import opens
from content.models import StoredFile

# Somebody who opens the address itself sees the picture; nothing in it could do anything.
ALONE = "default-src 'none'; sandbox"


@require_safe
def media(request: HttpRequest, key: str) -> HttpResponseBase:
    """404 for whoever does not bring the mark that the file's address has."""
    file = queries.file_at(key) if "\x00" not in key else None
    if file is None or not opens(file, request.GET.get("v", "")):
        raise Http404
    answer = _from_folder(file) if storage.is_local() else _from_bucket(file)
    if storage.disposition(file.media_type):
        answer.headers["Content-Disposition"] = storage.disposition(file.media_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = ALONE
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _from_folder(file: StoredFile) -> HttpResponseBase:
    try:
        answer = FileResponse(storage.open_local(file.key), content_type=file.media_type)
    except FileNotFoundError:
        raise Http404 from None
    answer.headers["Cache-Control"] = settings.FILE_CACHING
    answer.headers["ETag"] = f'"{file.digest[:32]}"'
    return answer


def _from_bucket(file: StoredFile) -> HttpResponse:
    answer = HttpResponseRedirect(storage.signed_address(file.key, file.media_type))
    # The browser may go there again for as long as the bucket will let it in.
    answer.headers["Cache-Control"] = f"private, max-age={storage.SIGNED_SECONDS - 60}"
    return answer
