"""A page that is open takes the better forms of a picture when they are made, and nothing on it moves."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from content import background
from content.models import Job, JobState, Version
from content.operations import jobs
from content.tasks import finish
from tests.actors import api_as
from tests.asgi_server import AsgiServer
from tests.content.pictures import a_picture
from tests.content.stored import send
from tests.e2e.test_pictures import sign_in
from tests.e2e.waiting import until
from tests.factories import a_table

AVIF = re.compile(r"\.avif")
SHOWN = """image => image.complete
  || new Promise((done) => image.addEventListener("load", () => done(true), { once: true }))"""
LOADED = """image => image.complete && image.currentSrc.includes(".avif") ? true
  : new Promise((done) => image.addEventListener("load", () => done(true), { once: true }))"""


@pytest.fixture(autouse=True)
def _live(redis_url: str) -> None:
    """The server learns by Redis what this process writes."""


def test_without_reload(
    new_page: Callable[..., Page], asgi_server: AsgiServer, transactional_db: None, monkeypatch: Any
) -> None:
    table = a_table()
    page = new_page(viewport={"width": 1280, "height": 900})
    here = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
    page.goto(f"{asgi_server.url}{here}")
    page.evaluate("window.stillHere = true")
    picture = page.locator(".portrait picture img")

    monkeypatch.setattr(background, "send", lambda *sent: None)
    first = send(api_as(table, "gm"), f"{here}/portrait", a_picture("JPEG", 700, 980)).json()["url"]
    expect(picture).to_have_attribute("src", first)
    expect(picture).not_to_have_css("border-top-left-radius", "0px")  # it stands under the arch
    picture.evaluate(SHOWN)
    before = picture.bounding_box()
    finish(str(Version.objects.get().pk))
    # Not wait_for_function: to ask again it evaluates text, which the page's policy forbids.
    expect(page.locator(".portrait picture source[type='image/avif']")).to_have_attribute("srcset", AVIF)
    picture.evaluate(LOADED)
    assert ".avif" in picture.evaluate("image => image.currentSrc")
    assert picture.get_attribute("src") == first
    assert picture.bounding_box() == before
    assert page.evaluate("window.stillHere") is True


def test_the_gm_and_the_player_see_how_far_it_is(
    new_page: Callable[..., Page], asgi_server: AsgiServer, transactional_db: None, monkeypatch: Any
) -> None:
    table = a_table()
    monkeypatch.setattr(background, "send", lambda *sent: None)
    here = f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
    send(api_as(table, "gm"), f"{here}/portrait", a_picture("JPEG", 700, 980))
    page = new_page(viewport={"width": 390, "height": 844})
    sign_in(page, asgi_server.url, table.gm)
    told: list[object] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: told.append(frame)))
    page.goto(f"{asgi_server.url}{here}/pictures")
    until(page, lambda: told)
    said = page.locator('file-progress[data-purpose="portrait"]')
    expect(said).to_have_text("Smaller sizes are being made: 0 %")
    player = new_page(viewport={"width": 390, "height": 844})  # who has no stream of the GM's, and asks
    sign_in(player, asgi_server.url, table.player)
    player.goto(f"{asgi_server.url}{here}/pictures")
    asked = player.locator('file-progress[data-purpose="portrait"]')
    expect(asked).to_have_text("Smaller sizes are being made: 0 %")
    version = Version.objects.get()
    Job.objects.update(state=JobState.RUNNING)
    jobs.progress(version.pk, 40)
    expect(said).to_have_text("Smaller sizes are being made: 40 %")
    finish(str(version.pk))
    expect(said).to_have_text("All sizes are made.")
    expect(asked).to_have_text("All sizes are made.")
    expect(page.locator('file-progress[data-purpose="background"]')).to_have_text("")
