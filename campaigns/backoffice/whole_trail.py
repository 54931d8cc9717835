"""The audit trail of the whole site, for its administrators: to be read, narrowed, taken along; never changed."""

import json
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from accounts import audit
from accounts.models import AuditEntry
from campaigns import sentences, trail
from campaigns.backoffice.audit import MOST_EXPORTED, as_csv, cell, moment
from campaigns.backoffice.filters import CampaignFilter
from campaigns.backoffice.paging import BoundedPaginator
from campaigns.backoffice.scope import scope_of
from content.operations import assets

COLUMNS = (
    *("time (UTC)", "who", "credential", "request", "action", "kind", "what"),
    *("campaign", "team", "before", "after"),
)


class ActionFilter(admin.SimpleListFilter):
    title = "action"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        actions = {*audit.ACTIONS, *assets.ACTIONS, *trail.ACTIONS}
        return [(action, sentences.label(action)) for action in sorted(actions)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(action=self.value()) if self.value() else queryset


class DayFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "day"


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("moment", "who", "label", "subject", "campaign", "credential", "request_id")
    list_display_links = ("moment",)
    list_filter = (ActionFilter, CampaignFilter, ("at", DayFilter))
    search_fields = ("actor_name", "subject_name")
    search_help_text = "Who did it, or to what"
    ordering = ("-at", "-id")
    sortable_by = ()
    fields: ClassVar = [
        *("moment", "who", "credential", "request_id", "label", "subject_kind", "subject_name", "subject_id"),
        *("campaign", "team_id", "document_before", "document_after"),
    ]
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    change_list_template = "admin/accounts/auditentry/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return scope_of(request).sees_all

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope_of(request).sees_all

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Audit entries", **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export.csv", view, name="accounts_auditentry_csv"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The newest entries that the list's filters let through, as CSV."""
        if not self.has_view_permission(request):
            return self.changelist_view(request)  # which refuses
        found = self.get_changelist_instance(request).get_queryset(request)[:MOST_EXPORTED]
        return as_csv("audit.csv", COLUMNS, (_cells(entry) for entry in found))

    @admin.display(description="When (UTC)")
    def moment(self, entry: AuditEntry) -> str:
        return date_format(timezone.localtime(entry.at), "j M Y, H:i:s")

    @admin.display(description="Who")
    def who(self, entry: AuditEntry) -> str:
        if entry.actor_id is None:
            return entry.actor_name
        return self._narrowed("actor_id", entry.actor_id, entry.actor_name)

    @admin.display(description="What")
    def label(self, entry: AuditEntry) -> str:
        return sentences.label(entry.action)

    @admin.display(description="Of what")
    def subject(self, entry: AuditEntry) -> str:
        return entry.subject_name

    @admin.display(description="Campaign")
    def campaign(self, entry: AuditEntry) -> str:
        if entry.campaign_id is None:
            return ""
        return self._narrowed("campaign", entry.campaign_id, str(entry.campaign_id)[:8])

    def _narrowed(self, name: str, key: UUID, text: str) -> str:
        address = reverse(f"{self.admin_site.name}:accounts_auditentry_changelist")
        return format_html('<a href="{}?{}={}">{}</a>', address, name, key, text)

    @admin.display(description="Before")
    def document_before(self, entry: AuditEntry) -> str:
        return _document(entry.before)

    @admin.display(description="After")
    def document_after(self, entry: AuditEntry) -> str:
        return _document(entry.after)


def _document(document: Any) -> str:
    if document is None:
        return ""
    return format_html('<pre class="document">{}</pre>', json.dumps(document, indent=2, ensure_ascii=False))


def _cells(entry: AuditEntry) -> list[str]:
    named = [moment(entry.at), entry.actor_name, entry.credential, entry.request_id, entry.action]
    about = [entry.subject_kind, entry.subject_name, str(entry.campaign_id or ""), str(entry.team_id or "")]
    return [*named, *about, cell(entry.before), cell(entry.after)]
