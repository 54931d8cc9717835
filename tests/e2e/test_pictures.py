"""A portrait given, cropped, replaced and removed on a phone, while the overlay shows it without a reload."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from characters.models import Character
from tests.asgi_server import AsgiServer
from tests.content.pictures import a_picture, corners, opened
from tests.factories import PASSWORD, Table, a_table

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def table(transactional_db: None) -> Table:
    return a_table()


@pytest.fixture
def overlay(new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table) -> Page:
    page = new_page()
    page.goto(f"{asgi_server.url}/overlay/{table.campaign.slug}")
    page.evaluate("window.stillHere = true")
    return page


@pytest.fixture
def page(new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table) -> Page:
    page = new_page(**PHONE)
    sign_in(page, asgi_server.url, table.player)
    page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/characters/{table.hero.pk}")
    page.get_by_role("link", name="Change pictures").click()
    wait_for_script(page)
    return page


def sign_in(page: Page, url: str, user: Any) -> None:
    page.goto(f"{url}/accounts/login")
    page.get_by_label("User name").fill(user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "login" not in address)


def portrait_of(table: Table) -> str:
    return Character.objects.get(pk=table.hero.pk).portrait_url


def place(page: Page) -> Any:
    return page.locator('.place[data-purpose="portrait"]')


def wait_for_script(page: Page) -> None:
    """A picture that comes before the script is taken as by the plain form."""
    page.locator("picture-picker:defined").first.wait_for()


def choose(page: Page, raw: bytes) -> None:
    file: Any = {"name": "isaura.png", "mimeType": "image/png", "buffer": raw}
    place(page).get_by_label("icture", exact=False).first.set_input_files(file)


def show(page: Page) -> None:
    with page.expect_navigation():
        place(page).get_by_role("button", name="Show this picture").click()


def shown_on(overlay: Page, table: Table) -> Any:
    return overlay.locator(f'[data-character-id="{table.hero.pk}"] img')


def test_upload_crop_replace_remove(page: Page, overlay: Page, asgi_server: AsgiServer, table: Table) -> None:
    choose(page, a_picture("PNG", 300, 420))
    frame = place(page).get_by_role("group", name="Crop")
    expect(frame).to_be_visible()
    frame.focus()
    for _ in range(25):
        frame.press("Shift+ArrowLeft")
        frame.press("Shift+ArrowUp")
    expect(place(page).get_by_text("50 by 50 percent")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    show(page)

    first = portrait_of(table)
    expect(place(page).locator(".now img")).to_have_attribute("src", first)
    expect(shown_on(overlay, table)).to_have_attribute("src", first)
    stored = opened(io.BytesIO(page.request.get(asgi_server.url + first).body()))
    assert (stored.size, set(corners(stored))) == ((150, 210), {"red"})
    expect(place(page).get_by_text("This picture is shown from now on.")).to_be_focused()
    expect(place(page).locator(".now img")).to_be_in_viewport()
    expect(page.get_by_text("This picture is shown from now on.")).to_have_count(1)

    wait_for_script(page)
    choose(page, a_picture("JPEG", 300, 420))
    show(page)
    second = portrait_of(table)
    assert second != first
    expect(shown_on(overlay, table)).to_have_attribute("src", second)
    assert shown_on(overlay, table).evaluate("image => image.decode().then(() => image.naturalWidth)") == 300

    with page.expect_navigation():
        place(page).get_by_role("button", name="Remove the portrait").click()
    expect(shown_on(overlay, table)).to_have_attribute("src", f"/crests/{table.hero.pk}.svg")
    assert overlay.evaluate("window.stillHere") is True
    assert portrait_of(table) == ""


def test_dropped_and_pasted(page: Page, table: Table) -> None:
    send = """([selector, type, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "x.png", { type: "image/png" }));
        const named = type === "paste" ? { clipboardData: data } : { dataTransfer: data };
        const event = type === "paste" ? new ClipboardEvent("paste", { ...named, bubbles: true })
          : new DragEvent("drop", { ...named, bubbles: true, cancelable: true });
        document.querySelector(selector).dispatchEvent(event);
    }"""
    for type_, width in (("drop", 200), ("paste", 260)):
        wait_for_script(page)
        page.evaluate(send, ['.place[data-purpose="portrait"] form', type_, list(a_picture("PNG", width, 300))])
        expect(place(page).locator(".crop")).to_be_visible()
        show(page)
        known = Character.objects.get(pk=table.hero.pk).pictures["portrait"]
        assert known["width"] == width


@pytest.mark.allow_console_errors
def test_what_is_no_picture_is_told_at_the_field(page: Page, table: Table) -> None:
    choose(page, b"<svg/>")
    place(page).get_by_role("button", name="Show this picture").click()
    expect(place(page).get_by_role("alert")).to_contain_text("no JPEG, PNG or WebP")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    choose(page, a_picture("PNG") + bytes(6 * 2**20))
    expect(place(page).get_by_role("alert")).to_contain_text("It has 6.0 MB, and may have 5.0 MB. Scale it down")
    place(page).get_by_role("button", name="Show this picture").click()
    expect(place(page).get_by_role("alert")).to_contain_text("Scale it down")
    choose(page, a_picture("PNG", 300, 420))
    show(page)
    assert portrait_of(table)
    assert sent.count("POST") == 1  # what is too large is not sent at all


def test_without_script(new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table) -> None:
    page = new_page(**PHONE, java_script_enabled=False)
    sign_in(page, asgi_server.url, table.gm)
    page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/pictures")
    choose(page, a_picture("PNG", 300, 420))
    show(page)
    expect(page.get_by_text("has a new portrait")).to_be_visible()
    assert portrait_of(table)


@pytest.mark.parametrize("width", [390, 1280])
def test_how_it_looks(
    new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table, width: int, tmp_path: Path
) -> None:
    page = new_page(viewport={"width": width, "height": 900})
    sign_in(page, asgi_server.url, table.gm)
    page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/pictures")
    choose(page, a_picture("PNG", 600, 840))
    expect(place(page).locator(".crop")).to_be_visible()
    shot = page.screenshot(path=tmp_path / "page.png", full_page=True)
    assert len(shot) > 10_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width
