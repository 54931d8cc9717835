"""Stains that find no empty box: what they cost, what they take from pools, and how they end."""

from typing import Any

import pytest

from campaigns.models import Event
from sheets import dice
from sheets.exchange import foundry_out
from sheets.exchange.reading import read
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
