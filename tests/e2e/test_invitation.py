"""A new player with a phone: the link, an account, the character."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.actors import SYSTEM
from accounts.models import User
from campaigns.operations import invitations
from characters.models import Character
from tests.asgi_server import AsgiServer
from tests.factories import a_character, a_private_campaign, a_user

PHONE = {"width": 390, "height": 844}
WORD = "seven-lanterns-over-the-lagoon"


def fits(page: Page) -> bool:
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_link_to_the_character(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> None:
    campaign = a_private_campaign(owner=a_user("maren", display_name="Maren Solvik"), name="The Drowned Bell")
    hero = a_character(campaign, name="Isaura Vane")
    _, text = invitations.issue(campaign, "player", actor=SYSTEM, character_id=hero.pk)
    page = new_page(viewport=PHONE, base_url=asgi_server.url, has_touch=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))

    page.goto(f"/invitations#{text}")
    expect(page.get_by_role("heading", name="The Drowned Bell")).to_be_visible()
    expect(page.get_by_text("Isaura Vane")).to_be_visible()
    assert text not in page.url
    assert fits(page)
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("User name").fill("noor")
    page.wait_for_load_state()
    for field in page.locator("input[type=password]").all():
        field.fill(WORD)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("button", name=re.compile("^Join as"))).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name=re.compile("^Join as")).click()

    page.wait_for_url(f"**/campaigns/{campaign.slug}/characters/{hero.pk}")
    expect(page.get_by_role("heading", name="Isaura Vane")).to_be_visible()
    expect(page.get_by_text("Welcome to The Drowned Bell.")).to_be_visible()
    assert Character.objects.get(pk=hero.pk).player == User.objects.get(username="noor")
    # The request for the page itself is told by the browser without what stands behind the #.
    assert not [line for line in asked if text in line.replace(f"/invitations#{text}", "")]
