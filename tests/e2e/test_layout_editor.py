"""The layout editor in a real browser, with an overlay open beside it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from campaigns.models import Campaign
from characters.models import Character
from overlay.models import Layout
from overlay.operations import layouts
from tests.asgi_server import AsgiServer
from tests.e2e.waiting import until
from tests.factories import PASSWORD, Table, a_character, a_table, acting, on_stage
from tests.overlay import editor_keyboard

WIDE = {"width": 1440, "height": 900}
OBS = {"width": 1920, "height": 1080}
# Where a badge stands: left and bottom edge in pixels of 1920 x 1080.
AT = """([id, x, y]) => {
    const box = document.querySelector(`.badge[data-character-id="${id}"]`).getBoundingClientRect();
    return Math.abs(box.left - x) < 1 && Math.abs(box.bottom - y) < 1;
}"""


@pytest.fixture
def table(asgi_server: AsgiServer) -> Table:
    table = a_table(name="The Drowned Bell")
    on_stage(table.campaign, table.hero, a_character(table.campaign, name="Bram Oakhollow"))
    return table


@pytest.fixture
def editor(asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]) -> Page:
    return opened(new_page(viewport=WIDE, base_url=asgi_server.url), table)


def opened(page: Page, table: Table) -> Page:
    address = f"/admin/overlay/layout/editor/{table.campaign.pk}/"
    page.goto(f"/accounts/login?next={address}")
    page.get_by_label("User name").fill(table.gm.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(mark(page, "Isaura Vane")).to_be_visible()
    page.wait_for_load_state()  # nothing moves beneath the pointer any more
    page.evaluate(DRAWN)
    return page


@pytest.fixture
def overlay(asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport=OBS)
    page.goto(f"{asgi_server.url}/overlay/{table.campaign.slug}")
    page.wait_for_selector("campaign-overlay[data-connection=open]", state="attached")
    return page


# The panel follows the selection a frame later, and a change of format another: no hand is quicker.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
FIRST_OF_THE_FLOW = "38"  # once the other one has left it


def mark(page: Page, name: str) -> Locator:
    return page.locator(".marks").get_by_role("button", name=name)


def drag(page: Page, target: Locator, dx: float, dy: float) -> None:
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()
    page.evaluate(DRAWN)


def stored(campaign: Campaign, character: Character, tier: str = "large") -> dict[str, float]:
    return Layout.objects.get(campaign=campaign, tier=tier).document["badges"][str(character.pk)]


def numbers(page: Page) -> list[str]:
    labels = ("Left edge in pixels", "Bottom edge in pixels from the top", "Size in percent")
    return [page.get_by_label(label, exact=True).input_value() for label in labels]


def on_air(page: Page) -> None:
    expect(page.get_by_text("Every overlay has this layout")).to_be_visible()


def test_what_is_dragged_or_typed_moves_on_air(editor: Page, overlay: Page, table: Table) -> None:
    hero = str(table.hero.pk)
    overlay.evaluate("window.same = true")
    drag(editor, mark(editor, "Isaura Vane"), 130, -150)
    left, bottom, _size = numbers(editor)
    overlay.wait_for_function(AT, arg=[hero, int(left), int(bottom)])
    on_air(editor)
    place = stored(table.campaign, table.hero)
    assert (round(place["x"] * 1920), round(place["y"] * 1080)) == (int(left), int(bottom))

    # The other one, by keys alone: it keeps its place, moves by one and by ten, grows, and goes back.
    mark(editor, "Bram Oakhollow").focus()
    expect(editor.get_by_label("Left edge in pixels", exact=True)).to_have_value(FIRST_OF_THE_FLOW)
    before = [int(text) for text in numbers(editor)]
    for key in ("ArrowRight", "Shift+ArrowUp", "+", "+"):
        editor.keyboard.press(key)
    wanted = [before[0] + 1, before[1] - 10, 110]
    expect(editor.get_by_label("Size in percent", exact=True)).to_have_value("110")
    assert [int(text) for text in numbers(editor)] == wanted
    other = str(table.campaign.characters.get(name="Bram Oakhollow").pk)
    overlay.wait_for_function(AT, arg=[other, wanted[0], wanted[1]])
    editor.keyboard.press("Control+z")  # both steps of its size
    editor.keyboard.press("Control+z")  # both ways it went
    expect(editor.get_by_role("button", name="Undo")).to_be_enabled()
    overlay.wait_for_function(AT, arg=[other, before[0], before[1]])
    editor.keyboard.press("Control+Shift+z")
    overlay.wait_for_function(AT, arg=[other, wanted[0], wanted[1]])
    assert overlay.evaluate("window.same"), "the overlay was loaded anew"


def press(page: Page, table: Table, key: str) -> None:
    if key[0] in "@'":
        page.evaluate(DRAWN)
    if key == "!":
        editor_keyboard.moved_by_another(table)
        expect(page.get_by_role("alert")).to_be_visible()
    elif key.startswith("@"):
        target = page.locator(key[1:]).first
        expect(target).to_be_visible()
        assert target.evaluate("(it) => it.tabIndex >= 0"), key
        target.focus()
    elif key.startswith("'"):
        page.keyboard.press("Control+a")
        page.keyboard.type(key[1:])
    else:
        page.keyboard.press(key)


def await_server(page: Page, table: Table, case: editor_keyboard.Case) -> None:
    until(page, lambda: case.holds(table) == case.wanted)
    on_air(page)


def test_every_function_by_keyboard_alone(asgi_server: AsgiServer, table: Table, new_page: Callable[..., Page]) -> None:
    on_stage(table.campaign, table.hero, *table.campaign.characters.filter(name="Bram Oakhollow"),
             a_character(table.campaign, name="Nim"))  # fmt: skip
    page = opened(new_page(viewport=WIDE, base_url=asgi_server.url), table)
    for case in editor_keyboard.CASES:
        assert case.holds(table) != case.wanted, case
        for key in case.presses:
            press(page, table, key)
        await_server(page, table, case)


def test_two_people_at_once(editor: Page, overlay: Page, table: Table) -> None:
    """Different badges: both win. The same one: it is said, and the choice is theirs."""
    gm, hero = acting(table.gm), str(table.hero.pk)
    other = table.campaign.characters.get(name="Bram Oakhollow")
    editor.locator(".switch", has_text="Push as I edit").click()
    drag(editor, mark(editor, "Isaura Vane"), 100, -100)
    expect(editor.get_by_text("Changes not on air yet")).to_be_visible()
    layouts.save(table.campaign.pk, "large", {"badges": {str(other.pk): {"x": 0.6, "y": 0.5}}}, actor=gm)
    overlay.wait_for_function(AT, arg=[str(other.pk), 0.6 * 1920, 0.5 * 1080])
    editor.get_by_role("button", name="Push live").click()
    on_air(editor)
    assert stored(table.campaign, other)["x"] == 0.6
    mine = stored(table.campaign, table.hero)

    mark(editor, "Isaura Vane").focus()
    editor.keyboard.press("Shift+ArrowRight")
    expect(editor.get_by_text("Changes not on air yet")).to_be_visible()
    layouts.save(table.campaign.pk, "large", {"badges": {hero: {"x": 0.5, "y": 0.9}}}, actor=gm)
    expect(editor.get_by_role("alert")).to_contain_text("Isaura Vane")
    editor.get_by_role("button", name="Take theirs").click()
    expect(editor.get_by_label("Left edge in pixels", exact=True)).to_have_value("960")
    assert stored(table.campaign, table.hero) == {**mine, "x": 0.5, "y": 0.9}
