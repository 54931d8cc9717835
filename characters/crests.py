"""Serves the drawn coats of arms. They depend on the id alone, so nothing is read and nothing is given away."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from characters.heraldry import crest

YEAR = 365 * 24 * 3600


@require_safe
def crest_svg(request: HttpRequest, character_id: UUID) -> HttpResponse:
    response = HttpResponse(crest(str(character_id)), content_type="image/svg+xml")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
