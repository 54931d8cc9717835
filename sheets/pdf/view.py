"""A sheet as a PDF, for whoever sees it, with the fields that they may read."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import limits
from accounts.views.acting import acting, person
from contract.refusals import NotVisible, Refusal
from sheets import queries
from sheets.models import Sheet
from sheets.pdf import page
from sheets.pdf.printing import PAPERS, Printed


@login_required
@never_cache
@require_safe
def pdf(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    try:
        found = queries.sheet(str(sheet_id), acting(request))
    except NotVisible as reason:
        raise Http404 from reason
    paper = request.GET.get("paper", "a4")
    if paper not in PAPERS:
        raise BadRequest(f"paper is one of: {', '.join(PAPERS)}")
    try:
        limits.hit(limits.UPLOAD, f"user:{person(request).pk}")
        made = page.pdf(found, paper)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("sheets:sheet", sheet_id)
    return attached(found.sheet, made)


def attached(sheet: Sheet, made: Printed) -> HttpResponse:
    """As a file of the sheet's name."""
    name = f"{slugify(sheet.name, allow_unicode=True) or 'sheet'}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(made.content, content_type=page.MEDIA_TYPE, headers=headers)
