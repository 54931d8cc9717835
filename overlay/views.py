"""The page that an OBS browser source shows. Whatever goes wrong, the audience sees nothing of it."""

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from campaigns.messages import VIEWER
from campaigns.models import Campaign, Visibility
from characters.initiative import acting_character
from characters.models import Tier
from overlay.badges import badges
from overlay.snapshot import snapshot

FLOWING = "none"  # ?layout=none: every badge in the default flow


@require_safe
@never_cache
@gzip_page
# OBS puts the streamer's custom CSS into the page as a <style> element; scripts stay as strict as everywhere.
@csp_update({"style-src": [SELF, UNSAFE_INLINE]})  # type: ignore[arg-type]
def overlay(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = Campaign.objects.filter(slug=slug).exclude(visibility=Visibility.PRIVATE).first()
    # A private campaign's page carries no state: the key in the fragment, which no server sees, opens the socket.
    # One that does not exist gets the same page, so that nobody learns which of the two it is.
    state = snapshot(campaign.pk, VIEWER) if campaign else None
    tier = _tier(request.GET.get("tier"), Tier.LARGE)
    layout = FLOWING if request.GET.get("layout") == FLOWING else _tier(request.GET.get("layout"), tier)
    context: dict[str, Any] = {
        "ws": f"/campaigns/{slug}/ws",
        "tier": tier,
        "layout": layout,
        "low_power": request.GET.get("lowpower") == "1" or bool(state and state["campaign"]["lowPower"]),
        "build": settings.TROUPE_BUILD,
        "state": state,
        "badges": badges(state, tier, layout) if state else [],
        "acting": acting_character(state["initiative"]) if state else None,
    }
    return render(request, "overlay/overlay.html", context)


def unavailable(request: HttpRequest, status: int) -> HttpResponse:
    """A transparent page that tries again by itself."""
    response = render(request, "overlay/unavailable.html", status=status)
    response["Cache-Control"] = "no-store"
    return response


def _tier(asked: str | None, default: str) -> str:
    return asked if asked in Tier.values else default
