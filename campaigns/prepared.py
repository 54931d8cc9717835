"""Queries of the write path, compiled once instead of once per request.

Compiling costs the ORM more than PostgreSQL needs for the statement: half the CPU of an event went there. A `Lookup`
is an ordinary queryset with `Parameter`s in place of values; `insert` and `update` write what `save` would, without
signals, which nothing here listens to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet

M = TypeVar("M", bound=Model)


class Parameter(Expression):
    """Stands in a queryset for a value that is given at each run; `field` says what it is."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def given(self, values: dict[str, Any]) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


@dataclass(frozen=True)
class _Compiled:
    sql: str
    parameters: Sequence[Any]
    converters: Any
    columns: Sequence[str]
    apply: Callable[[Any, Any], Any]

    def run(self, values: dict[str, Any]) -> Any:
        given = [each.given(values) if isinstance(each, Parameter) else each for each in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            row = cursor.fetchone()
        if row is None or not self.converters:
            return row
        return next(iter(self.apply([list(row)], self.converters)))


class Lookup(Generic[M]):
    """One row of a model, whole. `build` makes the queryset, from plain fields and without related models."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self._build = build
        self._by_vendor: dict[str, tuple[type[M], _Compiled]] = {}

    def get(self, **values: Any) -> M | None:
        """The first row, or None. One that is locked for update needs a transaction, as ever."""
        model, compiled = self._by_vendor.get(connection.vendor) or self._compiled()
        row = compiled.run(values)
        return None if row is None else model.from_db(connection.alias, compiled.columns, row)

    def _compiled(self) -> tuple[type[M], _Compiled]:
        found = self._build()
        compiler = found.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [selected[0].target.attname for selected in compiler.select]
        converters = compiler.get_converters([selected[0] for selected in compiler.select])
        made = found.model, _Compiled(sql, parameters, converters, columns, compiler.apply_converters)
        self._by_vendor[connection.vendor] = made
        return made


def insert(row: Model) -> None:
    """Write a new row; its key and every default are set already."""
    sql, fields = _insert_sql(type(row), connection.vendor)
    _execute(sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])
    row._state.adding = False
    row._state.db = connection.alias


def update(row: Model, *names: str) -> None:
    """Write these fields of an existing row."""
    sql, fields = _update_sql(type(row), names, connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, False), connection) for field in fields]
    _execute(sql, [*values, row._meta.pk.get_db_prep_value(row.pk, connection)])


def _execute(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@cache
def _insert_sql(model: type[Model], vendor: str) -> tuple[str, Sequence[Any]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(_quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({marks})", fields  # noqa: S608  names of the model


@cache
def _update_sql(model: type[Model], names: tuple[str, ...], vendor: str) -> tuple[str, Sequence[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    key = _quoted(model._meta.pk.column)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {changes} WHERE {key} = %s", fields  # noqa: S608  names of the model


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
