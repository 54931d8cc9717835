"""Who may see and change what is in a library: its owner, the team that it is shared with, and of a shared library
whoever its app lets (content.shelves).
"""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.access import EDIT_CONTENT, may, own_teams
from accounts.actors import Actor
from accounts.models import User
from content import shelves
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
    """The own library, and what teams share."""
    return _shown(_own(user))


def found(user: User) -> QuerySet[Asset]:
    """Whatever the person may look at, in shared libraries too."""
    return _shown(_own(user) | shelves.seen(user))


def on_shelf(user: User, space: UUID) -> QuerySet[Asset]:
    """Of one shared library."""
    return _shown(shelves.seen(user) & Q(space=space))


def _own(user: User) -> Q:
    return Q(space=user.pk) | Q(team__in=own_teams(user))


def _shown(which: Q) -> QuerySet[Asset]:
    ready = Asset.objects.filter(which, purpose=LIBRARY, current__isnull=False)
    return ready.select_related("current__job", "owner", "team").prefetch_related("current__files")


def may_change(actor: Actor, asset: Asset) -> bool:
    if not asset.is_personal:
        return shelves.may_change(actor, asset)
    if actor.user is not None and asset.owner_id == actor.user.pk:
        return True
    return asset.team is not None and may(actor, EDIT_CONTENT, asset.team)


def require_change(actor: Actor, asset: Asset) -> None:
    """Raises NotAllowed."""
    if not may_change(actor, asset):
        raise NotAllowed
