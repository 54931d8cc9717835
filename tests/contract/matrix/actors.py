"""The eight who ask for everything, and what each may hope for by rule."""

from typing import Any, TypeVar

from django.test import Client

from campaigns.models import Role
from tests.factories import Table, a_member, a_user

ANONYMOUS, VIEWER, PLAYER, OTHER = "anonymous", "viewer", "player", "other player"
GM, RIVAL, FOREIGN, STAFF = "GM", "rival GM", "foreign token", "staff"
ACTORS = (ANONYMOUS, VIEWER, PLAYER, OTHER, GM, RIVAL, FOREIGN, STAFF)
# A page knows sessions only: a token of a campaign is nobody there.
NOBODY = (ANONYMOUS, FOREIGN)
MEMBERS = (VIEWER, PLAYER, OTHER, GM)
OUTSIDERS = (ANONYMOUS, RIVAL, FOREIGN, STAFF)


A = TypeVar("A", str, int)


def all_(status: A) -> dict[str, A]:
    return dict.fromkeys(ACTORS, status)


def but(rule: dict[str, A], *actors: str, status: A) -> dict[str, A]:
    return rule | dict.fromkeys(actors, status)


def clients(table: Table) -> dict[str, Client]:
    """`staff` has a staff account and runs no campaign."""
    users = {
        VIEWER: table.viewer,
        PLAYER: table.player,
        OTHER: a_member(table.campaign, Role.PLAYER).user,
        GM: table.gm,
        RIVAL: table.rival,
        STAFF: a_user(is_staff=True),
    }
    found = {name: Client() for name in ACTORS}
    for name, user in users.items():
        found[name].force_login(user)
    token: Any = {"X-Token": table.foreign_token}
    found[FOREIGN] = Client(headers=token)
    return found
