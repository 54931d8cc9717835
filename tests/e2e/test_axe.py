"""Axe on every page there is: the list is that of the route × actor table, so a page of tomorrow is visited, too.

Each is visited as somebody who may see it, in the dark; in the light only the colours are looked at again, on the same
page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from accounts.actors import SYSTEM
from accounts.models import User
from campaigns.operations import episodes
from characters.operations import initiative, vitals
from tests.asgi_server import AsgiServer
from tests.contract.matrix.actors import ANONYMOUS, GM
from tests.contract.matrix.table import ROWS, Row
from tests.contract.matrix.test_routes import names_of
from tests.e2e.axe import COLOURS, violations
from tests.factories import Table, a_table, a_user, a_vampire, an_episode, on_stage

ADMINISTRATOR = "administrator"
WIDE = {"width": 1280, "height": 900}
# What answers with something else than a page to read.
NO_PAGES = {
    "healthz",
    "readyz",
    "crests/<uuid:character_id>.svg",
    "media/<path:key>",
    "overlay/<slug:slug>",  # the audience sees it in a picture, where there is nobody to read it out
    "robots.txt",
    "manifest.webmanifest",
    "service-worker.js",
    "sitemap.xml",
    "sitemap-<int:number>.xml",
    "campaigns/<slug:slug>/episodes.rss",
    "accounts/data/download",
    "admin/autocomplete/",
    "admin/jsi18n/",
    "admin/campaigns/campaign/<uuid:campaign_id>/audit.csv",
    "admin/overlay/layout/preview/<uuid:campaign_id>/",
    "admin/overlay/layout/export/<uuid:campaign_id>/",
    "admin/accounts/auditentry/export.csv",
}
# What no GM sees either; all else that nobody of the table gets with a plain GET leads somewhere else.
ADMINISTRATORS_OWN = ("admin/accounts/",)


@dataclass(frozen=True)
class Visit:
    path: str
    who: str


# Also: the page that says that there is none, and what differs for who has not signed in.
ELSEWHERE = [Visit("campaigns/nowhere", GM), *(Visit(path, ANONYMOUS) for path in ("", "campaigns", "accounts/login"))]


def visits(rows: list[Row]) -> Iterator[Visit]:
    """By the GM, who sees most of a page."""
    for row in rows:
        if row.method != "GET" or row.route in NO_PAGES:
            continue
        if row.open[GM] == 200:
            yield Visit(row.path, GM)
        elif row.open[ANONYMOUS] == 200:
            yield Visit(row.path, ANONYMOUS)
        elif row.route.startswith(ADMINISTRATORS_OWN) and row.open[GM] == 403:
            yield Visit(row.path, ADMINISTRATOR)


@pytest.fixture
def table(asgi_server: AsgiServer) -> Table:
    """A fight in the second round of an episode that is on, with somebody down and somebody else bleeding."""
    table = a_table(name="The Drowned Bell", description="The lake is gone.\n\nWhat it covered is not.")
    campaign, vampire = table.campaign, a_vampire(table.campaign, name="Elena Cross", class_name="Brujah")
    on_stage(campaign, table.hero, vampire)
    evening = an_episode(campaign, number=18, title="The Rope and the Toll", vod_url="https://example.org/v")
    episodes.start(evening, actor=SYSTEM)
    vitals.change_hp(campaign.pk, table.hero.pk, delta=-45, kind="fire", actor=SYSTEM)
    vitals.add_condition(campaign.pk, table.hero.pk, condition="prone", actor=SYSTEM)
    turns: list[Any] = [{"character": table.hero.pk, "score": 12}, {"name": "Bell Warden", "score": 3}]
    initiative.set_order(campaign.pk, turns, actor=SYSTEM)
    return table


def cookies_of(user: User, url: str) -> list[Any]:
    client = Client()
    client.force_login(user)
    return [{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": url}]


@pytest.fixture
def pages(asgi_server: AsgiServer, table: Table, browser: Browser) -> Iterator[dict[str, Page]]:
    """A page of each visitor, in which everything is already where it is going to."""
    administrator = a_user(is_staff=True, is_superuser=True)
    people = {ANONYMOUS: None, GM: table.gm, ADMINISTRATOR: administrator}
    found = {}
    for who, user in people.items():
        context = browser.new_context(
            viewport=WIDE,  # type: ignore[arg-type]
            base_url=asgi_server.url,
            color_scheme="dark",
            reduced_motion="reduce",
            service_workers="block",
        )
        if user is not None:
            context.add_cookies(cookies_of(user, asgi_server.url))
        found[who] = context.new_page()
    yield found
    for page in found.values():
        page.context.close()


def faults(page: Page, path: str) -> list[str]:
    page.emulate_media(color_scheme="dark")
    answer = page.goto(f"/{path}")
    assert answer is not None
    if not answer.headers["content-type"].startswith("text/html"):
        return [f"{path} is no page: name it in NO_PAGES"]
    dark = violations(page)
    page.emulate_media(color_scheme="light")
    return [f"{path}: {fault}" for fault in (*dark, *violations(page, COLOURS))]


OFFICE = [row for row in ROWS if row.route.startswith("admin/")]
HOUSE = [row for row in ROWS if row not in OFFICE]


@pytest.mark.parametrize("rows", [HOUSE, OFFICE], ids=["house", "back office"])
def test_axe_finds_nothing_grave_on_any_page(table: Table, pages: dict[str, Page], rows: list[Row]) -> None:
    names = names_of(table)
    found = [] if rows is OFFICE else [fault for visit in ELSEWHERE for fault in faults(pages[visit.who], visit.path)]
    for visit in visits(rows):
        found += faults(pages[visit.who], visit.path.format(**names))
    assert not found, "\n".join(found)


def test_what_is_no_page_is_a_route() -> None:
    assert {row.route for row in ROWS} >= NO_PAGES
