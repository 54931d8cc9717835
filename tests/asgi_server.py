"""A real server process for tests: config.asgi under uvicorn, on the database of this test process."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from devtools import processes
from tests import slowness

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
UVICORN = {
    "--host": "127.0.0.1",
    "--ws": "websockets-sansio",
    "--ws-per-message-deflate": "false",
    "--ws-max-size": "65536",
    "--backlog": "4096",
    "--timeout-graceful-shutdown": "2",
    "--lifespan": "off",
}


def database_url() -> str:
    """The address of the test database that this process uses, for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    credentials = ":".join(quote(database[key], safe="") for key in ("USER", "PASSWORD") if database[key])
    return f"postgres://{credentials}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def server_environment(static_root: Path) -> dict[str, str]:
    """Production settings without HTTPS, and the secret of the tests, so that sessions made here hold."""
    shared = {name: os.environ[name] for name in ("SECRET_KEY", "REDIS_URL", "REDIS_PREFIX", "MEDIA_ROOT")}
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "PYTEST_"))},
        **shared,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "0",
        "HTTPS_ONLY": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_URL": database_url(),
        "STATIC_ROOT": str(static_root),
        "LOG_LEVEL": "WARNING",
    }


class AsgiServer:
    """`url` and `ws_url` stay the same over `stop`, `kill` and `start`."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.log = log
        self.port = processes.free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Returns when /healthz answers. Raises RuntimeError, with the log, when it does not."""
        own = {"--port": str(self.port), "--log-level": self.environment.get("UVICORN_LOG_LEVEL", "warning")}
        options = [part for option in {**UVICORN, **own}.items() for part in option]
        command = [sys.executable, "-m", "uvicorn", slowness.application(), "--no-access-log", *options]
        self.process = processes.start(command, log=self.log, env=self.environment, cwd=ROOT)
        try:
            processes.wait_until(self._is_healthy, self.process, seconds=START_SECONDS, name="uvicorn")
        except RuntimeError as error:
            self.kill()
            raise RuntimeError(f"{error}\n{self.log_text()}") from error

    def stop(self) -> None:
        """End it as a deployment does: SIGTERM, and two seconds for open sockets."""
        if self.process:
            processes.stop(self.process, signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def log_text(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as refused:
            raise RuntimeError(f"/healthz answered {refused.code}") from refused
        except OSError:
            return False
