"""Queries of the write path, compiled once instead of once per request.

Compiling costs the ORM more than PostgreSQL needs for the statement: half the CPU of an event went there. A `Lookup`
is an ordinary queryset with `Parameter`s in place of values; `Writes` writes what `save` would, without signals, which
nothing here listens to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet, signals
from django.db.models.base import ModelState

from contract import statements
from contract.round_trip import Statement

M = TypeVar("M", bound=Model)
Value = Callable[[Any, BaseDatabaseWrapper], Any]
Execute = Callable[[BaseDatabaseWrapper, str, Sequence[Any]], None]

TOGETHER = 3  # writes in one statement: more would make a new one of each long book
# What Django's fields of these kinds hand to PostgreSQL as it is.
_AS_THEY_ARE = (models.UUIDField, models.CharField, models.TextField, models.IntegerField, models.ForeignKey)


class Parameter(Expression):
    """Stands in a queryset for a value that is given at each run; `field` says what it is."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def given(self, values: dict[str, Any], database: BaseDatabaseWrapper) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], database)


@dataclass(frozen=True)
class _Compiled:
    sql: str
    parameters: Sequence[Any]
    converters: Sequence[tuple[int, Any, Sequence[Any]]]  # position, expression, its converters
    columns: Sequence[str]
    is_plain: bool  # rows of the model are made of their columns and of nothing else

    def statement(self, values: dict[str, Any], database: BaseDatabaseWrapper) -> Statement:
        given = [each.given(values, database) if isinstance(each, Parameter) else each for each in self.parameters]
        return self.sql, given

    def read(self, row: Any, database: BaseDatabaseWrapper) -> Sequence[Any]:
        """What the ORM makes of a row that came."""
        found = list(row)
        for position, expression, convert in self.converters:
            for each in convert:
                found[position] = each(found[position], expression, database)
        return found


def _is_plain(model: type[Model], columns: Sequence[str]) -> bool:
    """Whether `from_db` would only set the columns: nobody listens, nothing is overridden. What a queryset's `only`
    leaves out is read when it is asked for, as ever.
    """
    own = "__init__" in _overridden(model) or "from_db" in _overridden(model)
    heard = signals.pre_init.has_listeners(model) or signals.post_init.has_listeners(model)
    return not own and not heard and set(columns) <= {field.attname for field in model._meta.concrete_fields}


def _overridden(model: type[Model]) -> set[str]:
    above = model.__mro__[: model.__mro__.index(Model)]
    return {name for each in above for name in vars(each)}


def _made(model: type[M], columns: Sequence[str], values: Sequence[Any], alias: str) -> M:
    """As `Model.from_db`, which costs as much as the query: it sets field by field and tells listeners twice."""
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, alias
    vars(row).update(zip(columns, values, strict=True))
    return row


class Lookup(Generic[M]):
    """Rows of a model. `build` makes the queryset, of plain fields of one model."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._by_vendor: dict[str, tuple[type[M], _Compiled]] = {}

    def get(self, **values: Any) -> M | None:
        """The first row, or None. One that is locked for update needs a transaction, as ever."""
        found: M | None = together(self.of(**values))[0]
        return found

    def all(self, **values: Any) -> list[M]:
        """Every row, in the order of the queryset."""
        found: list[M] = together(self.each(**values))[0]
        return found

    def of(self, **values: Any) -> "Asked":
        """The first row, to be asked for together with others."""
        return Asked(self, values)

    def each(self, **values: Any) -> "Asked":
        """Every row, to be asked for together with others."""
        return Asked(self, values, is_many=True)

    def statement(self, values: dict[str, Any], database: BaseDatabaseWrapper) -> Statement:
        return self._compiled(database)[1].statement(values, database)

    def read(self, row: Any, database: BaseDatabaseWrapper) -> Any:
        model, compiled = self._compiled(database)
        values = compiled.read(row, database)
        if compiled.is_plain:
            return _made(model, compiled.columns, values, database.alias)
        return model.from_db(database.alias, compiled.columns, values)

    def _compiled(self, database: BaseDatabaseWrapper) -> tuple[type[M], _Compiled]:
        return self._by_vendor.get(database.vendor) or self._compile(database)

    def _compile(self, database: BaseDatabaseWrapper) -> tuple[type[M], _Compiled]:
        found = self._build()
        compiler = found.query.get_compiler(connection=database)
        sql, parameters = compiler.as_sql()
        columns = [selected[0].target.attname for selected in compiler.select]
        by_position = compiler.get_converters([selected[0] for selected in compiler.select])
        converters = [(position, expression, convert) for position, (convert, expression) in by_position.items()]
        made = found.model, _Compiled(sql, parameters, converters, columns, _is_plain(found.model, columns))
        self._by_vendor[database.vendor] = made
        return made


class Columns(Lookup[Any]):
    """As a `Lookup`, of the columns that the queryset's `values_list` names: each row is a tuple."""

    def read(self, row: Any, database: BaseDatabaseWrapper) -> tuple[Any, ...]:
        return tuple(self._compiled(database)[1].read(row, database))


