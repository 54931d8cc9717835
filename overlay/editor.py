"""The layout editor: a page of the back office for one campaign, and the picture of the overlay beneath its canvas."""

import json
from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin

from campaigns import theme
from campaigns.backoffice.campaign import COLOURS
from campaigns.backoffice.deeds import words
from campaigns.backoffice.scope import scope_of
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign
from characters.models import Character, Tier
from contract.refusals import Conflict, Invalid, Refusal
from overlay import exchange, layouts
from overlay.badges import badges
from overlay.editor_form import CardForm, Drawn, PlacesForm, shape_of, tier_of
from overlay.models import Layout
from overlay.operations import layouts as operations
from overlay.snapshot import snapshot

LARGEST_IMPORT = 256 * 1024  # bytes
PLACES, CARD = "places", "card"


class Page:
    """What one address of the editor shows: a tier, for wide or upright pictures, and whose card."""

    def __init__(self, request: HttpRequest, campaign: Campaign) -> None:
        asked = request.GET
        self.campaign = campaign
        self.drawn = Drawn(snapshot(campaign.pk, GM), tier_of(asked.get("tier")), shape_of(asked.get("shape")))
        named = asked.get("of", "")
        self.subject = named if named in self.drawn.people() else ""
        sent = request.POST if request.method == "POST" else None
        self.seen = _whole_number(sent.get("version")) if sent else self.drawn.version
        part = sent.get("part") if sent else None
        self.places = PlacesForm(sent if part == PLACES else None, drawn=self.drawn)
        self.card = CardForm(sent if part == CARD else None, drawn=self.drawn, subject=self.subject)

    @property
    def sent(self) -> PlacesForm | CardForm | None:
        return next((form for form in (self.places, self.card) if form.is_bound), None)

    @property
    def address(self) -> str:
        return self.with_(self.drawn.tier, self.drawn.shape, self.subject)

    @property
    def all_address(self) -> str:
        return self.with_(self.drawn.tier, self.drawn.shape)

    @property
    def subject_name(self) -> str:
        return self.drawn.names.get(self.subject, "")

    def with_(self, tier: str, shape: str, subject: str = "") -> str:
        query = {"tier": tier, "shape": shape, **({"of": subject} if subject else {})}
        return f"{reverse('admin:overlay_layout_editor', args=(self.campaign.pk,))}?{urlencode(query)}"

    def tiers(self) -> list[dict[str, Any]]:
        return [self._link(label, tier, self.drawn.shape, tier == self.drawn.tier) for tier, label in Tier.choices]

    def shapes(self) -> list[dict[str, Any]]:
        labels = {"wide": "16:9", "tall": "9:16"}
        return [self._link(label, self.drawn.tier, key, key == self.drawn.shape) for key, label in labels.items()]

    def _link(self, label: str, tier: str, shape: str, is_current: bool) -> dict[str, Any]:
        return {"label": label, "url": self.with_(tier, shape, self.subject), "is_current": is_current}

    def saved(self, request: HttpRequest) -> bool:
        """Whether the form that was sent is stored now; else it says why not."""
        form = self.sent
        if form is None or not form.is_valid():
            return False
        patch = form.patch()
        if not patch:
            return True
        try:
            actor = scope_of(request).actor
            operations.save(self.campaign.pk, self.drawn.tier, patch, actor=actor, seen=self.seen)
        except Conflict:
            # What is typed stays; the next submission is measured against the layout of now.
            self.seen = self.drawn.version
            form.add_error(None, "Somebody changed this layout meanwhile. Look it over, and save again to keep yours.")
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            return True
        return False


def page(request: HttpRequest, campaign: Campaign, site: AdminSite) -> HttpResponse:
    """Forms that work by themselves; the script puts the canvas above them."""
    shown = Page(request, campaign)
    if request.method == "POST" and shown.saved(request):
        messages.success(request, "The layout is saved, and every open overlay has it.")
        return HttpResponseRedirect(shown.address)
    context = {
        **site.each_context(request),
        "title": "Overlay layout",
        "campaign": campaign,
        "opts": Layout._meta,
        "page": shown,
        "editor": _data(campaign, shown),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/overlay/layout/editor.html", context)


def _data(campaign: Campaign, shown: Page) -> dict[str, Any]:
    """What the script starts from."""
    return {
        "api": f"/api/v1/campaigns/{campaign.pk}",
        "live": f"/campaigns/{campaign.slug}/ws",
        "preview": reverse("admin:overlay_layout_preview", args=(campaign.pk,)),
        "gm": shown.drawn.state,
        "viewer": snapshot(campaign.pk, VIEWER),
        "theme": campaign.theme,
        "themeVersion": campaign.version,
        "presets": theme.PRESETS,
        "colours": COLOURS,
    }


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def preview(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The overlay as viewers see it, which shows what the editor tells it instead of following the stream."""
    tier = tier_of(request.GET.get("tier"))
    state = snapshot(campaign.pk, VIEWER)
    context = {
        "tier": tier,
        "layout": tier,
        "build": settings.TROUPE_BUILD,
        "state": state,
        "badges": badges(state, tier, tier),
        "preview": True,
    }
    return render(request, "overlay/overlay.html", context)


def export(campaign: Campaign) -> HttpResponse:
    """All tiers as a file, which `take_in` reads."""
    stored = Layout.objects.filter(campaign=campaign)
    documents = {layout.tier: layouts.whole(layout.document) for layout in stored}
    text = json.dumps(exchange.written(documents, _names(campaign)), indent=2, ensure_ascii=False)
    answer = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{campaign.slug}-layout.json"'
    return answer


def take_in(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Replace the tiers that a file holds. Undo in the list of events brings the old ones back."""
    try:
        reading = _read(request, campaign)
        operations.replace(campaign.pk, reading.documents, actor=scope_of(request).actor)
    except Refusal as refusal:
        details = "; ".join(f"{path}: {reason}" if path else reason for path, reason in refusal.details[:8])
        messages.error(request, f"Nothing was imported. {details or refusal.message}")
    else:
        messages.success(request, _told(reading))
    return HttpResponseRedirect(reverse("admin:overlay_layout_editor", args=(campaign.pk,)))


def _read(request: HttpRequest, campaign: Campaign) -> exchange.Reading:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid([("", "Choose a file first: one that this page has exported.")])
    if file.size is None or file.size > LARGEST_IMPORT:
        raise Invalid([("", f"The file is larger than {LARGEST_IMPORT // 1024} KB, so it is no layout of Troupe's.")])
    return exchange.read(file.read(), _names(campaign))


def _names(campaign: Campaign) -> dict[str, str]:
    return {str(pk): name for pk, name in Character.objects.filter(campaign=campaign).values_list("pk", "name")}


def _told(reading: exchange.Reading) -> str:
    sizes = ", ".join(reading.documents)
    left = f" Left out, as nobody here has the name: {', '.join(reading.left_out)}." if reading.left_out else ""
    return f"Imported: {sizes}.{left}"


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
