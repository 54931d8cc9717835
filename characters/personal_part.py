"""What characters keep of a person (see accounts.personal)."""

from collections.abc import Iterator
from typing import Any

from accounts import personal
from accounts.models import User
from characters.models import Character

TOLD = ("id", "name", "campaign__slug", "player_name", "stats", "status", "created_at")


def played(user: User) -> list[dict[str, Any]]:
    return list(Character.objects.filter(player=user).order_by("created_at", "id").values(*TOLD))


def stays(user: User) -> Iterator[str]:
    if Character.objects.filter(player=user).exists():
        yield "The characters that you play stay in their campaigns, without you."


def register() -> None:
    personal.register(personal.Part("characters", played, stays=stays))
