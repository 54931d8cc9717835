"""Apps above learn here that a character has begun, or ceased, to exist for viewers.

They register a handler in their `AppConfig.ready`; it runs inside the operation's transaction and may record what
follows from it for what they own (a layout must not give away where a secret character stands).
"""

from collections.abc import Callable
from uuid import UUID

from campaigns.ledger import Book

Handler = Callable[[Book, UUID], None]

_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    _handlers.append(handler)


def changed(book: Book, character_id: UUID) -> None:
    for handler in _handlers:
        handler(book, character_id)
