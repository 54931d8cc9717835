"""How to bring the overlay into OBS: what to type, an address to copy, a scene collection to download."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import Actor
from campaigns import access
from campaigns.authentication import actor_of
from campaigns.documents import settings_of
from campaigns.managed import managed_campaign
from campaigns.models import Campaign, TokenKind, Visibility
from campaigns.operations import tokens
from characters.models import Tier
from overlay import scenes
from overlay.live.presence import overlays

TOKEN_NAME = "OBS"  # noqa: S105  what the token is called


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def obs(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    campaign = managed_campaign(slug, actor)
    key = _new_key(campaign, actor) if request.method == "POST" and request.POST.get("key") else ""
    if request.method == "POST" and request.POST.get("do") == "scenes":
        return _download(request, campaign, key)
    return render(request, "desk/obs.html", _context(request, campaign, actor, key))


def _new_key(campaign: Campaign, actor: Actor) -> str:
    """Its text is in this one answer and kept nowhere."""
    access.require_own(actor, campaign)
    _token, text = tokens.issue(campaign, TokenKind.OVERLAY, TOKEN_NAME, actor=actor)
    return text


def overlay_address(request: HttpRequest, campaign: Campaign) -> str:
    base = (settings.TROUPE_BASE_URL or f"{request.scheme}://{request.get_host()}").rstrip("/")
    return base + reverse("overlay:overlay", args=(campaign.slug,))


def _context(request: HttpRequest, campaign: Campaign, actor: Actor, key: str) -> dict[str, Any]:
    overlay = overlay_address(request, campaign)
    addresses = [{"tier": Tier(tier).label, "value": scenes.address(overlay, tier, key)} for tier in Tier.values]
    return {
        "section": "campaigns",
        "campaign": campaign,
        "addresses": addresses,
        "desk_address": request.build_absolute_uri(reverse("overlay:control", args=(campaign.slug,))),
        "key": bool(key),
        "needs_key": campaign.visibility == Visibility.PRIVATE,
        "may_have_key": access.may_own(actor, campaign),
        "with_stream": settings_of(campaign)["episode_with_stream"],
        "canvases": scenes.CANVASES,
        "fps": scenes.FPS,
        "overlays": [one for one in overlays(campaign.pk) if one["state"] != "offline"],
    }


def _download(request: HttpRequest, campaign: Campaign, key: str) -> HttpResponse:
    size = scenes.CANVASES.get(request.POST.get("canvas", ""), scenes.CANVASES["1920x1080"])
    document = scenes.collection(campaign.name, overlay_address(request, campaign), size, key)
    answer = HttpResponse(json.dumps(document, indent=2), content_type="application/json")
    secret = "-SECRET" if key else ""
    answer["Content-Disposition"] = f'attachment; filename="{campaign.slug}-obs{secret}.json"'
    return answer
