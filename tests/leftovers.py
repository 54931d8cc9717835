"""Sessions that are still in a test database when it is to go: PostgreSQL would refuse, and not say who they are."""

import time
import warnings
from typing import Any

from django.db import connection

WAIT = 5.0  # seconds, for processes that are ending
SESSIONS = "select pid, state, backend_type, left(query, 200) from pg_stat_activity where datname = %s"


def end_leftovers() -> None:
    """Close what is ours, wait for what is ending, end the rest and name it."""
    if connection.vendor != "postgresql":
        return
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    with connection._nodb_cursor() as cursor:
        found = sessions(cursor, name)
        end = time.monotonic() + WAIT
        while found and time.monotonic() < end:
            time.sleep(0.05)
            found = sessions(cursor, name)
        for session in found:
            warnings.warn(f"A session is left over in {name}: {session}", stacklevel=1)
            cursor.execute("select pg_terminate_backend(%s)", [session[0]])


def sessions(cursor: Any, name: str) -> list[Any]:
    cursor.execute(SESSIONS, [name])
    found: list[Any] = cursor.fetchall()
    return found
