"""Ghouls and mortals on the sheet of the vampires: what they have not, on page, API, dice, stage and in files."""

from typing import Any

import pytest

from characters.models import Character
from contract.refusals import Invalid
from sheets import experience, rolling
from sheets.chronicle import DEFAULTS
from sheets.exchange import foundry_out
from sheets.exchange.reading import read
from sheets.lines import vampire
from sheets.lines.shape import Draft
from sheets.validation import tracks_of
from tests.actors import api_as
from tests.factories import Table, a_campaign
from tests.sheets.drafts import NEONATE_ROWS, a_vampire_draft
from tests.sheets.exchange import fixtures
from tests.sheets.made import a_played_sheet, a_roll, a_sheet, edit, tracks

CLEAN: dict[str, Any] = {"clan": "", "predator": "", "generation": None, "blood_potency": 0}


def a_ghoul(**fields: Any) -> Draft:
    draft = a_vampire_draft(being="ghoul", **fields)
    return Draft(draft.fields, tracks_of(vampire.LINE, draft), draft.rows)


class TestRules:
    """The line alone."""

    def test_a_ghoul_has_no_hunger_and_no_potent_blood(self) -> None:
        draft = a_ghoul(blood_potency=3)
        assert draft.tracks.keys() == {"health", "willpower", "humanity"}
        assert "blood" not in vampire.derived(draft, DEFAULTS)
        facts = vampire.dice_facts(draft, DEFAULTS)
        assert (facts.surge, facts.bonus, facts.twice, facts.fury) == (0, 0, 0, 0)

    def test_its_pools_have_no_hunger_dice(self) -> None:
        plan = rolling.plan(vampire.LINE, a_ghoul(), DEFAULTS, {"traits": ["brawl"], "difficulty": 2}, {})
        assert (plan.pool, plan.special) == (3, 0)

    def test_remorse_is_its_only_check(self) -> None:
        assert rolling.checks(vampire.LINE, a_ghoul()) == ("remorse",)
        assert "level 1 costs one aggravated health" in vampire.dice_facts(a_ghoul(), DEFAULTS).instead

    def test_nothing_is_remarked_that_no_source_says_of_ghouls(self) -> None:
        assert list(vampire.creation(a_ghoul(blood_potency=9), DEFAULTS)) == []
        assert list(vampire.advice(a_ghoul(blood_potency=9, generation=16), DEFAULTS)) == []

    def test_a_price_for_its_disciplines_is_the_storyteller_s_to_set(self) -> None:
        row = NEONATE_ROWS["disciplines"][0]
        with pytest.raises(experience.NotForSale, match=r"prices\.ghoul_discipline"):
            experience.offer_for_row(vampire.LINE, a_ghoul(), "disciplines", row, None, DEFAULTS)
        house = {**DEFAULTS, "prices": {"ghoul_discipline": 10}}
        assert experience.offer_for_row(vampire.LINE, a_ghoul(), "disciplines", row, None, house).price == 30
        with pytest.raises(experience.NotForSale, match="this character has none"):
            experience.offer_for_field(vampire.LINE, a_ghoul(), "blood_potency", None, DEFAULTS)

    def test_a_mortal_has_no_powers_either(self) -> None:
        rows = {"powers": [{**NEONATE_ROWS["powers"][0], "name": "Resilience", "discipline": "fortitude"}]}
        rows["disciplines"] = [{"discipline": "fortitude", "rating": 3, "origin": ""}]
        draft = a_vampire_draft(rows, being="mortal")
        assert tracks_of(vampire.LINE, draft)["health"]["max"] == 5
        assert {"disciplines", "powers", "rituals", "clan"} < vampire.absent(draft)
        assert list(vampire.advice(draft, DEFAULTS)) == []


