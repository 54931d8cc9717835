"""Rows that are written on the page of what they belong to."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest

from campaigns.backoffice.scope import scope_of


class OwnInline(admin.TabularInline):
    """Whoever runs the campaign of that page may do everything with its rows."""

    def campaign_of(self, obj: Any) -> UUID:
        """Of what the page shows."""
        raise NotImplementedError

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        scope = scope_of(request)
        return scope.runs_any if obj is None else scope.runs(self.campaign_of(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)
