"""The page on which the GM, or the character's player, gives a character its portrait and background."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.actors import Actor
from campaigns import access
from campaigns import queries as campaign_queries
from campaigns.authentication import actor_of
from campaigns.messages import GM
from campaigns.models import Campaign
from characters import queries
from characters.access import may_dress
from characters.models import Character
from characters.operations import pictures as operations
from characters.pictures import PLACES, Place
from characters.projection import crest_url
from content import forms
from content.queries import asset_of, job_of
from contract.refusals import NotVisible, Refusal

WORDS = ("alt_text", "credit", "licence")
HEADINGS = {
    "portrait": ("Portrait", "Stands in the arch on pages and on the overlay. Upright pictures fit best."),
    "background": ("Background", "Stands behind the character's page. Wide pictures fit best."),
}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest, slug: str, character_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    campaign, character = _found(slug, character_id, actor)
    refused: dict[str, Refusal] = {}
    status = 200
    if request.method == "POST":
        place = PLACES.get(request.POST.get("purpose", ""))
        if place is None:
            raise Http404
        try:
            messages.success(request, _done(request, character, place, actor))
            return redirect("characters:pictures", slug, character_id)
        except Refusal as refusal:
            refused, status = {place.purpose: refusal}, refusal.status_code
    context = {
        "section": "campaigns",
        "campaign": campaign,
        "character": character,
        "in_public": not character.is_secret,
        "places": [_shown(request, campaign, character, place, refused) for place in PLACES.values()],
        "room": _room(campaign),
        "most_bytes": forms.most_bytes(),
        "follows": access.audience(actor, campaign) == GM,
    }
    return render(request, "characters/pictures.html", context, status=status)


def _found(slug: str, character_id: UUID, actor: Actor) -> tuple[Campaign, Character]:
    """404 for whoever may not change them, as if there were no such page."""
    try:
        campaign = campaign_queries.campaign(slug, actor)
        if not may_dress(actor, campaign, character_id):
            raise NotVisible
        return campaign, queries.character(campaign, character_id, access.audience(actor, campaign))
    except NotVisible as reason:
        raise Http404 from reason


def _done(request: HttpRequest, character: Character, place: Place, actor: Actor) -> str:
    """Raises Refusal."""
    if "remove" in request.POST:
        operations.take_off(character, place, actor=actor)
        return f"{character.name} has no {place.purpose} any more."
    limits.hit(limits.UPLOAD, f"user:{request.user.pk}")
    fields = request.POST.copy()
    del fields["purpose"]
    sent = forms.read_form(fields, request.FILES)
    with sent.file() as file:
        operations.put_on(character, place, file, actor=actor, crop=sent.crop, facts=sent.words)
    return f"{character.name} has a new {place.purpose}."


def _room(campaign: Campaign) -> dict[str, int]:
    room = operations.room(campaign)
    return {"used": room.used(), "allowed": room.allowed}


def _shown(
    request: HttpRequest, campaign: Campaign, character: Character, place: Place, refused: dict[str, Refusal]
) -> dict[str, Any]:
    heading, hint = HEADINGS[place.purpose]
    asset = asset_of(place.purpose, character.pk)
    refusal = refused.get(place.purpose)
    return {
        "purpose": place.purpose,
        "heading": heading,
        "hint": hint,
        "url": getattr(character, place.field) or (crest_url(str(character.pk)) if place.purpose == "portrait" else ""),
        "is_own": bool(getattr(character, place.field)),
        "known": character.pictures.get(place.purpose),
        "job": job_of(asset) if asset else None,
        "words": {name: request.POST.get(name, "") if refusal else getattr(asset, name, "") for name in WORDS},
        "api": f"/api/v1/campaigns/{campaign.slug}/characters/{character.pk}/{place.purpose}",
        "error": " ".join(text for _field, text in refusal.details) or refusal.message if refusal else "",
    }
