"""What there is about one person, in every app: to be downloaded, and to be thought of before the account goes.

An app that keeps something of people registers it (AppConfig.ready): `collect` tells it as a JSON-like document,
`obstacles` are sentences on what has to be settled first, `goes` and `stays` on what an account takes along and leaves
behind. `leave` takes it along, in the transaction that deletes the account, before its row goes.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


def _nothing(user: User) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Part:
    name: str
    collect: Callable[[User], Any]
    obstacles: Callable[[User], Iterable[str]] = _nothing
    stays: Callable[[User], Iterable[str]] = _nothing
    goes: Callable[[User], Iterable[str]] = _nothing
    leave: Callable[[User], object] = _nothing


_parts: dict[str, Part] = {}


def register(part: Part) -> None:
    _parts[part.name] = part


def everything(user: User) -> dict[str, Any]:
    return {name: part.collect(user) for name, part in _parts.items()}


def obstacles(user: User) -> list[str]:
    return [sentence for part in _parts.values() for sentence in part.obstacles(user)]


def stays(user: User) -> list[str]:
    return [sentence for part in _parts.values() for sentence in part.stays(user)]


def goes(user: User) -> list[str]:
    return [sentence for part in _parts.values() for sentence in part.goes(user)]


def leave(user: User) -> None:
    for part in _parts.values():
        part.leave(user)
