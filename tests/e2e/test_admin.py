"""The back office in a real browser, under the policy of production: nothing inline, no error in the console."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AuditEntry, User
from campaigns.models import Campaign, CampaignToken, Event
from campaigns.operations import campaigns
from characters.models import Character, Relationship
from tests.asgi_server import AsgiServer
from tests.back_office import registered, url
from tests.e2e.axe import violations
from tests.factories import PASSWORD, a_campaign, a_character, a_member, a_user, acting, an_episode, on_stage

TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def gm(asgi_server: AsgiServer) -> User:
    return a_user("maren", display_name="Maren Solvik", is_staff=True)


@pytest.fixture
def campaign(gm: User) -> Campaign:
    campaign = a_campaign(owner=gm, name="The Drowned Bell", slug="the-drowned-bell")
    noor = a_member(campaign, user=a_user("noor", display_name="Noor")).user
    long_name = "Sister Quill of the Seventh Lantern and of the Unbroken Vow beneath the Lagoon"
    on_stage(campaign, a_character(campaign, name="Isaura Vane", player=noor), a_character(campaign, name=long_name))
    an_episode(campaign)
    return campaign


@pytest.fixture
def desk(asgi_server: AsgiServer, campaign: Campaign, new_page: Callable[..., Page]) -> Page:
    """Signed in as the GM, on a tablet."""
    return let_in(new_page(viewport=TABLET, base_url=asgi_server.url))


def let_in(page: Page) -> Page:
    page.goto("/admin/")
    page.get_by_label("User name").fill("maren")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#site-menu")).to_contain_text("Signed in as Maren Solvik")
    return page


def stored(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def test_every_page_fits_a_tablet_and_keeps_the_policy(desk: Page, campaign: Campaign) -> None:
    models: list[Any] = [model for model in registered() if model not in (User, AuditEntry)]
    rows = {model: model.objects.first() for model in models}
    pages = ["/admin/", *(url(model, "changelist") for model in rows)]
    pages += [url(row, "change") for row in rows.values() if row is not None]
    pages += [url(model, "add") for model in (Campaign, Character, CampaignToken)]

    for address in pages:
        answer = desk.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert "'unsafe" not in answer.headers["content-security-policy"]
        beyond = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, f"{address} is {beyond} px too wide"


def test_the_slug_follows_the_name_and_colours_have_pickers(desk: Page) -> None:
    desk.goto(url(Campaign, "add"))
    desk.get_by_label("Name:").press_sequentially("Quiet Season")
    expect(desk.get_by_label("Slug:")).to_have_value("quiet-season")

    desk.locator("#id_theme_accent + input[type=color]").fill("#336699")
    desk.get_by_role("button", name="Save", exact=True).click()

    expect(desk.get_by_text("was added successfully")).to_be_visible()
    assert Campaign.objects.get(slug="quiet-season").theme == {"accent": "#336699"}


def test_a_conflict_is_shown_and_saving_again_wins(desk: Page, gm: User, campaign: Campaign) -> None:
    desk.goto(url(campaign, "change"))
    campaigns.update(campaign.pk, {"name": "The Risen Bell", "game_system": "V5"}, actor=acting(gm))

    desk.get_by_label("Name:", exact=True).fill("The Silent Bell")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Somebody changed this meanwhile, to “The Risen Bell”.")).to_be_visible()
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("was changed successfully")).to_be_visible()

    assert (stored(campaign).name, stored(campaign).game_system) == ("The Silent Bell", "V5")


def test_a_new_token_is_masked_until_revealed(desk: Page, campaign: Campaign) -> None:
    desk.goto(url(CampaignToken, "add"))
    desk.get_by_label("Control:").check()
    desk.get_by_label("Name:").fill("Stream Deck")
    desk.get_by_role("button", name="Save").click()

    field = desk.get_by_label("Token", exact=True)
    expect(field).to_have_value("•" * 24)
    desk.get_by_role("button", name="Reveal").click()
    expect(field).to_have_value(re.compile("^trp_control_"))
    desk.get_by_role("button", name="Hide").click()
    expect(field).to_have_value("•" * 24)
    desk.get_by_role("button", name="Copy").click()
    expect(desk.locator("[data-copy]")).to_have_text("Copied")


def test_the_player_is_chosen_among_the_members(desk: Page, campaign: Campaign) -> None:
    a_user("nobody-of-ours")
    desk.goto(url(campaign.characters.get(name="Isaura Vane"), "change"))

    desk.locator(".field-player .select2-selection").click()

    expect(desk.locator(".select2-results__option")).to_have_text(["Maren Solvik", "Noor"], use_inner_text=True)


def test_what_a_character_is_to_another_is_written_in_a_row(desk: Page, campaign: Campaign) -> None:
    hero = campaign.characters.get(name="Isaura Vane")
    desk.goto(url(hero, "change"))
    desk.get_by_role("button", name="Add another Relationship").click()
    desk.get_by_role("combobox", name="To", exact=True).click()
    desk.locator(".select2-search__field").press_sequentially("quill")
    expect(desk.locator(".select2-results__option")).to_have_count(1)
    desk.locator(".select2-results__option", has_text="Sister Quill").click()
    desk.get_by_role("textbox", name="Is what").fill("Owes her a name")
    assert violations(desk) == []

    desk.get_by_role("button", name="Save", exact=True).click()

    expect(desk.locator(".messagelist")).to_contain_text("Isaura Vane")
    row = Relationship.objects.get(source=hero)
    assert (row.target.name[:12], row.words) == ("Sister Quill", "Owes her a name")


def test_undo_from_the_list(desk: Page, gm: User, campaign: Campaign) -> None:
    campaigns.update(campaign.pk, {"name": "Renamed by mistake"}, actor=acting(gm))
    desk.goto(url(Event, "changelist"))

    desk.get_by_role("button", name="Undo").first.click()

    expect(desk.locator(".messagelist")).to_contain_text("Taken back")
    assert stored(campaign).name == "The Drowned Bell"


@pytest.mark.parametrize(("switches", "ground"), [(0, "rgb(246, 240, 228)"), (1, "rgb(16, 14, 23)")])
def test_the_theme_switch_repaints(
    switches: int, ground: str, asgi_server: AsgiServer, campaign: Campaign, new_page: Callable[..., Page]
) -> None:
    page = let_in(new_page(viewport=TABLET, base_url=asgi_server.url, color_scheme="light"))
    for _ in range(switches):
        page.locator(".theme-toggle").click()

    expect(page.locator("body")).to_have_css("background-color", ground)
