"""The page on which a storyteller says how the chronicle plays: every setting of `sheets.chronicle` in plain words."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.authentication import actor_of
from contract.refusals import Invalid
from sheets import lines, queries
from sheets.chronicle import HIGHEST_PRICE, Settings
from sheets.lines import blood
from sheets.lines.shape import Purchase
from sheets.operations import chronicles
from sheets.table_page import told_campaign

# Setting to what it is called, and what it does.
FLAGS = {
    "strict_creation": (
        "Hold new characters to the rules of creation",
        "“Creation complete” can be ticked only when no remark about a new character is left.",
    ),
    "xp_approval": (
        "Ask me before experience is spent",
        "What a player spends is a request first. It waits at the storyteller's table for your answer.",
    ),
    "predator_discipline_is_clan": (
        "The discipline of the predator type costs as one of the clan's",
        "Otherwise it costs as any other discipline.",
    ),
    "rolls_shown": (
        "Show rolls on the overlay",
        "Rolls that you hide stay with you in any case.",
    ),
}
BANE_TABLES = {blood.CURRENT: "The later printings", blood.FIRST_PRINTING: "The first printing, 2018"}
PRICE = "price "  # "price edge": what the inputs of prices are called
BY = {"step": "times each new level", "dot": "for each dot", "flat": "once"}


@dataclass(frozen=True)
class Price:
    """`own` is what the chronicle says, as typed; empty where it goes by the line."""

    purchase: Purchase
    lines: str
    own: str
    error: str

    @property
    def name(self) -> str:
        return PRICE + self.purchase.code

    @property
    def by(self) -> str:
        return BY[self.purchase.by]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def chronicle(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = told_campaign(request, slug)
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            chronicles.update(campaign, _sent(request), actor=actor_of(request))
            messages.success(request, "Saved. Every sheet of the chronicle goes by it from now on.")
            return redirect("sheets:chronicle", slug)
        except Invalid as refusal:
            faults = dict(refusal.details)
    settings = queries.settings_of(campaign.pk)
    context = {
        "section": "sheets",
        "campaign": campaign,
        "flags": _flags(request, settings, typed=bool(faults)),
        "bane_tables": [
            (code, f"{label}: {_banes(code)}", code == settings["bane_table"]) for code, label in BANE_TABLES.items()
        ],
        "prices": _prices(request, settings, faults),
        "highest": HIGHEST_PRICE,
        "faults": faults,
    }
    return render(request, "sheets/chronicle.html", context, status=422 if faults else 200)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """All settings: the form has every one, and a box that is not ticked sends nothing."""
    prices = {
        name.removeprefix(PRICE): _number(str(text).strip())
        for name, text in request.POST.items()
        if name.startswith(PRICE)
    }
    flags = {name: name in request.POST for name in FLAGS}
    return {**flags, "bane_table": request.POST.get("bane_table", ""), "prices": prices}


def _banes(code: str) -> str:
    return ", ".join(str(blood.potency(rating, code).bane) for rating in range(blood.HIGHEST + 1))


def _number(text: str) -> int | str | None:
    """As the rules check it: null for the price of the line, text where it is no number."""
    if text == "":
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text


def _flags(request: HttpRequest, settings: Settings, *, typed: bool) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "hint": hint, "on": name in request.POST if typed else settings[name]}
        for name, (label, hint) in FLAGS.items()
    ]


def _prices(request: HttpRequest, settings: Settings, faults: dict[str, str]) -> list[Price]:
    """Of every purchase once, with the lines that have it."""
    found: dict[str, tuple[Purchase, list[str]]] = {}
    for line in lines.enabled().values():
        for purchase in line.purchases:
            found.setdefault(purchase.code, (purchase, []))[1].append(line.name)
    return [
        Price(
            purchase,
            ", ".join(names) if len(names) < len(lines.enabled()) else "",
            request.POST.get(PRICE + code, "") if faults else str(settings["prices"].get(code, "")),
            faults.get(f"prices.{code}", ""),
        )
        for code, (purchase, names) in found.items()
    ]
