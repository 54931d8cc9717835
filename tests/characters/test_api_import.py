import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Event
from characters.models import Character
from tests.api_client import Api, fields
from tests.characters.importers.actors import modern, old
from tests.factories import Table

pytestmark = pytest.mark.django_db


def file_of(*documents: dict[str, Any]) -> bytes:
    return json.dumps(documents[0] if len(documents) == 1 else list(documents)).encode()


@pytest.fixture
def form(here: str) -> str:
    return f"{here}/import"


def bring(api: Api, form: str, *documents: dict[str, Any], **switches: str) -> list[dict[str, Any]]:
    answer = api.upload(form, {"party.json": file_of(*documents)}, {"commit": "true", **switches})
    assert answer.status_code == 200
    return answer.json()["results"]


def test_a_preview_writes_nothing(table: Table, gm: Api, form: str) -> None:
    before = table.campaign.events.count()
    (result,) = gm.upload(form, {"bryn.json": file_of(modern())}).json()["results"]
    assert (result["file"], result["name"], result["classes"]) == ("bryn.json", "Bryn", [["Fighter", 1]])
    assert (result["species"], result["character_id"], result["stats"]["hp"]) == (
        "Human",
        None,
        {"current": 11, "max": 11, "temp": 0},
    )
    assert table.campaign.events.count() == before


def test_commit_makes_the_character(table: Table, gm: Api, anybody: Api, here: str, form: str) -> None:
    (result,) = bring(gm, form, modern())
    shown = anybody.get(f"{here}/characters/{result['character_id']}").json()
    assert (shown["name"], shown["class"], shown["race"], shown["level"]) == ("Bryn", "Fighter", "Human", 1)
    assert shown["stats"] == result["stats"]
    assert Character.objects.get(pk=shown["id"]).external_ids == {"foundry": "Aa00000000000001"}


def test_one_bad_file_keeps_nobody_out(gm: Api, form: str) -> None:
    files = {"a.json": b"{not json", "b.json": file_of(modern()), "c.json": file_of(modern(type="npc"))}
    results = gm.upload(form, files, {"commit": "true"}).json()["results"]
    assert [(each["file"], each["status"] == "refused") for each in results] == [
        ("a.json", True),
        ("b.json", False),
        ("c.json", True),
    ]
    assert all(each["warnings"][0]["message"] for each in results if each["status"] == "refused")
    assert Character.objects.filter(name="Bryn").count() == 1


def test_one_result_for_each_actor_of_a_file(gm: Api, form: str) -> None:
    assert [each["name"] for each in bring(gm, form, modern(), old(_id="Aa00000000000002", name="Old Bryn"))] == [
        "Bryn",
        "Old Bryn",
    ]


class TestAgain:
    """The same character comes in a second time, after a level, with its player at 3 of 11."""

    GROWN = modern(hp={"value": 20, "max": 20}, abilities={"str": 18}, name="Bryn the Bold", _id="Aa00000000000001")

    @pytest.fixture
    def hurt(self, table: Table, gm: Api, here: str, form: str) -> str:
        id_ = bring(gm, form, modern())[0]["character_id"]
        about = {"character_id": id_}
        gm.post(f"{here}/events", {"type": "hp_change", "to": 3, **about})
        gm.post(f"{here}/events", {"type": "hp_change", "temp": 4, **about})
        gm.post(f"{here}/events", {"type": "condition_added", "condition": "prone", "rounds": 2, **about})
        gm.patch(f"{here}/characters/{id_}", {"stats": {"tracks": {"luck": {"value": 1, "max": 3}}}})
        return id_

    def test_what_happened_at_the_table_stays(self, gm: Api, form: str, hurt: str) -> None:
        (result,) = bring(gm, form, self.GROWN)
        assert result["character_id"] == hurt
        stats = result["stats"]
        assert stats["hp"] == {"current": 3, "max": 20, "temp": 4}
        assert (stats["conditions"], stats["condition_rounds"]) == (["prone"], {"prone": 2})
        assert stats["tracks"] == {"luck": {"value": 1, "max": 3}}
        assert stats["abilities"]["str"] == 18

    def test_unless_told_otherwise(self, gm: Api, form: str, hurt: str) -> None:
        stats = bring(gm, form, self.GROWN, keep_live="false")[0]["stats"]
        assert stats["hp"] == {"current": 20, "max": 20, "temp": 0}
        assert (stats["conditions"], stats["condition_rounds"]) == ([], {})
        assert stats["tracks"] == {"luck": {"value": 1, "max": 3}}

    def test_the_words_of_the_gm_stay(self, table: Table, gm: Api, here: str, form: str, hurt: str) -> None:
        gm.patch(f"{here}/characters/{hurt}", {"name": "Brynja", "summary": "Ours."})
        (result,) = bring(gm, form, self.GROWN | {"name": "Bryn the Bold"})
        assert (result["name"], result["status"]) == ("Brynja", "warning")
        assert "name" in {warning["field"] for warning in result["warnings"]}
        character = Character.objects.get(pk=hurt)
        assert (character.name, character.summary) == ("Brynja", "Ours.")

    def test_current_hit_points_never_give_way_to_a_lower_maximum(
        self, gm: Api, here: str, form: str, hurt: str
    ) -> None:
        gm.patch(f"{here}/characters/{hurt}", {"stats": {"hp": {"max": 30, "current": 30}}})
        (result,) = bring(gm, form, self.GROWN)
        assert result["stats"]["hp"] == {"current": 30, "max": 30, "temp": 4}
        assert "stats.hp.max" in {warning["field"] for warning in result["warnings"]}

    def test_a_preview_says_what_would_become_of_it(self, gm: Api, form: str, hurt: str) -> None:
        preview = gm.upload(form, {"party.json": file_of(self.GROWN)}).json()["results"]
        assert preview == bring(gm, form, self.GROWN)

    def test_the_same_file_twice_changes_nothing(self, table: Table, gm: Api, form: str, hurt: str) -> None:
        bring(gm, form, self.GROWN)
        before = table.campaign.events.count()
        bring(gm, form, self.GROWN)
        assert table.campaign.events.count() == before

    def test_another_campaign_has_a_character_of_its_own(self, table: Table, form: str, hurt: str) -> None:
        rival = Api(user=table.rival)
        results = bring(rival, f"/campaigns/{table.rival_campaign.slug}/import", modern())
        assert results[0]["character_id"] != hurt


