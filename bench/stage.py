"""What every benchmark stands on: services, a migrated database of its own, and Django set up on them."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

from bench import machine, servers
from bench.servers import Server
from devtools import services
from devtools.steps import step

SECRET = "only-for-benchmarks-" + "0123456789abcdef" * 4
POOL = {"DATABASE_POOL_MAX": "16"}
MANY = "1000000"


@dataclass
class Stage:
    database_url: str
    redis_url: str
    directory: Path

    def environment(self, **variables: str) -> dict[str, str]:
        """Production settings without HTTPS and rate limits, with room for every socket of a benchmark."""
        return servers.environment(**{**self.variables(), **variables})

    def variables(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": SECRET,
            "DEBUG": "0",
            "HTTPS_ONLY": "0",
            "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "REDIS_PREFIX": f"bench-{os.getpid()}",
            "STATIC_ROOT": str(self.directory / "static"),
            "MEDIA_ROOT": str(self.directory / "media"),
            "LOG_LEVEL": "WARNING",
            "RATE_LIMITS": "off",
            "LIVE_SOCKETS_PER_PROCESS": MANY,
            "LIVE_SOCKETS_PER_ADDRESS": MANY,
            "LIVE_SOCKETS_PER_CAMPAIGN": MANY,
            **POOL,
        }

    def product(self, **variables: str) -> Server:
        return self.uvicorn(servers.PRODUCT, **variables)

    def uvicorn(self, app: str, **variables: str) -> Server:
        return servers.uvicorn(app, self.environment(**variables), self.directory)

    def floor(self) -> Server:
        return servers.floor(self.environment(), self.directory)


@contextlib.contextmanager
def staged() -> Iterator[Stage]:
    """Raises RuntimeError where PostgreSQL or Redis cannot be had."""
    machine.allow_many_sockets()
    with services.running(("postgresql", "redis"), durable=True) as found, _folder() as folder:
        if found.missing:
            raise RuntimeError(f"Benchmarks need PostgreSQL and Redis: {found.missing}")
        with _database(found.database_url) as database_url:
            stage = Stage(database_url, found.redis_url, folder)
            _set_up_django(stage)
            try:
                yield stage
            finally:
                _close_connections()


def _set_up_django(stage: Stage) -> None:
    os.environ |= stage.variables()
    django.setup()
    from django.core.management import call_command

    from bench import broker

    with step("Database of the benchmark"):
        call_command("migrate", verbosity=0)
        broker.connect()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="troupe-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _database(server_url: str) -> Iterator[str]:
    """A database of our own on that server, dropped at the end."""
    name = f"troupe_bench_{os.getpid()}"
    plain = server_url.replace("postgres://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
