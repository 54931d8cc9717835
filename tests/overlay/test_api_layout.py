import uuid
from typing import Any

import pytest

from overlay.snapshot import snapshot
from tests.api_client import Api, fields
from tests.factories import Table

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(here: str) -> str:
    return f"{here}/layout/large"


def test_unsaved_ones_are_blank(anybody: Api, here: str) -> None:
    found = anybody.get(f"{here}/layout").json()
    assert found.keys() == {"large", "medium", "compact"}
    assert found["large"] == anybody.get(f"{here}/layout/large").json()
    assert (found["medium"]["badges"], found["medium"]["version"], found["medium"]["tier"]) == ({}, 0, "medium")


def test_saved_one_by_one(table: Table, gm: Api, anybody: Api, here: str, large: str) -> None:
    hero, other = str(table.hero.pk), str(uuid.uuid4())
    gm.patch(large, {"badges": {hero: {"x": 0.1, "y": 0.9}, other: {"x": 0.5, "y": 1}}})
    saved = gm.patch(large, {"badges": {hero: {"scale": 1.5}, other: None}, "card": {"ac": False}}).json()
    assert saved["badges"] == {hero: {"x": 0.1, "y": 0.9, "scale": 1.5, "z": 0, "visible": True}}
    assert (saved["card"]["ac"], saved["card"]["hp"], saved["version"]) == (False, True, 2)
    assert anybody.get(f"{here}/layout").json()["large"] == saved


def test_a_stale_version_is_a_conflict(gm: Api, large: str) -> None:
    assert gm.patch(large, {"card": {"ac": False}, "version": 0}).json()["version"] == 1
    refused = gm.patch(large, {"card": {"ac": True}, "version": 0})
    assert (refused.status_code, refused.json()["current"]["version"]) == (409, 1)
    assert gm.patch(large, {"card": {"ac": True}, "version": 1}).status_code == 200


@pytest.mark.parametrize(
    ("body", "failing"),
    [
        ({"tier": "large", "theme": {}}, {"tier", "theme"}),
        ({"badges": [], "card": 5}, {"badges", "card"}),
        ({"badges": {"me": {"x": 0, "y": 0}}}, {"badges.me"}),
        ({"card": {"glow": True, "hp": 1}}, {"card.glow", "card.hp"}),
        ({"card": {"stats": [{"key": "mana", "shape": "heart"}]}}, {"card.stats.0.key", "card.stats.0.shape"}),
        ({"version": "1"}, {"version"}),
    ],
)
def test_refused(gm: Api, large: str, body: dict[str, Any], failing: set[str]) -> None:
    refused = gm.patch(large, body)
    assert (refused.status_code, fields(refused).keys()) == (422, failing)


def test_positions_stay_in_the_picture(table: Table, gm: Api, large: str) -> None:
    bad = {"x": 1.01, "y": -0.1, "scale": 5, "z": 1.5, "visible": 1, "turn": 90}
    refused = gm.patch(large, {"badges": {str(table.hero.pk): bad}})
    assert fields(refused).keys() == {f"badges.{table.hero.pk}.{key}" for key in bad}


def test_an_unknown_tier_is_not_found(gm: Api, here: str) -> None:
    assert gm.get(f"{here}/layout/huge").status_code == 404
    assert gm.patch(f"{here}/layout/huge", {}).status_code == 404


def test_live_is_the_bootstrap_of_the_audience(table: Table, gm: Api, anybody: Api, here: str) -> None:
    def body(api: Api) -> dict[str, Any]:
        return api.get(f"{here}/live").json()

    for api, audience in ((gm, "gm"), (anybody, "viewer")):
        fresh = snapshot(table.campaign.pk, audience)
        assert {**body(api), "ts": 0} == {**fresh, "ts": 0}
    assert [each["name"] for each in body(anybody)["characters"]] == ["Isaura Vane"]
