"""The pages of a campaign's library: for its GMs and players. Forms that work without script."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.actors import Actor
from accounts.models import User
from campaigns import access, queries, shelf
from campaigns.authentication import actor_of
from campaigns.library_cards import KINDS, QUESTIONS, WIDE_COLUMNS, card
from campaigns.models import Campaign, Role
from campaigns.pages import text_of
from content import access as content_access
from content import forms
from content import queries as content_queries
from content.models import Asset, Kind, State
from content.operations import assets
from content.serializers import AssetPatchSerializer, LibraryInputSerializer, VersionInputSerializer, version_document
from contract.refusals import Invalid, NotVisible, Refusal

ON_A_PAGE = 24
LONGEST_TITLE = 120
ACCEPTED = "image/jpeg,image/png,image/webp,audio/*,video/*,application/pdf,text/plain,text/markdown,.md"

page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@login_required
@page
def library(request: HttpRequest, slug: str) -> HttpResponse:
    actor = actor_of(request)
    campaign, user = _found(slug, actor)
    refusal = None
    if request.method == "POST":
        try:
            asset = _brought(request, campaign, user, actor)
            messages.success(request, f"{asset.title} is in the library.")
            return redirect("campaigns:file", slug, asset.pk)
        except Refusal as error:
            refusal = error
    context = {**_list(request, campaign, user), **_limits(), "campaign": campaign, "section": "campaigns"}
    context["error"] = _said(refusal)
    context["is_gm"] = access.role_of(actor, campaign) == Role.GM
    return render(request, "campaigns/library.html", context, status=refusal.status_code if refusal else 200)


def _found(slug: str, actor: Actor) -> tuple[Campaign, User]:
    """404 for whoever has no part in it, as if there were no such page."""
    try:
        campaign = queries.campaign(slug, actor)
    except NotVisible as reason:
        raise Http404 from reason
    if actor.user is None or not shelf.may_use(actor, campaign):
        raise Http404
    return campaign, actor.user


def _brought(request: HttpRequest, campaign: Campaign, user: User, actor: Actor) -> Asset:
    """Raises Refusal."""
    limits.hit(limits.UPLOAD, f"user:{user.pk}")
    sent = forms.read_form(request.POST, request.FILES, LibraryInputSerializer)
    facts = {**sent.words, "title": sent.words.get("title") or PurePath(sent.name).stem[:LONGEST_TITLE]}
    with sent.file() as file:
        return assets.upload(user, file, actor=actor, name=sent.name, space=campaign.pk, facts=facts)


def _list(request: HttpRequest, campaign: Campaign, user: User) -> dict[str, Any]:
    search, kind = text_of(request, "search"), text_of(request, "kind")
    kind = kind if kind in Kind.values else ""
    whole = content_access.on_shelf(user, campaign.pk)
    found = content_queries.narrowed(whole, {"search": search})
    shown = content_queries.narrowed(found, {"kind": kind or None}).order_by("-created_at", "pk")
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    room = assets.shared_room(campaign.pk)
    return {
        "cards": [card(asset, campaign, user) for asset in page.object_list],
        "page": page,
        "search": search,
        "kind": kind,
        "tabs": _tabs(found, kind, search),
        "query": _query(search, kind),
        "room": {"used": room.used(), "allowed": room.allowed},
    }


def _tabs(found: Any, current: str, search: str) -> list[dict[str, Any]]:
    counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    of_kinds = [(str(kind), name, counts.get(kind, 0)) for kind, name in KINDS.items()]
    tabs = [("", "Everything", sum(counts.values())), *of_kinds]
    return [
        {"label": label, "count": count, "current": kind == current, "query": _query(search, kind)}
        for kind, label, count in tabs
    ]


def _query(search: str, kind: str) -> str:
    return urlencode({name: value for name, value in (("kind", kind), ("search", search)) if value})


def _limits() -> dict[str, Any]:
    return {
        "accepted": ACCEPTED,
        "most": {
            "image": settings.CONTENT_MOST_BYTES,
            "media": settings.CONTENT_MOST_MEDIA_BYTES,
            "pdf": settings.CONTENT_MOST_PDF_BYTES,
            "text": settings.CONTENT_MOST_TEXT_BYTES,
        },
    }


@never_cache
@login_required
@page
def file(request: HttpRequest, slug: str, asset_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    campaign, user = _found(slug, actor)
    asset = content_access.on_shelf(user, campaign.pk).filter(pk=asset_id).first()
    if asset is None:
        raise Http404
    may_change = content_access.may_change(actor, asset)
    refused: tuple[str, Refusal] | None = None
    if request.method == "POST":
        deed = next((name for name in DEEDS if name in request.POST), "")
        if not may_change or not deed:
            raise Http404
        try:
            messages.success(request, DEEDS[deed](request, asset, actor))
            gone = deed == "delete"
            return redirect("campaigns:library", slug) if gone else redirect("campaigns:file", slug, asset.pk)
        except Refusal as error:
            refused = deed, error
    context = {**_of_one(asset, campaign, user), **_limits(), "campaign": campaign, "section": "campaigns"}
    context |= {"may_change": may_change, "typed": request.POST, "errors": _errors(refused)}
    return render(request, "campaigns/file.html", context, status=refused[1].status_code if refused else 200)


def _of_one(asset: Asset, campaign: Campaign, user: User) -> dict[str, Any]:
    found = asset.versions.filter(state=State.READY).select_related("asset", "created_by", "job")
    versions = [version_document(version) for version in found.prefetch_related("files")]
    return {
        "file": card(asset, campaign, user, WIDE_COLUMNS),
        "versions": versions,
        "size": sum(version["size"] for version in versions),
        "question": QUESTIONS[Kind(asset.kind)],
        "kept": assets.KEPT,
    }


def _describe(request: HttpRequest, asset: Asset, actor: Actor) -> str:
    words = AssetPatchSerializer(data={name: request.POST.get(name, "").strip() for name in assets.WORDS}, partial=True)
    faults = list(forms.word_faults(words))
    if faults:
        raise Invalid(faults)
    assets.update(asset, {**words.validated_data, "published": "published" in request.POST}, actor=actor)
    return "Saved."


def _replace(request: HttpRequest, asset: Asset, actor: Actor) -> str:
    limits.hit(limits.UPLOAD, f"user:{actor.user.pk}" if actor.user else "")
    fields = request.POST.copy()
    del fields["replace"]
    sent = forms.read_form(fields, request.FILES, VersionInputSerializer)
    with sent.file() as opened:
        assets.replace(asset, opened, actor=actor, name=sent.name, facts=sent.words)
    return "Replaced. The earlier version is below, should you want it back."


def _restore(request: HttpRequest, asset: Asset, actor: Actor) -> str:
    number = request.POST["restore"]
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    assets.restore(asset, int(number), actor=actor)
    return f"Version {number} is shown again."


def _delete(request: HttpRequest, asset: Asset, actor: Actor) -> str:
    assets.delete(asset, actor=actor)
    return f"{asset.title or 'The file'} is deleted."


# By the name of the button.
DEEDS: dict[str, Callable[[HttpRequest, Asset, Actor], str]] = {
    "save": _describe,
    "replace": _replace,
    "restore": _restore,
    "delete": _delete,
}


def _errors(refused: tuple[str, Refusal] | None) -> dict[str, str]:
    """By field; what is said of the whole, or of another form than that of the words, under the name of its button."""
    if refused is None:
        return {}
    deed, refusal = refused
    found = {field: text for field, text in refusal.details if field in assets.WORDS}
    return found if found and deed == "save" else {deed: _said(refusal)}


def _said(refusal: Refusal | None) -> str:
    if refusal is None:
        return ""
    return " ".join(text for _field, text in refusal.details if refusal.status_code == 422) or refusal.message
