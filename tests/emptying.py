"""Empties the tables after a test that committed: only those that hold rows.

Django's own flush truncates every table with all its indexes, and makes content types and permissions anew: a third of
a second after each of several hundred tests.
"""

from typing import Any

from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# As the migrations left them; no test changes them.
KEPT = {"django_content_type", "auth_permission"}


def fixture_teardown(case: Any) -> None:
    """In the place of TransactionTestCase._fixture_teardown."""
    for name in case._databases_names(include_mirrors=False):
        empty(connections[name])


def empty(connection: BaseDatabaseWrapper) -> None:
    tables = [name for name in connection.introspection.django_table_names(only_existing=True) if name not in KEPT]
    if connection.vendor == "sqlite":
        with connection.constraint_checks_disabled(), transaction.atomic(using=connection.alias):
            _delete(connection, tables)
    elif _may_pass_triggers(connection):
        with transaction.atomic(using=connection.alias):
            _shut_out_writers(connection, tables)
            _delete(connection, tables)
    else:
        call_command("flush", verbosity=0, interactive=False, database=connection.alias)


def _may_pass_triggers(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return bool(cursor.fetchone()[0])


def _shut_out_writers(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    """A server may still be writing: wait for what it began. Neither foreign keys nor the audit trail hold us up."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(map(connection.ops.quote_name, tables))} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")


def _delete(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
