"""Sheets in the back office: the GM's own, to be found and read; not a word of what is the owner's alone."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from sheets.models import Sheet
from tests.back_office import url
from tests.factories import Table, a_campaign
from tests.sheets.made import a_played_sheet, a_sheet, again, awarded, edit
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(table: Table) -> Sheet:
    sheet, _character = a_played_sheet(table.campaign, table.player, name="Elena Cross")
    awarded(sheet, 12)
    return edit(sheet, {"private_notes": "Loves the prince"})


@pytest.fixture
def gm(table: Table) -> Client:
    return signed_in(table.gm)


def found(client: Client, **asked: str) -> list[str]:
    page = text(client.get(url(Sheet, "changelist"), asked))
    return [name for name in ("Elena Cross", "Tamsin Reed", "A stranger's") if name in page]


def test_the_list_finds_own_sheets_only(table: Table, gm: Client, sheet: Sheet) -> None:
    a_sheet(campaign=table.campaign, name="Tamsin Reed", line="htr")
    a_sheet(campaign=a_campaign(), name="A stranger's")
    a_sheet(table.gm, name="A stranger's")  # in no campaign at all
    assert found(gm) == ["Elena Cross", "Tamsin Reed"]
    assert found(gm, q="tamsin") == found(gm, line="htr") == found(gm, stage="off") == ["Tamsin Reed"]
    assert found(gm, stage="on") == found(gm, campaign=str(table.campaign.pk), line="vtm") == ["Elena Cross"]
    assert found(gm, q=sheet.owner.username)[:1] == ["Elena Cross"]


def test_a_sheet_is_read_with_its_ledger_and_without_secrets(gm: Client, sheet: Sheet) -> None:
    page = text(gm.get(url(sheet, "change")))
    for words in (
        "Hunger: 1 of 5",
        "12 available",
        "<td>Award</td><td>+12</td>",
        reverse("sheets:sheet", args=[sheet.pk]),
    ):
        assert words in page
    assert "Loves the prince" not in page and 'name="_save"' not in page
    assert gm.post(url(sheet, "change"), {"name": "Somebody else"}).status_code == 403
    assert again(sheet).name == "Elena Cross"


def test_a_sheet_leaves_the_stage(gm: Client, sheet: Sheet) -> None:
    assert "Leave the stage" in text(gm.get(url(sheet, "change")))
    assert gm.post(url(sheet, "deed", "off-stage")).status_code == 302
    assert again(sheet).character is None
    assert "Leave the stage" not in text(gm.get(url(sheet, "change")))


def test_without_the_lines_there_are_no_sheets(gm: Client, sheet: Sheet) -> None:
    with override_settings(WOD_ENABLED=False):
        assert gm.get(url(Sheet, "changelist")).status_code == 403