class Asked(NamedTuple):
    """A lookup and the values for one run of it."""

    lookup: Lookup[Any]
    values: dict[str, Any]
    is_many: bool = False

    def read(self, rows: list[Any], database: BaseDatabaseWrapper) -> Any:
        if self.is_many:
            return [self.lookup.read(row, database) for row in rows]
        return self.lookup.read(rows[0], database) if rows else None


def together(*asked: Asked) -> list[Any]:
    """What each asks for (a row or None, or a list), one after the other and in one round trip where the database
    can.
    """
    database = connections[DEFAULT_DB_ALIAS]
    found = statements.rows(database, [each.lookup.statement(each.values, database) for each in asked])
    return [each.read(rows, database) for each, rows in zip(asked, found, strict=True)]


@dataclass(frozen=True)
class _Write:
    row: tuple[type[Model], Any]  # its model and key
    sql: str
    values: list[Any]


class Writes:
    """Rows of one transaction that are written together at its end: in one statement where the database can."""

    def __init__(self) -> None:
        self._waiting: list[_Write] = []

    def insert(self, row: Model) -> None:
        """A new row; its key and every default are set already."""
        database = connections[DEFAULT_DB_ALIAS]
        sql, values = _insert_sql(type(row), database.vendor)
        self._add(_Write((type(row), row.pk), sql, [value(row, database) for value in values]))
        row._state.adding = False
        row._state.db = database.alias

    def update(self, row: Model, *names: str) -> None:
        """These fields of an existing row, as they are now."""
        database = connections[DEFAULT_DB_ALIAS]
        sql, values = _update_sql(type(row), names, database.vendor)
        self._add(_Write((type(row), row.pk), sql, [value(row, database) for value in values]))

    def flush(self) -> None:
        self._write(statements.execute)

    def finish(self) -> None:
        """As `flush`, at the very end of a transaction: see `statements.execute_last`."""
        self._write(statements.execute_last)

    def _write(self, execute_last: Execute) -> None:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        database = connections[DEFAULT_DB_ALIAS]
        if database.vendor == "postgresql":
            sql = _in_one(tuple(write.sql for write in waiting))
            execute_last(database, sql, [value for write in waiting for value in write.values])
            return
        for write in waiting:
            statements.execute(database, write.sql, write.values)

    def _add(self, write: _Write) -> None:
        # The parts of one statement do not see each other: a row changed twice would keep one of the changes.
        if len(self._waiting) == TOGETHER or any(other.row == write.row for other in self._waiting):
            self.flush()
        self._waiting.append(write)


@cache
def _in_one(sqls: tuple[str, ...]) -> str:
    *first, last = sqls
    named = ", ".join(f"write_{number} AS ({sql})" for number, sql in enumerate(first))
    return f"WITH {named} {last}" if first else last


@cache
def _insert_sql(model: type[Model], vendor: str) -> tuple[str, Sequence[Value]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  names of the model
    return sql, [_value(field, vendor, adding=True) for field in fields]


@cache
def _update_sql(model: type[Model], names: tuple[str, ...], vendor: str) -> tuple[str, Sequence[Value]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key: Any = model._meta.pk
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {changes} WHERE {_quoted(key.column)} = %s"  # noqa: S608  the same
    return sql, [_value(field, vendor, adding=False) for field in (*fields, key)]


def _value(field: Any, vendor: str, *, adding: bool) -> Value:
    """How a row's value goes to the database."""
    if vendor == "postgresql" and isinstance(field, _AS_THEY_ARE) and type(field).pre_save is Field.pre_save:
        plain = attrgetter(field.attname)
        return lambda row, database: plain(row)
    return lambda row, database: field.get_db_prep_save(field.pre_save(row, adding), database)


def _quoted(name: str | None) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name or "")
