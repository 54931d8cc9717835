"""Who may see and change a campaign: the one visibility law, asked by pages, API, admin and sockets alike."""

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from campaigns.messages import GM, VIEWER
from campaigns.models import Campaign, Member, Role, TokenKind, Visibility
from contract.refusals import NotAllowed, NotSignedIn, NotVisible


def role_of(actor: Actor, campaign: Campaign) -> str | None:
    """The actor's role in the campaign (owner and site administrators count as its GM), None for strangers."""
    user = actor.user
    if user is None or not user.is_active:
        return None
    if user.pk == campaign.owner_id or user.is_superuser:
        return Role.GM
    return Member.objects.filter(campaign=campaign, user=user).values_list("role", flat=True).first()


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
    _require(actor, campaign, allowed=may_manage(actor, campaign))


def require_own(actor: Actor, campaign: Campaign) -> None:
    _require(actor, campaign, allowed=may_own(actor, campaign))


def _require(actor: Actor, campaign: Campaign, *, allowed: bool) -> None:
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
        found |= Q(pk__in=_own_ids(actor))
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
    return Campaign.objects.filter(Q(owner=user) | Q(pk__in=as_gm))


def _own_ids(actor: Actor) -> QuerySet[Campaign]:
    joined = Member.objects.filter(user=actor.user).values("campaign_id")
    return Campaign.objects.filter(Q(owner=actor.user) | Q(pk__in=joined)).values("pk")  # type: ignore[return-value]
