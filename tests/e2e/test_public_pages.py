"""The public pages in a real browser: they follow the stream, keep to the policy, and can be read by everybody.

`page` stands last among the fixtures, so that it is closed before the tables are emptied: a page that is still open
when its campaign goes asks the server what is left to see.
"""

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.actors import SYSTEM
from campaigns.models import Campaign
from campaigns.operations import episodes
from characters.models import Character
from tests import factories
from tests.asgi_server import AsgiServer
from tests.e2e.waiting import until

WIDTHS = (390, 820, 1440)
LONG_NAME = "Marguerite Delacroix-Fontainebleau of the Ninth Procession of Saint Agatha"

Post = Callable[..., Any]


@pytest.fixture
def campaign(asgi_server: AsgiServer) -> Campaign:
    return factories.a_campaign(name="The Ferryman’s Bell", description="The lake is gone.", settings={})


@pytest.fixture
def post(asgi_server: AsgiServer, campaign: Campaign) -> Post:
    """Send JSON to the campaign's API as the table's own tool would."""
    _token, text = factories.a_token(campaign)

    def send(path: str, body: dict[str, Any], method: str = "POST") -> Any:
        request = urllib.request.Request(
            f"{asgi_server.url}/api/v1/campaigns/{campaign.slug}/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-Token": text},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    return send


def struck(hero: Character, delta: int, **more: Any) -> dict[str, Any]:
    return {"type": "hp_change", "character_id": str(hero.pk), "delta": delta, **more}


def open_live(page: Page, address: str) -> None:
    """Open a page and its socket. It holds the state already: who is up to date hears nothing until something happens,
    and what happens before the socket is open is told to it then."""
    with page.expect_websocket():
        page.goto(address)


def open_hub(page: Page, server: AsgiServer, campaign: Campaign) -> None:
    open_live(page, f"{server.url}/campaigns/{campaign.slug}")


def scale_of_bar(page: Page) -> float:
    """How much of the bar is drawn, 0 to 1."""
    return float(
        page.locator("hp-bar .now").first.evaluate(
            "rect => rect.getBoundingClientRect().width / rect.closest('hp-bar').getBoundingClientRect().width"
        )
    )


def test_the_hub_follows_a_fight(asgi_server: AsgiServer, campaign: Campaign, post: Post, page: Page) -> None:
    hero = factories.a_character(campaign, name="Isaura Vane", hp=40)
    factories.on_stage(campaign, hero)
    open_hub(page, asgi_server, campaign)
    card = page.locator(".player")
    assert scale_of_bar(page) == pytest.approx(1, abs=0.01)

    post("events", struck(hero, -30, kind="fire"))
    expect(card.get_by_role("img", name="10 of 40 hit points")).to_be_visible()
    expect(page.locator("#told li").first).to_contain_text("Isaura Vane takes 30 fire damage")
    expect(page.locator("#said")).to_have_text("Isaura Vane takes 30 fire damage")
    until(page, lambda: scale_of_bar(page) == pytest.approx(0.25, abs=0.01))

    event = post("events", {"type": "condition_added", "character_id": str(hero.pk), "condition": "prone"})
    expect(card.locator(".chip")).to_have_text("Prone")
    post("events", struck(hero, -10))
    expect(card.get_by_text("Death saves")).to_be_visible()
    expect(card.locator(".arch")).to_have_attribute("data-state", "down")

    post(f"events/{event['id']}/undo", {})
    expect(card.locator(".chip")).to_have_count(0)
    expect(page.locator("#told")).not_to_contain_text("prone")


def test_who_comes_on_stage_appears_and_who_leaves_is_gone(
    asgi_server: AsgiServer, campaign: Campaign, post: Post, page: Page
) -> None:
    heroes = [factories.a_character(campaign, name=name, hp=10) for name in ("Isaura Vane", "Bram Oakhollow")]
    vampire = factories.a_vampire(campaign, name="Elena Cross", class_name="Brujah")
    open_hub(page, asgi_server, campaign)
    expect(page.get_by_text("The stage is empty")).to_be_visible()

    post("roster", {"character_ids": [str(hero.pk) for hero in (*heroes, vampire)]}, "PATCH")
    names = page.locator(".player h3")
    expect(names).to_have_text(["Isaura Vane", "Bram Oakhollow", "Elena Cross"])
    expect(page.get_by_text("The stage is empty")).to_be_hidden()
    expect(page.get_by_role("img", name="Hunger: 2 of 5")).to_be_visible()
    expect(page.locator(".player hp-bar:visible")).to_have_count(2)

    post("roster", {"character_ids": [str(vampire.pk), str(heroes[0].pk)]}, "PATCH")
    expect(names).to_have_text(["Elena Cross", "Isaura Vane"])


