"""The storyteller's table on a phone beside the player's sheet; the sheet on paper."""

import io
import re
from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from accounts.models import Preferences
from characters.models import Character
from sheets.models import Experience, Roll, Row
from tests.asgi_server import AsgiServer
from tests.e2e.test_sheets import dots, opened, signed_in
from tests.factories import a_campaign, a_member
from tests.sheets.drafts import ADVANTAGES, power
from tests.sheets.made import a_played_sheet, a_request, a_sheet, again, edit, fallen, tracks

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_an_evening_at_the_table(new_page: Callable[..., Page], asgi_server: AsgiServer) -> None:
    """Two sheets, one of them on stage: moved and rolled for by thumb, seen by the player at once, moved by the player,
    awarded, asked for and approved.
    """
    campaign = a_campaign()
    sheet, character = a_played_sheet(campaign, a_member(campaign).user)
    request = a_request(campaign)
    player = opened(new_page(), asgi_server, sheet, sheet.owner)
    page = new_page(**PHONE)
    signed_in(page, asgi_server, campaign.owner)
    page.goto(f"{asgi_server.url}/campaigns/{campaign.slug}/sheets")
    expect(page.locator("html[data-live]")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    mine, other = (page.locator(f"#sheet-{each.pk}") for each in (sheet, request.sheet))

    mine.get_by_role("button", name="Hunger: one more").tap()
    mine.get_by_role("button", name="Health: mark one aggravated").tap()
    other.get_by_role("button", name="Willpower: mark one superficial").tap()
    expect(mine.locator("[data-track=health] .marks i").first).to_have_attribute("data-mark", "x")
    expect(dots(player, "Hunger")).to_have_attribute("aria-valuenow", "2")
    expect(page.locator("[data-part=save][data-state=saved]")).to_be_attached()
    assert Character.objects.get(pk=character.pk).stats["tracks"]["health"]["aggravated"] == 1
    assert tracks(request.sheet)["willpower"]["superficial"] == 1

    mine.get_by_role("button", name="Health: mend one").tap()
    expect(player.locator("[data-track=health] [data-part=said]").last).to_have_text("5 of 5 left")
    expect(mine.locator("[data-track=health] [data-part=said]")).to_have_text("5 of 5 left")

    mine.get_by_role("button", name="Elena Cross: rouse check").tap()
    expect(mine.locator(".fallen strong")).to_have_text(re.compile("No more hunger|Hunger rises to 3"))
    roused = Roll.objects.get()
    expect(dots(player, "Hunger")).to_have_attribute("aria-valuenow", str(roused.result["hunger"]))
    expect(player.locator(f"[data-part=rolls] [data-roll='{roused.pk}']")).to_be_attached()
    with transaction.atomic():  # the page may look between the roll and what the test makes of it
        fallen(sheet, [2, 3, 8], [], 3)
    expect(mine.locator(".fallen strong")).to_have_text("Failure")
    mine.get_by_role("button", name="Re-roll 2 1 willpower").tap()
    expect(mine.locator("[data-track=willpower] [data-part=said]")).to_have_text("4 of 5 left")
    other.get_by_role("checkbox", name="Hidden").check()
    other.get_by_role("spinbutton", name="difficulty").press("Enter")  # rolls the pool, and not the first check
    expect(other.locator(".fallen .out p")).to_contain_text("hidden")
    assert (request.sheet.rolls.get().kind, request.sheet.rolls.get().label) == ("pool", "Strength")

    mine.locator("summary").tap()
    edit(sheet, {"strength": 2})  # what can be rolled is drawn anew, what was opened stays open
    expect(mine.locator("[data-part=count]")).to_have_text("2")
    expect(mine.get_by_label("First trait")).to_be_visible()

    with page.expect_navigation():
        page.get_by_role("button", name="Approve").tap()
    expect(page.locator("#requests")).to_have_count(0)
    assert again(request.sheet).fields["strength"] == 4
    page.get_by_role("textbox", name="XP").fill("3")
    page.get_by_role("textbox", name="For").fill("Session 4")
    page.get_by_role("button", name="Award").tap()
    expect(page.locator(".notice")).to_have_text("+3 experience for all 2 sheets.")
    assert Experience.objects.filter(kind="award", reason="Session 4").count() == 2
    page.emulate_media(media="print")  # boxes that are filled are told from empty ones by their ground
    assert mine.locator("i[data-mark=o]").first.evaluate("mark => getComputedStyle(mark).printColorAdjust") == "exact"
    assert mine.locator(".seat-dice").is_hidden()


def test_two_pages_on_paper_and_heights_that_stay(page: Page, asgi_server: AsgiServer) -> None:
    sheet = a_sheet(history="She kept the books of the harbour. " * 20, concept="Courier")
    kept = [("advantages", each) for each in ADVANTAGES]
    kept += [("powers", power("auspex", f"Power {n}", 2, pool="Resolve + Auspex")) for n in range(12)]
    kept += [("equipment", {"name": f"Thing {n}"}) for n in range(10)]
    Row.objects.bulk_create(Row(sheet=sheet, kind=kind, position=n, values=each) for n, (kind, each) in enumerate(kept))
    Preferences.objects.update_or_create(user=sheet.owner, defaults={"textarea_heights": {"appearance": 333}})
    opened(page, asgi_server, sheet, sheet.owner)
    for paper in ("A4", "Letter"):
        assert len(PdfReader(io.BytesIO(page.pdf(format=paper))).pages) <= 2
    page.emulate_media(media="print")
    expect(page.locator("#story")).to_be_visible()
    for empty in ("#notes", "#touchstones", "#rows-rituals"):
        expect(page.locator(empty)).to_be_hidden()
    usual = page.viewport_size
    assert usual is not None
    for width in (390, 476):  # small paper
        page.set_viewport_size({"width": width, "height": 600})
        page.wait_for_function(f"document.documentElement.scrollWidth === {width}")
    page.set_viewport_size(usual)
    page.emulate_media(media="screen")
    assert page.locator("[name=appearance]").bounding_box()["height"] == pytest.approx(333, abs=1)  # type: ignore[index]

    area = page.locator("[name=history]")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    corner = (box["x"] + box["width"] - 4, box["y"] + box["height"] - 4)
    page.mouse.move(*corner)
    page.mouse.down()
    page.mouse.move(corner[0], corner[1] + 60, steps=3)
    with page.expect_response("**/api/v1/preferences") as told:
        page.mouse.up()
    assert told.value.json()["textarea_heights"]["history"] == pytest.approx(box["height"] + 60, abs=3)
