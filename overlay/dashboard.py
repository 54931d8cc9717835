"""A campaign on one page of the back office: who fares how, what is on air, what happened last, and what to copy."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from campaigns import queries
from campaigns.backoffice.addresses import addresses
from campaigns.backoffice.deeds import words
from campaigns.backoffice.scope import scope_of
from campaigns.documents import settings_of
from campaigns.messages import GM
from campaigns.models import Campaign, Episode, TokenKind, Visibility
from campaigns.operations import campaigns
from contract.refusals import Conflict, Refusal
from overlay.desk import deeds
from overlay.desk.log import last_events
from overlay.desk.party import party
from overlay.live import presence
from overlay.presence import Entry, ago, folded_words, split
from overlay.snapshot import Snapshot, snapshot

EVENTS_SHOWN = 10
EPISODES_SHOWN = 4
TOKENS_SHOWN = 5
MEMBERS_SHOWN = 12
# Beside those on stage; the list of characters has all.
OFF_STAGE_SHOWN = 12
SETTINGS = "settings"


class SettingsForm(forms.Form):
    """What is changed most, in plain words; the rest is on the campaign's own page."""

    visibility = forms.ChoiceField(
        label="Who can watch",
        choices=[
            (Visibility.PUBLIC, "Everybody"),
            (Visibility.UNLISTED, "Who has the address"),
            (Visibility.PRIVATE, "Members only"),
        ],
    )
    viewer_delay = forms.IntegerField(
        label="Viewer delay, seconds",
        min_value=0,
        max_value=600,
        help_text="Public pages wait so long, so that they do not run ahead of the stream. The overlay never waits.",
    )
    players_change_live = forms.BooleanField(
        label="Players may change their own hit points", required=False, help_text="And conditions and tracks."
    )
    low_power = forms.BooleanField(label="Overlay without animation", required=False, help_text="For a slow computer.")
    episode_with_stream = forms.BooleanField(
        label="Begin the episode with the stream",
        required=False,
        help_text="The next planned one, when OBS starts streaming. The overlay there needs the overlay key.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        named = {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}
        visibility = {"visibility": named.pop("visibility")} if "visibility" in named else {}
        return {**visibility, **({"settings": named} if named else {})}


def urls(site: AdminSite) -> list[URLPattern]:
    def shown(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        campaign = scope_of(request).campaigns.select_related("owner").filter(pk=campaign_id).first()
        if campaign is None:
            raise Http404
        return page(request, campaign, site)

    address = "campaigns/campaign/<uuid:campaign_id>/dashboard/"
    return [path(address, site.admin_view(shown), name="campaigns_campaign_dashboard")]


def page(request: HttpRequest, campaign: Campaign, site: AdminSite) -> HttpResponse:
    form = _settings(request, campaign)
    if request.method == "POST" and _done(request, campaign, form):
        return HttpResponseRedirect(request.path)
    state = snapshot(campaign.pk, GM)
    campaign.seq = state["seq"]
    context = {
        **site.each_context(request),
        "title": campaign.name,
        "campaign": campaign,
        "opts": Campaign._meta,
        "form": form,
        "state": {**state, "layoutOverrides": {}},
        "running": state["episode"],
        **_company(state),
        **_around(request, campaign),
        "health": _health(presence.overlays(campaign.pk)),
        "told": last_events(campaign, {one["id"]: one["name"] for one in state["characters"]}, EVENTS_SHOWN),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/campaigns/campaign/dashboard.html", context)


def _company(state: Snapshot) -> dict[str, Any]:
    rows = party(state)
    on, off = [row for row in rows if row["on_stage"]], [row for row in rows if not row["on_stage"]]
    return {"party": [*on, *off[:OFF_STAGE_SHOWN]], "more_characters": len(state["characters"]) - len(on)}


def _health(overlays: Sequence[Entry]) -> dict[str, Any]:
    """As it is now, also for who has no script: whoever has fallen silent is offline, strangers are counted only."""
    shown, folded = split(overlays)
    rows = [{**one, "ago": ago(one["seconds"])} for one in shown]
    return {"shown": rows, "others": folded_words(len(folded), alone=not shown) if folded else ""}


def _around(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    public, overlay = addresses(request, campaign.slug)
    tokens = [token for token in queries.tokens(campaign)[: TOKENS_SHOWN * 4] if token.revoked_at is None]
    return {
        "public": public,
        "overlay": overlay,
        "desk_url": f"{public['url']}/control",
        "needs_key": campaign.visibility == Visibility.PRIVATE,
        "has_overlay_token": any(token.kind == TokenKind.OVERLAY for token in tokens),
        "tokens": tokens[:TOKENS_SHOWN],
        "members": queries.members(campaign)[:MEMBERS_SHOWN],
        "episodes": Episode.objects.filter(campaign=campaign).order_by("-number")[:EPISODES_SHOWN],
        "planned": _planned(campaign),
    }


def _planned(campaign: Campaign) -> Episode | None:
    """What can begin next, published or not; an evening that was only written down afterwards cannot."""
    open_ = Episode.objects.filter(campaign=campaign, started_at__isnull=True, runtime_minutes=None, vod_url="")
    coming = open_.exclude(date__lt=timezone.localdate())
    return coming.order_by(F("date").asc(nulls_last=True), "number").first()


def _settings(request: HttpRequest, campaign: Campaign) -> SettingsForm:
    stored = settings_of(campaign)
    fields: Sequence[str] = ("viewer_delay", "players_change_live", "low_power", "episode_with_stream")
    initial = {"visibility": campaign.visibility, "version": campaign.version, **{key: stored[key] for key in fields}}
    return SettingsForm(request.POST if request.POST.get("do") == SETTINGS else None, initial=initial)


def _done(request: HttpRequest, campaign: Campaign, form: SettingsForm) -> bool:
    """A button of the page, or its settings; False where the settings have to be looked at again."""
    actor = scope_of(request).actor
    try:
        if not form.is_bound:
            messages.success(request, deeds.do(campaign, request.POST, actor=actor))
        elif not form.is_valid():
            return False
        elif changes := form.changes():
            campaigns.update(campaign.pk, changes, actor=actor, seen=form.cleaned_data["version"])
            messages.success(request, "The settings are saved.")
    except Conflict as conflict:
        messages.error(request, f"{words(conflict)} The page shows what is stored now; change it again.")
    except Refusal as refusal:
        messages.error(request, words(refusal))
    return True
