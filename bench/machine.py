"""The machine: which CPU works for whom, what a process has used, and what to call it in a report."""

import os
import platform
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

load_at_start = os.getloadavg()[0]  # of other people's work
SERVER_CPU = 0
LOAD_CPU = 1
SCHEDULER_CLOCK = 2  # of clock_getcpuclockid(3)


def keep_to_load_cpu() -> None:
    """Leave one CPU to the server under test. What we start (database, broker, publisher) stays with us."""
    if (os.cpu_count() or 1) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {LOAD_CPU})


def give_server_cpu(pid: int) -> None:
    if (os.cpu_count() or 1) > 1 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, {SERVER_CPU})


def give_any_cpu(pid: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(pid, range(os.cpu_count() or 1))


def allow_many_sockets() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def cpu_seconds(pid: int) -> float:
    """CPU time of all threads that a process has and had, to the nanosecond (/proc/PID/stat counts in hundredths)."""
    return time.clock_gettime((~pid << 3) | SCHEDULER_CLOCK)


def own_bytes(pid: int) -> int:
    """Memory that the process shares with nobody."""
    return int(psutil.Process(pid).memory_full_info().uss)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` percent lie below; 0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] if ordered else 0.0


def description() -> str:
    """Cores, CPU model, memory and Python; no names of hosts or folders."""
    memory = psutil.virtual_memory().total / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return (
        f"{os.cpu_count()} cores, {_cpu_model()}, {memory:.0f} GB, Linux {platform.release().split('-')[0]}, {python}"
    )


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
