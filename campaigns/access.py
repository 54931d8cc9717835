"""Who may see and change a campaign: the one visibility law, asked by pages, API, admin and sockets alike."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Membership, TeamRole, User
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign, Member, Role, TokenKind, Visibility
from contract.prepared import Lookup, Parameter
from contract.refusals import NotAllowed, NotSignedIn, NotVisible

# What the members of a team are in the campaigns that the team shares.
TEAM_ROLES = {TeamRole.OWNER: Role.GM, TeamRole.EDITOR: Role.GM, TeamRole.VIEWER: Role.VIEWER}
RUN_BY = tuple(role for role, there in TEAM_ROLES.items() if there == Role.GM)
MEMBER = Lookup(
    lambda: Member.objects.filter(
        campaign_id=Parameter("campaign_id", Campaign._meta.pk), user_id=Parameter("user_id", User._meta.pk)
    ).order_by()
)
RANK = {Role.VIEWER: 0, Role.PLAYER: 1, Role.GM: 2}


def role_of(actor: Actor, campaign: Campaign) -> str | None:
    """The actor's role in the campaign (owner and site administrators count as its GM), None for strangers."""
    user = actor.user
    if user is None or not user.is_active:
        return None
    if user.is_superuser:
        return Role.GM
    return own_role(user, campaign)


def own_role(user: User, campaign: Campaign) -> str | None:
    """By being its owner, a member, or in the team that shares it; the best of these."""
    if user.pk == campaign.owner_id:
        return Role.GM
    row = MEMBER.get(campaign_id=campaign.pk, user_id=user.pk)
    member = row.role if row is not None else None
    if campaign.team_id is None or member == Role.GM:
        return member
    team = Membership.objects.filter(team_id=campaign.team_id, user=user).values_list("role", flat=True).first()
    return better(member, TEAM_ROLES[TeamRole(team)]) if team else member


def better(one: str | None, other: str) -> str:
    return one if one is not None and RANK[Role(one)] >= RANK[Role(other)] else other


def roles(user_ids: Collection[UUID], campaign_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], str]:
    """(campaign, user) to role, for many at once in two queries; owners are not among them."""
    found: dict[tuple[UUID, UUID], str] = {}
    members = Member.objects.filter(user__in=user_ids, campaign__in=campaign_ids)
    for campaign_id, user_id, role in members.values_list("campaign_id", "user_id", "role"):
        found[campaign_id, user_id] = role
    shared = Membership.objects.filter(user__in=user_ids, team__campaigns__in=campaign_ids)
    shared = shared.annotate(campaign_id=F("team__campaigns"))
    for campaign_id, user_id, role in shared.values_list("campaign_id", "user_id", "role"):
        found[campaign_id, user_id] = better(found.get((campaign_id, user_id)), TEAM_ROLES[TeamRole(role)])
    return found


def holds_token(actor: Actor, campaign: Campaign, *kinds: str) -> bool:
    token = actor.token
    return token is not None and token.campaign_id == campaign.pk and token.kind in kinds


def may_see(actor: Actor, campaign: Campaign) -> bool:
    if campaign.visibility != Visibility.PRIVATE or actor.via == "system":
        return True
    return holds_token(actor, campaign, *TokenKind.values) or role_of(actor, campaign) is not None


def may_manage(actor: Actor, campaign: Campaign) -> bool:
    """May run the table: the GM, or the holder of the campaign's control token."""
    if actor.via == "system" or holds_token(actor, campaign, TokenKind.CONTROL):
        return True
    return role_of(actor, campaign) == Role.GM


def may_own(actor: Actor, campaign: Campaign) -> bool:
    """May hand out keys and delete the campaign: the GM in person, never a token or an API key."""
    in_person = actor.token is None and actor.scopes is None
    return actor.via == "system" or (in_person and role_of(actor, campaign) == Role.GM)


def may_hand_over(actor: Actor, campaign: Campaign) -> bool:
    """The owner in person, and administrators, for owners who are not there any more."""
    in_person = actor.token is None and actor.scopes is None
    owns = actor.user is not None and (actor.user.pk == campaign.owner_id or actor.user.is_superuser)
    return actor.via == "system" or (in_person and owns and actor.user is not None and actor.user.is_active)


def audience(actor: Actor, campaign: Campaign) -> str:
    """Which projection the actor is shown. An overlay key shows what the audience of the stream may see."""
    if holds_token(actor, campaign, TokenKind.READ) or may_manage(actor, campaign):
        return GM
    return VIEWER


def require_visible(actor: Actor, campaign: Campaign) -> None:
    if not may_see(actor, campaign):
        raise NotVisible


def require_manage(actor: Actor, campaign: Campaign) -> None:
    """Raises NotSignedIn without a credential, NotVisible for what is not to be known of, else NotAllowed."""
    require(actor, campaign, allowed=may_manage(actor, campaign))


def require_own(actor: Actor, campaign: Campaign) -> None:
    require(actor, campaign, allowed=may_own(actor, campaign))


def require_hand_over(actor: Actor, campaign: Campaign) -> None:
    require(actor, campaign, allowed=may_hand_over(actor, campaign))


def require_membership(actor: Actor, campaign: Campaign) -> None:
    """For those in the campaign, by whatever role, and the holders of its tokens."""
    is_in = actor.via == "system" or role_of(actor, campaign) is not None
    require(actor, campaign, allowed=is_in or holds_token(actor, campaign, *TokenKind.values))


def require(actor: Actor, campaign: Campaign, *, allowed: bool) -> None:
    """Raises NotSignedIn without a credential, NotVisible for what is not to be known of, else NotAllowed."""
    if actor.is_anonymous:
        raise NotSignedIn
    require_visible(actor, campaign)
    if not allowed:
        by_key = actor.scopes is not None and role_of(actor, campaign) == Role.GM
        lacks_scope = by_key or holds_token(actor, campaign, *TokenKind.values)
        raise NotAllowed(code="insufficient_scope" if lacks_scope else "")


def visible(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns that appear in the actor's lists: the public ones and the actor's own."""
    found = Q(visibility=Visibility.PUBLIC)
    if actor.user is not None:
        found |= Q(pk__in=own_ids(actor))
    if actor.token is not None:
        found |= Q(pk=actor.token.campaign_id)
    return Campaign.objects.filter(found)


def managed(actor: Actor) -> QuerySet[Campaign]:
    """Campaigns that the actor runs as GM: what the back office shows."""
    user = actor.user
    if user is None or not user.is_active:
        return Campaign.objects.none()
    if user.is_superuser:
        return Campaign.objects.all()
    as_gm = Member.objects.filter(user=user, role=Role.GM).values("campaign_id")
    shared = Membership.objects.filter(user=user, role__in=RUN_BY).values("team_id")
    return Campaign.objects.filter(Q(owner=user) | Q(pk__in=as_gm) | Q(team_id__in=shared))


def own_ids(actor: Actor) -> QuerySet[Campaign]:
    joined = Member.objects.filter(user=actor.user).values("campaign_id")
    shared = Membership.objects.filter(user=actor.user).values("team_id")
    own = Q(owner=actor.user) | Q(pk__in=joined) | Q(team_id__in=shared)
    return Campaign.objects.filter(own).values("pk")  # type: ignore[return-value]
