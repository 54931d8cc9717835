"""The channel layers, of one process and on Redis: who writes tells a group from the thread it is in.

Django Channels sends from an event loop. A thread that has no loop would need one for each write, or hand the message
to another thread, which costs as much CPU as the write's SQL (docs/decisions/0011). So both have `group_send_now`.
"""

import asyncio
import atexit
import contextlib
import os
import threading
import time
from typing import Any

from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer
from channels_redis.utils import _consistent_hash  # whoever reads a group finds its host by this
from redis import ConnectionError as RedisGone
from redis import ConnectionPool, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

CLEAN_EVERY = 10.0  # seconds
SEND_SECONDS = 0.5


class OneProcessChannelLayer(InMemoryChannelLayer):
    """In memory, without the price: Django Channels' own walks every channel and every group on each send and each
    receive to throw out what has expired. With one channel per process there is next to nothing to throw out.
    """

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

    def group_send_now(self, group: str, message: dict[str, Any]) -> None:
        """From any thread: a queue is only ever touched by the event loop that reads it. The message is handed over."""
        for channel in list(self.groups.get(group, ())):
            reader = self._readers.get(channel)
            if reader is None:
                self._put(channel, message)
            elif not reader.is_closed():
                reader.call_soon_threadsafe(self._put, channel, message)

    def _put(self, channel: str, message: dict[str, Any]) -> None:
        queue = self.channels.setdefault(channel, asyncio.Queue(maxsize=self.get_capacity(channel)))
        with contextlib.suppress(asyncio.QueueFull):
            queue.put_nowait((time.time() + self.expiry, message))


class RedisChannelLayer(RedisPubSubChannelLayer):
    """Redis pub/sub; `hosts` are [{"address": URL, …}], and the groups are spread over them."""

    def __init__(self, hosts: list[dict[str, Any]], prefix: str, **options: Any) -> None:
        super().__init__(hosts=hosts, prefix=prefix, **options)
        self._prefix = prefix
        self._lines = [Line(host["address"]) for host in hosts]

    def group_send_now(self, group: str, message: dict[str, Any]) -> None:
        """Raises RedisError where the broker cannot be reached in time, or refused what was sent before."""
        channel = f"{self._prefix}__group__{group}"
        self._lines[_consistent_hash(channel, len(self._lines))].publish(channel, self.serialize(message))


class Line:
    """A connection on which nobody waits for answers: those to what was sent are read before the next is."""

    def __init__(self, url: str) -> None:
        waits: Any = {"socket_timeout": SEND_SECONDS, "socket_connect_timeout": SEND_SECONDS}
        self._pool: Any = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **waits)
        self._connection: Any = None
        self._process = 0
        self._owed = 0
        self._lock = threading.Lock()
        atexit.register(self.settle)

    def publish(self, channel: str, text: bytes) -> None:
        """Raises RedisError where the broker cannot be reached in time, or refused what was sent before."""
        with self._lock:
            connection = self._current()
            try:
                connection.send_command("PUBLISH", channel, text, check_health=False)
            except RedisError:
                self._connection = None
                raise
            self._owed += 1

    def settle(self) -> None:
        """Wait for what is owed: a process that ends with answers unread may take back what it sent."""
        with self._lock, contextlib.suppress(RedisError):
            while self._owed and self._connection is not None and self._process == os.getpid():
                self._owed -= 1
                self._connection.read_response()

    def _current(self) -> Any:
        if self._connection is None or self._process != os.getpid():  # a fork must not speak on its parent's
            return self._made()
        try:
            while self._connection.can_read():
                self._owed -= 1
                self._connection.read_response()
        except RedisGone:  # it hung up since the last time
            return self._made()
        return self._connection

    def _made(self) -> Any:
        self._connection, self._owed = None, 0
        connection = self._pool.make_connection()
        connection.connect()
        self._connection, self._process = connection, os.getpid()
        return connection
