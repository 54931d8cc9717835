"""One round trip to PostgreSQL: what is asked together is sent at once and answered at once.

psycopg's own pipeline sends each statement by itself, looks at the socket before and after each, and goes once more for
BEGIN and at its end: an event took four round trips and fourteen sends; here it takes two of each. Statements are
prepared by the connection that sends them, the first time it does.
"""

import re
from collections.abc import Generator, Sequence
from functools import cache
from typing import Any

from psycopg import Connection, OperationalError, abc, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Ready, Wait

Statement = tuple[str, Sequence[Any]]  # SQL with %s, and its values
Rows = list[tuple[Any, ...]]

MOST_PREPARED = 300  # for one connection; beyond, PostgreSQL plans each time
BEGIN, COMMIT = b"BEGIN", b"COMMIT"

_PLACE = re.compile("%[s%]")
_FAILED = {ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE}


def exchange(connection: Connection[Any], asked: Sequence[Statement], *, commits: bool = False) -> list[Rows]:
    """The rows of each statement. Begins the transaction where one is due; with `commits` it is over afterwards, unless
    a statement was refused. Raises psycopg.Error; what follows a refused statement is not done.
    """
    with connection.lock:
        return _line(connection).exchange(asked, commits=commits)


def _line(connection: Connection[Any]) -> "_Line":
    found: _Line | None = vars(connection).get("troupe_line")
    if found is None:
        found = vars(connection)["troupe_line"] = _Line(connection)
    return found


class _Line:
    """What is known of one connection: which statements it has prepared, and how its types go there and back."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._types: abc.Transformer = Transformer(connection)
        self._names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._named = 0

    def exchange(self, asked: Sequence[Statement], *, commits: bool) -> list[Rows]:
        commands = [_Command(self._types, *each) for each in asked]  # whatever cannot be sent fails before it is
        pgconn = self._connection.pgconn
        begins = not self._connection.autocommit and pgconn.transaction_status == TransactionStatus.IDLE
        try:
            pgconn.enter_pipeline_mode()
            answers = self._sent(pgconn, commands, begins=begins, commits=commits)
            results = self._connection.wait(_received(pgconn))
            pgconn.exit_pipeline_mode()
        except BaseException:
            self._connection.close()  # nobody knows what it would answer next
            raise
        self._refuse_failed(results)
        return [self._rows(results[answer]) for answer in answers]

    def _sent(self, pgconn: PGconn, commands: list["_Command"], *, begins: bool, commits: bool) -> list[int]:
        """Where among the results each command's will be."""
        answers, count = [], 0
        if begins:
            pgconn.send_query_params(BEGIN, None)
            count += 1
        for command in commands:
            name = self._names.get(command.key)
            if name is None and len(self._names) < MOST_PREPARED:
                name = self._prepare(pgconn, command)
                count += 1
            answers.append(count)
            command.send(pgconn, name)
            count += 1
        if commits:
            pgconn.send_query_params(COMMIT, None)
        pgconn.pipeline_sync()
        return answers

    def _prepare(self, pgconn: PGconn, command: "_Command") -> bytes:
        self._named += 1
        name = self._names[command.key] = b"troupe_%d" % self._named
        pgconn.send_prepare(name, command.sql, command.types)
        return name

    def _refuse_failed(self, results: Sequence[PGresult]) -> None:
        for result in results:
            if result.status in _FAILED:
                self._names.clear()  # of those that followed none was prepared; a name is never given twice
                raise errors.error_from_result(result, encoding="utf-8")

    def _rows(self, result: PGresult) -> Rows:
        if result.status != ExecStatus.TUPLES_OK:
            return []
        self._types.set_pgresult(result)
        return self._types.load_rows(0, result.ntuples, tuple)


class _Command:
    """A statement as PostgreSQL takes it."""

    def __init__(self, types: abc.Transformer, sql: str, values: Sequence[Any]) -> None:
        self.sql = _numbered(sql)
        self.values = types.dump_sequence(values, [PyFormat.AUTO] * len(values))
        self.types = types.types or ()
        self.formats = types.formats
        self.key = self.sql, self.types

    def send(self, pgconn: PGconn, name: bytes | None) -> None:
        if name is None:
            pgconn.send_query_params(self.sql, self.values, self.types, self.formats)
        else:
            pgconn.send_query_prepared(name, self.values, self.formats)


@cache
def _numbered(sql: str) -> bytes:
    """`%s` is `$1`, `$2`, … there."""
    count = 0

    def place(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] == "%%":
            return "%"
        count += 1
        return f"${count}"

    return _PLACE.sub(place, sql).encode()


def _received(pgconn: PGconn) -> Generator[Wait, Ready | int, list[PGresult]]:
    """All results up to the sync, whatever they say."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    results: list[PGresult] = []
    ended = False  # a statement's results have: None comes after each
    while True:
        while pgconn.is_busy():
            yield Wait.R
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None and ended:
            raise OperationalError("The connection was closed in the middle of an answer.")
        if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
            return results
        ended = result is None
        if result is not None:
            results.append(result)
