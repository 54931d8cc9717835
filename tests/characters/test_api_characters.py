import uuid
from typing import Any

import pytest

from campaigns.models import Event
from characters.models import Character, RosterEntry
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import Table, a_character, a_vampire

pytestmark = pytest.mark.django_db


@pytest.fixture
def hero(table: Table, here: str) -> str:
    """The address of the table's hero."""
    return f"{here}/characters/{table.hero.pk}"


class TestReading:
    def test_viewers_get_the_projection(self, table: Table, gm: Api, anybody: Api, hero: str) -> None:
        shown, whole = anybody.get(hero).json(), gm.get(hero).json()
        assert whole.keys() - shown.keys() == {"gm_notes", "is_secret", "external_ids", "player"}
        assert whole["player"] == str(table.player.pk)
        assert shown["stats"]["hp"] == {"current": 45, "max": 45, "temp": 0}

    def test_players_see_what_viewers_see(self, table: Table, anybody: Api, hero: str) -> None:
        assert api_as(table, "player").get(hero).json() == anybody.get(hero).json()

    @pytest.mark.parametrize(
        ("mode", "hp"),
        [
            ("exact", {"current": 45, "max": 45, "temp": 0}),
            ("bar", {"fraction": 1.0, "temp": False}),
            ("band", {"band": "unhurt"}),
            ("hidden", None),
        ],
    )
    def test_hit_points_by_display_mode(self, gm: Api, anybody: Api, hero: str, mode: str, hp: Any) -> None:
        gm.patch(hero, {"hp_display": mode})
        assert anybody.get(hero).json()["stats"]["hp"] == hp
        assert gm.get(hero).json()["stats"]["hp"]["current"] == 45

    def test_secret_ones_do_not_exist_for_viewers(self, table: Table, gm: Api, anybody: Api, here: str) -> None:
        assert [row["name"] for row in anybody.get(f"{here}/characters").json()["results"]] == ["Isaura Vane"]
        assert [row["name"] for row in gm.get(f"{here}/characters").json()["results"]] == [
            "Isaura Vane",
            "The Pale King",
        ]
        unseen = anybody.get(f"{here}/characters/{table.secret.pk}")
        assert unseen.json() == anybody.get(f"{here}/characters/{uuid.uuid4()}").json()

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"status": "dead"}, ["Corvin Ash"]),
            ({"search": "noor"}, ["Isaura Vane"]),
            ({"search": "rogue"}, ["Corvin Ash"]),
            ({"on_roster": "true"}, ["Isaura Vane"]),
            ({"on_roster": "false"}, ["Corvin Ash", "Mirel"]),
            ({"ordering": "-level"}, ["Mirel", "Isaura Vane", "Corvin Ash"]),
        ],
    )
    def test_filters(
        self, table: Table, gm: Api, anybody: Api, here: str, hero: str, query: Any, names: list[str]
    ) -> None:
        gm.patch(hero, {"player_name": "Noor", "level": 7})
        a_character(table.campaign, name="Corvin Ash", class_name="Rogue", status="dead")
        a_character(table.campaign, name="Mirel", level=9)
        found = anybody.get(f"{here}/characters", query).json()["results"]
        assert [row["name"] for row in found] == names

    def test_one_number_of_queries(self, table: Table, anybody: Api, here: str, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(3):
            assert anybody.get(f"{here}/characters").json()["count"] == 1
        for _ in range(99):
            a_character(table.campaign)
        with django_assert_num_queries(3):
            assert len(anybody.get(f"{here}/characters", {"page_size": "100"}).json()["results"]) == 100


class TestCreating:
    def test_whole(self, table: Table, gm: Api, anybody: Api, here: str) -> None:
        body = {
            "name": "Corvin Ash",
            "player": str(table.player.pk),
            "player_name": "Sam",
            "class": "Rogue",
            "race": "Human",
            "level": 3,
            "status": "guest",
            "stats": {"hp": {"max": 21}, "ac": 15, "tracks": {"hunger": {"value": 1, "max": 5}}},
            "hp_display": "band",
            "accent": "#336699",
            "focal": {"x": 0.25, "y": 0},
            "summary": "A cook.\nOnce.",
            "appearance": "Thin.",
            "gm_notes": "A liar.",
            "is_secret": False,
        }
        made = gm.post(f"{here}/characters", body)
        assert made.status_code == 201
        document = made.json()
        assert {name: document[name] for name in body if name != "stats"} == {
            name: value for name, value in body.items() if name != "stats"
        }
        assert document["stats"]["hp"] == {"current": 21, "max": 21, "temp": 0}
        assert anybody.get(f"{here}/characters/{document['id']}").json()["stats"]["hp"] == {"band": "unhurt"}

    def test_little_is_enough(self, gm: Api, here: str) -> None:
        document = gm.post(f"{here}/characters", {"name": "Nobody"}).json()
        assert (document["level"], document["status"], document["stats"]["ac"]) == (1, "active", 10)

    @pytest.mark.parametrize(
        ("body", "failing"),
        [
            ({}, {"name"}),
            (
                {"name": 5, "level": "7", "is_secret": 1, "stats": {"hp": {"current": 9, "max": 4}}},
                {"name", "level", "is_secret", "stats.hp.current"},
            ),
            ({"name": "A", "stats": {"hp": {"max": -1}, "ac": 1.5}}, {"stats.hp.max", "stats.ac"}),
            ({"name": "A", "stats": {"mana": 3, "hp": {"cur": 1}}}, {"stats.mana", "stats.hp.cur"}),
            ({"name": "A", "stats": []}, {"stats"}),
            ({"name": "A", "focal": {"x": 2, "z": 1}}, {"focal.x", "focal.y", "focal.z"}),
            ({"name": "A", "accent": "red", "status": "asleep"}, {"accent", "status"}),
            ({"name": "A", "player": str(uuid.uuid4())}, {"player"}),
            ({"name": "A", "version": 1, "id": 1, "campaign": "x"}, {"version", "id", "campaign"}),
            ({"name": "A", "class": "x" * 121, "class_name": "B"}, {"class", "class_name"}),
        ],
    )
    def test_refused_with_every_failing_field(
        self, gm: Api, here: str, body: dict[str, Any], failing: set[str]
    ) -> None:
        refused = gm.post(f"{here}/characters", body)
        assert (refused.status_code, fields(refused).keys()) == (422, failing)

    def test_only_members_play(self, table: Table, gm: Api, here: str) -> None:
        refused = gm.post(f"{here}/characters", {"name": "A", "player": str(table.stranger.pk)})
        assert fields(refused) == {"player": "This is no member of the campaign."}


class TestChanging:
    def test_stats_merge(self, table: Table, gm: Api, hero: str) -> None:
        changed = gm.patch(hero, {"stats": {"hp": {"current": 35}}}).json()
        assert changed["stats"]["hp"] == {"current": 35, "max": 45, "temp": 0}
        assert changed["stats"]["abilities"] == table.hero.stats["abilities"]
        told = Event.objects.filter(campaign=table.campaign).latest("seq")
        assert (told.type, told.data["source"], told.data["from"], told.data["to"]) == ("hp_change", "edit", 45, 35)

    def test_disjoint_leaves_on_one_version_both_win(self, gm: Api, hero: str) -> None:
        seen = gm.get(hero).json()["version"]
        gm.patch(hero, {"stats": {"hp": {"current": 30}}, "version": seen})
        changed = gm.patch(hero, {"stats": {"ac": 18}, "level": 4, "version": seen})
        assert (changed.json()["stats"]["hp"]["current"], changed.json()["stats"]["ac"]) == (30, 18)

    def test_the_same_leaf_on_a_stale_version_is_a_conflict(self, gm: Api, hero: str) -> None:
        seen = gm.get(hero).json()["version"]
        gm.patch(hero, {"stats": {"hp": {"current": 30}}, "name": "Isaura"})
        refused = gm.patch(hero, {"stats": {"hp": {"current": 29}}, "version": seen})
        assert refused.status_code == 409
        assert refused.json()["current"] == {"version": seen + 1, "stats.hp.current": 30}

    def test_what_changes_nothing_is_no_event(self, table: Table, gm: Api, hero: str) -> None:
        before = gm.get(hero).json()
        assert gm.patch(hero, {"name": before["name"], "stats": {"ac": before["stats"]["ac"]}}).json() == before
        assert gm.patch(hero, {}).json() == before
        assert not Event.objects.filter(campaign=table.campaign, type="character_updated").exists()

    def test_the_player_changes_hands(self, table: Table, gm: Api, hero: str) -> None:
        assert gm.patch(hero, {"player": str(table.gm.pk)}).json()["player"] == str(table.gm.pk)
        assert gm.patch(hero, {"player": None}).json()["player"] is None

    @pytest.mark.parametrize(
        ("body", "failing"),
        [
            ({"stats": {"hp": {"current": 46}}}, {"stats.hp.current"}),
            ({"stats": {"hp": {"current": None}}}, {"stats.hp.current"}),
            ({"stats": {"conditions": ["prone", "prone", 5]}}, {"stats.conditions.1", "stats.conditions.2"}),
            ({"stats": {"death_saves": {"success": 4}}, "name": ""}, {"stats.death_saves.success", "name"}),
            ({"stats": {"tracks": {"Hunger": {"value": 1, "max": 5}}}}, {"stats.tracks.Hunger"}),
            ({"stats": {"tracks": {"hunger": {"value": 6, "max": 5}}}}, {"stats.tracks.hunger.value"}),
            ({"portrait_url": "https://example.org/x.png", "crest_url": "x"}, {"portrait_url", "crest_url"}),
            ({"version": 0}, {"version"}),
        ],
    )
    def test_refused_with_every_failing_field(self, gm: Api, hero: str, body: Any, failing: set[str]) -> None:
        before = gm.get(hero).json()
        refused = gm.patch(hero, body)
        assert (refused.status_code, fields(refused).keys()) == (422, failing)
        assert gm.get(hero).json() == before

    def test_of_another_campaign_is_not_found(self, table: Table, gm: Api, here: str) -> None:
        foreign = f"{here}/characters/{table.rival_hero.pk}"
        assert {gm.get(foreign).status_code, gm.patch(foreign, {"level": 2}).status_code} == {404}
        assert gm.delete(foreign).status_code == 404


class TestLeaving:
    def test_retired(self, table: Table, gm: Api, hero: str) -> None:
        assert gm.post(f"{hero}/retire").json()["status"] == "retired"
        assert not RosterEntry.objects.filter(campaign=table.campaign).exists()
        assert gm.post(f"{hero}/retire").status_code == 200

    def test_deleted_and_brought_back(self, table: Table, gm: Api, anybody: Api, here: str, hero: str) -> None:
        before = gm.get(hero).json()
        assert gm.delete(hero).status_code == 204
        assert anybody.get(hero).status_code == 404
        assert gm.delete(hero).status_code == 404
        event = gm.get(f"{here}/events", {"type": "character_deleted"}).json()["results"][0]
        undone = gm.post(f"{here}/events/{event['id']}/undo")
        assert undone.status_code == 201
        assert gm.get(hero).json()["stats"] == before["stats"]
        assert gm.get(f"{here}/roster").json()["character_ids"] == [str(table.hero.pk)]


class TestRoster:
    def test_order_and_tiers(self, table: Table, gm: Api, here: str) -> None:
        vampire = a_vampire(table.campaign)
        ids = [str(vampire.pk), str(table.hero.pk)]
        entries = [{"character_id": ids[0], "tier": "compact"}, {"character_id": ids[1]}]
        set_ = gm.patch(f"{here}/roster", {"entries": entries}).json()
        assert set_ == {"character_ids": ids, "entries": [entries[0], {"character_id": ids[1], "tier": ""}]}
        turned = gm.patch(f"{here}/roster", {"character_ids": ids[::-1]}).json()
        assert turned["entries"] == set_["entries"][::-1]

    def test_viewers_see_no_secret_entry(self, table: Table, gm: Api, anybody: Api, here: str) -> None:
        ids = [str(table.secret.pk), str(table.hero.pk)]
        assert gm.patch(f"{here}/roster", {"character_ids": ids}).json()["character_ids"] == ids
        assert anybody.get(f"{here}/roster").json()["character_ids"] == ids[1:]

    def test_emptied(self, table: Table, gm: Api, here: str) -> None:
        assert gm.patch(f"{here}/roster", {"character_ids": []}).json() == {"character_ids": [], "entries": []}

    def test_refused(self, table: Table, gm: Api, here: str) -> None:
        hero, foreign = str(table.hero.pk), str(table.rival_hero.pk)

        def failing(body: Any) -> set[str]:
            return set(fields(gm.patch(f"{here}/roster", body)))

        assert failing({}) == failing({"character_ids": [], "entries": []}) == {""}
        assert failing({"character_ids": [hero, hero, foreign]}) == {"character_ids.1", "character_ids.2"}
        assert failing({"entries": [{"character_id": foreign}]}) == {"entries.0.character_id"}
        assert failing({"entries": [{"character_id": hero, "tier": "giant", "x": 1}, 5]}) == {
            "entries.0.tier",
            "entries.0.x",
            "entries.1",
        }
        assert failing({"character_ids": hero}) == {"character_ids"}
        assert failing({"character_ids": [hero] * 25}) == {"character_ids"}
        assert Character.objects.get(pk=hero).roster_entry.position == 0
