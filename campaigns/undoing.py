"""How each type of event is taken back. Apps register a handler for the types that they own.

A handler changes the rows and returns the compensating effect as (type, data): data of that type's own shape, so that
the effect is told to viewers as such an event is, and can itself be taken back (which redoes what was undone).
"""

from collections.abc import Callable
from typing import Any

from campaigns.ledger import Book
from campaigns.models import Event

Effect = tuple[str, dict[str, Any]]
Handler = Callable[[Book, Event], Effect]

_handlers: dict[str, Handler] = {}


def register(type_: str, handler: Handler) -> None:
    _handlers[type_] = handler


def handler_for(type_: str) -> Handler:
    return _handlers[type_]


def registered_types() -> set[str]:
    return set(_handlers)
