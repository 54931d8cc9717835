"""Filters of the lists that offer nothing of other people's campaigns."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns.backoffice.scope import scope_of

MOST_OFFERED = 100


class CampaignFilter(admin.SimpleListFilter):
    """The campaigns that the person runs."""

    title = "campaign"
    parameter_name = "campaign"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = scope_of(request).campaigns.order_by("name", "id").values_list("pk", "name")
        return [(str(pk), name) for pk, name in rows[:MOST_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        campaign_id = uuid_or_none(self.value())
        return queryset.filter(campaign_id=campaign_id) if campaign_id else queryset.none()


class OneCampaignFilter(CampaignFilter):
    """One campaign at a time, the one changed last unless another is chosen: long tables are read by its index."""

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.shown = shown_campaign(request)

    def value(self) -> str | None:
        # Django's constructor asks before `shown` is there.
        return super().value() or (str(shown) if (shown := getattr(self, "shown", None)) else None)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }


def shown_campaign(request: HttpRequest) -> UUID | None:
    """The campaign whose rows such a list shows: the one asked for, else the one changed last."""
    scope = scope_of(request)
    asked = uuid_or_none(request.GET.get(CampaignFilter.parameter_name))
    if asked is not None:
        return asked if scope.runs(asked) else None
    return scope.campaigns.order_by("-updated_at", "id").values_list("pk", flat=True).first()


def uuid_or_none(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None
