from typing import Any

import pytest

from campaigns.models import Event
from tests.api_client import Api, fields
from tests.factories import Table, an_episode

pytestmark = pytest.mark.django_db


def test_planned_with_the_next_number(gm: Api, here: str) -> None:
    gm.post(f"{here}/episodes", {"title": "One", "number": 7})
    made = gm.post(f"{here}/episodes", {"title": "Two", "date": "2026-03-14", "vod_url": "https://example.org/v"})
    assert (made.status_code, made.json()["number"], made.json()["status"]) == (201, 8, "planned")
    listed = gm.get(f"{here}/episodes", {"ordering": "number"}).json()["results"]
    assert [row["title"] for row in listed] == ["One", "Two"]


def test_played(table: Table, gm: Api, here: str) -> None:
    an_episode(table.campaign, title="Low tide")
    started = gm.post(f"{here}/episodes/1/start").json()
    assert started["status"] == "live"
    gm.post(f"{here}/events", {"type": "roll", "label": "Stealth", "total": 17})
    ended = gm.post(f"{here}/episodes/1/end").json()
    assert (ended["status"], ended["runtime_minutes"]) == ("ended", 0)
    told = gm.get(f"{here}/events", {"episode": "1"}).json()["results"]
    assert [row["type"] for row in told] == ["episode_started", "roll", "episode_ended"]
    assert all(row["seconds"] >= 0 for row in told)


def test_only_one_runs(table: Table, gm: Api, here: str) -> None:
    an_episode(table.campaign)
    an_episode(table.campaign)
    gm.post(f"{here}/episodes/1/start")
    assert gm.post(f"{here}/episodes/2/start").status_code == 409
    assert gm.post(f"{here}/episodes/2/end").status_code == 409
    assert gm.delete(f"{here}/episodes/1").status_code == 409


def test_an_action_takes_no_arguments(table: Table, gm: Api, here: str) -> None:
    an_episode(table.campaign)
    assert fields(gm.post(f"{here}/episodes/1/start", {"at": "noon"})).keys() == {"at"}
    assert gm.post(f"{here}/episodes/1/start", {}).status_code == 200


def test_viewers_see_what_is_published(table: Table, gm: Api, anybody: Api, here: str) -> None:
    an_episode(table.campaign, title="Out")
    an_episode(table.campaign, title="Not yet", published=False)
    assert [row["title"] for row in anybody.get(f"{here}/episodes").json()["results"]] == ["Out"]
    assert anybody.get(f"{here}/episodes/2").status_code == 404
    assert gm.get(f"{here}/episodes/2").json()["title"] == "Not yet"


def test_edited_and_deleted(table: Table, gm: Api, here: str) -> None:
    an_episode(table.campaign)
    edited = gm.patch(f"{here}/episodes/1", {"summary": "They rowed.\n\nAll night.", "number": 3}).json()
    assert (edited["number"], edited["summary"]) == (3, "They rowed.\n\nAll night.")
    assert gm.get(f"{here}/episodes/1").status_code == 404
    assert gm.delete(f"{here}/episodes/3").status_code == 204
    assert not Event.objects.filter(campaign=table.campaign, type__startswith="episode").exists()


@pytest.mark.parametrize(
    ("body", "failing"),
    [
        ({"title": ""}, {"title"}),
        ({"title": "A", "number": 0, "season": 100}, {"number", "season"}),
        ({"title": "A", "date": "14.3.2026"}, {"date"}),
        ({"title": "A", "date": "2026-02-30"}, {"date"}),
        ({"title": "A", "vod_url": "javascript:alert(1)"}, {"vod_url"}),
        ({"title": "A", "vod_url": "ftp://example.org/v"}, {"vod_url"}),
        ({"title": "A", "published": "yes", "status": "live"}, {"published", "status"}),
        ({"title": "A", "started_at": "2026-03-14T19:00:00Z"}, {"started_at"}),
    ],
)
def test_refused(gm: Api, here: str, body: dict[str, Any], failing: set[str]) -> None:
    refused = gm.post(f"{here}/episodes", body)
    assert (refused.status_code, fields(refused).keys()) == (422, failing)


def test_a_number_is_taken_once(table: Table, gm: Api, here: str) -> None:
    an_episode(table.campaign)
    assert fields(gm.post(f"{here}/episodes", {"title": "A", "number": 1})).keys() == {"number"}


def test_one_number_of_queries(table: Table, anybody: Api, here: str, django_assert_num_queries: Any) -> None:
    an_episode(table.campaign)
    with django_assert_num_queries(3):
        anybody.get(f"{here}/episodes")
    for _ in range(50):
        an_episode(table.campaign)
    with django_assert_num_queries(3):
        assert len(anybody.get(f"{here}/episodes", {"page_size": "100"}).json()["results"]) == 51
