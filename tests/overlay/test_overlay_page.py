import json
import re
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Visibility
from tests.factories import a_campaign, a_character, a_private_campaign, on_stage

pytestmark = pytest.mark.django_db


def page(client: Client, slug: str, query: str = "") -> str:
    answer = client.get(f"/overlay/{slug}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def state_in(html: str) -> dict[str, Any] | None:
    found = re.search(r'<script id="overlay-state" type="application/json">(.*?)</script>', html, re.S)
    return json.loads(found[1]) if found else None


def test_shows_the_roster_at_the_first_paint(client: Client) -> None:
    campaign = a_campaign()
    hero = a_character(campaign, name="Isaura Vane", hp=45)
    a_character(campaign, name="Maud")
    on_stage(campaign, hero)
    html = page(client, campaign.slug)
    assert html.count("data-character-id=") == 1
    assert "Isaura Vane" in html
    state = state_in(html)
    assert state is not None
    assert state["roster"] == [str(hero.pk)]


def test_what_the_gm_keeps_is_not_in_the_page(client: Client) -> None:
    campaign = a_campaign()
    hero = a_character(campaign, name="Isaura", gm_notes="Owes the bell a voice.", hp_display="hidden", hp=7177)
    shadow = a_character(campaign, name="The Toll-Keeper", is_secret=True)
    on_stage(campaign, hero, shadow)
    html = page(client, campaign.slug)
    assert "Toll-Keeper" not in html
    assert "Owes the bell" not in html
    assert not re.search(r"\b7177\b", re.sub(r"[0-9a-f-]{36}", "", html))


@pytest.mark.parametrize(
    ("query", "tier", "layout"),
    [
        ("", "large", "large"),
        ("?tier=compact", "compact", "compact"),
        ("?tier=medium&layout=large", "medium", "large"),
        ("?layout=none", "large", "none"),
        ("?tier=huge&layout=x", "large", "large"),
    ],
)
def test_tier_and_layout_come_from_the_address(client: Client, query: str, tier: str, layout: str) -> None:
    html = page(client, a_campaign().slug, query)
    assert f'data-tier="{tier}"' in html
    assert f'data-layout="{layout}"' in html


def test_a_private_campaign_and_none_look_the_same(client: Client) -> None:
    private = a_private_campaign()
    on_stage(private, a_character(private, name="Isaura"))
    shown, other = client.get(f"/overlay/{private.slug}"), client.get("/overlay/nobody-knows")
    assert (shown.status_code, state_in(shown.content.decode())) == (200, None)
    assert shown.content.decode().replace(private.slug, "nobody-knows") == other.content.decode()
    assert dict(shown.headers) == dict(other.headers) | {key: shown[key] for key in ("X-Request-ID", "Content-Length")}


def test_an_unlisted_campaign_needs_no_key(client: Client) -> None:
    assert state_in(page(client, a_campaign(visibility=Visibility.UNLISTED).slug)) is not None


def test_is_never_cached_and_keeps_scripts_strict(client: Client) -> None:
    answer = client.get(f"/overlay/{a_campaign().slug}")
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "unsafe" not in client.get("/campaigns")["Content-Security-Policy"]


def test_low_power_is_the_campaign_s_or_the_address_s(client: Client) -> None:
    assert "data-low-power" not in page(client, a_campaign().slug)
    assert "data-low-power" in page(client, a_campaign().slug, "?lowpower=1")
    assert "data-low-power" in page(client, a_campaign(settings={"low_power": True}).slug)


@pytest.mark.parametrize("count", [1, 24])
def test_queries_do_not_grow_with_the_roster(client: Client, count: int, django_assert_max_num_queries: Any) -> None:
    campaign = a_campaign()
    on_stage(campaign, *(a_character(campaign) for _ in range(count)))
    with django_assert_max_num_queries(10):
        page(client, campaign.slug)


def test_a_fault_is_not_on_air(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("overlay.views.snapshot", broken)
    client.raise_request_exception = False
    answer = client.get(f"/overlay/{a_campaign().slug}")
    assert answer.status_code == 500
    assert re.search(r"<body>\s*</body>", answer.content.decode())