class TestFiles:
    def test_a_ghoul_of_foundry_and_back(self) -> None:
        found = read(fixtures.FOUNDRY_GHOUL)
        draft = found.draft()
        assert (draft.fields["being"], "hunger" in draft.tracks) == ("ghoul", False)
        actor = foundry_out.written(found.line, draft, 0, 0)
        assert (actor["type"], actor["system"]["blood"]["potency"], "hunger" in actor["system"]) == ("ghoul", 0, False)

    def test_what_a_mortal_cannot_have_is_left_out_and_said(self) -> None:
        system = {**fixtures.FOUNDRY_GHOUL["system"], "blood": {"potency": 2}}
        found = read({**fixtures.FOUNDRY_GHOUL, "type": "mortal", "system": system})
        assert found.rows.get("disciplines", []) == [] == found.rows.get("powers", [])
        said = [message for _field, message in found.findings]
        assert "Blood potency 2 is left out: this character has none." in said
        assert "Powers are left out: this character has none." in said

    @pytest.mark.parametrize("splat", ["ghoul", "mortal"])
    def test_a_splat_of_inconnu(self, splat: str) -> None:
        draft = read({**fixtures.INCONNU, "splat": splat, "traits": []}).draft()
        assert (draft.fields["being"], "hunger" in draft.tracks) == (splat, False)


@pytest.mark.django_db
class TestSheets:
    def test_the_api_has_none_of_what_it_lacks(self, table: Table) -> None:
        sheet = a_sheet(table.player, being="ghoul", **CLEAN)
        player = api_as(table, "player")
        told = player.get(f"/sheets/vtm/{sheet.pk}").json()
        assert (told["blood_potency"], told["generation"], told["predator"]) == (0, None, "")
        assert "hunger" not in told["tracks"] and "blood" not in told["derived"]
        assert {"blood_potency", "generation", "predator"} < set(told["absent"])
        refused = player.patch(f"/sheets/vtm/{sheet.pk}", {"generation": 12, "tracks": {"hunger": {"value": 1}}})
        assert [detail["field"] for detail in refused.json()["details"]] == ["tracks.hunger", "generation"]
        assert player.post(f"/sheets/{sheet.pk}/tracks", {"track": "hunger", "delta": 1}).status_code == 422
        rouse = player.post(f"/sheets/{sheet.pk}/roll", {"kind": "rouse"})
        assert rouse.status_code == 422 and "aggravated health" in rouse.json()["details"][0]["message"]

    def test_a_new_one_is_refused_what_it_cannot_have(self, table: Table) -> None:
        sent = {"name": "Gregor", "being": "ghoul", "generation": 12}
        refused = api_as(table, "player").post("/sheets/vtm", sent)
        assert [(refused.status_code, detail["field"]) for detail in refused.json()["details"]] == [(422, "generation")]

    def test_on_stage_hunger_comes_with_the_embrace_and_goes_without(self) -> None:
        sheet, character = a_played_sheet(a_campaign())
        edit(sheet, {"being": "ghoul"})
        character.refresh_from_db()
        assert character.stats["tracks"].keys() == {"health", "willpower", "humanity"}
        edit(sheet, {"being": "vampire"})
        assert Character.objects.get(pk=character.pk).stats["tracks"]["hunger"] == {"value": 1, "max": 5}
        assert tracks(sheet)["hunger"]["value"] == 1

    def test_what_was_there_before_comes_back(self) -> None:
        sheet = edit(edit(a_sheet(blood_potency=2), {"being": "ghoul"}), {"being": "vampire"})
        assert (sheet.fields["blood_potency"], sheet.fields["generation"]) == (2, 13)

    def test_the_page_shows_neither_fields_nor_checks_of_vampires(self, table: Table, client: Any) -> None:
        client.force_login(table.player)
        page = client.get(f"/sheets/{a_sheet(table.player, being='ghoul', **CLEAN).pk}").content.decode()
        assert 'name="domitor"' in page and "costs one aggravated health" in page
        for gone in ('name="blood_potency"', 'data-name="hunger"', 'value="rouse"', 'value="frenzy"', 'name="surge"'):
            assert gone not in page
        mortal = client.get(f"/sheets/{a_sheet(table.player, being='mortal', **CLEAN).pk}").content.decode()
        assert 'id="blood"' not in mortal and 'id="disciplines"' not in mortal

    def test_a_roll_of_a_ghoul_falls_without_hunger(self) -> None:
        made = a_roll(a_sheet(being="ghoul", **CLEAN), traits=["brawl"])
        assert (len(made.result["normal"]), made.result["special"]) == (3, [])
        with pytest.raises(Invalid):
            a_roll(a_sheet(being="ghoul", **CLEAN), traits=["brawl"], surge=True)
