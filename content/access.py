"""Who may see and change what is in the library: its owner, and the team that it is shared with."""

from django.db.models import Q, QuerySet

from accounts.access import EDIT_CONTENT, may, own_teams
from accounts.actors import Actor
from accounts.models import User
from content.models import LIBRARY, Asset
from contract.refusals import NotAllowed, NotSignedIn


def person(actor: Actor) -> User:
    """Raises NotSignedIn, and NotAllowed for a campaign's token: the library is a person's."""
    if actor.is_anonymous:
        raise NotSignedIn
    if actor.user is None:
        raise NotAllowed("A campaign's token has no library. Sign in.", code="insufficient_scope")
    return actor.user


def visible(user: User) -> QuerySet[Asset]:
    own = Q(owner=user) | Q(team__in=own_teams(user))
    ready = Asset.objects.filter(own, purpose=LIBRARY, current__isnull=False)
    return ready.select_related("current__job", "owner", "team").prefetch_related("current__files")


def require_change(actor: Actor, asset: Asset) -> None:
    """Raises NotAllowed."""
    if actor.user is not None and asset.owner_id == actor.user.pk:
        return
    if asset.team is None or not may(actor, EDIT_CONTENT, asset.team):
        raise NotAllowed
