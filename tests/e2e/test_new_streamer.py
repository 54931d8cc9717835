"""Somebody who streams and has never been here: from the front page to the overlay's address, by what the pages say;
then the first evening on that campaign, from a phone.

What it takes is counted, as a clock would measure the machine: so many presses, so many things typed.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from campaigns.models import Campaign, Episode, Event
from characters.models import Character, RosterEntry
from tests.asgi_server import AsgiServer
from tests.characters.importers.actors import modern

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PARTY = ("Bryn", "Odalys", "Teodric", "Wren")
MOST_PRESSES, MOST_TYPED = 8, 3


class Hand:
    """Presses and types what can be found by the words on the page, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = self.typed = 0

    def press(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.pressed += 1

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)
        self.typed += 1

    def choose(self, label: str, files: list[Path]) -> None:
        self.page.get_by_label(label).set_input_files(files)
        self.pressed += 1


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    for number, name in enumerate(PARTY):
        (tmp_path / f"{name}.json").write_text(json.dumps(modern(name=name, _id=f"{number:016}")))
    return sorted(tmp_path.glob("*.json"))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_nothing_to_the_address_of_the_overlay(
    asgi_server: AsgiServer, new_page: Callable[..., Page], files: list[Path], screen: dict[str, int]
) -> None:
    page = new_page(viewport=screen, base_url=asgi_server.url, permissions=["clipboard-read", "clipboard-write"])
    hand = Hand(page)
    page.goto("/")
    hand.press("link", "Begin a campaign")
    hand.type("User name", "maren")
    hand.type("Password", "the lake is gone tonight")
    hand.press("button", "Make the account")
    hand.type("What is it called?", "The Drowned Bell")
    hand.press("button", "Begin")

    hand.choose("Character files", files)
    expect(page.locator("[data-part=preview] li")).to_have_count(len(PARTY))
    expect(page.get_by_text("4 characters can come in. Nothing is written yet.")).to_be_visible()
    assert not RosterEntry.objects.exists()  # it was only looked
    hand.press("button", "Bring them in")
    expect(page.get_by_role("heading", name="4 characters came in")).to_be_visible()
    hand.press("link", "Put the overlay into OBS")
    hand.press("button", "Copy")
    expect(page.get_by_role("button", name="Copied")).to_be_visible()

    address = page.evaluate("navigator.clipboard.readText()")
    assert f"{asgi_server.url}/overlay/the-drowned-bell" in address
    assert hand.pressed <= MOST_PRESSES
    assert hand.typed <= MOST_TYPED
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    overlay = new_page(viewport={"width": 1920, "height": 1080})
    overlay.goto(address)
    expect(overlay.locator(".badge")).to_have_count(len(PARTY))
    if screen is PHONE:
        page.get_by_role("link", name="Control desk").first.click()
        the_evening(page, overlay)


# --- and the evening, on the same campaign, by the same thumb ---


class Desk:
    """The party of the desk. What a press has done is seen on the desk at once and awaited on the overlay."""

    def __init__(self, page: Page, overlay: Page) -> None:
        self.page, self.overlay = page, overlay

    def pick(self, *names: str) -> None:
        for name in names:
            self.row(name).locator(".pick").click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def mode(self, name: str) -> None:
        self.page.get_by_role("radio", name=name, exact=True).check()

    def row(self, name: str) -> Locator:
        return self.page.locator(".pc", has=self.page.get_by_text(name, exact=True))

    def badge(self, name: str) -> Locator:
        return self.overlay.locator(".badge", has=self.overlay.get_by_text(name, exact=True))

    def shows(self, **points: int) -> None:
        """Hit points by name, of 11: on the desk, and on the overlay."""
        for name, current in points.items():
            expect(self.row(name)).to_contain_text(f"{current} / 11")
            expect(self.badge(name)).to_have_attribute("data-hp", str(current))


def the_evening(page: Page, overlay: Page) -> None:
    desk = Desk(page, overlay)
    plan_tonight(page)
    page.get_by_role("button", name="Begin episode").click()
    expect(page.locator("#episode")).to_contain_text("Low Water")

    # A fireball: all four are chosen, one of them takes half, one none.
    desk.pick(*PARTY)
    desk.press("Odalys: Full")
    desk.press("Wren: Full")
    desk.press("Wren: Half")
    desk.press("8")
    desk.shows(Bryn=3, Odalys=7, Teodric=3, Wren=11)

    desk.pick("Bryn")
    desk.mode("Heal")
    desk.press("5")
    desk.shows(Bryn=8)

    desk.pick("Odalys")
    desk.mode("Conditions")
    desk.press("Prone")
    expect(desk.badge("Odalys").locator(".chips")).to_contain_text("Prone")
    page.get_by_role("button", name="Choose nobody").click()

    desk.pick("Teodric")
    desk.mode("Damage")
    desk.press("4")
    desk.row("Teodric").get_by_role("button", name="Failed").click()
    expect(desk.badge("Teodric").locator("[data-save=failure]")).to_have_count(1)

    page.locator("#begin summary").click()
    page.get_by_label("Wren", exact=True).fill("19")
    page.get_by_label("Bryn", exact=True).fill("7")
    desk.press("Set the order")
    expect(desk.badge("Wren")).to_have_attribute("data-turn", "Round 1")
    desk.press("Next turn")
    expect(desk.badge("Bryn")).to_have_attribute("data-turn", "Round 1")

    # The wrong one was hit: back with it.
    desk.pick("Wren")
    desk.press("10")
    desk.shows(Wren=1)
    page.locator("#last").get_by_role("button", name="Undo").click()
    desk.shows(Wren=11)

    page.get_by_role("button", name="End episode").click()
    expect(page.locator("#desk")).to_have_attribute("data-waiting", "0")
    expect(page.get_by_role("link", name="Plan one")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    agree(overlay)


def plan_tonight(page: Page) -> None:
    page.get_by_role("link", name="Plan one").click()
    page.get_by_label("Title:").fill("Low Water")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    campaign = Campaign.objects.get(slug="the-drowned-bell")
    page.goto(f"/campaigns/{campaign.slug}/control")
    expect(page.locator("#net")).to_have_attribute("data-is", "live")


def agree(overlay: Page) -> None:
    """What the overlay shows at the end is what is in the database."""
    kept = {
        str(row.pk): (row.stats["hp"]["current"], row.stats["conditions"], row.stats["death_saves"]["failure"])
        for row in Character.objects.filter(campaign__slug="the-drowned-bell")
    }
    shown = {
        badge.get_attribute("data-character-id"): (
            int(badge.get_attribute("data-hp") or "-1"),
            [chip.lower() for chip in badge.locator(".chip").all_inner_texts()],
            badge.locator("[data-save=failure]").count(),
        )
        for badge in overlay.locator(".badge").all()
    }
    assert shown == kept
    episode = Episode.objects.get(campaign__slug="the-drowned-bell")
    assert episode.title == "Low Water"
    assert episode.started_at is not None
    assert episode.ended_at is not None
    told = list(Event.objects.filter(campaign=episode.campaign).order_by("seq").values_list("type", flat=True))
    assert told[told.index("episode_started") :] == [
        *("episode_started", "hp_change", "hp_change", "hp_change", "hp_change", "condition_added", "hp_change"),
        *("death_save", "initiative", "initiative", "hp_change", "undo", "episode_ended"),
    ]
