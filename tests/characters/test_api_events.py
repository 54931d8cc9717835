import uuid
from typing import Any

import pytest

from campaigns.models import Event
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import Table, a_character, a_vampire, an_episode

pytestmark = pytest.mark.django_db


@pytest.fixture
def events(here: str) -> str:
    return f"{here}/events"


def hit(table: Table, **facts: Any) -> dict[str, Any]:
    return {"type": "hp_change", "character_id": str(table.hero.pk), **facts}


class TestIngest:
    def test_the_answer(self, table: Table, gm: Api, events: str) -> None:
        made = gm.post(events, hit(table, delta=-7, kind="fire"))
        body = made.json()
        stored = Event.objects.get(pk=body["id"])
        assert made.status_code == 201
        assert body["seq"] == body["event"]["seq"] == stored.seq
        assert body["stats"]["hp"] == {"current": 38, "max": 45, "temp": 0}
        assert body["event"]["message"]["data"]["kind"] == "fire"
        assert body["event"]["actor"] == table.gm.username

    @pytest.mark.parametrize(
        ("facts", "hp"),
        [
            ({"delta": -100}, {"current": 0, "max": 45, "temp": 5}),
            ({"delta": -8}, {"current": 37, "max": 45, "temp": 0}),
            ({"delta": 3}, {"current": 43, "max": 45, "temp": 5}),
            ({"to": 35}, {"current": 35, "max": 45, "temp": 5}),
            ({"temp": 9}, {"current": 40, "max": 45, "temp": 9}),
            ({"temp": 0}, {"current": 40, "max": 45, "temp": 0}),
        ],
    )
    def test_hit_points(self, table: Table, gm: Api, events: str, facts: dict[str, int], hp: dict[str, int]) -> None:
        gm.post(events, hit(table, to=40))
        gm.post(events, hit(table, temp=5))
        after = gm.post(events, hit(table, **facts)).json()["stats"]["hp"]
        assert after == {**hp, "temp": 0 if facts.get("delta") == -100 else hp["temp"]}

    def test_what_else_happens_to_a_body(self, table: Table, gm: Api, events: str) -> None:
        who = {"character_id": str(table.hero.pk)}

        def stats(type_: str, **facts: Any) -> dict[str, Any]:
            return gm.post(events, {"type": type_, **who, **facts}).json()["stats"]

        assert stats("condition_added", condition="Prone", rounds=3)["condition_rounds"] == {"prone": 3}
        assert stats("condition_added", condition="prone", rounds=None)["condition_rounds"] == {}
        assert stats("condition_removed", condition="prone")["conditions"] == []
        stats("hp_change", to=0)
        assert stats("death_save", result="failure")["death_saves"] == {"success": 0, "failure": 1}
        assert stats("hp_change", delta=-1, critical=True)["death_saves"]["failure"] == 3

    def test_tracks(self, table: Table, gm: Api, events: str) -> None:
        who = {"type": "track_change", "character_id": str(a_vampire(table.campaign).pk)}
        steps = [
            ({"track": "hunger", "delta": 1}, {"value": 3, "max": 5}),
            ({"track": "health", "superficial": 2, "aggravated": 1}, {"max": 7, "superficial": 4, "aggravated": 1}),
            ({"track": "humanity", "stains": 2}, {"value": 7, "stains": 2, "max": 10}),
        ]
        for facts, after in steps:
            assert gm.post(events, who | facts).json()["stats"]["tracks"][facts["track"]] == after

    def test_what_happens_to_nobody(self, gm: Api, events: str) -> None:
        dice = [{"sides": 20, "value": 17}]
        rolled = gm.post(events, {"type": "roll", "label": "Stealth", "total": 19, "dice": dice}).json()
        assert rolled["stats"] is None
        assert rolled["event"]["message"]["data"]["dice"] == dice
        told = gm.post(events, {"type": "custom", "name": "thunder", "payload": {"volume": 0.5}}).json()
        assert told["event"]["message"]["data"]["payload"] == {"volume": 0.5}

    @pytest.mark.parametrize(
        ("body", "failing"),
        [
            ({}, {"type"}),
            ({"type": "character_deleted"}, {"type"}),
            ({"type": ["roll"]}, {"type"}),
            ({"type": "hp_change"}, {"character_id"}),
            ({"type": "hp_change", "delta": "-7", "mana": 1}, {"character_id", "delta", "mana"}),
            ({"type": "death_save", "character_id": "x", "result": "maybe"}, {"character_id", "result"}),
            ({"type": "roll", "label": "", "total": 1.5, "dice": [{"sides": 1}]}, None),
            ({"type": "custom", "name": "x" * 81, "payload": []}, {"name", "payload"}),
        ],
    )
    def test_refused_by_its_form(self, gm: Api, events: str, body: dict[str, Any], failing: set[str] | None) -> None:
        refused = gm.post(events, body)
        assert refused.status_code == 422
        assert fields(refused).keys() == (failing or {"label", "total", "dice.0.sides", "dice.0.value"})

    @pytest.mark.parametrize(
        ("facts", "failing"),
        [
            ({}, {"delta"}),
            ({"delta": -1, "to": 3}, {"delta", "to"}),
            ({"to": 46}, {"to"}),
            ({"to": -1}, {"to"}),
            ({"delta": 10_000}, {"delta"}),
            ({"delta": 5, "critical": True}, {"critical"}),
            ({"temp": 5, "kind": "fire"}, {"kind"}),
            ({"delta": -1, "kind": "x" * 41}, {"kind"}),
            ({"delta": -1, "from": 45}, {"from"}),
        ],
    )
    def test_refused_changes_of_hit_points(
        self, table: Table, gm: Api, events: str, facts: dict[str, Any], failing: set[str]
    ) -> None:
        refused = gm.post(events, hit(table, **facts))
        assert (refused.status_code, fields(refused).keys()) == (422, failing)

    def test_refused_by_the_rules(self, table: Table, gm: Api, events: str) -> None:
        hero, vampire = {"character_id": str(table.hero.pk)}, {"character_id": str(a_vampire(table.campaign).pk)}

        def failing(**body: Any) -> set[str]:
            refused = gm.post(events, body)
            assert refused.status_code == 422
            return set(fields(refused))

        assert failing(type="death_save", result="success", **hero) == {"result"}
        assert failing(type="condition_removed", condition="prone", **hero) == {"condition"}
        assert failing(type="condition_added", condition="<b>", **hero) == {"condition"}
        assert failing(type="track_change", track="hunger", delta=1, **hero) == {"track"}
        assert failing(type="track_change", track="hunger", superficial=1, **vampire) == {"superficial"}
        assert failing(type="track_change", track="hunger", **vampire) == {"delta"}
        assert failing(type="hp_change", delta=-1, **vampire) == {"character_id"}

    def test_characters_of_others_are_unknown(self, table: Table, gm: Api, events: str) -> None:
        answers = [
            gm.post(events, {"type": "hp_change", "character_id": str(id_), "delta": -1}).json()
            for id_ in (table.rival_hero.pk, uuid.uuid4())
        ]
        assert answers[0] == answers[1]
        assert answers[0]["details"][0]["field"] == "character_id"


