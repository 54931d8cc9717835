"""The dashboard in a real browser: it follows the live stream, and its buttons work."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.actors import SYSTEM
from campaigns.operations import episodes
from characters.models import Character
from characters.operations import vitals
from tests.asgi_server import AsgiServer
from tests.factories import PASSWORD, a_table, an_episode

TABLET = {"width": 820, "height": 1180}


def test_a_fight_is_followed_and_taken_back(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> None:
    table = a_table(name="The Drowned Bell")
    episodes.start(an_episode(table.campaign, title="What the Tide Keeps"), actor=SYSTEM)
    page = new_page(viewport=TABLET, base_url=asgi_server.url)
    page.goto(f"/accounts/login?next=/admin/campaigns/campaign/{table.campaign.pk}/dashboard/")
    page.get_by_label("User name").fill(table.gm.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("What the Tide Keeps").first).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    overlay = new_page(viewport={"width": 800, "height": 600})
    overlay.goto(f"{asgi_server.url}/overlay/{table.campaign.slug}")
    expect(page.get_by_text("Still 800 × 600")).to_be_visible()

    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-7, kind="fire", actor=SYSTEM)
    expect(page.get_by_text("38 / 45")).to_be_visible()
    undo = page.get_by_role("button", name="Isaura Vane takes 7 fire damage")
    expect(undo).to_be_visible()
    with page.expect_navigation():  # the stream is quicker than the form
        undo.click()
    expect(page.get_by_text("45 / 45")).to_be_visible()
    assert Character.objects.get(pk=table.hero.pk).stats["hp"]["current"] == 45

    page.get_by_role("switch", name="Isaura Vane on the overlay").click()
    expect(page.get_by_role("switch", name="Isaura Vane on the overlay")).not_to_be_checked()
    expect(overlay.locator(".badge")).to_have_count(0)
