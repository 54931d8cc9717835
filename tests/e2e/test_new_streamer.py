"""Somebody who streams and has never been here: from the front page to the overlay's address, by what the pages say.

What it takes is counted, as a clock would measure the machine: so many presses, so many things typed.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from characters.models import RosterEntry
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
    assert not RosterEntry.objects.exists()  # it was only looked
    hand.press("button", "Bring them in")
    expect(page.get_by_role("heading", name="4 characters came in")).to_be_visible()
    hand.press("link", "Put the overlay into OBS")
    hand.press("button", "Copy")

    address = page.evaluate("navigator.clipboard.readText()")
    assert f"{asgi_server.url}/overlay/the-drowned-bell" in address
    assert hand.pressed <= MOST_PRESSES
    assert hand.typed <= MOST_TYPED
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    overlay = new_page(viewport={"width": 1920, "height": 1080})
    overlay.goto(address)
    expect(overlay.locator(".badge")).to_have_count(len(PARTY))
