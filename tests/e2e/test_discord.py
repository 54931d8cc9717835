"""Signing in by Discord in a real browser, with a house of our own on loopback in its place.

The policy for pages names where forms may lead: a browser that is not let there stays where it is.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.asgi_server import AsgiServer
from tests.oauth_server import CLIENT_ID, CLIENT_SECRET, OAuthServer

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def house() -> Iterator[OAuthServer]:
    with OAuthServer() as house:
        yield house


@pytest.fixture
def server(house: OAuthServer, start_server: Callable[..., AsgiServer]) -> AsgiServer:
    return start_server(
        DJANGO_SETTINGS_MODULE="tests.discord_settings",
        OAUTH_SERVER=house.url,
        DISCORD_CLIENT_ID=CLIENT_ID,
        DISCORD_CLIENT_SECRET=CLIENT_SECRET,
    )


@pytest.mark.allow_console_errors  # a page that says 400 is one to the console
def test_a_player_signs_in_by_discord_on_a_phone(
    server: AsgiServer, house: OAuthServer, new_page: Callable[..., Page]
) -> None:
    house.guest["avatar"] = None  # the picture would come from Discord itself
    page = new_page(viewport=PHONE, base_url=server.url)
    page.goto("/accounts/login?next=/accounts/profile")
    page.get_by_role("button", name="Go on with Discord").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="You went back")).to_be_visible()

    page.get_by_role("link", name="Back to sign in").click()
    page.goto("/accounts/login?next=/accounts/profile")
    page.get_by_role("button", name="Go on with Discord").click()
    page.get_by_role("link", name="Authorise").click()
    expect(page.get_by_role("heading", name="Noor of the Tide")).to_be_visible()
    page.wait_for_load_state()
    assert page.url == f"{server.url}/accounts/profile"
    assert User.objects.get().username == "noor.tide"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    house.mode = "500"
    fresh = new_page(viewport=PHONE, base_url=server.url)
    fresh.goto("/accounts/login")
    fresh.get_by_role("button", name="Go on with Discord").click()
    fresh.get_by_role("link", name="Authorise").click()
    expect(fresh.get_by_role("heading", name="Discord does not answer")).to_be_visible()
    assert User.objects.count() == 1
