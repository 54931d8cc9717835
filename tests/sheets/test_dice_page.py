"""The dice of a sheet's page without a line of script: forms, and the page that shows what fell."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.models import User
from sheets.models import Roll, Sheet
from sheets.operations import sheets
from tests.factories import a_campaign, a_member
from tests.sheets.made import a_played_sheet, a_row, a_sheet, fallen, tracks

pytestmark = pytest.mark.django_db


def page_of(sheet: Sheet, user: User | None = None) -> tuple[Client, str]:
    client = Client()
    client.force_login(user or sheet.owner)
    return client, f"/sheets/{sheet.pk}"


def pressed(sheet: Sheet, **form: Any) -> Any:
    client, path = page_of(sheet)
    return client.post(path, {"difficulty": "2", "modifier": "0", **form}, follow=True)


def test_two_traits_are_rolled_and_shown() -> None:
    sheet = a_sheet(strength=3, brawl=2)
    answer = pressed(sheet, do="roll", traits=["strength", "brawl"], modifier="-1")
    assert answer.redirect_chain[0][0].endswith("#dice")
    roll = Roll.objects.get()
    assert len(roll.result["normal"]) + len(roll.result["special"]) == 4
    shown = answer.content.decode()
    assert "Strength + Brawl" in shown and f'data-outcome="{roll.result["outcome"]}"' in shown


def test_a_specialty_comes_with_its_skill() -> None:
    sheet = a_sheet(strength=1, brawl=1)
    row = a_row(sheet, "specialties", skill="brawl", name="Clinch")
    pressed(sheet, do="roll", traits=["strength", "brawl"], specialty=str(row.pk))
    assert {"label": "Clinch", "dice": 1} in Roll.objects.get().asked["parts"]
    answer = pressed(sheet, do="roll", traits=["strength"], specialty=str(row.pk))
    assert answer.status_code == 422 and "not in this pool" in answer.content.decode()


def test_checks_are_buttons_of_the_same_form() -> None:
    sheet = a_sheet()
    pressed(sheet, do="rouse", level="1")
    pressed(sheet, do="frenzy", hidden="on")
    assert list(Roll.objects.values_list("kind", "hidden").order_by("number")) == [("rouse", False), ("frenzy", True)]
    assert "disabled>Remorse" in page_of(sheet)[0].get(page_of(sheet)[1]).content.decode()
    sheets.move_track(sheet, "humanity", {"stains": 2}, actor=SYSTEM)
    pressed(sheet, do="remorse")
    assert tracks(sheet)["humanity"]["stains"] == 0


def test_chosen_dice_are_rolled_again() -> None:
    sheet = a_sheet()
    roll = fallen(sheet, [2, 3, 9], [1], difficulty=3)
    assert pressed(sheet, do="reroll", roll=str(roll.pk)).status_code == 422
    pressed(sheet, do="reroll", roll=str(roll.pk), dice=["0", "1"])
    assert Roll.objects.get(pk=roll.pk).asked["again"] == [0, 1]
    assert tracks(sheet)["willpower"]["superficial"] == 1
    again = pressed(sheet, do="reroll", roll=str(roll.pk), dice=["0"])
    assert again.status_code == 409 and "already" in again.content.decode()


def test_a_hunter_is_asked() -> None:
    sheet = a_sheet(line="htr")
    roll = fallen(sheet, [8, 3], [1], kind="desperation")
    client, path = page_of(sheet)
    shown = client.get(path).content.decode()
    assert 'value="overreach"' in shown and 'value="despair"' in shown and 'value="rouse"' not in shown
    pressed(sheet, do="overreach", roll=str(roll.pk))
    assert tracks(sheet)["danger"]["value"] == 2


def test_what_is_wrong_is_said_and_nothing_falls() -> None:
    sheet = a_sheet()
    for form in ({"traits": [""]}, {"traits": ["clan"]}, {"traits": ["strength"], "modifier": "many"}):
        assert pressed(sheet, do="roll", **form).status_code == 422
    assert pressed(sheet, do="reroll", roll="nothing", dice=["0"]).status_code == 404
    assert not Roll.objects.exists()


def test_who_only_looks_has_no_dice_and_sees_no_hidden_rolls() -> None:
    campaign = a_campaign()
    sheet = a_sheet(campaign=campaign)
    Sheet.objects.filter(pk=sheet.pk).update(shared="table")
    pressed(sheet, do="roll", traits=["strength"])
    pressed(sheet, do="roll", traits=["stamina"], hidden="on")
    client, path = page_of(sheet, a_member(campaign).user)
    shown = client.get(path).content.decode()
    assert "Strength: " in shown and "Stamina: " not in shown and 'id="pool"' not in shown
    assert client.post(path, {"do": "roll", "traits": "strength"}).status_code == 403


def test_on_stage_checks_are_offered_to_those_who_move_tracks() -> None:
    sheet, _ = a_played_sheet(a_campaign())
    client, path = page_of(sheet)
    assert 'value="rouse"' not in client.get(path).content.decode()
    assert client.post(path, {"do": "rouse"}).status_code == 403


def test_rolls_cost_the_page_the_same_however_many(django_assert_max_num_queries: Any) -> None:
    sheet = a_sheet()
    client, path = page_of(sheet)
    client.get(path)
    for count in (1, 11):
        for _ in range(count):
            fallen(sheet, [2, 3], [1])
        with django_assert_max_num_queries(30) as found:
            client.get(path)
        if count == 1:
            first = len(found)
    assert len(found) == first
