"""The in-memory channel layer for one process, without its price.

Django Channels' own walks every channel and every group on each send and each receive to throw out what has expired.
With one channel per process there is next to nothing to throw out: do it now and then.
"""

import time
from typing import Any

from channels.layers import InMemoryChannelLayer

CLEAN_EVERY = 10.0  # seconds


class OneProcessChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]
    def __init__(self, **options: Any) -> None:
        super().__init__(capacity=options.pop("capacity", 100_000), **options)
        self._cleaned = 0.0

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._cleaned >= CLEAN_EVERY:
            self._cleaned = now
            super()._clean_expired()
