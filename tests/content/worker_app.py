"""The application of config.celery with tasks that a test can watch; each writes what happens to it into a file."""

import os
import time
from pathlib import Path

from config.celery import add, app
from content.background import Task

__all__ = ["app"]
SHORT_SECONDS = 1


def note(path: str, word: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{word}\n")


def sleep(path: str, seconds: str) -> None:
    note(path, f"pid {os.getpid()}")
    time.sleep(float(seconds))
    note(path, "done")


def gave_up(path: str, _seconds: str, reason: str) -> None:
    note(path, reason)


def sleep_once(path: str, seconds: str) -> None:
    """Long the first time only."""
    first = not Path(path).exists()
    sleep(path, seconds if first else "0")


add(Task("test.short", sleep, gave_up, lambda: SHORT_SECONDS))
add(Task("test.again", sleep_once, gave_up, lambda: 60))
