"""Who may do what to people and teams: one table of roles and abilities, asked by API, pages and back office alike."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Membership, SiteRole, Team, TeamRole, User
from contract.refusals import NotAllowed, NotSignedIn, NotVisible


@dataclass(frozen=True)
class Allowed:
    """`site`: roles that have the ability wherever they are; `team`: roles that have it in their own team."""

    site: frozenset[str]
    team: frozenset[str]


EVERYBODY = frozenset(SiteRole.values)
STORYTELLERS = frozenset({SiteRole.STORYTELLER.value, SiteRole.ADMIN.value})
ADMINS = frozenset({SiteRole.ADMIN.value})
MEMBERS = frozenset(TeamRole.values)
EDITORS = frozenset({TeamRole.OWNER.value, TeamRole.EDITOR.value})
OWNERS = frozenset({TeamRole.OWNER.value})
NOBODY: frozenset[str] = frozenset()

FIND_PEOPLE = "find people by their user name"
CREATE_TEAM = "create a team"
BEGIN_CAMPAIGN = "begin a campaign in the back office"
SEE_TEAM = "see a team and its members"
LEAVE_TEAM = "leave a team"
EDIT_CONTENT = "change what belongs to a team"
RENAME_TEAM = "rename a team"
INVITE = "invite people to a team, see and revoke its invitations"
CHANGE_ROLES = "change roles in a team and remove members"
HAND_OVER = "hand a team over to another member"
DELETE_TEAM = "delete a team"

ABILITIES: dict[str, Allowed] = {
    FIND_PEOPLE: Allowed(EVERYBODY, NOBODY),
    CREATE_TEAM: Allowed(EVERYBODY, NOBODY),
    BEGIN_CAMPAIGN: Allowed(STORYTELLERS, NOBODY),
    SEE_TEAM: Allowed(ADMINS, MEMBERS),
    LEAVE_TEAM: Allowed(NOBODY, MEMBERS),
    EDIT_CONTENT: Allowed(ADMINS, EDITORS),
    RENAME_TEAM: Allowed(ADMINS, OWNERS),
    INVITE: Allowed(ADMINS, OWNERS),
    CHANGE_ROLES: Allowed(ADMINS, OWNERS),
    HAND_OVER: Allowed(NOBODY, OWNERS),
    DELETE_TEAM: Allowed(ADMINS, OWNERS),
}


def site_role(user: User | None) -> str | None:
    """None for nobody and for who is locked out; superusers are administrators whatever is noted."""
    if user is None or not user.is_active:
        return None
    return SiteRole.ADMIN.value if user.is_superuser else user.role


def team_role(actor: Actor, team_id: UUID) -> str | None:
    if site_role(actor.user) is None:
        return None
    return Membership.objects.filter(team_id=team_id, user=actor.user).values_list("role", flat=True).first()


def has(site: str | None, team: str | None, ability: str) -> bool:
    allowed = ABILITIES[ability]
    return site in allowed.site or (site is not None and team in allowed.team)


def may(actor: Actor, ability: str, team: Team | None = None) -> bool:
    if actor.via == "system":
        return True
    return has(site_role(actor.user), team_role(actor, team.pk) if team else None, ability)


def require(actor: Actor, ability: str, team: Team | None = None) -> None:
    """Raises NotSignedIn for nobody, NotVisible for a team that is not to be known of, else NotAllowed."""
    if actor.is_anonymous:
        raise NotSignedIn
    if team is not None and not may(actor, SEE_TEAM, team):
        raise NotVisible
    if not may(actor, ability, team):
        raise NotAllowed(code="insufficient_scope" if actor.token is not None else "")


def own_teams(user: User) -> QuerySet[Team]:
    return Team.objects.filter(memberships__user=user)


def abilities(role: str) -> list[str]:
    """What a role in a team may do there."""
    return [ability for ability, allowed in ABILITIES.items() if role in allowed.team]
