"""An edit reads what it needs with the lock, and answers with what it knows: as if everything were read anew."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.models import AuditEntry, User
from campaigns.models import Campaign
from characters.models import Character
from contract.refusals import Conflict, Invalid, NotVisible
from sheets import editing, parts, queries
from sheets.models import Sheet
from sheets.operations import playing, sheets
from tests.actors import api_as
from tests.api_client import Api
from tests.factories import Table, a_campaign, a_character
from tests.sheets.made import EVERYTHING, a_cell, a_played_sheet, a_row, a_sheet, again, awarded

pytestmark = pytest.mark.django_db

MARKED = {"superficial": 1, "aggravated": 0}


def off_stage(table: Table, owner: User | None = None) -> Sheet:
    return a_sheet(owner or table.player, campaign=table.campaign)


def on_stage(table: Table, owner: User | None = None) -> Sheet:
    return a_played_sheet(table.campaign, owner or table.player)[0]


def in_no_chronicle(table: Table, owner: User | None = None) -> Sheet:
    return a_sheet(owner or table.player)


def in_a_cell(table: Table, owner: User | None = None) -> Sheet:
    sheet = a_sheet(owner or table.player, "htr", campaign=table.campaign)
    a_cell(table.campaign, sheet)
    return again(sheet)


EDITS: list[Any] = [
    (off_stage, {"concept": "Courier", "strength": 4}),
    (off_stage, {"tracks": {"health": MARKED}, "stamina": 4}),
    (off_stage, {"name": "Elena of the Reeds", "shared": "table"}),
    (off_stage, {"campaign": None}),
    (on_stage, {"concept": "Courier"}),
    (on_stage, {"tracks": {"health": MARKED}, "stamina": 4}),
    (in_no_chronicle, {"private_notes": "Owes Bruno."}),
    (in_a_cell, {"concept": "Priest"}),
    (in_a_cell, {"tracks": {"danger": {"value": 2}}}),
]


@pytest.mark.parametrize(("made", "sent"), EDITS, ids=lambda each: getattr(each, "__name__", None) or "-".join(each))
def test_the_answer_is_what_is_read_next(table: Table, made: Any, sent: dict[str, Any]) -> None:
    sheet = made(table, table.gm)  # who may move every track
    a_row(sheet, kind="specialties", skill="brawl", name="Kicks")
    awarded(sheet)
    gm, there = api_as(table, "gm"), f"/sheets/{sheet.line}/{sheet.pk}"
    before = gm.get(there).json()
    changed = gm.patch(there, {**sent, "version": before["version"]})
    assert changed.status_code == 200, changed.content
    assert changed.json() == gm.get(there).json() != before


def test_whose_sheet_it_is_is_told_to_the_storyteller(table: Table) -> None:
    sheet, gm = off_stage(table), api_as(table, "gm")
    there = f"/sheets/vtm/{sheet.pk}"
    told = gm.patch(there, {"concept": "Courier"}).json()
    assert told["owner_name"] == str(table.player)
    assert told == gm.get(there).json()


def test_the_entry_is_of_the_change(table: Table) -> None:
    sheet = off_stage(table)
    api_as(table, "player").patch(f"/sheets/vtm/{sheet.pk}", {"concept": "Courier"})
    entry = AuditEntry.objects.get(action="sheet_changed", subject_id=sheet.pk)
    assert (entry.after, entry.campaign_id, entry.actor_id) == (
        {"concept": "Courier"},
        table.campaign.pk,
        table.player.pk,
    )
    assert entry.at >= Sheet.objects.get(pk=sheet.pk).updated_at.replace(microsecond=0)


def test_by_a_cookie_alone_nothing_is_changed(table: Table) -> None:
    sheet, player = off_stage(table), api_as(table, "player")
    without: Any = player.client.patch
    path, sent = f"/api/v1/sheets/vtm/{sheet.pk}", {"concept": "Courier"}
    for headers in ({}, {"X-CSRFToken": "a" * 32}, {"X-CSRFToken": ""}):
        assert without(path, sent, content_type="application/json", headers=headers).status_code == 403
    assert again(sheet).version == sheet.version


@pytest.mark.parametrize("made", [off_stage, on_stage, in_no_chronicle])
def test_what_an_edit_asks_is_the_same_for_few_rows_and_many(table: Table, made: Any) -> None:
    sheet, player = made(table), api_as(table, "player")
    assert asked(player, sheet, "Courier") == asked(player, with_rows(sheet), "Smuggler") <= 15


def asked(player: Api, sheet: Sheet, concept: str) -> int:
    player.get("/users/me")
    with CaptureQueriesContext(connection) as captured:
        assert player.patch(f"/sheets/vtm/{sheet.pk}", {"concept": concept}).status_code == 200
    return len(captured)


def with_rows(sheet: Sheet) -> Sheet:
    for number in range(4):
        a_row(sheet, name=f"Touchstone {number}")
    return sheet


# --- what was known of it is old ---


def elsewhere(sheet: Sheet) -> Campaign:
    """The sheet goes to another chronicle, and whoever read it before does not know."""
    there = a_campaign(owner=sheet.owner)
    Sheet.objects.filter(pk=sheet.pk).update(campaign=there)
    return there


def test_a_sheet_that_went_elsewhere_is_edited_there(table: Table) -> None:
    for sheet in (off_stage(table), in_no_chronicle(table)):
        there = elsewhere(sheet)
        edit = sheets.update(sheet, {"concept": "Courier"}, actor=SYSTEM, standing=EVERYTHING)
        assert (edit.sheet.campaign, again(sheet).fields["concept"]) == (there, "Courier")


def test_a_sheet_whose_chronicle_is_gone_is_edited_in_none(table: Table) -> None:
    sheet, campaign = off_stage(table), table.campaign
    Sheet.objects.filter(pk=sheet.pk).update(campaign=None)
    Campaign.objects.filter(pk=campaign.pk).delete()
    edit = sheets.update(sheet, {"concept": "Courier"}, actor=SYSTEM, standing=EVERYTHING)
    assert edit.sheet.campaign_id is None


def test_a_sheet_that_is_gone_is_not_found(table: Table) -> None:
    sheet = off_stage(table)
    Sheet.objects.filter(pk=sheet.pk).delete()
    with pytest.raises(NotVisible):
        sheets.update(sheet, {"concept": "Courier"}, actor=SYSTEM, standing=EVERYTHING)


def test_one_that_moves_between_question_and_lock_is_refused(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = off_stage(table)
    old = again(sheet)
    elsewhere(sheet)
    monkeypatch.setattr(queries.BY_KEY, "get", lambda **_named: old)
    with pytest.raises(Conflict, match="changed its campaign"), editing.editing(sheet.pk, SYSTEM):
        pytest.fail("nobody may edit it now")


def test_whom_it_plays_is_read_under_the_lock(table: Table) -> None:
    sheet = off_stage(table)
    character = a_character(table.campaign, hp=0)
    known = again(sheet)
    playing.play(sheet, table.campaign, character.pk, actor=SYSTEM)
    sheets.update(known, {"tracks": {"health": MARKED}}, actor=SYSTEM, standing=EVERYTHING)
    assert Character.objects.get(pk=character.pk).stats["tracks"]["health"]["superficial"] == 1
    known = again(sheet)
    playing.stop(sheet, actor=SYSTEM)
    edit = sheets.update(known, {"concept": "Courier"}, actor=SYSTEM, standing=EVERYTHING)
    assert edit.sheet.character is None


def test_the_parts_are_those_that_each_question_finds(table: Table) -> None:
    sheet = on_stage(table)
    a_row(sheet)
    awarded(sheet, 7)
    found = parts.of(sheet)
    assert found.rows == queries.rows(sheet) != {}
    assert (found.settings, found.totals) == (queries.settings_of(sheet.campaign_id), queries.totals(sheet))
    assert found.totals.available == 7


def test_what_is_refused_leaves_no_trace(table: Table) -> None:
    sheet, entries = on_stage(table), AuditEntry.objects.count()
    with pytest.raises(Invalid):
        sheets.update(sheet, {"concept": "Courier", "strength": 11}, actor=SYSTEM, standing=EVERYTHING)
    assert (again(sheet).version, AuditEntry.objects.count()) == (sheet.version, entries)
