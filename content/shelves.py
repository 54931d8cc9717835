"""Libraries that many share: an app above that has some registers who may do what there (AppConfig.ready).

A file of such a library is counted in a `space` that is not its owner's; its owner is who brought it.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import User
from content.models import Asset


@dataclass(frozen=True)
class Shelves:
    """`seen` are the files of all shared libraries that somebody sees; `may_change` is asked of one of them.

    `private` gets spaces, those of people too, and returns those of which nobody else may fetch anything.
    """

    seen: Callable[[User], Q]
    may_change: Callable[[Actor, Asset], bool]
    private: Callable[[Collection[UUID]], set[UUID]]


_registered: list[Shelves] = []


def register(shelves: Shelves) -> None:
    _registered[:] = [shelves]


def seen(user: User) -> Q:
    return _registered[0].seen(user) if _registered else Q(pk__in=[])


def private(spaces: Collection[UUID]) -> set[UUID]:
    return _registered[0].private(spaces) if _registered else set()


def may_change(actor: Actor, asset: Asset) -> bool:
    return bool(_registered) and _registered[0].may_change(actor, asset)
