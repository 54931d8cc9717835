"""The back office of layouts: to be looked at and put back; they are edited on their own page."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.actors import Actor
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign
from overlay import editor
from overlay import layouts as documents
from overlay.models import Layout
from overlay.operations import layouts

View = Callable[[HttpRequest, Campaign], HttpResponse]


def _reset(actor: Actor, layout: Layout) -> None:
    """Take every position away and give the card its standard parts; undo brings them back."""
    now = documents.whole(layout.document)
    gone = {part: dict.fromkeys(now[part]) for part in ("badges", "chips", "cards")}
    tall = {kind: dict.fromkeys(places) for kind, places in now["tall"].items()}
    patch: dict[str, Any] = {**gone, "tall": tall, "card": documents.blank()["card"]}
    layouts.save(layout.campaign_id, layout.tier, patch, actor=actor, seen=layout.version)


@admin.register(Layout)
class LayoutAdmin(CampaignRowAdmin):
    allow_add = allow_change = allow_delete = False
    list_display = ("tier", "campaign", "placed", "version", "updated_at")
    list_filter = (CampaignFilter, "tier")
    list_select_related = ("campaign",)
    ordering = ("campaign__name", "campaign_id", "tier")
    fields = ("campaign", "tier", "version", "updated_at", "shown")
    readonly_fields = ("version", "updated_at", "shown")
    deeds = (
        Deed(
            "reset",
            "Reset to default",
            _reset,
            done="Reset to default",
            possible=lambda row: row.document != documents.blank(),
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        pages: dict[str, View] = {
            "editor": lambda request, campaign: editor.page(request, campaign, self.admin_site),
            "preview": editor.preview,  # type: ignore[dict-item]
            "export": lambda request, campaign: editor.export(campaign),
            "import": require_POST(editor.take_in),
        }
        own = [
            path(f"{name}/<uuid:campaign_id>/", self._of_own(view), name=f"overlay_layout_{name}")
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def _of_own(self, view: View) -> Callable[..., HttpResponse]:
        """The view for one's own campaigns. Another GM's campaign and none at all are the same here."""

        def shown(request: HttpRequest, campaign_id: UUID) -> HttpResponse:
            return view(request, get_object_or_404(scope_of(request).campaigns, pk=campaign_id))

        found: Callable[..., HttpResponse] = self.admin_site.admin_view(shown)
        return found

    @admin.display(description="Placed by hand")
    def placed(self, layout: Layout) -> str:
        badges, chips = len(layout.document["badges"]), len(layout.document["chips"])
        return f"{badges} badges, {chips} rows of chips"

    @admin.display(description="Document")
    def shown(self, layout: Layout) -> str:
        text = json.dumps(layout.document, indent=2, ensure_ascii=False, sort_keys=True)
        return format_html('<pre class="document">{}</pre>', text)
