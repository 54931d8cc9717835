"""The sheet in a real browser: by keyboard, by thumb, with the network gone, and on the overlay at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.actors import SYSTEM
from campaigns.operations import campaigns
from sheets.models import Sheet
from tests import slowness
from tests.asgi_server import AsgiServer
from tests.e2e.waiting import until
from tests.factories import a_campaign, a_member, on_stage
from tests.sheets.made import a_played_sheet, a_sheet, again, edit

SAVED = "[data-part=save][data-state=saved]"


def signed_in(page: Page, server: AsgiServer, user: Any) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": server.url}])


def opened(page: Page, server: AsgiServer, sheet: Sheet, user: Any) -> Page:
    signed_in(page, server, user)
    page.goto(f"{server.url}/sheets/{sheet.pk}")
    expect(page.locator("html[data-live]")).to_be_attached()
    return page


def dots(page: Page, name: str) -> Any:
    return page.get_by_role("slider", name=name, exact=True)


@pytest.mark.allow_console_errors
def test_nothing_is_lost_when_the_network_goes(new_page: Callable[..., Page], asgi_server: AsgiServer) -> None:
    """On a phone: typed and marked without a network, changed by the storyteller meanwhile, chosen by the player."""
    sheet = a_sheet(campaign=a_campaign())
    page = opened(new_page(viewport={"width": 390, "height": 844}, has_touch=True), asgi_server, sheet, sheet.owner)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.context.set_offline(True)
    page.locator("[name=concept]").fill("Courier of letters")
    page.locator("[name=desire]").fill("Sleep")
    page.get_by_role("button", name="Health: mark one superficial").first.tap()
    dots(page, "Wits").locator("i").nth(3).tap()  # four is what it is: one is cleared
    expect(page.locator("[data-part=save]")).to_have_text("Offline. Kept on this device.")
    edit(sheet, {"concept": "Smuggler", "ambition": "Rich"})
    page.context.set_offline(False)
    expect(page.locator(".conflict")).to_contain_text("somebody else made it “Smuggler”, you “Courier of letters”")
    expect(page.locator("[name=ambition]")).to_have_value("Rich")
    page.get_by_role("button", name="Keep yours").tap()
    expect(page.locator(SAVED)).to_be_attached()
    found = again(sheet)
    assert [found.fields[name] for name in ("concept", "desire", "ambition", "wits")] == [
        *("Courier of letters", "Sleep", "Rich", 3),
    ]
    sum_ = page.locator("[data-part=sum]")
    sum_.tap()
    page.get_by_role("spinbutton", name="Difficulty").press("Enter")  # rolls the pool, and is no rouse check
    expect(page.locator(".fallen")).to_be_visible()
    assert found.rolls.get().kind == "pool"
    page.get_by_role("button", name="Put the dice away").tap()
    expect(page.locator(".fallen")).to_be_hidden()
    expect(sum_).to_be_focused()
    assert found.tracks["health"]["superficial"] == 1
    expect(dots(page, "Athletics")).to_be_hidden()
    page.emulate_media(media="print")  # what is folded on a phone is on paper all the same
    expect(dots(page, "Athletics")).to_be_visible()


@pytest.mark.allow_console_errors
def test_what_is_refused_waits_and_what_is_left_comes_back(page: Page, asgi_server: AsgiServer) -> None:
    sheet = a_sheet()
    opened(page, asgi_server, sheet, sheet.owner)
    page.locator("[name=generation]").fill("2")
    expect(page.locator("[data-field=generation] .error")).to_have_text("A whole number from 3 to 16. Saved: 13.")
    page.locator("[name=generation]").fill("12")
    expect(page.locator(SAVED)).to_be_attached()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[name=generation]")).not_to_have_value("12")
    page.locator("[name=generation]").fill("12")
    page.context.set_offline(True)
    page.locator("[name=concept]").fill("Courier of letters")
    expect(page.locator("[data-part=save]")).to_have_text("Offline. Kept on this device.")
    page.context.route("**/api/**", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[name=concept]")).to_have_value("Courier of letters")
    page.context.unroute("**/api/**")
    expect(page.locator(SAVED)).to_be_attached()
    assert again(sheet).fields["concept"] == "Courier of letters"
    page.locator("[name=being]").select_option("ghoul")
    expect(page.locator("live-track[data-name=humanity]")).to_be_attached()
    expect(page.locator("live-track[data-name=hunger]")).to_have_count(0)


def test_hunger_is_on_the_overlay_at_once(new_page: Callable[..., Page], asgi_server: AsgiServer) -> None:
    campaign = a_campaign()
    campaigns.update(campaign.pk, {"settings": {"players_change_live": True}}, actor=SYSTEM)
    sheet, character = a_played_sheet(campaign, a_member(campaign).user)
    on_stage(campaign, character)
    sheet_page = opened(new_page(), asgi_server, sheet, sheet.owner)
    other = opened(new_page(), asgi_server, sheet, campaign.owner)
    overlay = new_page()
    overlay.goto(f"{asgi_server.url}/overlay/{campaign.slug}")
    pressed = "addEventListener('click', () => (window.pressed = Date.now()), { capture: true })"
    watch = """() => { window.seen = []; new MutationObserver(() => window.seen.push(Date.now())).observe(
        document.body, {subtree: true, childList: true, attributes: true, characterData: true}); }"""
    sheet_page.evaluate(pressed)
    expect(overlay.locator("body")).to_contain_text("Hunger", ignore_case=True)
    took = []
    for value in (2, 3, 4, 5):
        overlay.evaluate(watch)
        sheet_page.get_by_role("button", name="Hunger: one more").last.click()
        expect(dots(other, "Hunger")).to_have_attribute("aria-valuenow", str(value))
        until(overlay, lambda: overlay.evaluate("window.seen.length"))
        took.append(overlay.evaluate("window.seen[0]") - sheet_page.evaluate("window.pressed"))
    # The best of four: the others may have met a machine that was busy with something else.
    assert min(took) < 500 + slowness.added_ms(), took
