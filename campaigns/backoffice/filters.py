"""Filters of the lists that offer nothing of other people's campaigns."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from campaigns import queries
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign

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
    """One campaign at a time, the one played last unless another is chosen: long tables are read by its index."""

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.shown = shown_campaign(request)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one that is shown stands first: on a phone the others are beside it, out of sight."""
        played = queries.played_last(scope_of(request).campaigns).values_list("pk", "name")[:MOST_OFFERED]
        shown = shown_campaign(request)
        first = [(str(shown.pk), shown.name)] if shown else []
        return [*first, *((str(pk), name) for pk, name in played if not shown or pk != shown.pk)]

    def value(self) -> str | None:
        # Django's constructor asks before `shown` is there.
        return super().value() or (str(shown.pk) if (shown := getattr(self, "shown", None)) else None)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, title in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }


def shown_campaign(request: HttpRequest) -> Campaign | None:
    """The campaign whose rows such a list shows: the one asked for, else the one played last. Looked up once."""
    if not hasattr(request, "_shown_campaign"):
        request._shown_campaign = _shown_campaign(request)  # type: ignore[attr-defined]
    found: Campaign | None = request._shown_campaign  # type: ignore[attr-defined]
    return found


def _shown_campaign(request: HttpRequest) -> Campaign | None:
    own = scope_of(request).campaigns
    asked = uuid_or_none(request.GET.get(CampaignFilter.parameter_name))
    if asked is not None:
        return own.filter(pk=asked).first()
    return queries.played_last(own).first()


def uuid_or_none(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None