def test_a_character_comes_whole_or_not_at_all(table: Table, gm: Api, form: str, monkeypatch: Any) -> None:
    from characters.operations import lifecycle

    monkeypatch.setattr(lifecycle, "MOST_IN_CAMPAIGN", 2)
    (result,) = bring(gm, form, modern())
    assert (result["status"], result["warnings"][0]["field"]) == ("refused", "campaign")
    assert Character.objects.filter(campaign=table.campaign).count() == 2
    assert not Event.objects.filter(campaign=table.campaign, data__character__name="Bryn").exists()


@pytest.mark.parametrize(
    ("switches", "failing"),
    [
        ({"commit": "yes"}, {"commit"}),
        ({"keep_live": "1", "campaign": "2"}, {"keep_live", "campaign"}),
    ],
)
def test_refused_forms(gm: Api, form: str, switches: dict[str, str], failing: set[str]) -> None:
    assert fields(gm.upload(form, {"a.json": b"{}"}, switches)).keys() == failing


def test_a_form_without_files(gm: Api, form: str) -> None:
    assert fields(gm.upload(form, {}, {"commit": "true"})).keys() == {"files"}
    as_text = b'--b\r\nContent-Disposition: form-data; name="files"\r\n\r\n{}\r\n--b--\r\n'
    assert fields(gm.raw("POST", form, as_text, "multipart/form-data; boundary=b")).keys() == {"files"}


def test_no_form_at_all(gm: Api, form: str) -> None:
    assert gm.raw("POST", form, b"{}", "application/json").status_code == 415
    assert gm.raw("POST", form, b"nonsense", "multipart/form-data").status_code == 400


def test_too_much_at_once(gm: Api, form: str, monkeypatch: Any) -> None:
    from characters import uploads

    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    assert gm.upload(form, {"a.json": b" " * 200}).status_code == 413


def test_a_repeated_import_has_one_effect(table: Table, gm: Api, form: str) -> None:
    file = file_of(modern(_id=None, name="Nameless"))
    first, again = (
        gm.upload(form, {"a.json": file}, {"commit": "true"}, Idempotency_Key="import-1").json() for _ in range(2)
    )
    assert first == again
    assert Character.objects.filter(name="Nameless").count() == 1
    other = gm.upload(form, {"a.json": file + b" "}, {"commit": "true"}, Idempotency_Key="import-1")
    assert other.status_code == 422


class TestCommand:
    def run(self, *arguments: object) -> str:
        out = StringIO()
        call_command("import_characters", *map(str, arguments), stdout=out)
        return out.getvalue()

    def test_says_how_far_it_is(self, table: Table, tmp_path: Path) -> None:
        good, bad = tmp_path / "bryn.json", tmp_path / "bad.json"
        good.write_bytes(file_of(modern()))
        bad.write_bytes(b"{")
        said = self.run(good, bad, tmp_path / "gone.json", "--campaign", table.campaign.slug)
        assert "[1/3] bryn.json\n  " in said
        assert "[3/3] gone.json" in said
        assert "1 taken, 2 refused." in said
        assert Character.objects.filter(campaign=table.campaign, name="Bryn").exists()

    def test_dry(self, table: Table, tmp_path: Path) -> None:
        (tmp_path / "bryn.json").write_bytes(file_of(modern()))
        said = self.run(tmp_path / "bryn.json", "--campaign", table.campaign.slug, "--dry-run")
        assert "1 taken, 0 refused, nothing written." in said
        assert not Character.objects.filter(name="Bryn").exists()

    def test_nothing_to_take(self, table: Table, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No character"):
            self.run(tmp_path / "gone.json", "--campaign", table.campaign.slug)
        with pytest.raises(CommandError, match="no campaign"):
            self.run(tmp_path / "gone.json", "--campaign", "elsewhere")
