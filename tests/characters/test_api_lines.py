"""One request, one thing, one line back."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Event
from characters.models import Character
from tests.api_client import ROOT, Api
from tests.factories import Table, a_table, a_vampire, an_episode

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return a_table()


@pytest.fixture
def api(table: Table) -> Api:
    return Api(token=table.control_token)


def at(table: Table, path: str, character: Character | None = None) -> str:
    return f"/campaigns/{table.campaign.slug}/characters/{(character or table.hero).pk}/{path}"


def line(api: Api, path: str, body: Any) -> str:
    answer = api.post(path, body)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["line"])


def test_each_command_says_what_it_did_and_how_things_stand(table: Table, api: Api) -> None:
    hp = at(table, "hp")
    assert line(api, hp, {"delta": -7, "kind": "fire"}) == "Isaura Vane takes 7 fire damage: 38 / 45"
    assert line(api, at(table, "temp"), {"amount": 8}) == "Isaura Vane gains 8 temporary hit points: 38 / 45 +8"
    assert (
        line(api, at(table, "condition"), {"condition": "concentrating"}) == "Isaura Vane is concentrating: 38 / 45 +8"
    )
    assert line(api, hp, {"delta": -30}) == "Isaura Vane takes 30 damage: 16 / 45, concentration DC 15"
    assert line(api, at(table, "condition"), {"condition": "concentrating", "on": False}).startswith(
        "Isaura Vane is no longer concentrating"
    )
    assert line(api, hp, {"to": 0}) == (
        "Isaura Vane takes 16 damage and falls: 0 / 45, down, death saves: 0 passed, 0 failed"
    )
    failed = line(api, at(table, "death-save"), {"result": "failure"})
    assert failed == "Isaura Vane fails a death save: 0 / 45, down, death saves: 0 passed, 1 failed"


def test_the_answer_is_the_event_s_with_a_line_beside_it(table: Table, api: Api) -> None:
    body = api.post(at(table, "hp"), {"delta": -7}).json()
    event = Event.objects.get(pk=body["id"])
    assert (body["seq"], body["stats"]["hp"]["current"], event.data["to"]) == (event.seq, 38, 38)


def test_a_track_and_who_has_no_hit_points(table: Table, api: Api) -> None:
    vampire = a_vampire(table.campaign, name="Elena Cross")
    path = at(table, "track", vampire)
    assert line(api, path, {"track": "hunger", "delta": 1}) == "Elena Cross’s hunger: 3 of 5: 3 / 5"
    refused = api.post(at(table, "hp", vampire), {"delta": -1})
    assert refused.status_code == 422


def test_the_table_s_own(table: Table, api: Api) -> None:
    here = f"/campaigns/{table.campaign.slug}"
    api.post(at(table, "hp"), {"delta": -7})
    assert line(api, f"{here}/undo", {}) == "Undone. Isaura Vane: 45 / 45"
    assert line(api, f"{here}/roll", {"label": "Stealth", "total": 17}) == "Stealth: 17"
    episode = an_episode(table.campaign, title="Low tide")
    assert line(api, f"{here}/episode/start", {}) == f"Episode {episode.number} begins: Low tide"
    assert line(api, f"{here}/episode/end", {}) == "The episode ends"
    assert api.post(f"{here}/episode/end", {}).status_code == 409
    assert api.post(f"{here}/episode/start", {}).json()["error"] == "No episode is planned. Plan one first."


@pytest.mark.parametrize(("query", "accept"), [("?format=text", ""), ("", "text/plain")])
def test_in_one_line_of_text(table: Table, query: str, accept: str) -> None:
    client, path = Client(), f"{ROOT}{at(table, 'hp')}{query}"
    headers: Any = {"X-Token": table.control_token, **({"Accept": accept} if accept else {})}

    def post(body: dict[str, Any], **more: Any) -> Any:
        return client.post(path, body, content_type="application/json", headers={**headers, **more})

    answer = post({"delta": -7})
    assert (answer.status_code, answer.content.decode()) == (201, "Isaura Vane takes 7 damage: 38 / 45\n")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Request-ID"]
    refused = post({"delta": "many"})
    assert refused.status_code == 422
    assert refused["Content-Type"].startswith("text/plain")
    assert refused.content.decode().strip()
    assert "{" not in refused.content.decode()
    assert post({"delta": -1}, **{"X-Token": "trp_control_nothing"}).status_code == 401


def test_a_press_that_is_repeated_counts_once(table: Table, api: Api) -> None:
    first = api.post(at(table, "hp"), {"delta": -7}, Idempotency_Key="press-1")
    again = api.post(at(table, "hp"), {"delta": -7}, Idempotency_Key="press-1")
    assert first.json() == again.json()
    assert Character.objects.get(pk=table.hero.pk).stats["hp"]["current"] == 38


@pytest.mark.parametrize("path", ["hp", "temp", "condition", "death-save", "track"])
def test_reading_changes_nothing(table: Table, api: Api, path: str) -> None:
    before = Event.objects.count()
    answer = api.client.get(f"{ROOT}{at(table, path)}?delta=-7", headers=api.headers)
    assert answer.status_code == 405
    assert Event.objects.count() == before


def test_a_player_reads_what_viewers_may(table: Table) -> None:
    gm = Api(table.gm)
    gm.patch(f"/campaigns/{table.campaign.slug}", {"settings": {"players_change_live": True}})
    gm.patch(f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}", {"hp_display": "band"})
    assert line(Api(table.player), at(table, "hp"), {"delta": -30}) == "Isaura Vane’s hit points change: Bloodied"
    assert line(gm, at(table, "hp"), {"delta": -1}) == "Isaura Vane takes 1 damage: 14 / 45"


def test_unknown_characters_and_fields(table: Table, api: Api) -> None:
    assert api.post(at(table, "hp", table.rival_hero), {"delta": -1}).status_code == 422
    assert api.post(at(table, "hp"), {"delta": -1, "character_id": str(table.hero.pk)}).status_code == 422
    assert api.post(at(table, "hp"), {}).status_code == 422
