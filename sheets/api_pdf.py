"""/api/v1/sheets/{id}/pdf: the sheet on paper."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts import limits
from contract.query import Choice
from sheets.api import SheetEndpoint
from sheets.pdf import page
from sheets.pdf.printing import PAPERS
from sheets.pdf.view import attached


class PdfRenderer(JSONRenderer):
    """Lets `Accept: application/pdf` in. The file itself is ready; what is refused is told in JSON."""

    media_type = page.MEDIA_TYPE
    format = "pdf"


class SheetPdf(SheetEndpoint):
    renderer_classes = (JSONRenderer, PdfRenderer)  # type: ignore[assignment]
    parameters = (Choice(name="paper", choices=list(PAPERS), default="a4", description="What it is printed on."),)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(getattr(answer, "accepted_renderer", None), PdfRenderer):
            answer.accepted_renderer, answer.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        return answer

    @extend_schema(responses={(200, page.MEDIA_TYPE): OpenApiTypes.BINARY})
    def get(self, request: Request, sheet_id: str) -> HttpResponseBase:
        """The sheet on two pages of A4 or Letter, with the fields that the caller may read; tagged (PDF/UA-1)."""
        limits.hit(limits.UPLOAD, self.actor.caller)  # though it is read: each is a child process of its own
        answer: HttpResponse = attached(self.sheet, page.pdf(self.found, self.params["paper"]))
        answer["Cache-Control"] = "private, no-store"
        return answer
