"""config.asgi for a run with TROUPE_SLOW: each script comes late, and often after one that was asked for later; so do
the answers of the API and the opening of a socket.
"""

import asyncio
import random
from typing import Any

from config.asgi import application as prompt
from tests import slowness


def longest(scope: Any) -> float:
    """How long this may be held back, in seconds."""
    if scope["path"].endswith(".js"):
        return slowness.SCRIPT_SECONDS
    return slowness.ANSWER_SECONDS if scope["type"] == "websocket" or scope["path"].startswith("/api/") else 0.0


class Late:
    def __init__(self, inner: Any, seed: str) -> None:
        self.inner = inner
        self.random = random.Random(seed)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(self.random.uniform(0, longest(scope)))
        await self.inner(scope, receive, send)


application = Late(prompt, slowness.seed())
