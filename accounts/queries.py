"""Questions about teams, their people and their invitations. Each costs a fixed number of queries."""

import re
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery

from accounts import access, invitations
from accounts.actors import Actor
from accounts.models import Membership, Team, TeamInvitation, User
from contract.prepared import Lookup, Parameter
from contract.refusals import NotVisible

Row = TypeVar("Row", bound=Model)

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

BY_KEY = Lookup(lambda: User.objects.filter(pk=Parameter("key", User._meta.pk)).order_by())


def key(text: str) -> UUID:
    """The UUID of an address, written as we write it. Raises NotVisible."""
    if not _UUID.fullmatch(text):
        raise NotVisible
    return UUID(text)


def teams(user: User) -> QuerySet[Team]:
    """The teams that the person is in, with `own_role` and `people`."""
    mine = Membership.objects.filter(user=user)
    own_role = Subquery(mine.filter(team=OuterRef("pk")).values("role")[:1])
    found = Team.objects.filter(pk__in=mine.values("team_id"))
    return found.annotate(people=Count("memberships"), own_role=own_role).order_by("name", "pk")


def team(team_id: UUID, actor: Actor) -> Team:
    """Raises NotVisible, also for one that the actor may not know of."""
    found = Team.objects.filter(pk=team_id).first()
    if found is None or not access.may(actor, access.SEE_TEAM, found):
        raise NotVisible
    return found


def one(rows: QuerySet[Row], **by: Any) -> Row:
    """The row of this kind, of those that may be seen. Raises NotVisible."""
    found = rows.filter(**by).first()
    if found is None:
        raise NotVisible
    return found


def members(team: Team) -> QuerySet[Membership]:
    return Membership.objects.filter(team=team).select_related("user").order_by("user__username", "pk")


def member(team: Team, user_id: UUID) -> Membership:
    """Raises NotVisible."""
    return one(members(team), user_id=user_id)


def open_invitations(team: Team) -> QuerySet[TeamInvitation]:
    return invitations.open_to(TeamInvitation, team=team)


def invitation(team: Team, invitation_id: UUID) -> TeamInvitation:
    """Raises NotVisible."""
    return one(TeamInvitation.objects.filter(team=team), pk=invitation_id)


def person(username: str) -> User | None:
    """By the whole user name only: nobody can leaf through the people of the site."""
    return User.objects.filter(username=username, is_active=True).first()
