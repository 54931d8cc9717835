"""The virtual environment, made from a committed lock and left alone while nothing changed."""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOCKS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
STAMP = "troupe-stamp.json"


class SetupError(Exception):
    """Set-up cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from. The dev lock holds everything of the runtime lock."""

    interpreter: str
    level: str
    lock: str


def interpreter() -> str:
    """Names the Python that environments are made with: another one needs another environment."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{sys.implementation.name} {version} {Path(sys.base_prefix).resolve()}"


def base_python() -> Path:
    """The interpreter itself, also when dev.py is run by that of an environment."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable)


def has_ensurepip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


def lock_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Environment:
    """`.venv` below the checkout."""

    def __init__(self, root: Path, environ: Mapping[str, str] = os.environ) -> None:
        self.root = root
        self.environ = environ
        self.folder = root / ".venv"

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.programs / ("python.exe" if os.name == "nt" else "python")

    @property
    def packages(self) -> Path:
        if os.name == "nt":
            return self.folder / "Lib/site-packages"
        return self.folder / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"

    @property
    def uv(self) -> str | None:
        return shutil.which("uv", path=self.environ.get("PATH", ""))

    def stamp(self) -> Stamp | None:
        try:
            return Stamp(**json.loads((self.folder / STAMP).read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def wanted(self, level: str) -> Stamp:
        """The stamp that the environment should bear; one with development packages keeps them."""
        found = self.stamp()
        if found and found.level == "dev":
            level = "dev"
        return Stamp(interpreter(), level, lock_hash(self.root / LOCKS[level]))

    def is_ready(self, level: str) -> bool:
        return self.python.exists() and self.stamp() == self.wanted(level)

    def prepare(self, level: str) -> None:
        """Make the environment, or bring it up to the lock. Raises SetupError."""
        wanted = self.wanted(level)
        if not self._is_usable():
            self._create()
        self._install(self.root / LOCKS[wanted.level])
        (self.folder / STAMP).write_text(json.dumps(wanted.__dict__))

    def _is_usable(self) -> bool:
        """One of the same interpreter that still starts; without a stamp, one that somebody made by hand."""
        found = self.stamp()
        if not self.python.exists() or (found and found.interpreter != interpreter()):
            return False
        question = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
        answer = subprocess.run([self.python, "-c", question], capture_output=True, text=True, check=False)
        return answer.stdout.split() == interpreter().split()[:2]

    def _create(self) -> None:
        if self.uv:
            self._run([self.uv, "venv", "--quiet", "--clear", "--python", base_python(), self.folder])
        elif not has_ensurepip():
            raise SetupError(missing_ensurepip())
        else:
            self._run([base_python(), "-m", "venv", "--clear", self.folder])

    def _install(self, lock: Path) -> None:
        if self.uv:
            # `sync` installs exactly the lock: it resolves nothing and removes what the lock lacks.
            options: list[str | Path] = ["--quiet", "--compile-bytecode", "--require-hashes", "--python", self.python]
            self._run([self.uv, "pip", "sync", *options, lock])
            return
        self._ensure_pip()
        options = ["-qq", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes"]
        self._run([self.python, "-m", "pip", "install", *options, "-r", lock])

    def _ensure_pip(self) -> None:
        """An environment made by uv has no pip."""
        if (self.packages / "pip").exists():
            return
        if not has_ensurepip():
            raise SetupError(missing_ensurepip())
        self._run([self.python, "-m", "ensurepip", "--upgrade"])

    def _run(self, command: Sequence[str | Path]) -> None:
        parts = [str(part) for part in command]
        # uv must not fetch an interpreter of its own: the one that runs this file is the one to use.
        environ = {**self.environ, "UV_PYTHON_DOWNLOADS": "never"}
        done = subprocess.run(parts, cwd=self.root, env=environ, check=False)
        if done.returncode:
            raise SetupError(f"This command failed with code {done.returncode}:\n  {' '.join(parts)}")


def missing_ensurepip() -> str:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return (
        f"{base_python()} cannot make virtual environments: its module ensurepip is missing.\n"
        f"Debian and Ubuntu: apt install {package}. Or put uv on PATH."
    )
