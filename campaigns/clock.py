"""The time at which things happen at the table: now, unless a past evening is being written down.

The demo and imports tell of evenings that are over; everything else never touches `at`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told_moment", default=None)


def now() -> datetime:
    return _told.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Inside, operations happen at `moment`."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
