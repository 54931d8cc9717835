"""The servers under test, each a process on a CPU of its own."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import machine
from devtools import processes

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
PRODUCT = "config.asgi:application"
FASTAPI = "bench.peers.fastapi_loop:app"
TEXTBOOK = "bench.peers.textbook:application"
UNCACHED = "bench.peers.uncached:application"
QUIET = ("--host", "127.0.0.1", "--log-level", "warning")


def procfile_options(process_type: str = "ws") -> list[str]:
    """What the Procfile starts uvicorn with, without address and port."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    command = next(line for line in lines if line.startswith(f"{process_type}:"))
    words = shlex.split(command.partition(PRODUCT)[2])
    ours = {index for index, word in enumerate(words) if word in ("--host", "--port")}
    return [word for index, word in enumerate(words) if index not in ours and index - 1 not in ours]


@dataclass
class Server:
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    port: int
    health: str = ""  # a path to ask for; "" where an open port is enough
    process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError, with the end of its log, when it does not."""
        self.process = processes.start(self.command, log=self.log, env=self.environment, cwd=ROOT)
        machine.give_server_cpu(self.pid)
        try:
            processes.wait_until(self.answers, self.process, seconds=START_SECONDS, name=self.command[-1])
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{self.log.read_text(errors='replace')[-3000:]}") from error

    def answers(self) -> bool:
        if not self.health:
            return processes.accepts(self.port)
        try:
            with urllib.request.urlopen(f"{self.url}{self.health}", timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            raise
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def cpu_seconds(self) -> float:
        return machine.cpu_seconds(self.pid)

    def own_bytes(self) -> int:
        return machine.own_bytes(self.pid)


def uvicorn(app: str, environment: Mapping[str, str], directory: Path) -> Server:
    port = processes.free_port()
    options = [*procfile_options(), *QUIET, "--port", str(port)]
    log = directory / f"{app.split(':', maxsplit=1)[0]}-{port}.log"
    health = "" if app == FASTAPI else "/healthz"
    return Server([sys.executable, "-m", "uvicorn", app, *options], environment, log, port, health)


def floor(environment: Mapping[str, str], directory: Path) -> Server:
    port = processes.free_port()
    command = [sys.executable, "-m", "bench.peers.floor", str(port)]
    return Server(command, environment, directory / f"floor-{port}.log", port)


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()  # nothing waits for 10,000 goodbyes


def idle(server: Server, seconds: float = 0.5, limit: float = 15.0) -> None:
    """Wait until the server has next to nothing to do."""
    end = time.monotonic() + limit
    before = server.cpu_seconds()
    while time.monotonic() < end:
        time.sleep(seconds)
        used = server.cpu_seconds() - before
        if used < seconds * 0.02:
            return
        before += used


def environment(**variables: str) -> dict[str, str]:
    """Ours, without what belongs to tests, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))}
    return {**kept, **variables}
