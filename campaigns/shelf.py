"""The library of a campaign: its GMs have all of it, its players what is published and what they brought themselves."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import User
from campaigns import access
from campaigns.models import Campaign, Member, Role, Visibility
from content import shelves
from content.models import Asset

READERS = (Role.GM, Role.PLAYER)


def may_use(actor: Actor, campaign: Campaign) -> bool:
    """Look into the library and bring files. For people: a token of the campaign has none of it."""
    return access.role_of(actor, campaign) in READERS


def require(actor: Actor, campaign: Campaign) -> None:
    """Raises as `campaigns.access.require_manage` does."""
    access.require(actor, campaign, allowed=may_use(actor, campaign))


def seen(user: User) -> Q:
    run = access.managed(Actor(user=user)).values("pk")
    played = Member.objects.filter(user=user, role=Role.PLAYER).values("campaign_id")
    return Q(space__in=run) | (Q(space__in=played) & (Q(published=True) | Q(owner=user)))


def may_change(actor: Actor, asset: Asset) -> bool:
    campaign = Campaign.objects.filter(pk=asset.space).first()
    role = access.role_of(actor, campaign) if campaign else None
    return role == Role.GM or (role == Role.PLAYER and actor.user is not None and asset.owner_id == actor.user.pk)


def private(spaces: Collection[UUID]) -> set[UUID]:
    found = Campaign.objects.filter(pk__in=spaces, visibility=Visibility.PRIVATE)
    return set(found.values_list("pk", flat=True))


def register() -> None:
    shelves.register(shelves.Shelves(seen, may_change, private))