def test_the_badge_when_an_episode_begins_and_ends(
    asgi_server: AsgiServer, campaign: Campaign, post: Post, page: Page
) -> None:
    factories.an_episode(campaign, number=18, title="The Rope and the Toll")
    open_hub(page, asgi_server, campaign)
    badge = page.locator("[data-part=tonight]")
    expect(badge).to_be_hidden()

    post("episodes/18/start", {})
    expect(badge).to_contain_text("Episode 18: The Rope and the Toll")
    expect(badge.locator("time")).to_have_text(re.compile(r"^0:00:\d\d$"))
    post("episodes/18/end", {})
    expect(badge).to_be_hidden()


def test_a_character_s_page_follows_too(asgi_server: AsgiServer, campaign: Campaign, post: Post, page: Page) -> None:
    hero = factories.a_character(campaign, name="Isaura Vane", hp=40, hp_display="band")
    open_live(page, f"{asgi_server.url}/campaigns/{campaign.slug}/characters/{hero.pk}")
    expect(page.locator(".band")).to_have_text("Unhurt")

    post("events", struck(hero, -21))

    expect(page.locator(".band")).to_have_text("Bloodied")


@pytest.mark.allow_console_errors  # the lost connection is one
def test_a_lost_connection_is_said_quietly_and_healed(
    asgi_server: AsgiServer, campaign: Campaign, post: Post, page: Page
) -> None:
    hero = factories.a_character(campaign, hp=40)
    factories.on_stage(campaign, hero)
    open_hub(page, asgi_server, campaign)

    asgi_server.stop()
    expect(page.get_by_text("Reconnecting")).to_be_visible()
    expect(page.get_by_role("img", name="40 of 40 hit points")).to_be_visible()
    asgi_server.start()
    post("events", struck(hero, -4))

    expect(page.get_by_role("img", name="36 of 40 hit points")).to_be_visible()
    expect(page.get_by_text("Reconnecting")).to_be_hidden()


