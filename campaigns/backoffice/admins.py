"""The admin of rows that belong to a campaign: scoped to the GM's own, written by operations only."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from accounts.actors import Actor
from campaigns.backoffice.deeds import Deed, words
from campaigns.backoffice.forms import SEEN, OperationForm
from campaigns.backoffice.paging import BoundedPaginator
from campaigns.backoffice.scope import scope_of
from contract.refusals import Refusal


class RefusedRow(Exception):
    """An operation refused one row of an inline formset."""

    def __init__(self, refusal: Refusal, prefix: str) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal
        self.prefix = prefix


class CampaignRowAdmin(admin.ModelAdmin):
    """Subclasses write by `create_row`, `change_row` and `delete_row`, which call operations; nothing else writes."""

    form = OperationForm
    campaign_path: ClassVar[str] = "campaign_id"  # from the row to its campaign's id
    deeds: ClassVar[Sequence[Deed]] = ()
    # Which query parameters may filter the list, besides those of `list_filter`.
    filterable: ClassVar[frozenset[str]] = frozenset({"id", "campaign", "campaign_id"})
    allow_add: ClassVar[bool] = True
    allow_change: ClassVar[bool] = True
    allow_delete: ClassVar[bool] = True
    list_per_page = 50
    list_max_show_all = 200
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for every choice of every filter
    save_on_top = False
    change_form_template = "admin/campaign_row/change_form.html"

    # --- writing ---

    def create_row(self, actor: Actor, form: Any) -> Model:
        raise NotImplementedError

    def change_row(self, actor: Actor, row: Any, form: Any) -> None:
        raise NotImplementedError

    def delete_row(self, actor: Actor, row: Any) -> None:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        actor = scope_of(request).actor
        if change:
            self.change_row(actor, obj, form)
            return
        obj.pk = self.create_row(actor, form).pk
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        raise NotImplementedError

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_row(scope_of(request).actor, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():  # all of them or none; in one order, so that two people cannot block each other
            for row in queryset.order_by("campaign_id", "pk"):
                self.delete_row(scope_of(request).actor, row)

    # --- what operations refuse is shown at the fields ---

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refusal, RefusedRow) as refused:
            # The transaction is rolled back; the same page again, with a form that knows why.
            request._refused = refused  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refusal, RefusedRow) as refused:  # no field would show it
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"title": capfirst(str(self.opts.verbose_name_plural)), **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except Refusal as refusal:
            self.message_user(request, words(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return told(super().get_form(request, obj, change=change, **kwargs), request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The version seen travels in the first line of a form that can be changed."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not hasattr(obj, "version") or not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *rest = fieldsets
        fields = [field for field in options["fields"] if field != SEEN]
        return [(name, {**options, "fields": [*fields, SEEN]}), *rest]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            self.message_user(request, words(refusal), messages.ERROR)
            return HttpResponseRedirect(self.address(request, "change", unquote(object_id)))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Django's own tells of changes in these forms alone; the rest stands in the campaign's audit."""
        row = self.get_object(request, unquote(object_id))
        context = {"audit_of": self.campaign_of(row)} if row is not None else {}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """(what goes, counts, missing permissions, protected). Django's own would load and list every ledger entry."""
        rows = [row for row in objs if self.has_delete_permission(request, row)]
        denied = set() if len(rows) == len(list(objs)) else {str(self.opts.verbose_name)}
        lines = [line for row in rows for line in self.lost_with(row)]
        return lines, {self.opts.verbose_name_plural: len(rows)}, denied, []

    def lost_with(self, row: Any) -> list[str]:
        """What somebody who deletes the row loses."""
        return [str(row)]

    # --- scope ---

    def campaign_of(self, row: Any) -> UUID:
        found: UUID = getattr(row, self.campaign_path)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return scope_of(request).within(super().get_queryset(request), self.campaign_path)

    def _may(self, request: HttpRequest, row: Any) -> bool:
        scope = scope_of(request)
        return scope.runs_any if row is None else scope.runs(self.campaign_of(row))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, None)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allow_add and self._may(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allow_change and self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allow_delete and self._may(request, obj)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only named parameters filter: `?digest__startswith=a` must not become an oracle."""
        names: set[Any] = {self.date_hierarchy, *self.filterable}
        for entry in self.get_list_filter(request):
            name = entry[0] if isinstance(entry, list | tuple) else getattr(entry, "parameter_name", entry)
            names.add(name)
        first = lookup.split("__")[0]
        return first in names and super().lookup_allowed(lookup, value, request)

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        choices = self.choices_for(db_field.name, request)
        if choices is not None:
            kwargs["queryset"] = choices
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, ForeignKey) and field is not None and hasattr(field.widget, "can_add_related"):
            # Rows are made on their own pages, where the campaign is known.
            widget = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field

    def choices_for(self, field_name: str, request: HttpRequest) -> QuerySet | None:
        """What a foreign key may point to, for the form and for the autocomplete view alike; None: not to be chosen."""
        return scope_of(request).campaigns if field_name == "campaign" else None

    def search_choices(self, field_name: str, rows: QuerySet, term: str) -> QuerySet:
        return rows.filter(name__icontains=term) if term else rows

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Who runs one campaign need not choose it."""
        own = list(scope_of(request).campaigns.order_by().values_list("pk", flat=True)[:2])
        return {**({"campaign": str(own[0])} if len(own) == 1 else {}), **super().get_changeform_initial_data(request)}

    # --- deeds ---

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.deed_view))
        name = f"{self.opts.app_label}_{self.opts.model_name}_deed"
        return [path("<str:object_id>/do/<slug:deed>/", view, name=name), *super().get_urls()]

    def deed_view(self, request: HttpRequest, object_id: str, deed: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        found = next((each for each in self.deeds if each.name == deed), None)
        if row is None or found is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        self._perform(request, found, [row])
        return HttpResponseRedirect(self.after_deed(request, row))

    def after_deed(self, request: HttpRequest, row: Any) -> str:
        return self.address(request, "change", row.pk)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if not self.has_delete_permission(request):
            found.pop("delete_selected", None)
        if self.has_view_permission(request):
            for deed in self.deeds:
                if deed.in_lists:
                    found[deed.name] = (_action(deed), deed.name, deed.label)
        return found

    def response_action(self, request: HttpRequest, queryset: QuerySet, *args: Any, **kwargs: Any) -> Any:
        """Keys that are none would be an error of the database."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.opts.pk.to_python(key)
        except ValidationError:
            self.message_user(request, "Some of these rows do not exist.", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset, *args, **kwargs)

    def _perform(self, request: HttpRequest, deed: Deed, rows: Iterable[Any]) -> None:
        done: list[str] = []
        for row in rows:
            name = str(row)
            try:
                deed.do(scope_of(request).actor, row)
            except Refusal as refusal:
                self.message_user(request, f"{name}: {words(refusal)}", messages.ERROR)
            else:
                done.append(name)
        if done:
            self.message_user(request, f"{deed.done}: {', '.join(done)}.", messages.SUCCESS)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = context.get("original")
        if row is not None:
            context |= {"title": str(row), "subtitle": capfirst(str(self.opts.verbose_name))}
        context["deeds"] = [
            {"deed": deed, "url": self.address(request, "deed", row.pk, deed.name)}
            for deed in self.deeds
            if row is not None and deed.possible(row)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def address(self, request: HttpRequest, page: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


def told(form: Any, request: HttpRequest) -> Any:
    """A form class made for this request that knows what was refused in it."""
    refused = getattr(request, "_refused", None)
    if isinstance(refused, RefusedRow):
        form.refusal, form.refused_prefix = refused.refusal, refused.prefix
    elif refused is not None:
        form.refusal, form.refused_prefix = refused, None
    return form


def _action(deed: Deed) -> Callable[..., Any]:
    def perform(model_admin: CampaignRowAdmin, request: HttpRequest, queryset: QuerySet) -> None:
        model_admin._perform(request, deed, queryset)

    return partial(perform)
