"""The static files as production serves them, collected once for all processes of a test run."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.staticfiles import HashedModulesStorage

ROOT = Path(__file__).resolve().parent.parent
VENDORS = ("admin/", "drf_spectacular_sidecar/", "rest_framework/")


class OwnFilesCompressed(HashedModulesStorage):
    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if not path.startswith(VENDORS)])


def collect_once(folder: Path) -> Path:
    """The first process collects, the others wait for it. Raises CalledProcessError."""
    static_root = folder / "static"
    with (folder / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (static_root / "staticfiles.json").exists():
            _collect(static_root)
    return static_root


def _collect(static_root: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.collecting_settings",
        "DEBUG": "0",
        "STATIC_ROOT": str(static_root),
    }
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
