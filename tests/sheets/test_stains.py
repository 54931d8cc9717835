"""Stains that find no empty box: what they cost, what they take from pools, and how they end."""

from typing import Any

import pytest

from accounts.actors import SYSTEM
from campaigns.models import Event
from characters.models import Character
from sheets import dice, stains
from sheets.exchange import foundry_out
from sheets.exchange.reading import read
from sheets.operations import playing
from tests.actors import api_as
from tests.factories import Table
from tests.sheets.exchange import fixtures
from tests.sheets.made import a_played_sheet, a_roll, a_sheet, edit, tracks
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


def step(table: Table, sheet: Any, **steps: Any) -> Any:
    return api_as(table, "gm").post(f"/sheets/{sheet.pk}/tracks", {"track": "humanity", **steps}).json()["tracks"]


def test_each_that_lies_over_humanity_costs_an_aggravated_willpower(table: Table) -> None:
    sheet = a_sheet(table.player, campaign=table.campaign)
    first = step(table, sheet, stains=2)
    assert (first["humanity"]["stains"], first["willpower"]["aggravated"]) == (2, 0)
    second = step(table, sheet, stains=3)
    assert (second["humanity"], second["willpower"]["aggravated"]) == ({"value": 7, "stains": 5, "max": 10}, 2)
    third = step(table, sheet, stains=-4)
    assert (third["humanity"]["stains"], third["willpower"]["aggravated"]) == (1, 2)


def test_all_pools_are_two_dice_smaller_until_remorse(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = a_sheet(table.player, campaign=table.campaign)
    assert len(a_roll(sheet, traits=["wits", "brawl"]).asked["parts"]) == 2
    step(table, sheet, stains=4)
    assert a_roll(sheet, traits=["wits", "brawl"]).asked["parts"][-1] == {"label": "Impaired", "dice": -2}
    assert len(a_roll(sheet, traits=["humanity"]).asked["parts"]) == 1
    assert len(a_roll(sheet, dice=4).asked["parts"]) == 1
    monkeypatch.setattr(dice, "thrown", lambda: 9)
    a_roll(sheet, kind="remorse")
    assert tracks(sheet)["humanity"]["stains"] == 0
    assert len(a_roll(sheet, traits=["wits", "brawl"]).asked["parts"]) == 2


def test_on_stage_both_tracks_are_told(table: Table) -> None:
    sheet, character = a_played_sheet(table.campaign, table.player)
    step(table, sheet, stains=5)
    character.refresh_from_db()
    told = Event.objects.filter(campaign=table.campaign, type="track_change").order_by("seq")
    assert [event.data["track"] for event in told] == ["humanity", "willpower"]
    assert character.stats["tracks"]["willpower"]["aggravated"] == 2


def at_the_desk(table: Table, character: Character, **steps: Any) -> Any:
    """As the control desk and a bot move a track."""
    body = {"type": "track_change", "character_id": str(character.pk), **steps}
    return api_as(table, "gm").post(f"/campaigns/{table.campaign.pk}/events", body)


class TestAtTheDesk:
    def test_it_costs_what_it_costs_on_the_sheet(self, table: Table) -> None:
        sheet, character = a_played_sheet(table.campaign, table.player)
        answer = at_the_desk(table, character, track="humanity", stains=5)
        assert (answer.status_code, answer.json()["stats"]["tracks"]["humanity"]["stains"]) == (201, 5)
        told = Event.objects.filter(campaign=table.campaign, type="track_change").order_by("seq")
        assert [event.data["track"] for event in told] == ["humanity", "willpower"]
        assert tracks(sheet)["willpower"]["aggravated"] == 2
        at_the_desk(table, character, track="humanity", stains=-3)
        assert tracks(sheet)["willpower"]["aggravated"] == 2

    def test_each_of_the_two_is_taken_back_by_itself(self, table: Table) -> None:
        sheet, character = a_played_sheet(table.campaign, table.player)
        at_the_desk(table, character, track="humanity", stains=4)
        for _ in range(2):
            last = Event.objects.filter(type="track_change", undone_by=None, undoes=None).order_by("-seq")[0]
            assert api_as(table, "gm").post(f"/campaigns/{table.campaign.pk}/events/{last.pk}/undo").status_code == 201
        assert (tracks(sheet)["humanity"]["stains"], tracks(sheet)["willpower"]["aggravated"]) == (0, 0)

    def test_a_character_without_a_sheet_is_of_no_game(self, table: Table) -> None:
        sheet, character = a_played_sheet(table.campaign, table.player)
        playing.stop(sheet, actor=SYSTEM)
        at_the_desk(table, character, track="humanity", stains=5)
        character.refresh_from_db()
        assert character.stats["tracks"]["willpower"]["aggravated"] == 0

    def test_what_is_refused_costs_nothing(self, table: Table) -> None:
        sheet, character = a_played_sheet(table.campaign, table.player)
        refused = at_the_desk(table, character, track="humanity", stains=5, superficial=1)
        assert refused.status_code == 422
        assert (tracks(sheet)["humanity"]["stains"], tracks(sheet)["willpower"]["aggravated"]) == (0, 0)


HUMAN = {"value": 7, "stains": 2, "max": 10}
WILL = {"max": 5, "superficial": 0, "aggravated": 0}


@pytest.mark.parametrize(
    ("before", "name", "steps", "expected"),
    [
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"stains": 1}, 0),
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"stains": 3}, 2),
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"stains": 30}, 7),
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"stains": -2}, 0),
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"delta": 3}, 0),
        ({"humanity": HUMAN, "willpower": WILL}, "humanity", {"delta": -2, "stains": 3}, 0),
        ({"humanity": HUMAN, "willpower": WILL}, "willpower", {"superficial": 3}, 0),
        ({"humanity": HUMAN, "willpower": WILL}, "luck", {"delta": 1}, 0),
        ({"humanity": HUMAN}, "humanity", {"stains": 9}, 0),
    ],
)
def test_what_a_step_costs(before: Any, name: str, steps: dict[str, int], expected: int) -> None:
    assert stains.cost(before, name, steps) == ([("willpower", {"aggravated": expected})] if expected else [])


def test_the_page_says_so_and_covers_no_humanity(table: Table) -> None:
    sheet = edit(a_sheet(table.player), {"tracks": {"humanity": {"value": 9, "stains": 4}}})
    page = text(signed_in(table.player).get(f"/sheets/{sheet.pk}"))
    assert f'data-label="Humanity" data-state="{"on" * 9}/"' in page
    assert tracks(sheet)["willpower"]["aggravated"] == 0  # a number that is set is no deed
    edit(a_sheet(table.player, campaign=table.campaign), {"tracks": {"humanity": {"stains": 4}}})
    assert "7 of 10, 4 stains, impaired" in text(signed_in(table.gm).get(f"/campaigns/{table.campaign.slug}/sheets"))


def test_a_file_brings_them_and_takes_them_along() -> None:
    system = {**fixtures.FOUNDRY_NEONATE["system"], "humanity": {"value": 7, "stains": 5}}
    found = read({**fixtures.FOUNDRY_NEONATE, "system": system})
    draft = found.draft()
    assert draft.tracks["humanity"] == {"value": 7, "stains": 5, "max": 10}
    assert not [field for field, _message in found.findings if field == "tracks.humanity"]
    assert foundry_out.written(found.line, draft, 0, 0)["system"]["humanity"]["stains"] == 5
