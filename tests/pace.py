"""Time on the clock, where the product promises some: a machine that stalls is not the product's doing."""

import time
from collections.abc import Callable

TRIES = 3


def within(seconds: float, act: Callable[[], object]) -> bool:
    """Whether one of three tries takes less. What is slow is slow each time; what met a stall is quick the next."""
    for _ in range(TRIES):
        began = time.monotonic()
        act()
        if time.monotonic() - began < seconds:
            return True
    return False
