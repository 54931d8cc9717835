"""The in-memory channel layer for one process, without its price.

Django Channels' own walks every channel and every group on each send and each receive to throw out what has expired.
With one channel per process there is next to nothing to throw out: do it now and then.
"""

import asyncio
import contextlib
import copy
import time
from typing import Any

from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

CLEAN_EVERY = 10.0  # seconds


class OneProcessChannelLayer(InMemoryChannelLayer):
    """Besides, it may be sent to from any thread: a queue is only ever touched by the event loop that reads it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(capacity=options.pop("capacity", 100_000), **options)
        self._cleaned = 0.0
        self._readers: dict[str, asyncio.AbstractEventLoop] = {}

    def _clean_expired(self) -> None:
        now = time.monotonic()
        if now - self._cleaned >= CLEAN_EVERY:
            self._cleaned = now
            super()._clean_expired()

    async def receive(self, channel: str) -> dict[str, Any]:
        self._readers[channel] = asyncio.get_running_loop()
        message: dict[str, Any] = await super().receive(channel)
        return message

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        reader = self._readers.get(channel)
        if reader is None or reader is asyncio.get_running_loop():
            await super().send(channel, message)
        elif not reader.is_closed():
            reader.call_soon_threadsafe(self._put, channel, copy.deepcopy(message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.require_valid_group_name(group)
        for channel in list(self.groups.get(group, ())):
            with contextlib.suppress(ChannelFull):
                await self.send(channel, message)

    def _put(self, channel: str, message: dict[str, Any]) -> None:
        queue = self.channels.setdefault(channel, asyncio.Queue(maxsize=self.get_capacity(channel)))
        with contextlib.suppress(asyncio.QueueFull):
            queue.put_nowait((time.time() + self.expiry, message))
