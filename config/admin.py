"""The admin site: Django's own, under Troupe's name, empty for everybody who runs no campaign."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse


class OwnChoices(AutocompleteJsonView):
    """Offers for a foreign key what the admin that holds it allows, not what the other model's list would show."""

    def process_request(self, request: HttpRequest) -> Any:
        term, model_admin, source_field, to_field_name = super().process_request(request)
        self.source_admin: Any = admin.site._registry.get(source_field.model) or _holding_rows_of(source_field.model)
        choices_for = getattr(self.source_admin, "choices_for", None)
        self.choices = choices_for(source_field.name, request) if choices_for else None
        if self.choices is None or to_field_name != model_admin.opts.pk.attname:
            raise PermissionDenied
        return term, model_admin, source_field, to_field_name

    def has_perm(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.source_admin.has_view_permission(request) or self.source_admin.has_add_permission(request))

    def get_queryset(self) -> QuerySet:
        found: QuerySet = self.source_admin.search_choices(self.source_field.name, self.choices, self.term[:100])
        return found


def _holding_rows_of(model: Any) -> Any:
    """The admin on whose pages rows of a model without pages of its own are edited."""
    found = (each for each in admin.site._registry.values() if any(inline.model is model for inline in each.inlines))
    return next(found, None)


class TroupeAdminSite(admin.AdminSite):
    site_header = "Troupe"
    site_title = "Troupe back office"
    index_title = "Back office"
    enable_nav_sidebar = True

    def get_urls(self) -> list[Any]:
        # The one page that needs every app: imported late, because the apps are not loaded before this site.
        from overlay import dashboard

        return [*dashboard.urls(self), *super().get_urls()]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return OwnChoices.as_view(admin_site=self)(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """One way in for everybody: with its lock-out, its second step and its other houses."""
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': wanted})}")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("accounts:change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        # The composition root may know of campaigns; imported late, because the apps are not loaded before this site.
        from campaigns.backoffice.scope import scope_of
        from campaigns.queries import played_last

        scope = scope_of(request)
        own = played_last(scope.campaigns)[:12] if scope.runs_any else []
        context = {"own_campaigns": own, "may_begin": scope.may_begin, **(extra_context or {})}
        return super().index(request, context)


class TroupeAdminConfig(AdminConfig):
    default_site = "config.admin.TroupeAdminSite"
