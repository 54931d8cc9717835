from typing import Any

from playwright.sync_api import expect

from tests.e2e.axe import violations


def test_the_documentation_page_works_offline_and_under_the_policy(page: Any, asgi_server: Any) -> None:
    foreign: list[str] = []
    page.on(
        "request",
        lambda request: None if request.url.startswith((asgi_server.url, "data:")) else foreign.append(request.url),
    )
    page.goto(f"{asgi_server.url}/api/v1/docs")
    expect(page.get_by_role("heading", name="Troupe")).to_be_visible()
    expect(page.get_by_text("/api/v1/campaigns", exact=True).first).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 9000})  # what is out of sight is not drawn
    expect(page.get_by_text("/api/v1/campaigns/{campaign_id}/events", exact=True).first).to_be_visible()
    page.get_by_text("/api/v1/campaigns/{campaign_id}/roster", exact=True).first.click()
    expect(page.get_by_text("Schema").first).to_be_visible()
    assert foreign == []
