"""Each step of dev.py says its name when it begins and its seconds when it ends."""

import contextlib
import time
from collections.abc import Iterator


def say(text: str = "") -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    say(f"== {name}")
    begun = time.monotonic()
    try:
        yield
    finally:
        say(f"== {name}: {time.monotonic() - begun:.1f} s")


def loud(title: str, lines: list[str]) -> None:
    """A block that nobody overlooks between a thousand dots."""
    bar = "!" * 78
    say("\n".join([bar, f"!! {title}", *(f"!!   {line}" for line in lines), bar]))