def test_the_theme_stays_chosen(asgi_server: AsgiServer, page: Page) -> None:
    page.goto(f"{asgi_server.url}/campaigns")
    switch = page.get_by_role("button", name="Theme: as the system")
    switch.click()
    page.get_by_role("button", name="Theme: dark").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    light = page.evaluate(ground)

    page.goto(f"{asgi_server.url}/")

    assert page.locator("html").get_attribute("data-theme") == "light"
    assert page.evaluate(ground) == light == "rgb(246, 240, 228)"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(asgi_server: AsgiServer, new_page: Callable[..., Page], width: int) -> None:
    campaign = factories.a_campaign(name=LONG_NAME)
    heroes = [
        factories.a_character(campaign, name=LONG_NAME, player_name=LONG_NAME[:80]),
        factories.a_vampire(campaign),
    ]
    factories.on_stage(campaign, *heroes)
    episodes.start(factories.an_episode(campaign, number=1, title=LONG_NAME * 2), actor=SYSTEM)
    below = f"/campaigns/{campaign.slug}"
    page = new_page(viewport={"width": width, "height": 900})

    for path in (
        "/",
        "/campaigns",
        below,
        f"{below}/characters",
        f"{below}/characters/{heroes[0].pk}",
        f"{below}/episodes/1",
        "/accounts/login",
    ):
        page.goto(f"{asgi_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("document.querySelector('.site-header').offsetHeight") <= 64, path  # one line


# Words in light colours, and what is pressed: neither belongs on paper.
UNFIT_FOR_PAPER = """() => [...document.body.querySelectorAll('*')].filter((node) => {
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (node.matches('button, input, .site-header, .site-footer')) return true;
    const written = [...node.childNodes].some(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());
    const [red, green, blue] = getComputedStyle(node).color.match(/[\\d.]+/g).map(Number);
    return written && !node.closest('svg') && 0.3 * red + 0.6 * green + 0.1 * blue > 140;
}).map((node) => node.outerHTML.slice(0, 120))"""


def test_on_paper_there_is_ink_on_white_and_nothing_to_press(
    asgi_server: AsgiServer, campaign: Campaign, new_page: Callable[..., Page]
) -> None:
    hero = factories.a_character(campaign, name="Isaura Vane", summary="Rings the bell.", player_name="Noor")
    factories.on_stage(campaign, hero)
    factories.an_episode(campaign, title="The Rope and the Toll", vod_url="https://example.org/v")
    page = new_page(color_scheme="dark")
    below = f"{asgi_server.url}/campaigns/{campaign.slug}"
    for address in (below, f"{below}/characters", f"{below}/characters/{hero.pk}", f"{below}/episodes"):
        page.goto(address)
        assert page.evaluate(UNFIT_FOR_PAPER), "on the screen there is some"
        page.emulate_media(media="print")
        assert page.evaluate(UNFIT_FOR_PAPER) == [], address
        page.emulate_media(media="screen")


def test_without_scripts_the_hub_reads_the_same(
    asgi_server: AsgiServer, campaign: Campaign, new_page: Callable[..., Page]
) -> None:
    hero = factories.a_character(
        campaign, name="Isaura Vane", hp=40, accent="#6cc5b0", stats={"hp": {"max": 40, "current": 10}}
    )
    factories.on_stage(campaign, hero)
    page = new_page(java_script_enabled=False)
    page.goto(f"{asgi_server.url}/campaigns/{campaign.slug}")

    fill, bar = page.locator("hp-bar .now").bounding_box(), page.locator("hp-bar:visible").bounding_box()

    assert fill is not None
    assert bar is not None
    assert fill["width"] / bar["width"] == pytest.approx(0.25, abs=0.01)
    frame = page.locator(".player .arch-frame")
    assert frame.get_attribute("color") == "#6cc5b0"
    expect(frame).to_have_css("color", "rgb(108, 197, 176)")


OUTLINE = """() => ({
  h1: document.querySelectorAll('h1').length,
  main: document.querySelectorAll('main').length,
  unnamed: [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')].filter((one) =>
    !one.closest('[hidden], [aria-hidden=true], template') &&
    !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length)).map((one) => one.outerHTML),
  skipped: [...document.querySelectorAll('h1, h2, h3, h4')].map((one) => Number(one.tagName[1]))
    .filter((level, index, all) => index > 0 && level > all[index - 1] + 1),
  ids: [...document.querySelectorAll('[id]')].map((one) => one.id)
    .filter((id, index, all) => all.indexOf(id) !== index),
})"""


def test_every_page_has_one_heading_named_controls_and_an_outline(
    asgi_server: AsgiServer, campaign: Campaign, page: Page
) -> None:
    hero = factories.a_character(campaign)
    factories.on_stage(campaign, hero)
    factories.an_episode(campaign, number=1, vod_url="https://example.org/v", summary="A night.")
    below = f"/campaigns/{campaign.slug}"

    for path in (
        "/",
        "/campaigns",
        below,
        f"{below}/characters",
        f"{below}/characters/{hero.pk}",
        f"{below}/episodes",
        f"{below}/episodes/1",
        "/accounts/login",
    ):
        page.goto(f"{asgi_server.url}{path}")
        assert page.evaluate(OUTLINE) == {"h1": 1, "main": 1, "unnamed": [], "skipped": [], "ids": []}, path


def test_the_keyboard_reaches_the_content_first(asgi_server: AsgiServer, campaign: Campaign, page: Page) -> None:
    page.goto(f"{asgi_server.url}/campaigns")

    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


@pytest.mark.allow_console_errors  # the browser reports the 404 itself
def test_what_is_not_there_has_a_page_of_its_own(asgi_server: AsgiServer, page: Page) -> None:
    answer = page.goto(f"{asgi_server.url}/campaigns/nowhere")

    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="Nothing on this stage")).to_be_visible()
