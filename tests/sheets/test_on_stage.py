"""A sheet that plays a character: one live state, moved from either side."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from campaigns.models import Event
from campaigns.operations import campaigns, undo
from characters.models import Character
from characters.operations import lifecycle, vitals
from contract.refusals import Conflict
from sheets.operations import experience, playing, sheets
from tests.actors import api_as
from tests.factories import Table, a_campaign, a_character, acting
from tests.sheets.made import EVERYTHING, a_played_sheet, a_sheet, again, awarded, edit, tracks

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": SYSTEM}


def of(character: Character) -> Any:
    return Character.objects.get(pk=character.pk).stats["tracks"]


def test_the_character_takes_the_tracks_of_the_sheet() -> None:
    sheet = a_sheet()
    sheets.move_track(sheet, "hunger", {"delta": 2}, **BY)
    campaign = a_campaign()
    character = a_character(campaign, hp=0)
    playing.play(sheet, campaign, character.pk, **BY)
    assert of(character)["hunger"] == {"value": 3, "max": 5}
    assert of(character)["health"]["max"] == 5


def test_both_sides_move_the_same_tracks() -> None:
    campaign = a_campaign()
    sheet, character = a_played_sheet(campaign)
    sheets.move_track(sheet, "hunger", {"delta": 3}, **BY)
    vitals.change_track(campaign.pk, character.pk, actor=SYSTEM, track="health", superficial=2)
    assert tracks(sheet) == of(character)
    assert (of(character)["hunger"]["value"], tracks(sheet)["health"]["superficial"]) == (4, 2)
    last = Event.objects.filter(campaign=campaign).order_by("-seq")[1]
    assert (last.type, last.data["track"]) == ("track_change", "hunger")


def test_an_edit_of_the_sheet_is_told_on_stage() -> None:
    sheet, character = a_played_sheet(a_campaign())
    edit(sheet, {"stamina": 5, "tracks": {"humanity": {"stains": 2}}})
    assert of(character)["health"]["max"] == 8 and of(character)["humanity"]["stains"] == 2
    awarded(sheet)
    experience.spend(sheet, standing=EVERYTHING, field="composure", **BY)
    assert of(character)["willpower"]["max"] == 6


def test_an_undo_at_the_table_is_an_undo_on_the_sheet() -> None:
    campaign = a_campaign()
    sheet, _character = a_played_sheet(campaign)
    sheets.move_track(sheet, "hunger", {"delta": 3}, **BY)
    undo.undo(campaign.pk, Event.objects.filter(campaign=campaign).latest("seq").pk, **BY)
    assert tracks(sheet)["hunger"]["value"] == 1


def test_the_sheet_keeps_the_tracks_when_it_stops() -> None:
    sheet, character = a_played_sheet(a_campaign())
    sheets.move_track(sheet, "hunger", {"delta": 3}, **BY)
    playing.stop(sheet, **BY)
    vitals.change_track(character.campaign_id, character.pk, actor=SYSTEM, track="hunger", delta=-1)
    assert (tracks(sheet)["hunger"]["value"], of(character)["hunger"]["value"]) == (4, 3)


def test_a_character_that_goes_and_comes_back_is_played_again() -> None:
    campaign = a_campaign()
    sheet, character = a_played_sheet(campaign)
    sheets.move_track(sheet, "hunger", {"delta": 3}, **BY)
    lifecycle.delete(character, **BY)
    assert tracks(sheet)["hunger"]["value"] == 1  # what the sheet had when it came on stage
    edit(sheet, {"concept": "Courier"})
    undo.undo(campaign.pk, Event.objects.filter(campaign=campaign).latest("seq").pk, **BY)
    assert tracks(sheet)["hunger"]["value"] == 4


def test_a_sheet_outlives_its_campaign() -> None:
    campaign = a_campaign()
    sheet, _character = a_played_sheet(campaign)
    campaigns.delete(campaign.pk, **BY)
    assert again(sheet).campaign is None and tracks(sheet)["health"]["max"] == 5
    assert edit(sheet, {"stamina": 3}).tracks["health"]["max"] == 6


def test_one_sheet_for_one_character() -> None:
    campaign = a_campaign()
    _sheet, character = a_played_sheet(campaign)
    with pytest.raises(Conflict):
        playing.play(a_sheet(), campaign, character.pk, **BY)


def test_the_campaign_stays_while_the_sheet_plays(table: Table) -> None:
    sheet, _character = a_played_sheet(table.campaign, table.player)
    refused = api_as(table, "player").patch(f"/sheets/vtm/{sheet.pk}", {"campaign": None})
    assert [detail["field"] for detail in refused.json()["details"]] == ["campaign"]


@pytest.mark.parametrize(("allowed", "status"), [(False, 403), (True, 200)])
def test_players_move_tracks_where_the_gm_lets_them(table: Table, allowed: bool, status: int) -> None:
    campaigns.update(table.campaign.pk, {"settings": {"players_change_live": allowed}}, **BY)
    sheet, _character = a_played_sheet(table.campaign, table.player)
    player, gm = api_as(table, "player"), api_as(table, "gm")
    step = {"track": "hunger", "delta": 1}
    assert player.post(f"/sheets/{sheet.pk}/tracks", step).status_code == status
    hungry = {"tracks": {"hunger": {"value": 3}}}
    assert player.patch(f"/sheets/vtm/{sheet.pk}", hungry).status_code == status
    assert player.patch(f"/sheets/vtm/{sheet.pk}", {"stamina": 4}).status_code == 200
    assert gm.post(f"/sheets/{sheet.pk}/tracks", step).status_code == 200


def test_one_s_own_character_gets_one_s_own_sheet(table: Table) -> None:
    mine, other = a_sheet(table.player), a_character(table.campaign)
    player = api_as(table, "player")
    body = {"campaign": table.campaign.slug, "character": str(table.hero.pk)}
    assert player.post(f"/sheets/{mine.pk}/play", {**body, "character": str(other.pk)}).status_code == 403
    assert player.post(f"/sheets/{mine.pk}/play", {**body, "character": str(table.secret.pk)}).status_code == 422
    played = player.post(f"/sheets/{mine.pk}/play", body)
    assert (played.status_code, played.json()["character"]) == (200, str(table.hero.pk))
    assert player.delete(f"/sheets/{mine.pk}/play").status_code == 204
    assert acting(table.player).user == again(mine).owner


NOTICE = "copyrights and trademarks of Paradox Interactive AB"


@pytest.mark.parametrize("page", ["/campaigns/{slug}", "/campaigns/{slug}/characters/{character}"])
def test_public_pages_say_whose_game_it_is(page: str, client: Client) -> None:
    campaign, other = a_campaign(), a_campaign()
    _sheet, vampire = a_played_sheet(campaign)
    a_sheet(campaign=other)  # which nobody plays there
    for shown, character, says in ((campaign, vampire, 1), (other, a_character(other), 0)):
        answer = client.get(page.format(slug=shown.slug, character=character.pk))
        assert answer.content.decode().count(NOTICE) == says
