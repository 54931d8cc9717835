"""Child processes that end when we do: on return, on an error, on Ctrl-C, on SIGTERM, and when killed."""

import contextlib
import ctypes
import functools
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
# Loaded here: between fork and exec a child should do as little as it can.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
GRACE_SECONDS = 10.0
# Below those that outgoing connections are given: a server that stops and starts again finds its own still free, and
# two runs at once hardly ever think of the same.
PORTS = range(15_000, 32_000)


def free_port() -> int:
    """A TCP port of the loopback address that nobody listened on a moment ago. Raises OSError where there is none."""
    for port in secrets.SystemRandom().sample(PORTS, 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("Of a hundred ports none is free.")


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask Linux to end this process when the one that started it dies, even by SIGKILL."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, number)


def nobody() -> tuple[int, int]:
    import pwd  # Windows has none

    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def unprivileged() -> dict[str, Any]:
    """Arguments of Popen that make a child run as `nobody`; none where we are not root."""
    if not runs_as_root():
        return {}
    user, group = nobody()
    return {"user": user, "group": group, "extra_groups": []}


def give_to_nobody(path: Path) -> None:
    if runs_as_root():
        os.chown(path, *nobody())


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    as_nobody: bool = False,
    stop_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a background program in a session of its own, so that a Ctrl-C in the terminal is ours alone."""
    with (log or Path(os.devnull)).open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=functools.partial(die_with_parent, stop_signal) if LIBC else None,
            **(unprivileged() if as_nobody else {}),
        )


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """Ask a program to end, and end it after a while."""
    if process.poll() is not None:
        return
    process.send_signal(number)
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], *, seconds: float, name: str) -> None:
    """Return when `ready()` holds. Raises RuntimeError when the program ends or the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended at its start with code {process.returncode}")
        if time.monotonic() > end:
            raise RuntimeError(f"{name} was not ready after {seconds:.0f} s")
        time.sleep(0.02)


def accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def run_in_front(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Run a program that shares our terminal, and return its exit code.

    A Ctrl-C reaches it without us. SIGTERM, which here raises SystemExit, is passed on.
    """
    child = subprocess.Popen([str(part) for part in command], env=env, cwd=cwd)
    try:
        return _exit_code(child.wait())
    except KeyboardInterrupt:
        return _after_interrupt(child)
    finally:
        stop(child)


def _after_interrupt(child: subprocess.Popen[bytes]) -> int:
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
    except KeyboardInterrupt:
        child.kill()
    stop(child)
    return 130


def _exit_code(returncode: int) -> int:
    return 128 - returncode if returncode < 0 else returncode


@contextlib.contextmanager
def sigterm_as_exit() -> Iterator[None]:
    """Inside, the first SIGTERM raises SystemExit, so that every `finally` and context manager does its work."""

    def leave(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, neither Ctrl-C nor SIGTERM interrupts: for cleaning up, which must be short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
