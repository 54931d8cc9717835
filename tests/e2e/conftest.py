"""A real browser. These fixtures end when pytest leaves this folder.

Playwright's synchronous interface keeps an event loop running in this thread, which Django's guard and
every asynchronous test after it would stumble over.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from tests import slowness

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What does not come at all fails the test; how soon a busy machine shows it does not.
PATIENCE = 30_000  # ms
DATA = ("transactional_db", "asgi_server", "start_server")


@pytest.fixture(scope="package")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


def watch_console(page: Page, problems: list[str]) -> None:
    """Note what the browser reports as an error: exceptions, failed requests, policy violations."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"{message.text} ({message.location.get('url', '')})")

    def on_page_error(error: Error) -> None:
        problems.append(str(error))

    page.on("console", on_console)
    page.on("pageerror", on_page_error)


def slow_down(page: Page) -> None:
    """As a cheap phone that has never been here; the server does the rest (tests/slowness.py)."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("Emulation.setCPUThrottlingRate", {"rate": slowness.CPU_RATE})
    debugger.send("Network.enable")
    debugger.send("Network.setCacheDisabled", {"cacheDisabled": True})


@pytest.fixture
def console_problems() -> list[str]:
    """Fills while the pages of a test run."""
    return []


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, console_problems: list[str]
) -> Iterator[Callable[..., Page]]:
    """`new_page(viewport={…}, …)` opens a page in a fresh context (own cookies, own cache).

    A test fails at its end when a console reported an error, unless it is marked `allow_console_errors`.
    """
    contexts = []
    # What a test has is there before its pages and goes after them, whatever stands first among its fixtures: a page
    # that is open while the tables are emptied asks for what is gone.
    for name in DATA:
        if name in request.fixturenames:
            request.getfixturevalue(name)

    def open_page(**options: object) -> Page:
        # A person's click may write to the clipboard; the browser without windows has to be told. The service worker
        # comes only where it is what is tested: it would fetch pages of its own beside every test.
        usual = {"permissions": ["clipboard-write"], "service_workers": "block"}
        context = browser.new_context(**{**usual, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        if slowness.seed():
            slow_down(page)
        watch_console(page, console_problems)
        return page

    yield open_page
    for context in contexts:
        context.close()
    if console_problems and not request.node.get_closest_marker("allow_console_errors"):
        pytest.fail("the browser's console reported:\n" + "\n".join(console_problems))


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()
