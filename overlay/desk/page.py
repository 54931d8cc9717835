"""The control desk: the party, and everything that happens to it in two taps.

Without script the page is one form whose buttons say what to do; with it, `static/desk/js/desk.js` takes the form over
and does the same through the API, at once and offline too.
"""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaigns.authentication import actor_of
from campaigns.managed import managed_campaign
from campaigns.messages import GM
from campaigns.models import Campaign
from characters import conditions
from characters.plates import plate
from contract.refusals import Refusal
from overlay.desk import deeds
from overlay.desk.log import last_events
from overlay.desk.party import foes, kinds_of, party
from overlay.desk.shortcuts import SHORTCUTS
from overlay.live.presence import overlays
from overlay.pages import NOBODY
from overlay.snapshot import Snapshot, snapshot
from sheets import table

CONDITIONS = (
    *("prone", "poisoned", "grappled", "restrained", "frightened", "charmed", "stunned", "blinded", "deafened"),
    *("invisible", "incapacitated", "paralyzed", "petrified", "unconscious", "exhaustion", conditions.CONCENTRATING),
)
HIGHEST_KEY = 20
MOST_PLANNED = 5


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def control(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    campaign = managed_campaign(slug, actor)
    if request.method == "POST":
        try:
            notices.success(request, deeds.do(campaign, request.POST, actor=actor))
        except Refusal as refusal:
            told = " ".join(text for _field, text in refusal.details) or refusal.message
            notices.error(request, told)
        return redirect("overlay:control", slug)
    return render(request, "desk/desk.html", _context(request, campaign))


def _context(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    state = snapshot(campaign.pk, GM)
    campaign.seq = state["seq"]
    rows = party(state)
    names = {character["id"]: character["name"] for character in state["characters"]}
    planned = _planned(campaign)
    return {
        "campaign": campaign,
        "has_table": table.is_there(campaign.pk),
        "rows": rows,
        "nobody": {**plate(NOBODY), "on_stage": True, "tier": "", "score": None},
        "initiative": state["initiative"],
        "foes": foes(state["initiative"]),
        "kinds": kinds_of(state),
        "conditions": CONDITIONS,
        "keys": range(1, HIGHEST_KEY + 1),
        "shortcuts": SHORTCUTS,
        "told": last_events(campaign, names),
        "episode": state["episode"],
        "planned": planned[0] if planned else None,
        "good": conditions.GOOD,
        "bootstrap": _without_layouts(state),
        "overlays": overlays(campaign.pk),
        "desk": {
            "user": str(request.user.pk),
            "slug": campaign.slug,
            "signIn": _sign_in(request),
            "planned": planned,
            "plan": f"{reverse('admin:campaigns_episode_add')}?campaign={campaign.pk}",
        },
    }


def _planned(campaign: Campaign) -> list[dict[str, Any]]:
    """The next episodes: {number, title}."""
    waiting = campaign.episodes.filter(started_at__isnull=True).order_by("number")
    return [{"number": one.number, "title": one.title} for one in waiting[:MOST_PLANNED]]


def _sign_in(request: HttpRequest) -> str:
    return f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.path})}"


def _without_layouts(state: Snapshot) -> Snapshot:
    return {**state, "layoutOverrides": {}}
