"""The back office of layouts: to be looked at and put back; they are edited on their own page."""

import json
from typing import Any

from django.contrib import admin
from django.utils.html import format_html

from accounts.actors import Actor
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter
from overlay import layouts as documents
from overlay.models import Layout
from overlay.operations import layouts


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

    @admin.display(description="Placed by hand")
    def placed(self, layout: Layout) -> str:
        badges, chips = len(layout.document["badges"]), len(layout.document["chips"])
        return f"{badges} badges, {chips} rows of chips"

    @admin.display(description="Document")
    def shown(self, layout: Layout) -> str:
        text = json.dumps(layout.document, indent=2, ensure_ascii=False, sort_keys=True)
        return format_html('<pre class="document">{}</pre>', text)
