"""Who plays which character: the app of the characters registers here how somebody takes a seat at the table."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from campaigns.models import Campaign


@dataclass(frozen=True)
class Seats:
    """`named` is None for a character that is not in the campaign. `take` makes the person its player and returns
    the address of its page, None where there is nothing that a player may see. `offered` are ids and names to choose.
    """

    named: Callable[[UUID, UUID], str | None]
    take: Callable[[Campaign, UUID, User, Actor], str | None]
    offered: Callable[[UUID], list[tuple[UUID, str]]]


_registered: list[Seats] = []


def register(seats: Seats) -> None:
    _registered[:] = [seats]


def named(campaign_id: UUID, character_id: UUID) -> str | None:
    return _registered[0].named(campaign_id, character_id) if _registered else None


def offered(campaign_id: UUID) -> list[tuple[UUID, str]]:
    return _registered[0].offered(campaign_id) if _registered else []


def take(campaign: Campaign, character_id: UUID, user: User, *, actor: Actor) -> str | None:
    return _registered[0].take(campaign, character_id, user, actor) if _registered else None
