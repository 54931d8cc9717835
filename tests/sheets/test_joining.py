"""A sheet is put into a chronicle and on stage, by forms."""

import pytest
from django.test import Client

from characters.models import Character
from sheets.models import Sheet
from tests.factories import Table, a_campaign, a_character
from tests.sheets.made import a_played_sheet, a_sheet, again
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(table: Table) -> Sheet:
    return a_sheet(table.player)


@pytest.fixture
def there(sheet: Sheet) -> str:
    return f"/sheets/{sheet.pk}"


@pytest.fixture
def player(table: Table) -> Client:
    return signed_in(table.player)


def test_from_a_new_sheet_to_the_stage_and_down_again(table: Table, player: Client, there: str, sheet: Sheet) -> None:
    assert "Put it there" in text(player.get(there))
    put = player.post(there, {"do": "chronicle", "campaign": str(table.campaign.pk)})
    assert (put.status_code, again(sheet).campaign) == (302, table.campaign)
    page = text(player.get(there))
    assert "Go on stage" in page and "Isaura Vane" in page and "The Pale King" not in page
    player.post(there, {"do": "play", "character": str(table.hero.pk)})
    assert again(sheet).character == table.hero
    page = text(player.get(there))
    assert "Leave the stage" in page and "Go on stage" not in page
    refused = player.post(there, {"do": "chronicle", "campaign": ""})
    assert refused.status_code == 422 and "Let it stop playing first." in text(refused)
    player.post(there, {"do": "stop"})
    player.post(there, {"do": "chronicle", "campaign": ""})
    assert (again(sheet).character, again(sheet).campaign) == (None, None)


def test_who_is_offered_and_who_is_not(table: Table, there: str, sheet: Sheet, player: Client) -> None:
    Sheet.objects.filter(pk=sheet.pk).update(campaign=table.campaign)
    a_played_sheet(table.campaign)
    taken = Character.objects.get(sheet__campaign=table.campaign)
    page = text(signed_in(table.gm).get(there))
    assert "The Pale King" in page and str(taken.pk) not in page and "Storyteller's table" in page
    for character in (table.secret, a_character(table.campaign), table.rival_hero):
        assert player.post(there, {"do": "play", "character": str(character.pk)}).status_code == 404
    assert player.post(there, {"do": "play", "character": ""}).status_code == 422
    foreign = player.post(there, {"do": "chronicle", "campaign": str(a_campaign().pk)})
    assert foreign.status_code == 422 and "You are in no such campaign." in text(foreign)
    assert again(sheet).character is None


def test_the_list_leads_storytellers_to_their_tables(table: Table, player: Client) -> None:
    leads = f'href="/campaigns/{table.campaign.slug}/sheets"'
    assert leads in text(signed_in(table.gm).get("/sheets"))
    assert leads not in text(player.get("/sheets"))
