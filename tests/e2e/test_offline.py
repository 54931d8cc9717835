"""The service worker in a real browser: a page for when the network is away, and back as soon as it is there."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.asgi_server import AsgiServer
from tests.factories import a_campaign


@pytest.mark.allow_console_errors
def test_a_network_that_goes_and_comes(asgi_server: AsgiServer, new_page: Callable[..., Page]) -> None:
    campaign = a_campaign(name="The Drowned Bell")
    page = new_page(base_url=asgi_server.url, service_workers="allow")
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    asgi_server.stop()
    page.goto(f"/campaigns/{campaign.slug}")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.get_by_text("Nothing is lost")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith('"Iowan')
    kept = "caches.keys().then(([name]) => caches.open(name)).then((c) => c.keys()).then((k) => k.map((r) => r.url))"
    paths = [url.removeprefix(asgi_server.url) for url in page.evaluate(kept)]
    assert [path for path in paths if not path.startswith("/static/")] == ["/offline"]
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("[data-part=said]")).to_contain_text("Still no connection")
    asgi_server.start()  # and the page comes by itself
    expect(page.get_by_role("heading", name="The Drowned Bell")).to_be_visible()
