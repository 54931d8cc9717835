"""Statements of the write path on their way to the database.

With PostgreSQL they go past Django's cursors: to make one, and the wrappers around it, takes as much CPU as the query
does. Each connection keeps cursors instead, and what is asked together goes in one round trip (libpq's pipeline). Where
somebody looks at the queries (a test, a log) and on SQLite they are ordinary ones, one after the other.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Statement = tuple[str, Sequence[Any]]


def rows(database: BaseDatabaseWrapper, asked: Sequence[Statement]) -> list[list[Any]]:
    """All rows of each. Each sees what was committed before it ran, so what comes after a lock is what the lock
    protects.
    """
    if not _is_direct(database):
        return [_rows(database, *each) for each in asked]
    with database.wrap_database_errors:
        cursors = _kept(database, len(asked))
        if len(asked) == 1:
            cursors[0].execute(*asked[0])
        else:
            with database.connection.pipeline():
                for cursor, each in zip(cursors, asked, strict=True):
                    cursor.execute(*each)
        return [cursor.fetchall() for cursor in cursors]


def execute(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> None:
    if not _is_direct(database):
        with database.cursor() as cursor:
            cursor.execute(sql, values)
        return
    with database.wrap_database_errors:
        _kept(database, 1)[0].execute(sql, values)


def execute_last(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> None:
    """Nothing follows in this transaction: it is committed in the same round trip, unless it is part of another.

    Whoever opened it commits once more, which finds nothing to do. A refused statement takes the COMMIT with it.
    """
    if not _is_direct(database) or not _is_outermost(database):
        execute(database, sql, values)
        return
    with database.wrap_database_errors, database.connection.pipeline():
        _kept(database, 1)[0].execute(sql, values)
        database.connection.commit()


def _is_outermost(database: BaseDatabaseWrapper) -> bool:
    return len(database.atomic_blocks) == 1 and not database.needs_rollback


def _is_direct(database: BaseDatabaseWrapper) -> bool:
    return database.vendor == "postgresql" and not database.queries_logged and not database.execute_wrappers


def _rows(database: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> list[Any]:
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _kept(database: BaseDatabaseWrapper, number: int) -> list[Any]:
    """As many cursors of this connection, made as Django makes its own."""
    database.ensure_connection()
    database.validate_no_broken_transaction()
    cursors: list[Any] = vars(database.connection).setdefault("troupe_cursors", [])
    while len(cursors) < number:
        cursors.append(database.create_cursor())
    return cursors[:number]
