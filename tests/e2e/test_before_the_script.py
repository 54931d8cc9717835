"""What a person does before a page's scripts have come counts as if they had been there."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from characters.models import Character, RosterEntry
from overlay.models import Layout
from tests.asgi_server import AsgiServer
from tests.characters.importers.actors import modern
from tests.content.pictures import a_picture
from tests.e2e.test_sheets import SAVED, dots, signed_in
from tests.factories import Table, a_campaign, a_member, a_table, on_stage
from tests.sheets.made import a_played_sheet, again, tracks

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


class Held:
    """Scripts of ours that a browser asks for and does not get before `come`. Django's own stop a page half way."""

    def __init__(self, context: BrowserContext) -> None:
        self.waiting: list[Route] = []
        self.is_over = False
        context.route(re.compile(r"/static/(?!admin/).*\.js$"), self.take)

    def take(self, route: Route) -> None:
        if self.is_over:
            route.continue_()
        else:
            self.waiting.append(route)

    def come(self) -> None:
        self.is_over = True
        for route in self.waiting:
            route.continue_()


@pytest.fixture
def table(asgi_server: AsgiServer) -> Table:
    table = a_table(name="The Drowned Bell")
    on_stage(table.campaign, table.hero)
    return table


@pytest.fixture
def early(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> Callable[..., tuple[Page, Held]]:
    """`early(path, user)` opens a page on a phone and keeps its scripts back."""

    def open_page(path: str, user: Any) -> tuple[Page, Held]:
        page = new_page(**PHONE, base_url=asgi_server.url)
        signed_in(page, asgi_server, user)
        held = Held(page.context)
        page.goto(path, wait_until="commit")
        return page, held

    return open_page


def test_files_that_were_chosen_are_looked_at(
    early: Callable[..., tuple[Page, Held]], table: Table, tmp_path: Path
) -> None:
    actor, picture = tmp_path / "Bryn.json", tmp_path / "hero.png"
    actor.write_text(json.dumps(modern(name="Bryn", _id="0" * 16)))
    picture.write_bytes(a_picture("PNG", 300, 420))
    page, held = early(f"/campaigns/{table.campaign.slug}/characters/import", table.gm)
    page.get_by_label("Character files").set_input_files(actor)
    held.come()
    expect(page.locator("[data-part=preview] li")).to_contain_text("Bryn")

    page, held = early(f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/pictures", table.player)
    place = page.locator(".place[data-purpose=portrait]")
    place.locator("input[type=file]").set_input_files(picture)
    held.come()
    expect(place.get_by_role("group", name="Crop")).to_be_visible()
    with page.expect_navigation():
        place.get_by_role("button", name="Show this picture").click()
    assert Character.objects.get(pk=table.hero.pk).portrait_url


def test_a_sheet_keeps_what_was_typed_and_marked(early: Callable[..., tuple[Page, Held]]) -> None:
    campaign = a_campaign()
    sheet, _ = a_played_sheet(campaign, a_member(campaign).user, strength=2)
    page, held = early(f"/sheets/{sheet.pk}", campaign.owner)
    page.locator("[name=concept]").fill("Courier of letters")
    page.locator("[name=strength]").fill("4")
    page.locator("[name='tracks.health.superficial']").fill("2")
    page.locator("[name=ambition]").press_sequentially("To be l")
    held.come()
    expect(page.locator("html[data-live]")).to_be_attached()
    expect(page.locator("[name=ambition]")).to_be_focused()
    page.keyboard.type("eft alone", delay=30)  # who types goes on typing, while it is sent
    expect(page.locator(SAVED)).to_be_attached()
    expect(dots(page, "Strength")).to_have_attribute("aria-valuenow", "4")
    expect(page.locator("[name=ambition]")).to_have_value("To be left alone")
    stored = again(sheet).fields
    assert [stored[name] for name in ("concept", "strength", "ambition")] == [
        "Courier of letters",
        4,
        "To be left alone",
    ]
    assert tracks(sheet)["health"]["superficial"] == 2


def test_the_desk_takes_what_was_chosen_and_typed(early: Callable[..., tuple[Page, Held]], table: Table) -> None:
    page, held = early(f"/campaigns/{table.campaign.slug}/control", table.gm)
    page.locator("#rows .pick", has_text="Isaura Vane").click()
    page.locator("#roster [data-tier]").select_option("compact")
    page.get_by_label("Amount", exact=True).press_sequentially("1")
    held.come()
    expect(page.locator("#net")).to_have_attribute("data-is", "live")
    page.keyboard.type("2")  # and the field is still there
    page.keyboard.press("Enter")
    expect(page.locator("#rows .pc", has_text="Isaura Vane")).to_contain_text("33 / 45")
    expect(page.locator("#net [role=status]")).to_have_text("Live")
    assert RosterEntry.objects.get(campaign=table.campaign).tier == "compact"


def test_the_layout_editor_waits_for_the_form_that_was_begun(
    early: Callable[..., tuple[Page, Held]], table: Table
) -> None:
    page, held = early(f"/admin/overlay/layout/editor/{table.campaign.pk}/", table.gm)
    page.locator(f"[name=x-{table.hero.pk}]").fill("480")
    held.come()
    expect(page.get_by_text("The canvas is here as soon as you have saved this.")).to_be_visible()
    page.get_by_role("button", name="Save places").click()
    expect(page.locator(".marks").get_by_role("button", name="Isaura Vane")).to_be_visible()
    place = Layout.objects.get(campaign=table.campaign, tier="large").document["badges"][str(table.hero.pk)]
    assert place["x"] * 1920 == pytest.approx(480, abs=1)
