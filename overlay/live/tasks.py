"""Work beside the sockets: background tasks that are not forgotten, and database reads off the event loop."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

# Few: a herd of sockets shares its reads, and the connections are wanted elsewhere.
_threads = ThreadPoolExecutor(4, thread_name_prefix="live")


class Tasks:
    """Holds tasks until they end (the event loop alone does not) and logs what they raise."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def spawn(self, coroutine: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def cancel(self) -> None:
        for task in self._running:
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A task of the live stream failed", exc_info=error)


async def read(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that asks the database, in a thread of the live stream's own."""
    reading = database_sync_to_async(function, thread_sensitive=False, executor=_threads)
    answer: R = await reading(*args, **kwargs)
    return answer
