"""The slow network and the slow phone of a run with TROUPE_SLOW (docs/development.md), whose value is the seed."""

import os

SWITCH = "TROUPE_SLOW"
SCRIPT_SECONDS = 1.5
ANSWER_SECONDS = 0.3
CPU_RATE = 4  # times slower than this machine


def seed() -> str:
    return os.environ.get(SWITCH, "")


def added_ms() -> float:
    """By how much an answer that is measured on the clock may be later than it would be."""
    return ANSWER_SECONDS * 1000 * CPU_RATE if seed() else 0


def application() -> str:
    """What the server of a browser's test serves."""
    return "tests.slow_application:application" if seed() else "config.asgi:application"
