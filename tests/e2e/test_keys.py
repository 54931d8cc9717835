"""API keys on a phone and on a desk, in both themes: issued, masked, revealed, revoked."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts import tokens
from accounts.models import ApiKey
from tests.asgi_server import AsgiServer
from tests.factories import PASSWORD, a_user, an_api_key

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
TEXT = re.compile(r"trp_key_[0-9A-Za-z]{36}")


@pytest.mark.parametrize(("size", "theme"), [(PHONE, "dark"), (PHONE, "light"), (DESK, "dark"), (DESK, "light")])
def test_a_key_is_masked_until_revealed(
    asgi_server: AsgiServer, new_page: Callable[..., Page], size: dict[str, int], theme: str
) -> None:
    user = a_user("noor", display_name="Noor")
    an_api_key(user, "campaigns:read", "profile:read")
    page = new_page(viewport=size, base_url=asgi_server.url, color_scheme=theme)
    page.goto("/accounts/login?next=/accounts/keys")
    page.get_by_label("User name").fill("noor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()

    _the_way_around(page, by_menus=size is PHONE)
    page.get_by_label("Name").fill("Stream Deck")
    page.get_by_label("Run the table").check()
    page.get_by_role("button", name="Issue the key").click()

    shown = page.get_by_label("API key", exact=True)
    expect(shown).to_have_value("•" * 24)
    _picture(page, f"keys-{size['width']}-{theme}.png")
    page.get_by_role("button", name="Reveal").click()
    expect(shown).to_have_value(TEXT)
    assert ApiKey.objects.get(name="Stream Deck").digest == tokens.digest(shown.input_value())
    page.get_by_role("button", name="Hide").click()
    expect(shown).to_have_value("•" * 24)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Revoke Stream Deck").click()
    expect(page.get_by_role("status")).to_contain_text("Stream Deck is revoked")
    expect(page.get_by_role("button", name="Revoke Stream Deck")).to_have_count(0)


def _the_way_around(page: Page, *, by_menus: bool) -> None:
    """On a phone the pages of the account, and those of the site, wait behind one button each."""
    security, campaigns = page.get_by_role("link", name="Security"), page.get_by_role("banner").get_by_text("Campaigns")
    if by_menus:
        expect(security).to_be_hidden()
        expect(campaigns).to_be_hidden()
        page.get_by_role("button", name="API keys").press("Enter")
        expect(security).to_be_visible()
        page.keyboard.press("Escape")
        expect(security).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        expect(campaigns).to_be_visible()
        page.keyboard.press("Escape")
    else:
        expect(security).to_be_visible()
        expect(campaigns).to_be_visible()
        expect(page.get_by_role("button", name="Menu")).to_be_hidden()


def _picture(page: Page, name: str) -> None:
    """For whoever wants to look: TROUPE_PICTURES names a folder."""
    if folder := os.environ.get("TROUPE_PICTURES"):
        page.screenshot(path=Path(folder) / name, full_page=True)
