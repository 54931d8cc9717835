"""The page of the storyteller's table. Every button is a form, so that it works without script, too."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.authentication import actor_of
from campaigns.managed import managed_campaign
from campaigns.models import Campaign
from contract.refusals import Invalid, NotVisible, Refusal
from sheets import dice_page, lines, queries, table
from sheets.models import Experience, Sheet
from sheets.operations import experience, sheets
from sheets.queries import Found
from sheets.serializers import HIGHEST_STEP, STEPS

AMOUNT = "A whole number such as 4, or −2 for a correction."
LONGEST_REASON = 200


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chronicle_table(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = told_campaign(request, slug)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return _pressed(request, campaign)
        except NotVisible as reason:
            raise Http404 from reason
        except Refusal as error:
            refusal = error
    seats = table.seats(campaign)
    context = {
        "section": "sheets",
        "campaign": campaign,
        "seats": seats,
        "groups": _groups(seats),
        "requests": table.requests(campaign),
        "document": {
            "sheets": {str(seat.sheet.pk): seat.draft.tracks for seat in seats},
            "rolls": {str(seat.sheet.pk): seat.last for seat in seats if seat.last},
        },
        "error": said(refusal),
        "typed": request.POST if refusal else {},
        "legal": sorted({seat.line.notice for seat in seats} - {""}),
    }
    return render(request, "sheets/table.html", context, status=refusal.status_code if refusal else 200)


def told_campaign(request: HttpRequest, slug: str) -> Campaign:
    """404 for whoever does not tell it, as if there were no such page."""
    if not lines.enabled():
        raise Http404
    return managed_campaign(slug, actor_of(request))


def said(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return " ".join(message for _field, message in refusal.details) or refusal.message


def _groups(seats: list[table.Seat]) -> list[dict[str, Any]]:
    named = dict.fromkeys(seat.line.name for seat in seats)
    return [{"name": name, "seats": [seat for seat in seats if seat.line.name == name]} for name in named]


def _pressed(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Raises Refusal."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise NotVisible
    place = deed(request, campaign)
    return redirect(reverse("sheets:table", args=[campaign.slug]) + place)


def _found(request: HttpRequest, campaign: Campaign) -> Found:
    found = queries.sheet(request.POST.get("sheet", ""), actor_of(request))
    if found.sheet.campaign_id != campaign.pk:
        raise NotVisible
    return found


def _sheet(request: HttpRequest, campaign: Campaign) -> Sheet:
    return _found(request, campaign).sheet


def _move(request: HttpRequest, campaign: Campaign) -> str:
    """By "health superficial 1": track, step and number."""
    sheet = _sheet(request, campaign)
    track, _, rest = request.POST.get("step", "").partition(" ")
    step, _, number = rest.partition(" ")
    if step not in STEPS or not _is_whole(number) or abs(int(number)) > HIGHEST_STEP:
        raise Invalid([("step", "Press one of the buttons beside a track.")])
    sheets.move_track(sheet, track, {step: int(number)}, actor=actor_of(request))
    return f"#sheet-{sheet.pk}"


def _award(request: HttpRequest, campaign: Campaign) -> str:
    """To one sheet, or to all of them."""
    facts: dict[str, Any] = {"actor": actor_of(request), "reason": request.POST.get("reason", "")[:LONGEST_REASON]}
    amount = _amount(request)
    if request.POST.get("sheet"):
        sheet = _sheet(request, campaign)
        experience.award(sheet, amount, **facts)
        messages.success(request, f"{sheet.name} has {amount:+} experience.")
    else:
        count = len(experience.award_all(campaign, amount, **facts))
        messages.success(request, f"{amount:+} experience for {'one sheet' if count == 1 else f'all {count} sheets'}.")
    return "#award"


def _amount(request: HttpRequest) -> int:
    text = request.POST.get("amount", "").replace("−", "-").lstrip("+")
    if not _is_whole(text) or len(text) > 5:
        raise Invalid([("amount", AMOUNT)])
    return int(text)


def _is_whole(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) < 9


def _answer(operation: Callable[..., Experience]) -> Callable[[HttpRequest, Campaign], str]:
    def answer(request: HttpRequest, campaign: Campaign) -> str:
        entry = queries.entry(_sheet(request, campaign), request.POST.get("entry", ""))
        operation(entry, actor=actor_of(request))
        return "#requests"

    return answer


def _thrown(deed: Callable[[HttpRequest, Found], str]) -> Callable[[HttpRequest, Campaign], str]:
    """Dice, as on the sheet's own page."""

    def throw(request: HttpRequest, campaign: Campaign) -> str:
        found = _found(request, campaign)
        deed(request, found)
        return f"#sheet-{found.sheet.pk}"

    return throw


DEEDS: dict[str, Callable[[HttpRequest, Campaign], str]] = {
    **{name: _thrown(deed) for name, deed in dice_page.DEEDS.items()},
    "move": _move,
    "award": _award,
    "approve": _answer(experience.approve),
    "refuse": _answer(experience.refuse),
}
