import asyncio
import os

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page

from tests.asgi_server import AsgiServer
from tests.e2e.waiting import until

PASSWORD = "a good long password"


def test_a_gm_logs_in_to_the_back_office(asgi_server: AsgiServer, page: Page):
    get_user_model().objects.create_superuser("gm", password=PASSWORD)
    page.goto(f"{asgi_server.url}/admin/")
    page.fill("#id_username", "gm")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#site-menu")
    assert "gm" in page.inner_text("#site-menu")


@pytest.mark.allow_console_errors
def test_errors_and_policy_violations_are_noticed(asgi_server: AsgiServer, page: Page, console_problems: list[str]):
    page.goto(f"{asgi_server.url}/admin/login/")
    assert console_problems == []
    page.evaluate("console.error('a word of its own')")
    page.evaluate("setTimeout(() => { throw new Error('nobody caught this') })")
    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))")
    noted = ("a word of its own", "nobody caught this", "Content Security Policy")
    until(page, lambda: all(words in "\n".join(console_problems) for words in noted))


def test_pages_share_nothing(asgi_server: AsgiServer, new_page):
    first, second = new_page(viewport={"width": 1920, "height": 1080}), new_page()
    for page in (first, second):
        page.goto(f"{asgi_server.url}/admin/login/")
    first.context.clear_cookies()
    assert first.context.cookies() == []
    assert second.context.cookies() != []
    assert first.evaluate("innerWidth") == 1920


def test_the_guard_against_blocking_calls_is_off_only_while_a_browser_runs(browser):
    assert os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] == "true"
    assert asyncio.get_running_loop().is_running()
