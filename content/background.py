"""Work that nobody waits for: handed over when the transaction that wants it is committed.

`settings.TASKS` says who does it: "worker", the processes that `celery` starts (config/celery.py); "thread", a thread
of this process, one task after another; "at_once", the caller, for tests. A task may be done twice, or never, when
something dies or Redis is away: so each is such that twice is as good as once, and what was lost is found again in the
database (manage.py resume_jobs).
"""

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import import_string

WORKER, THREAD, AT_ONCE = MODES = ("worker", "thread", "at_once")
MOST_RETRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 4.0, 300.0  # seconds
# Once Redis did not take a task, others are not offered to it for so long.
REST_SECONDS = 10.0
TOOK_TOO_LONG = "This took too long. Send a shorter or smaller file."
BROKE = "This could not be made. Send the file again, or tell whoever runs the site."

logger = logging.getLogger(__name__)


class Again(Exception):
    """What failed now may well work later; the message is a sentence for the person who waits for it."""


@dataclass(frozen=True)
class Task:
    """`run` gets the arguments with which it was sent, all text; `gave_up` the same and a sentence that says why.

    After `seconds` it is asked to end, a little later it is ended.
    """

    name: str
    run: Callable[..., None]
    gave_up: Callable[..., None]
    seconds: Callable[[], int]


_tasks: dict[str, Task] = {}
_resumers: list[Callable[[], int]] = []


def register(task: Task) -> None:
    _tasks[task.name] = task


def registered() -> list[Task]:
    return list(_tasks.values())


def resumed_by(find: Callable[[], int]) -> None:
    """What finds in the database what was lost of an app's tasks, sends it again, and returns how many there were."""
    _resumers.append(find)


def resume() -> int:
    return sum(find() for find in _resumers)


def after_commit(name: str, *arguments: str) -> None:
    """Whatever becomes of it, the caller's request is answered as if it had gone well."""
    transaction.on_commit(partial(send, name, *arguments), robust=True)


def send(name: str, *arguments: str) -> None:
    """Never waits for Redis, or for the work, except where TASKS is at_once."""
    task = _tasks[name]
    if settings.TASKS == AT_ONCE:
        carry_out(task, arguments, retries=0)
    elif settings.TASKS == THREAD:
        _thread().submit(_carried_out_apart, task, arguments)
    else:
        _thread().submit(_post.offer, name, arguments)


def wait() -> None:
    """Until what was sent from this process is handed over, or done where its own thread does it: a command that ends
    before takes the thread with it.
    """
    _thread().submit(int).result()


def carry_out(task: Task, arguments: tuple[str, ...], *, retries: int = MOST_RETRIES) -> None:
    for attempt in range(retries + 1):
        try:
            return task.run(*arguments)
        except Again as error:
            if attempt == retries:
                return task.gave_up(*arguments, str(error))
            time.sleep(pause(attempt))
        except Exception:
            logger.exception("Task %s failed", task.name)
            return task.gave_up(*arguments, BROKE)


def pause(attempt: int) -> float:
    """Seconds until the next try: twice as long each time, and never the same for two who failed together."""
    return min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.5, 1)


def _carried_out_apart(task: Task, arguments: tuple[str, ...]) -> None:
    try:
        carry_out(task, arguments)
    except Exception:
        logger.exception("Task %s failed, and could not say so", task.name)
    finally:
        connections.close_all()


class Post:
    """Hands tasks to Redis, from one thread: a broker that is away takes seconds to say so."""

    def __init__(self) -> None:
        self._resumes = 0.0  # monotonic

    def offer(self, name: str, arguments: tuple[str, ...]) -> bool:
        if time.monotonic() < self._resumes:
            return False
        try:
            app: Any = import_string(settings.CELERY_APP)
            app.tasks[name].apply_async(arguments, retry=False)
        except Exception as error:
            self._resumes = time.monotonic() + REST_SECONDS
            logger.warning("Task %s is left for manage.py resume_jobs: %s", name, type(error).__name__)
            return False
        return True


_post = Post()


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="background")
