"""The back office on a phone: its head is one line with a menu, and a campaign is handed over."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from campaigns.models import Campaign, Role
from tests.asgi_server import AsgiServer
from tests.factories import PASSWORD, a_member, a_table, a_user

PHONE = {"width": 390, "height": 844}
# Of the head and what is below it: where each begins and ends, in pixels.
EDGES = "['#header', '.breadcrumbs'].map((it) => document.querySelector(it).getBoundingClientRect())"


def test_an_owner_hands_a_campaign_over(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> None:
    table = a_table(name="Saltmarsh Nights")
    heir = a_member(table.campaign, Role.GM, a_user("noor", display_name="Noor of the Tide")).user
    page = new_page(viewport=PHONE, base_url=asgi_server.url)
    page.goto(f"/accounts/login?next=/admin/campaigns/campaign/{table.campaign.pk}/people/")
    page.get_by_label("User name").fill(table.gm.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Members and invitations")).to_be_visible()
    page.wait_for_load_state()  # with all its style sheets
    head, below = page.evaluate(EDGES)
    assert head["bottom"] <= below["top"]
    assert head["height"] <= 60  # one line
    menu, account = page.get_by_role("button", name="Menu"), page.get_by_role("link", name="Your account")
    expect(account).to_be_hidden()
    menu.press("Enter")
    expect(account).to_be_visible()
    page.keyboard.press("Escape")
    expect(account).to_be_hidden()
    expect(menu).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    page.get_by_role("link", name="Hand the campaign over").click()
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_role("heading", name="Hand over")).to_be_visible()  # nobody is chosen yet
    page.get_by_label("Noor of the Tide").check()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("Saltmarsh Nights belongs to Noor of the Tide now.")).to_be_visible()
    expect(page.get_by_role("link", name="Hand the campaign over")).to_have_count(0)
    assert Campaign.objects.get(pk=table.campaign.pk).owner == heir
