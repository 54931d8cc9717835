"""Sheets of the GM's campaigns: found, read and led to. They are changed on their own pages."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join

from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter
from sheets import documents, lines, page, queries
from sheets.models import Sheet
from sheets.operations import playing

MOST_ENTRIES = 50
LEDGER = (
    '<table><thead><tr><th scope="col">No.</th><th scope="col">When</th><th scope="col">What</th>'
    '<th scope="col">XP</th><th scope="col">By</th></tr></thead><tbody>{}</tbody></table>'
)


class LineFilter(admin.SimpleListFilter):
    title = "game"
    parameter_name = "line"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, line.name) for code, line in lines.every().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(line=self.value()) if self.value() else queryset


class StageFilter(admin.SimpleListFilter):
    title = "stage"
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("on", "Plays a character"), ("off", "Plays none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(character__isnull=self.value() == "off") if self.value() in ("on", "off") else queryset


@admin.register(Sheet)
class SheetAdmin(CampaignRowAdmin):
    """To be read. What is the owner's alone is not here, whoever looks."""

    allow_add = allow_change = allow_delete = False
    list_display = ("name", "game", "owner", "campaign", "plays", "shared", "changed")
    list_filter = (CampaignFilter, LineFilter, StageFilter, "shared")
    list_select_related = queries.RELATED
    search_fields = ("name", "owner__username", "owner__display_name")
    ordering = ("name", "id")
    fields = ("name", "game", "owner", "campaign", "plays", "shared", "tracks_shown", "pages", "experience", "ledger")
    readonly_fields = fields
    deeds = (
        Deed(
            "off-stage",
            "Leave the stage",
            lambda actor, row: playing.stop(row, actor=actor),
            done="Plays no character any more",
            possible=queries.plays,
        ),
    )

    def _may(self, request: HttpRequest, row: Any) -> bool:
        return bool(lines.enabled()) and super()._may(request, row)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*queries.RELATED)

    @admin.display(description="Game", ordering="line")
    def game(self, sheet: Sheet) -> str:
        return lines.every()[sheet.line].name

    @admin.display(description="Plays")
    def plays(self, sheet: Sheet) -> str:
        return sheet.character.name if queries.plays(sheet) and sheet.character else ""

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, sheet: Sheet) -> str:
        return date_format(timezone.localtime(sheet.updated_at), "j M Y, H:i")

    @admin.display(description="Tracks")
    def tracks_shown(self, sheet: Sheet) -> str:
        line = lines.every()[sheet.line]
        shown = page.tracks(line, queries.draft(sheet, line))
        return "; ".join(f"{boxes.track.label}: {boxes.said}" for boxes in shown)

    @admin.display(description="Pages")
    def pages(self, sheet: Sheet) -> str:
        places = [("The sheet", reverse("sheets:sheet", args=[sheet.pk]))]
        if sheet.campaign is not None:
            places.append(("Storyteller's table", reverse("sheets:table", args=[sheet.campaign.slug])))
        return format_html_join(" · ", '<a href="{1}">{0}</a>', places)

    @admin.display(description="Experience")
    def experience(self, sheet: Sheet) -> str:
        held = queries.totals(sheet)
        return f"{held.available} available, {held.earned} earned, {held.spent} spent"

    @admin.display(description="Ledger")
    def ledger(self, sheet: Sheet) -> str:
        """The newest entries; nothing here changes them."""
        found = list(queries.entries(sheet)[:MOST_ENTRIES])
        if not found:
            return "Nothing is awarded yet."
        answers = queries.answers(found)
        told = [documents.entry_document(entry, answers.get(entry.pk)) for entry in found]
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            ((row["number"], row["at"][:10], _what(row), _amount(row), row["actor_name"]) for row in told),
        )
        return format_html(LEDGER, rows)


def _amount(row: dict[str, Any]) -> str:
    return f"{row['amount']:+}" if row["amount"] else ""


def _what(row: dict[str, Any]) -> str:
    words = (row["kind"].capitalize(), row["label"] if row["label"] != "Award" else "", row["reason"], row["answer"])
    return ", ".join(word for word in words if word)
