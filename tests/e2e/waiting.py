"""Waiting for what no locator shows: rows of the database, what a socket said, a place on the screen."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE = 30.0  # seconds, as conftest.py has it for locators
PAUSE = 20  # ms


def until(page: Page, holds: Callable[[], object]) -> None:
    """Returns when it holds; the browser's events are heard meanwhile. Raises AssertionError."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it does not come"
        page.wait_for_timeout(PAUSE)
