"""Statements of the write path on their way to the database.

With PostgreSQL they go past Django's cursors: to make one, and the wrappers around it, takes as much CPU as the query
does, and what is asked together goes in one round trip (`contract.round_trip`). Where somebody looks at the queries (a
test, a log), where statements must not be prepared (DATABASE_PREPARE) and on SQLite they are ordinary ones, one after
the other.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from contract.round_trip import Rows, Statement, exchange


def rows(database: BaseDatabaseWrapper, asked: Sequence[Statement]) -> list[Rows]:
    """All rows of each. Each sees what was committed before it ran, so what comes after a lock is what the lock
    protects.
    """
    if not _is_direct(database):
        return [_rows(database, *each) for each in asked]
    return _exchanged(database, asked)


def execute(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> None:
    if _is_direct(database):
        _exchanged(database, [(sql, values)])
        return
    with database.cursor() as cursor:
        cursor.execute(sql, values)


def execute_last(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> None:
    """Nothing follows in this transaction: it is committed in the same round trip, unless it is part of another.

    Whoever opened it commits once more, which finds nothing to do. A refused statement takes the COMMIT with it.
    """
    if _is_direct(database) and _is_outermost(database):
        _exchanged(database, [(sql, values)], commits=True)
    else:
        execute(database, sql, values)


def _is_outermost(database: BaseDatabaseWrapper) -> bool:
    return len(database.atomic_blocks) == 1 and not database.needs_rollback


def _is_direct(database: BaseDatabaseWrapper) -> bool:
    if database.vendor != "postgresql" or not settings.DATABASE_PREPARE:
        return False
    # Nobody looks, and transactions are PostgreSQL's usual ones.
    watched = database.queries_logged or database.execute_wrappers
    return not watched and "isolation_level" not in database.settings_dict["OPTIONS"]


def _exchanged(database: BaseDatabaseWrapper, asked: Sequence[Statement], *, commits: bool = False) -> list[Rows]:
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        return exchange(database.connection, asked, commits=commits)


def _rows(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> Rows:
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
