"""The page on which a sheet gets its pictures."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.views.acting import acting, person
from content import forms
from contract.refusals import Invalid, NotVisible, Refusal
from sheets import portraits, queries
from sheets.models import Sheet
from sheets.operations import portraits as operations
from sheets.portraits import Slot

WORDS = ("alt_text", "credit", "licence")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    sheet = _found(request, sheet_id)
    refused: tuple[str, Refusal] | None = None
    if request.method == "POST":
        place = portraits.SLOTS.get(request.POST.get("purpose", ""))
        if place is None:
            raise Http404
        try:
            messages.success(request, _done(request, sheet, place))
            return redirect("sheets:pictures", sheet_id)
        except Refusal as refusal:
            refused = (place.name, refusal)
    said, room = portraits.words(sheet), portraits.room(sheet.owner)
    context = {
        "section": "sheets",
        "sheet": sheet,
        "places": [_place(sheet, each, said, refused) for each in portraits.shown(sheet)],
        "most_bytes": forms.most_bytes(),
        "room": {"used": room.used(), "allowed": room.allowed},
    }
    return render(request, "sheets/pictures.html", context, status=refused[1].status_code if refused else 200)


def _found(request: HttpRequest, sheet_id: UUID) -> Sheet:
    """404 for whoever may not change it, as if there were no such page."""
    try:
        found = queries.sheet(str(sheet_id), acting(request))
    except NotVisible as reason:
        raise Http404 from reason
    if not found.standing.edits:
        raise Http404
    return found.sheet


def _done(request: HttpRequest, sheet: Sheet, place: Slot) -> str:
    """Raises Refusal."""
    if "remove" in request.POST:
        operations.take_off(sheet, place, actor=acting(request))
        return f"{place.label}: no picture any more."
    if "describe" in request.POST:
        facts = forms.WordsSerializer(data={name: request.POST.get(name, "") for name in WORDS})
        faults = list(forms.word_faults(facts))
        if faults:
            raise Invalid(faults)
        operations.describe(sheet, place, dict(facts.validated_data), actor=acting(request))
        return f"{place.label}: the words are saved."
    limits.hit(limits.UPLOAD, f"user:{person(request).pk}")
    fields = request.POST.copy()
    del fields["purpose"]
    sent = forms.read_form(fields, request.FILES)
    with sent.file() as file:
        operations.put_on(sheet, place, file, actor=acting(request), crop=sent.crop, facts=sent.words)
    return f"{place.label}: a new picture."


def _place(
    sheet: Sheet, each: portraits.Shown, said: dict[str, Any], refused: tuple[str, Refusal] | None
) -> dict[str, Any]:
    name = each["slot"]
    error = refused[1] if refused is not None and refused[0] == name else None
    return {
        **each,
        "hint": portraits.SLOTS[name].hint,
        "words": {word: getattr(said.get(name), word, "") for word in WORDS},
        "api": f"/api/v1/sheets/{sheet.pk}/portraits/{name}",
        "error": " ".join(text for _field, text in error.details) or error.message if error else "",
    }
