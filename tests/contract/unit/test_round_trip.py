"""What goes past psycopg's cursors goes there and back whole, and leaves a connection that works, whatever happens."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from contract import round_trip, statements
from contract.round_trip import exchange

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("'sqlite' in __import__('django.conf').conf.settings.DATABASES['default']['ENGINE']",
                       reason="only PostgreSQL is spoken to like that"),
]  # fmt: skip

Line = psycopg.Connection[Any]


@pytest.fixture
def line() -> Iterator[Line]:
    """A connection of our own to the tests' database, in autocommit."""
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True}) as made:
        yield made


def status(line: Line) -> TransactionStatus:
    return TransactionStatus(line.pgconn.transaction_status)


def test_values_come_back_as_they_went(line: Line) -> None:
    id_, moment = uuid.uuid4(), datetime(2026, 11, 22, 1, 2, 3, 456789, tzinfo=UTC)
    sql = "SELECT %s::uuid, %s::timestamptz, %s::jsonb, %s::text, %s::int, %s::text, '100%%', %s::bool"
    values = [id_, moment, Jsonb({"ä": [1, None]}), "50 % 'so' \\ \n", -7, None, True]
    for _ in range(3):
        [[row]] = exchange(line, [(sql, values)])
        assert row == (id_, moment, '{"ä": [1, null]}', "50 % 'so' \\ \n", -7, None, "100%", True)


def test_a_statement_is_prepared_once_for_a_connection_and_each_kind_of_value(line: Line) -> None:
    for value in ("a", "b", None, "c"):
        exchange(line, [("SELECT %s::text", [value])])
    prepared = line.execute("SELECT statement FROM pg_prepared_statements WHERE name LIKE 'troupe%'").fetchall()
    assert prepared == [("SELECT $1::text",)] * len(prepared)
    assert len(prepared) <= 2


def test_beyond_so_many_nothing_more_is_prepared(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_trip, "MOST_PREPARED", 2)
    for number in range(5):
        assert exchange(line, [(f"SELECT {number}, %s::int", [number])]) == [[(number, number)]]
    named = line.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'troupe%'").fetchall()
    assert len(named) == 2


def test_it_begins_a_transaction_where_one_is_due_and_ends_it_when_told(line: Line) -> None:
    line.autocommit = False
    exchange(line, [("CREATE TEMPORARY TABLE kept (n int)", []), ("INSERT INTO kept VALUES (%s)", [1])])
    assert status(line) == TransactionStatus.INTRANS
    exchange(line, [("INSERT INTO kept VALUES (%s)", [2])], commits=True)
    assert status(line) == TransactionStatus.IDLE
    line.rollback()
    assert exchange(line, [("SELECT n FROM kept ORDER BY n", [])]) == [[(1,), (2,)]]


def test_what_follows_a_refused_statement_is_not_done_nor_committed(line: Line) -> None:
    line.execute("CREATE TEMPORARY TABLE kept (n int CHECK (n < 10))")
    line.autocommit = False
    asked = [("INSERT INTO kept VALUES (%s)", [number]) for number in (1, 10, 2)]
    with pytest.raises(errors.CheckViolation):
        exchange(line, [*asked, ("SELECT 1", [])], commits=True)
    assert status(line) == TransactionStatus.INERROR
    line.rollback()
    for _ in range(2):
        assert exchange(line, [("SELECT n FROM kept", []), ("SELECT 1", [])]) == [[], [(1,)]]


def test_what_cannot_be_sent_is_not_sent(line: Line) -> None:
    with pytest.raises(psycopg.ProgrammingError):
        exchange(line, [("SELECT 1", []), ("SELECT %s", [object()])])
    assert status(line) == TransactionStatus.IDLE
    assert exchange(line, [("SELECT 1", [])]) == [[(1,)]]


def test_a_rollback_leaves_what_is_prepared(line: Line) -> None:
    """psycopg would throw it away if it prepared by itself: see config.settings."""
    line.autocommit = False
    for _ in range(7):
        exchange(line, [("SELECT %s::int", [1])])
        line.execute("SELECT 2")
        line.execute("SAVEPOINT here")
        line.execute("ROLLBACK TO SAVEPOINT here")
        assert exchange(line, [("SELECT %s::int", [3])]) == [[(3,)]]
        line.rollback()


def test_a_line_that_breaks_in_the_middle_is_closed(line: Line) -> None:
    with pytest.raises(psycopg.OperationalError):
        exchange(line, [("SELECT pg_terminate_backend(pg_backend_pid())", []), ("SELECT 2", [])])
    assert line.closed


def test_a_line_on_which_an_answer_was_not_awaited_is_closed(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(line, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        exchange(line, [("SELECT 1", [])])
    assert line.closed


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_has_a_new_line() -> None:
    with pytest.raises(OperationalError), transaction.atomic():
        statements.rows(connection, [("SELECT pg_terminate_backend(pg_backend_pid())", [])])
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        assert statements.rows(connection, [("SELECT 1", [])]) == [[(1,)]]


def test_behind_a_pooler_of_transactions_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATABASE_PREPARE", False)
    monkeypatch.setattr(statements, "exchange", None)
    asked = [("SELECT %s::int", [1]), ("SELECT 2", [])]
    assert statements.rows(connection, asked) == [[(1,)], [(2,)]]
    statements.execute_last(connection, "SELECT 3", [])
