"""The library of a campaign on a phone: several files at once, a refusal, words, publishing, and a player who looks."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from content.models import Asset
from tests.asgi_server import AsgiServer
from tests.content import recorded
from tests.content.papers import a_pdf
from tests.content.pictures import a_picture
from tests.e2e.test_pictures import PHONE, sign_in
from tests.factories import Table, a_table

KNOWN = """audio => audio.readyState > 0
  || new Promise((done) => audio.addEventListener("loadedmetadata", () => done(true), { once: true }))"""


@pytest.fixture
def table(transactional_db: None) -> Table:
    return a_table(name="The Ferryman’s Bell")


@pytest.fixture
def page(new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table) -> Page:
    page = new_page(**PHONE, color_scheme="dark")
    sign_in(page, asgi_server.url, table.gm)
    page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}")
    page.get_by_role("link", name="Library").click()
    page.locator("file-sender:defined").wait_for()
    return page


def file(name: str, raw: bytes, type_: str = "") -> Any:
    return {"name": name, "mimeType": type_, "buffer": raw}


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.allow_console_errors
def test_from_a_phone_to_the_players(
    page: Page, new_page: Callable[..., Page], asgi_server: AsgiServer, table: Table, tmp_path: Path
) -> None:
    chosen = [
        file("Harbour at night.png", a_picture("PNG", 600, 400), "image/png"),
        file("Tide table.pdf", a_pdf(), "application/pdf"),
        file("The bell.mp3", recorded.sound(2), "audio/mpeg"),
        file("archive.zip", b"PK\x03\x04\0\0", "application/zip"),
    ]
    page.get_by_label("Bring something").set_input_files(chosen)
    page.get_by_role("button", name="Put it into the library").click()
    lines = page.locator(".sending li")
    expect(lines.nth(3)).to_contain_text("This is no picture, sound, video, PDF or text")
    expect(lines.nth(0)).to_contain_text("In the library")
    expect(lines.nth(3).get_by_role("button", name="Send again")).to_be_visible()
    assert fits(page)
    page.get_by_role("link", name="Show what is in the library now").click()
    expect(page.locator(".file-card")).to_have_count(3)
    page.screenshot(path=tmp_path / "list-390.png", full_page=True)

    page.get_by_role("link", name="The bell").click()
    sound = page.locator("audio")
    expect(sound).to_be_attached()  # the page shows by itself what is made meanwhile
    sound.evaluate(KNOWN)
    page.locator("wave-player[data-ready]").wait_for()
    page.locator(".wave").click(position={"x": 150, "y": 20})
    assert 0.3 < float(sound.evaluate("audio => audio.currentTime")) < 1.9
    assert fits(page)
    page.screenshot(path=tmp_path / "sound-390.png", full_page=True)

    page.get_by_role("link", name="Library", exact=True).click()
    page.get_by_role("link", name="Harbour at night").click()
    page.get_by_text("Players of the campaign see it").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Fill this in before you publish").first).to_be_visible()
    page.get_by_label("What it shows, for those").fill("Ships, and one lamp")
    page.get_by_label("Who made it").fill("Ada")
    page.get_by_label("Licence").fill("CC0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Players see it")).to_be_visible()
    page.screenshot(path=tmp_path / "picture-390.png", full_page=True)

    player = new_page(viewport={"width": 820, "height": 900}, color_scheme="light", java_script_enabled=False)
    sign_in(player, asgi_server.url, table.player)
    player.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/library")
    expect(player.locator(".file-card")).to_have_count(1)
    player.get_by_label("Bring something").set_input_files(file("Map.png", a_picture(), "image/png"))
    player.get_by_role("button", name="Put it into the library").click()
    expect(player.get_by_text("Map is in the library.")).to_be_visible()
    player.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/library")
    player.screenshot(path=tmp_path / "list-820-light.png", full_page=True)

    page.set_viewport_size({"width": 1440, "height": 900})
    page.screenshot(path=tmp_path / "picture-1440.png", full_page=True)
    page.goto(f"{asgi_server.url}/campaigns/{table.campaign.slug}/library")
    expect(page.locator(".file-card")).to_have_count(4)
    page.screenshot(path=tmp_path / "list-1440.png", full_page=True)
    if keep := os.environ.get("KEEP_SHOTS"):
        for shot in tmp_path.glob("*.png"):
            Path(keep, shot.name).write_bytes(shot.read_bytes())

    page.get_by_role("link", name="Map").click()
    page.get_by_text("Delete it …").click()
    page.get_by_role("button", name="Delete Map").click()
    expect(page.get_by_text("Map is deleted.")).to_be_visible()
    assert not Asset.objects.filter(title="Map").exists()
