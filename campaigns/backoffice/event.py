"""The ledger, to be read, and undone where that is still possible."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from campaigns import events, sentences, steps
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter, OneCampaignFilter, shown_campaign, uuid_or_none
from campaigns.models import Episode, Event
from campaigns.operations import undo


class TypeFilter(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(type_, sentences.label(type_)) for type_ in events.TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type=self.value()) if self.value() else queryset


class EpisodeFilter(admin.SimpleListFilter):
    """Episodes of the campaign that the list shows."""

    title = "episode"
    parameter_name = "episode"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Episode.objects.filter(campaign=shown_campaign(request)).order_by("-number")
        return [(str(row.pk), str(row)) for row in rows[:50]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        episode_id = uuid_or_none(self.value())
        return queryset.filter(episode_id=episode_id) if episode_id else queryset.none()


def _may_be_undone(event: Event) -> bool:
    taken_back = getattr(event, "undone_by", None) is not None
    oldest = event.oldest_in_reach or 0  # type: ignore[attr-defined]  # annotated
    return not taken_back and event.continues is None and event.seq >= oldest


@admin.register(Event)
class EventAdmin(CampaignRowAdmin):
    """The ledger, to be read. The apps above add their filters to `further_filters`."""

    allow_add = allow_change = allow_delete = False
    further_filters: ClassVar[list[Any]] = []
    list_display = ("seq", "what", "type_label", "actor_name", "moment", "undo_button")
    list_display_links = ("what",)
    list_filter = (OneCampaignFilter, TypeFilter, EpisodeFilter)
    date_hierarchy = "occurred_at"
    ordering = ("-seq",)
    sortable_by = ()
    fields = ("seq", "what", "type_label", "occurred_at", "campaign", "episode", "actor_name", "credential", "details")
    readonly_fields = ("what", "type_label", "details")
    deeds = (
        Deed(
            "undo",
            "Undo",
            lambda actor, row: undo.undo(row.campaign_id, row.pk, actor=actor),
            done="Taken back",
            possible=_may_be_undone,
            in_lists=False,
        ),
    )

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_filter(request), *self.further_filters]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).annotate(oldest_in_reach=steps.oldest_in_reach())
        return rows.select_related("campaign", "episode", "undone_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whose events these are stands above them, and where the others are."""
        shown = shown_campaign(request)
        narrowed = set(request.GET) - {CampaignFilter.parameter_name}
        context = {"title": f"Events of {shown.name}", "shown": shown, "narrowed": narrowed} if shown else {}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def after_deed(self, request: HttpRequest, row: Event) -> str:
        return f"{self.address(request, 'changelist')}?campaign={row.campaign_id}"

    @admin.display(description="What happened")
    def what(self, event: Event) -> str:
        return sentences.sentence(event.type, event.data)

    @admin.display(description="Type")
    def type_label(self, event: Event) -> str:
        return sentences.label(event.type)

    @admin.display(description="When")
    def moment(self, event: Event) -> str:
        return date_format(timezone.localtime(event.occurred_at), "j M Y, H:i:s")

    @admin.display(description="Details")
    def details(self, event: Event) -> str:
        text = json.dumps(event.data, indent=2, ensure_ascii=False)
        # It scrolls, so that it has to be reached by the keyboard, too.
        return format_html('<pre class="document" tabindex="0" role="region" aria-label="Details">{}</pre>', text)

    @admin.display(description="Undo")
    def undo_button(self, event: Event) -> str:
        """A button of the list's own form, which carries the CSRF token."""
        if getattr(event, "undone_by", None) is not None:
            return "taken back"
        if event.continues is not None:
            return f"with no. {event.continues}"
        if not _may_be_undone(event):
            return ""
        url = reverse(f"{self.admin_site.name}:campaigns_event_deed", args=(event.pk, "undo"))
        return format_html(
            '<button type="submit" class="row-button" formaction="{}">'
            'Undo<span class="visually-hidden"> no. {}</span></button>',
            url,
            event.seq,
        )
