"""Whose campaigns the back office shows in one request. Every admin of a campaign's rows asks here, nowhere else."""

from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access import BEGIN_CAMPAIGN, may
from accounts.actors import Actor
from accounts.models import User
from campaigns import access
from campaigns.models import Campaign

# More keys than this are left to the database to look up; nobody runs so many campaigns by hand.
MOST_NAMED = 500


class Scope:
    """Asked many times while one page is built; costs one query, and none for superusers."""

    def __init__(self, user: User | None, request_id: str = "") -> None:
        self.actor = Actor(user=user, via="admin", request_id=request_id)

    @property
    def campaigns(self) -> QuerySet[Campaign]:
        return access.managed(self.actor)

    @cached_property
    def ids(self) -> frozenset[UUID]:
        return frozenset(self.campaigns.order_by().values_list("pk", flat=True))

    def within(self, rows: QuerySet, path: str) -> QuerySet:
        """Those rows that belong to own campaigns; `path` leads from a row to its campaign's id.

        The keys are named one by one: of a subquery the planner believes that it holds three quarters of all
        campaigns, and would read the whole table in the list's order to find one GM's fifty rows.
        """
        if self.sees_all:
            return rows
        named = len(self.ids) <= MOST_NAMED
        return rows.filter(**{f"{path}__in": sorted(self.ids) if named else self.campaigns.values("pk")})

    @property
    def sees_all(self) -> bool:
        user = self.actor.user
        return user is not None and user.is_active and user.is_superuser

    @property
    def runs_any(self) -> bool:
        return self.sees_all or bool(self.ids)

    @property
    def may_begin(self) -> bool:
        """May create a campaign here: GMs, and whoever has a site role for it."""
        return self.runs_any or may(self.actor, BEGIN_CAMPAIGN)

    def runs(self, campaign_id: UUID) -> bool:
        return self.sees_all or campaign_id in self.ids


def scope_of(request: HttpRequest) -> Scope:
    """The request's scope, made once."""
    found: Scope | None = getattr(request, "_backoffice_scope", None)
    if found is None:
        user = request.user if isinstance(request.user, User) else None
        found = Scope(user, getattr(request, "request_id", ""))
        request._backoffice_scope = found  # type: ignore[attr-defined]
    return found
