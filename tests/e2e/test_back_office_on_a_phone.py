"""The back office on a phone: its head keeps clear of the page, and a campaign is handed over."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from campaigns.models import Campaign, Role
from tests.asgi_server import AsgiServer
from tests.factories import PASSWORD, a_member, a_table, a_user

PHONE = {"width": 390, "height": 844}
# Of the head and what is below it: where each begins and ends, in pixels.
EDGES = "['#header', '.breadcrumbs'].map((it) => document.querySelector(it).getBoundingClientRect())"
TOOLS = "new Set([...document.querySelectorAll('#user-tools > :is(a, form)')].map((it) => it.offsetTop)).size"


def test_an_owner_hands_a_campaign_over(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> None:
    table = a_table(name="Saltmarsh Nights")
    heir = a_member(table.campaign, Role.GM, a_user("noor", display_name="Noor of the Tide")).user
    page = new_page(viewport=PHONE, base_url=asgi_server.url)
    page.goto(f"/accounts/login?next=/admin/campaigns/campaign/{table.campaign.pk}/people/")
    page.get_by_label("User name").fill(table.gm.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Members and invitations")).to_be_visible()
    head, below = page.evaluate(EDGES)
    assert head["bottom"] <= below["top"]
    assert page.evaluate(TOOLS) == 1
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
