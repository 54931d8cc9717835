"""Dice in a real browser: from the sheet of a player on a phone to the overlay."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.actors import SYSTEM
from campaigns.operations import campaigns
from tests.asgi_server import AsgiServer
from tests.e2e.test_sheets import dots, opened
from tests.factories import a_campaign, a_member, on_stage
from tests.sheets.made import a_played_sheet, a_roll


def test_dice_from_the_sheet_to_the_overlay(new_page: Callable[..., Page], asgi_server: AsgiServer) -> None:
    """A pool by a click and a key, the card on air, dice chosen and rolled again, hunger roused."""
    campaign = a_campaign()
    campaigns.update(campaign.pk, {"settings": {"players_change_live": True}}, actor=SYSTEM)
    sheet, character = a_played_sheet(campaign, strength=4, brawl=3)
    a_member(campaign, user=sheet.owner)
    on_stage(campaign, character)
    air = new_page(viewport={"width": 1280, "height": 720})
    air.goto(f"{asgi_server.url}/overlay/{campaign.slug}")
    expect(air.locator("campaign-overlay[data-connection=open]")).to_be_attached()
    page = opened(new_page(viewport={"width": 390, "height": 844}, has_touch=True), asgi_server, sheet, sheet.owner)
    teller = opened(new_page(), asgi_server, sheet, campaign.owner)
    told = teller.locator("[data-part=rolls] li")
    page.locator(".trait[data-field=strength] label").click()
    page.locator("#skills > summary").click()
    dots(page, "Brawl").press("Enter")
    expect(page.locator("[data-part=sum]")).to_contain_text("Strength + Brawl")
    expect(page.locator("[data-part=sum]")).to_contain_text("7 dice, 1 of them hunger")
    page.get_by_role("button", name="Roll Strength + Brawl").click()
    result = page.locator("[data-part=result]")
    expect(result.locator(".die")).to_have_count(7)
    expect(air.locator(".roll .asked")).to_have_text("Strength + Brawl")
    expect(air.locator(".roll i")).to_have_count(7)
    expect(told).to_have_count(1)
    expect(told.first).to_contain_text("Strength + Brawl")
    for place in (0, 1):
        result.locator(".die input").nth(place).check()
    result.get_by_role("button", name="Re-roll 2").click()
    expect(result.get_by_role("button", name="Re-roll")).to_have_count(0)
    expect(teller.locator("[data-part=result] button[value=reroll]")).to_have_count(0)
    expect(page.locator("live-track[data-name=willpower] .box").first).to_have_attribute("data-mark", "/")
    page.get_by_role("button", name="Rouse check").click()
    expect(result.locator("strong")).to_have_text(re.compile("No more hunger|Hunger rises to 2"))
    expect(page.locator("[data-part=rolls] li")).to_have_count(2)
    expect(told).to_have_count(2)
    a_roll(sheet, dice=3, label="Behind the screen", hidden=True)
    expect(told.first).to_contain_text("Behind the screen")
    a_roll(sheet, dice=3, label="For all to see")
    expect(page.locator("[data-part=rolls] li").first).to_contain_text("For all to see")
    expect(page.locator("[data-part=rolls]")).not_to_contain_text("Behind the screen")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
