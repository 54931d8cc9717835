"""The scene collection: the fields that OBS writes, and who may have a key in it."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEntry
from campaigns.models import CampaignToken
from overlay import scenes
from tests.factories import Table, a_table

# Of a collection that OBS wrote (bpwhelan/GameSentenceMiner) and of obs-browser-plugin.cpp.
TOP: dict[str, Any] = {
    "name": str,
    "current_scene": str,
    "current_program_scene": str,
    "scene_order": list,
    "sources": list,
    "groups": list,
    "transitions": list,
    "quick_transitions": list,
    "modules": dict,
}
SOURCE: dict[str, Any] = {"name": str, "uuid": str, "id": str, "versioned_id": str, "settings": dict, "enabled": bool}
ITEM: dict[str, Any] = {
    "name": str,
    "source_uuid": str,
    "id": int,
    "visible": bool,
    "locked": bool,
    "align": int,
    "bounds_type": int,
    "bounds": dict,
    "pos": dict,
    "scale": dict,
    "rot": float,
    **{f"crop_{side}": int for side in ("left", "top", "right", "bottom")},
}
BROWSER: dict[str, Any] = {
    "url": str,
    "width": int,
    "height": int,
    "fps_custom": bool,
    "fps": int,
    "css": str,
    "shutdown": bool,
    "restart_when_active": bool,
    "reroute_audio": bool,
    "webpage_control_level": int,
}


def lacking(document: Any, shape: dict[str, Any]) -> list[str]:
    return [name for name, kind in shape.items() if type(document.get(name)) is not kind]


@pytest.mark.parametrize("size", scenes.CANVASES.values())
def test_every_field_that_obs_reads_is_there_and_of_its_kind(size: tuple[int, int]) -> None:
    made = scenes.collection("The Bell", "https://example.org/overlay/bell", size, "trp_overlay_x")
    assert lacking(made, TOP) == []
    by_id = {source["uuid"]: source for source in made["sources"]}
    assert len(by_id) == len(made["sources"]) == 6
    found = [source for source in made["sources"] if source["id"] == "scene"]
    assert [scene["name"] for scene in found] == [one["name"] for one in made["scene_order"]]
    assert made["current_scene"] == found[0]["name"]
    for scene in found:
        assert lacking(scene, SOURCE) == []
        (item,) = scene["settings"]["items"]
        assert lacking(item, ITEM) == []
        assert (item["align"], scene["settings"]["id_counter"]) == (5, item["id"])
        browser = by_id[item["source_uuid"]]
        assert (lacking(browser, SOURCE), lacking(browser["settings"], BROWSER)) == ([], [])
        assert (browser["id"], browser["name"]) == ("browser_source", item["name"])
        assert (browser["settings"]["width"], browser["settings"]["height"]) == size
        assert 1 <= browser["settings"]["fps"] <= 60
        assert max(size) <= 8192
    addresses = [source["settings"]["url"] for source in made["sources"] if source["id"] == "browser_source"]
    assert addresses == [
        f"https://example.org/overlay/bell?tier={tier}#key=trp_overlay_x" for tier in ("large", "medium", "compact")
    ]
    assert json.loads(json.dumps(made)) == made


# --- the page ---


@pytest.fixture
def table(db: None) -> Table:
    return a_table()


@pytest.fixture
def gm(client: Client, table: Table) -> Client:
    client.force_login(table.gm)
    return client


def test_the_page_names_what_to_type(gm: Client, table: Table) -> None:
    page = gm.get(f"/campaigns/{table.campaign.slug}/control/obs").content.decode()
    for word in (f"/overlay/{table.campaign.slug}?tier=compact", "1920", "1080", "Custom Browser Docks"):
        assert word in page
    assert "trp_overlay_" not in page


def test_without_a_key_nothing_is_issued(gm: Client, table: Table) -> None:
    before = CampaignToken.objects.count()
    answer = gm.post(f"/campaigns/{table.campaign.slug}/control/obs", {"do": "scenes", "canvas": "1080x1920"})
    made = answer.json()
    assert answer["Content-Disposition"] == f'attachment; filename="{table.campaign.slug}-obs.json"'
    browser = next(source["settings"] for source in made["sources"] if source["id"] == "browser_source")
    assert (browser["width"], browser["height"]) == (1080, 1920)
    assert browser["url"] == f"http://testserver/overlay/{table.campaign.slug}?tier=large"
    assert CampaignToken.objects.count() == before


def test_with_a_key_the_file_says_that_it_is_secret(gm: Client, table: Table) -> None:
    answer = gm.post(f"/campaigns/{table.campaign.slug}/control/obs", {"do": "scenes", "key": "1"})
    assert "SECRET" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    text = answer.json()["sources"][0]["settings"]["url"].partition("#key=")[2]
    token = CampaignToken.objects.latest("created_at")
    assert (token.kind, token.campaign) == ("overlay", table.campaign)
    assert text.startswith("trp_overlay_")
    assert not CampaignToken.objects.filter(digest=text).exists(), "only its digest is kept"
    assert AuditEntry.objects.filter(action="token_issued", subject_id=token.pk).exists()


def test_an_address_with_a_key_is_shown_once(gm: Client, table: Table) -> None:
    path = f"/campaigns/{table.campaign.slug}/control/obs"
    assert "#key=trp_overlay_" in gm.post(path, {"key": "1"}).content.decode()
    assert "#key=trp_overlay_" not in gm.get(path).content.decode()


def test_requests_for_buttons_hold_the_campaign_s_own_ids(gm: Client, table: Table) -> None:
    page = gm.get(f"/campaigns/{table.campaign.slug}/control/buttons")
    (person,) = page.context["people"]
    address = f"http://testserver/api/v1/campaigns/{table.campaign.pk}/characters/{table.hero.pk}/hp?format=text"
    assert (person["requests"][0]["address"], person["requests"][0]["body"]) == (address, '{"delta": -5}')
    token: Any = {"X-Token": table.control_token}
    for one in (*person["requests"][:3], *page.context["table"][2:3]):
        path = one["address"].removeprefix("http://testserver")
        answer = Client().post(path, one["body"], content_type="application/json", headers=token)
        assert answer.status_code == 201, one
