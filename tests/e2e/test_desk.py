"""The control desk in a real browser, on a phone: a fight, the network away in the middle of it, and only the keyboard.

`page` stands last among the fixtures, so that it is closed before the tables are emptied.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Route, ViewportSize, expect

from accounts.actors import SYSTEM
from campaigns.models import Campaign, Event
from characters.models import Character, RosterEntry
from characters.operations import initiative, vitals
from tests import factories
from tests.asgi_server import AsgiServer
from tests.e2e.axe import violations
from tests.factories import Table
from tests.overlay.desk import keyboard

PHONE: ViewportSize = {"width": 390, "height": 844}
DOCK: ViewportSize = {"width": 300, "height": 700}
# What a finger cannot hit, or what lies beside the screen.
HIT = "#desk :is(button, select, input:not([type=checkbox], [type=radio]), .pick, .modes label)"
SMALL = f"""() => [...document.querySelectorAll('{HIT}')]
  .filter((it) => it.checkVisibility() && !it.matches('.visually-hidden') && it.getBoundingClientRect().height < 47.5)
  .map((it) => it.outerHTML.slice(0, 80))"""


@pytest.fixture
def table(asgi_server: AsgiServer) -> Table:
    table = factories.a_table(name="The Drowned Bell")
    bram = factories.a_character(table.campaign, name="Bram Oakhollow", hp=30)
    factories.on_stage(table.campaign, table.hero, bram)
    return table


def open_desk(page: Page, server: AsgiServer, table: Table) -> Page:
    client = Client()
    client.force_login(table.gm)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    page.context.add_cookies([{**cookie, "url": server.url}])  # type: ignore[typeddict-item]
    page.goto(f"{server.url}/campaigns/{table.campaign.slug}/control")
    expect(page.locator("#net")).to_have_attribute("data-is", "live")
    return page


def row(page: Page, name: str) -> Any:
    return page.locator(".pc", has=page.get_by_text(name, exact=True))


def settled(page: Page, table: Table) -> None:
    """All that was pressed has been done, and the desk has heard all that was done and drawn it."""
    expect(page.locator("#desk")).to_have_attribute("data-waiting", "0")
    seq = Campaign.objects.get(pk=table.campaign.pk).seq
    expect(page.locator("#desk")).to_have_attribute("data-seq", str(seq))
    expect(page.locator("#net [role=status]")).to_have_text("Live")


def bram_of(table: Table) -> Character:
    return Character.objects.get(campaign=table.campaign, name="Bram Oakhollow")


def stats(character: Character) -> Any:
    return Character.objects.get(pk=character.pk).stats


def deltas(table: Table) -> list[int]:
    events = Event.objects.filter(campaign=table.campaign, type="hp_change").order_by("seq")
    return [event.data["delta"] for event in events]


def test_a_fight_in_two_taps_each(asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]) -> None:
    page = open_desk(new_page(viewport=PHONE), asgi_server, table)
    isaura, bram = row(page, "Isaura Vane"), row(page, "Bram Oakhollow")
    isaura.locator(".pick").click()
    page.get_by_role("button", name="7", exact=True).click()
    expect(isaura).to_contain_text("38 / 45")
    settled(page, table)
    assert stats(table.hero)["hp"]["current"] == 38

    # Two at once, one of them by half, of fire; then half of that healed by the other way round.
    isaura.locator(".pick").click()
    bram.locator(".pick").click()
    page.get_by_role("button", name="Isaura Vane: Full").click()
    page.get_by_role("radio", name="Fire").check()
    page.get_by_role("button", name="15", exact=True).click()
    expect(isaura).to_contain_text("31 / 45")
    expect(bram).to_contain_text("15 / 30")
    settled(page, table)
    assert deltas(table) == [-7, -7, -15]

    # What is too much for the keys is typed; then the dying make their saves.
    bram.locator(".pick").click()
    page.get_by_role("button", name="Type").click()
    page.get_by_label("Amount", exact=True).fill("15")
    page.get_by_role("button", name="Apply").click()
    expect(bram.get_by_role("button", name="Saved")).to_be_visible()
    bram.get_by_role("button", name="Failed").click()
    settled(page, table)
    bram.get_by_role("button", name="Natural 20").click()
    expect(bram).to_contain_text("1 / 30")
    settled(page, table)

    # Conditions, the overlay, a roll and undo.
    isaura.locator(".pick").click()
    page.get_by_role("radio", name="Conditions").check()
    page.get_by_role("button", name="Prone", exact=True).click()
    expect(page.get_by_role("button", name="Prone", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Choose nobody").click()
    page.get_by_role("switch", name="Bram Oakhollow").click()
    expect(bram.get_by_text("Off the overlay")).to_be_visible()
    page.get_by_label("What is rolled").fill("Stealth")
    page.get_by_label("Total").fill("17")
    page.get_by_label("Total").press("Enter")  # Enter is the amount's, and says what is lacking
    expect(page.locator("#last")).to_contain_text("1 to 9999")
    page.locator(".tell", has_text="Roll").get_by_role("button", name="Tell").click()
    settled(page, table)
    expect(page.locator("#log li").first).to_contain_text("Stealth: 17")
    page.locator("#last").get_by_role("button", name="Undo").click()
    expect(page.locator("#log")).not_to_contain_text("Stealth: 17")
    assert stats(table.hero)["conditions"] == ["prone"]

    # Who was off the overlay when the page was made has a size and a place there once on it.
    king = page.locator("#roster li", has_text="The Pale King")
    expect(king.get_by_label("Size of The Pale King")).to_have_count(0)
    page.get_by_role("switch", name="The Pale King").click()
    settled(page, table)
    king.get_by_label("Size of The Pale King").select_option("compact")
    settled(page, table)
    assert RosterEntry.objects.get(character=table.secret).tier == "compact"
    page.get_by_role("switch", name="The Pale King").click()
    settled(page, table)

    # The order on the overlay, by the finger.
    page.get_by_role("switch", name="Bram Oakhollow").click()
    settled(page, table)
    grips = page.locator("#roster [data-part=grip]")
    grips.nth(1).scroll_into_view_if_needed()
    start, end = grips.nth(1).bounding_box(), grips.nth(0).bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 9, start["y"] + 9)
    page.mouse.down()
    page.mouse.move(start["x"] + 9, end["y"] - 40, steps=4)
    page.mouse.up()
    expect(page.locator("#rows li").first).to_contain_text("Bram Oakhollow")
    settled(page, table)
    assert [entry.character for entry in RosterEntry.objects.filter(campaign=table.campaign)] == [
        bram_of(table),
        table.hero,
    ]
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(SMALL) == []

    page.set_viewport_size(DOCK)
    isaura.locator(".pick").click()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate(SMALL) == []


@pytest.mark.allow_console_errors  # the browser reports each request that does not come through
def test_the_network_goes_in_the_middle_of_a_fight(
    asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]
) -> None:
    page = open_desk(new_page(viewport=PHONE), asgi_server, table)
    isaura = row(page, "Isaura Vane")

    def strike(amount: int) -> None:
        isaura.locator(".pick").click()
        page.get_by_role("button", name=str(amount), exact=True).click()

    # The first blow arrives, but its answer is lost on the way back; from then on nothing comes through at all.
    arrived: list[str] = []
    weather = ["foul"]

    def cut(route: Route) -> None:
        if weather == ["fair"]:
            return route.continue_()
        if not arrived:
            arrived.append(route.request.url)
            route.fetch()
        return route.abort()

    page.route("**/api/v1/**", cut)
    strike(7)
    expect(page.locator("#net")).to_contain_text("Offline, 1 queued")
    page.context.set_offline(True)
    for amount in (5, 3):
        strike(amount)
    expect(page.locator("#net [role=status]")).to_have_text("Offline, 3 queued")
    expect(isaura).to_contain_text("30 / 45")
    assert deltas(table) == [-7]

    # Whoever closes the desk meanwhile finds it all again; it goes out in order, and the first counts once.
    page.context.set_offline(False)
    page.reload()
    expect(row(page, "Isaura Vane")).to_contain_text("30 / 45")
    expect(page.locator("#net")).to_contain_text("3 queued")
    another = {"type": "hp_change", "character_id": str(table.hero.pk), "delta": -1}
    weather[:] = ["fair"]
    settled(page, table)
    assert deltas(table) == [-7, -5, -3]
    answer = page.request.post(
        f"{asgi_server.url}/api/v1/campaigns/{table.campaign.pk}/events",
        data=another,
        headers={"X-CSRFToken": page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value")},
    )
    assert answer.status == 201, answer.text()
    expect(row(page, "Isaura Vane")).to_contain_text("29 / 45")


# What Tab comes to, all the way round. Radios of a group are one stop.
STOPS = """() => { const stops = window.stops ??= new Set(); const first = !stops.has(document.activeElement);
  if (document.activeElement !== document.body) stops.add(document.activeElement); return first; }"""
MISSED = """() => [...document.querySelectorAll('#desk :is(button, select, input, a, summary)')]
  .filter((it) => it.checkVisibility() && it.tabIndex >= 0 && !['radio', 'hidden'].includes(it.type))
  .filter((it) => !stops.has(it)).map((it) => it.outerHTML.slice(0, 90))"""


def reach(page: Page, selector: str) -> None:
    """Stand on what Tab comes to; `-1`s (headings) are jumped to by a key."""
    target = page.locator(selector).first
    expect(target).to_be_visible()
    assert target.evaluate("(it) => it.tabIndex >= 0 || it.matches('h2') || it.checked"), selector
    target.focus()
    expect(target).to_be_focused()


def press(page: Page, key: str) -> None:
    if key.startswith("@"):
        reach(page, key[1:])
    elif key.startswith("'"):
        page.keyboard.type(key[1:])
    else:
        page.keyboard.press(key)


def await_server(page: Page, table: Table, case: keyboard.Case) -> None:
    settled(page, table)
    assert case.holds(table) == case.wanted, case


def test_every_function_by_keyboard_alone(asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]) -> None:
    factories.an_episode(table.campaign, number=1, title="Low tide")
    page = open_desk(new_page(viewport={"width": 1440, "height": 900}), asgi_server, table)
    for case in keyboard.CASES:
        assert case.holds(table) != case.wanted, case
        for key in case.presses:
            press(page, key)
        await_server(page, table, case)
    press(page, "?")
    page.get_by_label("Single keys act as shortcuts").uncheck()
    press(page, "Escape")
    press(page, "a")
    expect(page.locator("#tray li")).to_have_count(0)
    while page.evaluate(STOPS):
        page.keyboard.press("Tab")
    missed = page.evaluate(MISSED)
    assert missed == []


def test_turns_and_the_overlay_that_reports_itself(
    asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]
) -> None:
    page = open_desk(new_page(viewport=PHONE), asgi_server, table)
    page.locator("#begin summary").click()
    page.get_by_label("Isaura Vane").last.fill("21")
    page.get_by_label("Bram Oakhollow").last.fill("16")
    page.get_by_label("Somebody else").first.fill("Bell Warden")
    page.get_by_label("Initiative").first.fill("18")
    page.get_by_role("button", name="Set the order").click()
    turns = page.locator("#turns")
    expect(turns.locator("li")).to_have_count(3)
    expect(turns.get_by_role("button", name="Isaura Vane, initiative 21")).to_be_visible()
    settled(page, table)

    overlay = new_page(viewport={"width": 800, "height": 600})
    overlay.goto(f"{asgi_server.url}/overlay/{table.campaign.slug}?tier=medium")
    acting = overlay.locator(".badge[data-turn]")
    expect(acting).to_have_attribute("data-character-id", str(table.hero.pk))
    page.get_by_role("button", name="Next turn").click()
    expect(turns.locator("[aria-current]")).to_contain_text("Bell Warden")
    expect(acting).to_have_count(0)
    page.get_by_role("button", name="Next turn").click()
    expect(acting).to_have_attribute("data-turn", "Round 1")
    page.get_by_role("button", name="Next turn").click()
    expect(turns).to_contain_text("Round 2")

    source = page.locator("#sources li")
    expect(source).to_contain_text("Wrong size")
    expect(source).to_contain_text("800 × 600")
    overlay.set_viewport_size({"width": 1920, "height": 1080})
    expect(source).to_contain_text("Live")
    overlay.close()
    expect(source).to_contain_text("Offline")


PICK = "document.querySelectorAll('#rows [name=who]').forEach((box) => box.click())"


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_grave(
    asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page], theme: str
) -> None:
    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-45, actor=SYSTEM)
    entries = [{"character": table.hero.pk, "score": 12}, {"name": "Bell Warden", "score": 3}]
    initiative.set_order(table.campaign.pk, entries, actor=SYSTEM)
    page = open_desk(new_page(viewport=PHONE, color_scheme=theme), asgi_server, table)
    found = violations(page)
    page.evaluate(PICK)
    page.get_by_role("radio", name="Conditions").check()
    found += violations(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("radio", name="Damage").check()
    page.locator("#begin summary").click()
    found += violations(page)
    for path in ("obs", "buttons"):
        page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/control/{path}")
        found += violations(page)
    assert found == []