class TestPlayers:
    """A campaign may let its players change the live state of their own characters."""

    @pytest.fixture
    def player(self, table: Table, gm: Api, here: str) -> Api:
        gm.patch(here, {"settings": {"players_change_live": True}})
        return api_as(table, "player")

    def test_their_own(self, table: Table, player: Api, events: str) -> None:
        assert player.post(events, hit(table, delta=-1)).json()["stats"]["hp"]["current"] == 44
        assert player.post(events, {"type": "roll", "label": "A", "total": 3}).status_code == 403

    def test_nobody_elses(self, table: Table, player: Api, events: str) -> None:
        other = a_character(table.campaign)
        assert player.post(events, hit(table, character_id=str(other.pk), delta=-1)).status_code == 403
        assert api_as(table, "viewer").post(events, hit(table, delta=-1)).status_code == 403
        assert api_as(table, "stranger").post(events, hit(table, delta=-1)).status_code == 403

    def test_a_secret_character_is_unknown_to_them(self, table: Table, player: Api, events: str) -> None:
        secret = player.post(events, hit(table, character_id=str(table.secret.pk), delta=-1))
        assert secret.json() == player.post(events, hit(table, character_id=str(uuid.uuid4()), delta=-1)).json()


class TestHistory:
    def test_in_order_since(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        first = gm.post(events, hit(table, delta=-1)).json()["seq"]
        gm.post(events, hit(table, delta=-2))
        gm.post(events, hit(table, delta=-3))
        rows = anybody.get(events, {"since": str(first)}).json()["results"]
        assert [(row["seq"], row["message"]["data"]["delta"]) for row in rows] == [(first + 1, -2), (first + 2, -3)]
        latest = anybody.get(events, {"ordering": "-seq", "page_size": "1"}).json()["results"]
        assert latest[0]["seq"] == first + 2

    def test_the_message_is_that_of_the_stream(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        gm.patch(f"{events}/../characters/{table.hero.pk}".replace("events/../", ""), {"hp_display": "bar"})
        made = gm.post(events, hit(table, delta=-1)).json()
        seen = anybody.get(f"{events}/{made['id']}").json()
        assert "actor" not in seen
        assert "delta" not in seen["message"]["data"]
        assert seen["message"]["data"]["stats"]["hp"] == {"fraction": 0.98, "temp": False}
        assert (seen["message"]["seq"], seen["message"]["epoch"]) == (made["seq"], table.campaign.epoch)

    def test_hidden_ones_only_count(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        hidden = gm.post(events, {"type": "roll", "label": "Trap", "total": 3, "hidden": True}).json()
        row = anybody.get(events, {"since": str(hidden["seq"] - 1)}).json()["results"][0]
        assert (row["type"], row["id"], row["seq"]) == ("hidden", None, hidden["seq"])
        assert row["message"]["data"] == {"type": "HIDDEN"}
        assert "Trap" not in str(row)
        assert anybody.get(f"{events}/{hidden['id']}").status_code == 404
        assert gm.get(f"{events}/{hidden['id']}").json()["message"]["data"]["label"] == "Trap"

    def test_a_secret_character_rolls_in_secret(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        body = {"type": "roll", "label": "Trap", "total": 3, "character_id": str(table.secret.pk)}
        assert anybody.get(f"{events}/{gm.post(events, body).json()['id']}").status_code == 404

    def test_no_filter_finds_what_is_hidden(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        gm.post(events, hit(table, character_id=str(table.secret.pk), delta=-1))
        gm.post(events, {"type": "roll", "label": "Trap", "total": 3, "hidden": True})
        changed = gm.post(events, hit(table, delta=-1)).json()
        for query in ({"type": "hp_change"}, {"type": "roll"}, {"character_id": str(table.secret.pk)}):
            found = anybody.get(events, query).json()
            shown = [row["id"] for row in found["results"]]
            assert shown == ([changed["id"]] if query == {"type": "hp_change"} else [])
            assert found["count"] == len(shown)
            assert gm.get(events, query).json()["count"] > found["count"]

    def test_what_became_secret_is_found_no_more(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        made = gm.post(events, hit(table, delta=-1)).json()
        query = {"character_id": str(table.hero.pk)}
        assert anybody.get(events, query).json()["count"] == 2
        gm.patch(events.replace("events", f"characters/{table.hero.pk}"), {"is_secret": True})
        assert anybody.get(events, query).json()["count"] == 0
        assert anybody.get(f"{events}/{made['id']}").status_code == 404
        everything = anybody.get(events).json()
        assert everything["count"] == table.campaign.events.count()
        assert "Isaura" not in str(everything)

    def test_filters(self, table: Table, gm: Api, events: str) -> None:
        an_episode(table.campaign)
        gm.post(events, {"type": "roll", "label": "Before", "total": 3})
        gm.post(events.replace("events", "episodes/1/start"))
        gm.post(events, {"type": "roll", "label": "During", "total": 3, "character_id": str(table.hero.pk)})

        def labels(**query: str) -> list[str]:
            rows = gm.get(events, query).json()["results"]
            return [row["message"]["data"]["label"] for row in rows if row["type"] == "roll"]

        assert labels() == labels(type="roll") == ["Before", "During"]
        assert labels(episode="1") == labels(character_id=str(table.hero.pk)) == ["During"]
        assert labels(episode="2") == []

    def test_bad_filters(self, anybody: Api, events: str) -> None:
        query = {"since": "-1", "type": "nonsense", "character_id": "1", "episode": "0", "campaign": "2"}
        assert fields(anybody.get(events, query)).keys() == query.keys()

    def test_one_number_of_queries(self, table: Table, gm: Api, anybody: Api, events: str) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                anybody.get(events, {"page_size": "100"})
            return len(captured)

        gm.post(events, hit(table, delta=-1))
        few = queries()
        for _ in range(30):
            gm.post(events, hit(table, delta=-1))
        assert queries() == few <= 5


class TestUndo:
    def test_taken_back_and_done_again(self, table: Table, gm: Api, events: str) -> None:
        made = gm.post(events, hit(table, delta=-7)).json()
        undone = gm.post(f"{events}/{made['id']}/undo")
        assert undone.status_code == 201
        assert undone.json()["stats"]["hp"]["current"] == 45
        assert undone.json()["event"]["undoes"] == made["seq"]
        again = gm.post(f"{events}/{undone.json()['id']}/undo")
        assert again.json()["stats"]["hp"]["current"] == 38

    def test_only_once(self, table: Table, gm: Api, events: str) -> None:
        made = gm.post(events, hit(table, delta=-7)).json()
        gm.post(f"{events}/{made['id']}/undo")
        assert gm.post(f"{events}/{made['id']}/undo").status_code == 409

    def test_unknown_ones(self, table: Table, gm: Api, events: str) -> None:
        foreign = Event.objects.filter(campaign=table.rival_campaign).latest("seq")
        assert gm.post(f"{events}/{foreign.pk}/undo").status_code == 404
        assert gm.post(f"{events}/{uuid.uuid4()}/undo").status_code == 404
