"""The cell of a hunter on the page of the sheet, by plain forms."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from sheets.models import Group
from sheets.operations import sheets
from tests.factories import Table, a_campaign
from tests.sheets.made import a_cell, a_sheet, again, tracks

pytestmark = pytest.mark.django_db


def pressed(sheet: Any, **form: Any) -> Any:
    client = Client()
    client.force_login(sheet.owner)
    return client.post(f"/sheets/{sheet.pk}", form, follow=True) if form else client.get(f"/sheets/{sheet.pk}")


@pytest.fixture
def hunter(table: Table) -> Any:
    return a_sheet(table.player, "htr", table.campaign)


def test_a_cell_is_begun_and_left(hunter: Any) -> None:
    shown = pressed(hunter, do="group-begin", group_name="The Lamplighters").content.decode()
    assert "The Lamplighters" in shown
    assert Group.objects.get().sheets.get().pk == hunter.pk
    sheets.move_track(hunter, "danger", {"delta": 2}, actor=SYSTEM)
    pressed(hunter, do="group-leave")
    assert again(hunter).group is None and tracks(hunter)["danger"]["value"] == 3


def test_one_that_is_there_is_joined_and_changed(hunter: Any) -> None:
    cell = a_cell(hunter.campaign)
    assert f'value="{cell.pk}"' in pressed(hunter).content.decode()
    pressed(hunter, do="group-join", group=str(cell.pk))
    shown = pressed(hunter, do="group-save", name="The Wicks", notes="A van, mostly.").content.decode()
    assert "The Wicks" in shown and "A van, mostly." in shown


def test_what_is_wrong_is_said(hunter: Any) -> None:
    assert pressed(hunter, do="group-join", group="").status_code == 422
    elsewhere = a_cell(a_campaign())
    assert pressed(hunter, do="group-join", group=str(elsewhere.pk)).status_code == 404
    assert pressed(hunter, do="group-begin", group_name="").status_code == 422
    assert pressed(hunter, do="group-save", name="x").status_code == 404
    assert again(hunter).group is None and Group.objects.count() == 1


def test_what_is_live_is_fixed_for_players_who_may_not_move_it(hunter: Any) -> None:
    a_cell(hunter.campaign, hunter)
    shown = pressed(hunter).content.decode()
    assert 'data-name="danger"' in shown
    fixed = [name for name in ("danger", "desperation", "health") if _is_fixed(shown, name)]
    assert fixed == ["danger", "desperation"]


def _is_fixed(page: str, name: str) -> bool:
    return "data-fixed" in page.split(f'data-name="{name}"')[1].split(">")[0]


def test_without_a_chronicle_there_is_nothing_to_share() -> None:
    assert 'id="group"' not in pressed(a_sheet(line="htr")).content.decode()
