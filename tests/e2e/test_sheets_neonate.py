"""A legal neonate in a strict chronicle, from an empty sheet to “Creation complete”: by keyboard alone, by thumb."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from accounts.actors import SYSTEM
from sheets import documents, lines, queries
from sheets.lines.traits import SKILL_NAMES
from sheets.models import Sheet
from sheets.operations import chronicles, sheets
from tests.asgi_server import AsgiServer
from tests.e2e.test_sheets import SAVED, opened
from tests.factories import a_campaign, a_member
from tests.sheets.drafts import NEONATE
from tests.sheets.made import again

DOTS = {name: rating for name, rating in NEONATE.items() if type(rating) is int and name != "generation"}
TYPED = {"clan": "Bru", "predator": "All", "generation": "13"}
# Kind to its rows, as the fields of the form that adds one come: words are typed, numbers are dots.
ROWS: dict[str, list[dict[str, Any]]] = {
    "specialties": [{"skill": "Brawl", "name": "Grappling"}, {"skill": "Stealth", "name": "Crowds"}],
    "disciplines": [{"discipline": "Cel", "rating": 2}, {"discipline": "Pot", "rating": 2}],
    "powers": [
        {"discipline": "Cel", "name": "Cat's Grace", "level": 1},
        {"discipline": "Cel", "name": "Fleetness", "level": 2},
        {"discipline": "Pot", "name": "Lethal Body", "level": 1},
        {"discipline": "Pot", "name": "Prowess", "level": 2},
    ],
    "touchstones": [{"name": "Inés Calloway", "conviction": "Never the unwilling."}],
    "advantages": [
        {"type": "Back", "name": "Haven", "dots": 3},
        {"type": "Merit", "name": "Beautiful", "dots": 4},
        {"type": "Flaw", "name": "Stalkers", "dots": 2},
    ],
}
SECTION = {"specialties": "skills", "powers": "disciplines"}
TEN_MINUTES = 600.0
TWICE = "button => { button.click(); button.click(); }"  # a thumb that trembles adds one
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def begun() -> Sheet:
    """An empty sheet in a chronicle that holds new characters to the rules."""
    campaign = a_campaign()
    chronicles.update(campaign, {"strict_creation": True}, actor=SYSTEM)
    player = a_member(campaign).user
    line = {"name": "Elena Cross", "campaign": str(campaign.pk)}
    return again(sheets.create(player, lines.line("vtm"), line, actor=SYSTEM))


def is_legal(sheet: Sheet) -> bool:
    """Complete, as the chronicle takes it, with no remark left."""
    document = documents.sheet_document(queries.sheet(str(sheet.pk), SYSTEM))
    return bool(document["creation_complete"]) and document["warnings"] == []


def is_completed(response: Response) -> bool:
    return response.request.method == "PATCH" and "creation_complete" in (response.request.post_data or "")


class Keyboard:
    """Every key that is pressed, counted. Nothing is reached but by Tab."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.pressed += len(keys)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def to(self, selector: str, key: str = "Tab") -> None:
        """On to the next place that matches."""
        for _ in range(400):
            self.press(key)
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{key} never comes to {selector}")


def test_by_keyboard_alone(page: Page, asgi_server: AsgiServer) -> None:
    sheet = begun()
    opened(page, asgi_server, sheet, sheet.owner)
    began, keys = time.monotonic(), Keyboard(page)
    for name in ("clan", "predator", "generation"):
        keys.to(f"[name={name}]")
        keys.type(TYPED[name])
    keys.to("[data-track=humanity] [role=slider]")
    keys.press("ArrowLeft")  # an alleycat is less humane
    for name in [*(name for name in DOTS if name not in SKILL_NAMES), *(n for n in SKILL_NAMES if n in DOTS)]:
        keys.to(f"[data-field={name}] [role=slider]")
        keys.press(str(DOTS[name]))
    for kind, rows in ROWS.items():
        add_by_keys(keys, kind, rows)
    keys.to("[name=creation_complete]")
    with page.expect_response(is_completed):
        keys.press("Space")
    expect(page.locator(SAVED)).to_be_attached()
    took = time.monotonic() - began
    expect(page.locator(".findings li")).to_have_count(0)
    assert is_legal(sheet)
    # At two keys a second, which is slow, those are four minutes.
    assert keys.pressed < 480 and took < TEN_MINUTES, (keys.pressed, took)


def add_by_keys(keys: Keyboard, kind: str, rows: list[dict[str, Any]]) -> None:
    keys.to(f"#rows-{kind} .add > summary")
    keys.press("Enter")
    for number, row in enumerate(rows):
        for name, value in row.items():
            place = f"#add-{kind} [data-field={name}] :is([role=slider], .input)"
            if not keys.page.evaluate("(selector) => document.activeElement.matches(selector)", place):
                keys.to(place)
            keys.type(str(value))
        keys.to(f"#add-{kind} button[type=submit]")
        keys.press("Enter")
        expect(keys.page.locator(f"#rows-{kind} .row-entry")).to_have_count(number + 1)
        # The next one can be typed at once.
        expect(keys.page.locator(f"#add-{kind} .input:not([hidden])").first).to_be_focused()


def test_by_thumb(new_page: Callable[..., Page], asgi_server: AsgiServer) -> None:
    sheet = begun()
    page = opened(new_page(**PHONE), asgi_server, sheet, sheet.owner)
    began = time.monotonic()
    page.locator("[name=clan]").select_option(label="Brujah")
    page.locator("[name=predator]").select_option(label="Alleycat")
    page.locator("[name=generation]").fill("13")
    page.locator("[data-track=humanity] [role=slider] i").nth(6).tap()  # the seventh of seven: one is cleared
    for name, rating in DOTS.items():
        unfolded(page, "skills" if name in SKILL_NAMES else "attributes")
        fill(page.locator(f"[data-field={name}]"), rating)
    for kind, rows in ROWS.items():
        unfolded(page, SECTION.get(kind, kind))
        add_by_thumb(page, kind, rows)
    unfolded(page, "modifiers")
    with page.expect_response(is_completed):
        page.locator("[name=creation_complete]").tap()
    expect(page.locator(SAVED)).to_be_attached()
    took = time.monotonic() - began
    expect(page.locator(".findings li")).to_have_count(0)
    assert is_legal(sheet) and took < TEN_MINUTES
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def unfolded(page: Page, section: str) -> None:
    found = page.locator(f"#{section}")
    if found.get_attribute("open") is None:
        found.locator("> summary").tap()


def add_by_thumb(page: Page, kind: str, rows: list[dict[str, Any]]) -> None:
    page.locator(f"#rows-{kind} .add > summary").tap()
    form = page.locator(f"#add-{kind}")
    for number, row in enumerate(rows):
        for name, value in row.items():
            fill(form.locator(f"[data-field={name}]"), value)
        if number:
            form.locator("button[type=submit]").tap()
        else:
            form.locator("button[type=submit]").evaluate(TWICE)
        expect(page.locator(f"#rows-{kind} .row-entry")).to_have_count(number + 1)


def fill(field: Locator, value: Any) -> None:
    if isinstance(value, int):
        dot = field.locator("[role=slider] i").nth(value - 1)
        if field.locator("[role=slider]").get_attribute("aria-valuenow") != str(value):
            dot.tap()
    elif field.locator("select").count():
        options = field.locator("option").all_text_contents()
        field.locator("select").select_option(label=next(each for each in options if each.startswith(value)))
    else:
        field.locator(".input").fill(value)
