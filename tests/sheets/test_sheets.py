"""Sheets and their rows: edited field by field, never losing what somebody else wrote."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from campaigns.models import Role
from contract.refusals import Conflict, Invalid
from sheets import lines, queries
from sheets.lines.traits import ADVANTAGE_ROWS, SPECIALTIES, TOUCHSTONES
from sheets.lines.vampire import LINE
from sheets.models import Experience, Row, Sheet
from sheets.operations import chronicles, copies, experience, rows, sheets
from tests.factories import a_campaign, a_member, a_user
from tests.sheets.drafts import NEONATE, WOLVES, discipline, power
from tests.sheets.made import EVERYTHING, PLAYS, a_request, a_row, a_sheet, again, awarded, edit, tracks

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": SYSTEM}


def named(refusal: pytest.ExceptionInfo[Any]) -> dict[str, str]:
    return dict(refusal.value.details)


def test_a_new_sheet_is_as_the_line_begins() -> None:
    sheet = sheets.create(a_user(), lines.line("vtm"), {"name": "Elena"}, **BY)
    assert {name: value for name, value in sheet.fields.items() if value} == {
        **dict.fromkeys(("strength", "dexterity", "stamina", "charisma", "manipulation", "composure"), 1),
        **dict.fromkeys(("intelligence", "wits", "resolve", "blood_potency"), 1),
        "being": "vampire",
        "bane_variant": "default",
    }
    assert sheet.tracks["health"]["max"] == 4 and sheet.tracks["hunger"]["value"] == 1


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_made() -> None:
    with pytest.raises(Invalid) as refused:
        sheets.create(a_user(), LINE, {"strength": 9, "clan": "harpy", "tracks": {"hunger": {"value": 7}}}, **BY)
    assert named(refused).keys() == {"strength", "clan", "name", "tracks.hunger.value"}
    assert not Sheet.objects.exists()


def test_a_third_line_needs_no_code() -> None:
    lines.register(WOLVES)
    try:
        sheet = sheets.create(a_user(), lines.line("wolf"), {"name": "Ash", "form": "crinos", "stamina": 2}, **BY)
        sheet = edit(sheet, {"stamina": 4, "tracks": {"crinos": {"superficial": 3}}})
        gift = rows.add(sheet, WOLVES.kinds[0], {"name": "Hare's Leap", "level": 2}, **BY)
        awarded(sheet)
        spent = experience.spend(sheet, standing=EVERYTHING, row_id=gift.pk, **BY)
    finally:
        lines.forget("wolf")
    assert (sheet.tracks["health"]["max"], sheet.tracks["crinos"]["superficial"], spent.amount) == (7, 3, -6)


def test_disjoint_edits_both_win_and_the_same_field_does_not() -> None:
    sheet = a_sheet()
    seen = sheet.version
    edit(sheet, {"version": seen, "concept": "Courier"})
    both = edit(sheet, {"version": seen, "ambition": "Get out"})
    assert (both.fields["concept"], both.fields["ambition"]) == ("Courier", "Get out")
    with pytest.raises(Conflict) as refused:
        edit(sheet, {"version": seen, "concept": "Smuggler", "desire": "Sleep"})
    assert refused.value.current == {"version": both.version, "concept": "Courier"}
    assert again(sheet).fields["desire"] == ""


def test_what_was_set_can_be_cleared() -> None:
    sheet = edit(a_sheet(), {"concept": "Courier", "generation": 12})
    sheet = edit(sheet, {"concept": None, "generation": None, "clan": ""})
    assert (sheet.fields["concept"], sheet.fields["generation"], sheet.fields["clan"]) == ("", None, "")


def test_an_edit_that_changes_nothing_writes_nothing() -> None:
    sheet = a_sheet()
    entries = AuditEntry.objects.count()
    assert edit(sheet, {"strength": NEONATE["strength"]}).version == sheet.version
    assert AuditEntry.objects.count() == entries


def test_what_is_said_again_makes_late_requests_stale() -> None:
    """Typed and typed back: the first request comes last, and must not win."""
    sheet = a_sheet()
    edit(sheet, {"version": sheet.version, "concept": ""})
    with pytest.raises(Conflict):
        edit(sheet, {"version": sheet.version, "concept": "Courier"})
    row = a_row(sheet)
    rows.update(row, TOUCHSTONES, {"version": 1, "conviction": ""}, **BY)
    with pytest.raises(Conflict):
        rows.update(row, TOUCHSTONES, {"version": 1, "conviction": "One."}, **BY)


def test_a_partial_edit_of_a_track_is_held_against_the_whole() -> None:
    """A peer stores ten boxes of damage on a track of six, where the maximum is not sent along."""
    sheet = a_sheet(stamina=3)
    with pytest.raises(Invalid) as refused:
        edit(sheet, {"tracks": {"health": {"superficial": 10}}})
    assert named(refused).keys() == {"tracks.health.superficial"}
    assert edit(sheet, {"tracks": {"humanity": {"value": 0}}}).tracks["humanity"]["value"] == 0


def test_health_and_willpower_follow_up_and_down() -> None:
    sheet = edit(a_sheet(), {"stamina": 5, "resolve": 5, "tracks": {"health": {"superficial": 7}}})
    assert (sheet.tracks["health"]["max"], sheet.tracks["willpower"]["max"]) == (8, 7)
    sheet = edit(sheet, {"stamina": 1, "resolve": 1})
    assert sheet.tracks["health"] == {"max": 4, "superficial": 4, "aggravated": 0}
    assert sheet.tracks["willpower"]["max"] == 3


def test_mending_a_box_leaves_the_maximum() -> None:
    """In a peer, clearing an aggravated box lowers what there is at most."""
    sheet = edit(a_sheet(), {"tracks": {"health": {"aggravated": 2}}})
    sheet = sheets.move_track(sheet, "health", {"aggravated": -1}, **BY)
    assert sheet.tracks["health"] == {"max": 5, "superficial": 0, "aggravated": 1}


@pytest.mark.parametrize(
    ("name", "steps", "field"),
    [("rage", {"delta": 1}, "track"), ("health", {"delta": 1}, "delta"), ("hunger", {"aggravated": 1}, "aggravated")],
)
def test_tracks_move_by_their_own_steps(name: str, steps: dict[str, int], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        sheets.move_track(a_sheet(), name, steps, **BY)
    assert named(refused).keys() == {field}


def test_resilience_adds_health_as_long_as_it_is_there() -> None:
    sheet = a_sheet(stamina=5)
    kinds = LINE.kinds_by_name
    rating = rows.add(sheet, kinds["disciplines"], discipline("fortitude", 3), **BY)
    known = rows.add(sheet, kinds["powers"], power("fortitude", "Resilience"), **BY)
    assert tracks(sheet)["health"]["max"] == 11
    rows.update(rating, kinds["disciplines"], {"rating": 5}, **BY)
    assert tracks(sheet)["health"]["max"] == 13
    rows.delete(known, **BY)
    assert tracks(sheet)["health"]["max"] == 8


def test_rows_keep_their_ids_whatever_happens_around_them() -> None:
    """In a peer every save makes all rows anew, from what that tab knows of them."""
    sheet = a_sheet()
    first, second = a_row(sheet), a_row(sheet, name="Tomas")
    edit(sheet, {"concept": "Courier"})
    rows.update(first, TOUCHSTONES, {"conviction": "Never feed on the unwilling."}, **BY)
    rows.delete(second, **BY)
    assert list(Row.objects.filter(sheet=sheet).values_list("pk", flat=True)) == [first.pk]
    assert Row.objects.get(pk=first.pk).created_at == first.created_at


def test_a_row_is_edited_like_a_sheet() -> None:
    row = a_row(a_sheet())
    rows.update(row, TOUCHSTONES, {"version": 1, "conviction": "One."}, **BY)
    rows.update(row, TOUCHSTONES, {"version": 1, "name": "Inés Calloway", "position": 3}, **BY)
    with pytest.raises(Conflict) as refused:
        rows.update(row, TOUCHSTONES, {"version": 1, "conviction": "Two."}, **BY)
    assert refused.value.current == {"version": 3, "conviction": "One."}


def test_rows_are_checked_when_they_change_too() -> None:
    """In a peer only when they are made."""
    row = a_row(a_sheet(), "advantages", type="merit")
    with pytest.raises(Invalid) as refused:
        rows.update(row, ADVANTAGE_ROWS, {"dots": 6, "type": "curse", "name": "", "colour": "red", "id": "x"}, **BY)
    assert named(refused).keys() == {"dots", "type", "name", "colour", "id"}


def test_no_specialty_twice() -> None:
    sheet = a_sheet()
    row = a_row(sheet, "specialties", skill="brawl", name="Grappling")
    with pytest.raises(Invalid):
        a_row(sheet, "specialties", skill="brawl", name="grappling")
    assert rows.duplicate(row, SPECIALTIES, **BY).values["name"] == "Grappling (copy)"
    rows.update(row, SPECIALTIES, {"name": "grappling"}, **BY)  # itself is not another


def test_there_is_an_end_to_rows() -> None:
    sheet = a_sheet()
    for number in range(TOUCHSTONES.most):
        a_row(sheet, name=f"Number {number}")
    with pytest.raises(Conflict) as refused:
        a_row(sheet)
    assert named(refused) == {"touchstones": "limit_exceeded"}


@override_settings(SHEETS_PER_LINE=1)
def test_there_is_an_end_to_sheets_that_the_operator_sets() -> None:
    sheet = a_sheet()
    with pytest.raises(Conflict) as refused:
        a_sheet(sheet.owner)
    assert named(refused) == {"line": "limit_exceeded"}
    a_sheet(sheet.owner, "htr")
    with pytest.raises(Conflict):
        copies.duplicate(sheet, standing=EVERYTHING, owner=sheet.owner, **BY)


def test_a_copy_is_one_s_own() -> None:
    campaign = a_campaign()
    sheet = edit(a_sheet(campaign=campaign), {"private_notes": "Mine.", "storyteller_notes": "His."})
    a_row(sheet)
    awarded(sheet)
    copy = again(copies.duplicate(sheet, standing=PLAYS, owner=sheet.owner, **BY))
    assert (copy.name, copy.campaign, copy.fields["private_notes"]) == ("Elena Cross (copy)", None, "Mine.")
    assert copy.fields["storyteller_notes"] == "" and copy.rows.count() == 1
    assert queries.totals(copy).earned == 0


def test_nobody_else_s_notes_are_in_the_audit_trail() -> None:
    edit(a_sheet(campaign=a_campaign()), {"private_notes": "Mine alone.", "concept": "Courier", "history": "x" * 900})
    (entry,) = AuditEntry.objects.filter(action="sheet_changed")
    assert entry.after == {"private_notes": "(not kept)", "concept": "Courier", "history": "(not kept)"}


def test_a_sheet_joins_a_campaign_that_its_owner_is_in() -> None:
    campaign, sheet = a_campaign(), a_sheet()
    with pytest.raises(Invalid) as refused:
        edit(sheet, {"campaign": str(campaign.pk)})
    assert named(refused).keys() == {"campaign"}
    a_member(campaign, Role.PLAYER, sheet.owner)
    assert edit(sheet, {"campaign": str(campaign.pk), "shared": "table"}).campaign == campaign
    assert edit(sheet, {"campaign": None}).campaign is None


def test_in_a_strict_chronicle_creation_is_complete_when_it_is() -> None:
    campaign = a_campaign()
    chronicles.update(campaign, {"strict_creation": True}, **BY)
    sheet = a_sheet(campaign=campaign)
    with pytest.raises(Invalid) as refused:
        edit(sheet, {"creation_complete": True})
    assert "advantages" in named(refused)
    relaxed = a_sheet(campaign=a_campaign())
    assert edit(relaxed, {"creation_complete": True}).fields["creation_complete"] is True


# --- experience ---


def test_experience_is_awarded_and_spent() -> None:
    sheet = a_sheet(stamina=2)
    awarded(sheet, 20)
    spent = experience.spend(sheet, standing=EVERYTHING, field="stamina", **BY)
    assert (spent.amount, again(sheet).fields["stamina"], tracks(sheet)["health"]["max"]) == (-15, 3, 6)
    assert queries.totals(sheet).available == 5


def test_nobody_spends_what_is_not_there() -> None:
    sheet = a_sheet()
    awarded(sheet, 9)
    with pytest.raises(Invalid) as refused:
        experience.spend(sheet, standing=EVERYTHING, field="strength", **BY)
    assert named(refused) == {"to": "This takes 20 experience, and 9 are available."}
    with pytest.raises(Invalid):
        experience.award(sheet, -10, **BY)
    assert (again(sheet).fields["strength"], Experience.objects.count()) == (3, 1)


def test_a_purchase_is_taken_back_by_another_entry() -> None:
    sheet = a_sheet()
    awarded(sheet)
    spent = experience.spend(sheet, standing=EVERYTHING, field="strength", **BY)
    experience.undo(spent, **BY)
    assert again(sheet).fields["strength"] == 3 and queries.totals(sheet).spent == 0
    assert list(Experience.objects.order_by("number").values_list("kind", flat=True)) == ["award", "spend", "undo"]
    with pytest.raises(Conflict):
        experience.undo(spent, **BY)


def test_nothing_is_taken_back_that_was_changed_since() -> None:
    sheet = a_sheet()
    awarded(sheet)
    spent = experience.spend(sheet, standing=EVERYTHING, field="strength", **BY)
    edit(sheet, {"strength": 5})
    with pytest.raises(Conflict):
        experience.undo(spent, **BY)


def test_an_award_that_was_spent_stays() -> None:
    sheet = a_sheet()
    award = awarded(sheet, 20)
    experience.spend(sheet, standing=EVERYTHING, field="strength", **BY)
    with pytest.raises(Invalid):
        experience.undo(award, **BY)


def test_a_discipline_is_raised_and_lowered() -> None:
    sheet = a_sheet()
    awarded(sheet)
    row = rows.add(sheet, LINE.kinds_by_name["disciplines"], discipline("celerity", 2), **BY)
    spent = experience.spend(sheet, standing=EVERYTHING, row_id=row.pk, **BY)
    row.refresh_from_db()
    assert (spent.amount, row.values["rating"]) == (-15, 3)
    experience.undo(spent, **BY)
    row.refresh_from_db()
    assert row.values["rating"] == 2


def test_a_row_that_is_gone_is_paid_back_all_the_same() -> None:
    sheet = a_sheet()
    awarded(sheet)
    row = a_row(sheet, "specialties", skill="brawl", name="Grappling")
    spent = experience.spend(sheet, standing=EVERYTHING, row_id=row.pk, **BY)
    rows.delete(row, **BY)
    experience.undo(spent, **BY)
    assert queries.totals(sheet).available == 30


def test_a_request_waits_for_the_storyteller() -> None:
    request = a_request(a_campaign())
    sheet = again(request.sheet)
    assert (request.kind, request.amount, sheet.fields["strength"]) == ("request", 0, 3)
    experience.approve(request, **BY)
    assert again(sheet).fields["strength"] == 4 and queries.totals(sheet).spent == 20
    with pytest.raises(Conflict):
        experience.refuse(request, **BY)


def test_a_request_is_refused_or_overtaken() -> None:
    refused, overtaken = a_request(a_campaign()), a_request(a_campaign())
    experience.refuse(refused, reason="Not yet.", **BY)
    assert again(refused.sheet).fields["strength"] == 3
    edit(overtaken.sheet, {"strength": 4})
    with pytest.raises(Conflict):
        experience.approve(overtaken, **BY)


def test_totals_equal_the_ledger_at_every_step() -> None:
    sheet = a_sheet()
    awarded(sheet, 80)
    bought = ("athletics", "brawl", "wits", "resolve")
    entries = [experience.spend(sheet, standing=EVERYTHING, field=field, **BY) for field in bought]
    experience.undo(entries[1], **BY)
    found = queries.totals(sheet)
    every = Experience.objects.filter(sheet=sheet)
    assert found.available == sum(entry.amount for entry in every)
    assert [entry.number for entry in every.order_by("number")] == list(range(1, 7))


@pytest.mark.data_layer
def test_the_database_lets_no_entry_be_changed() -> None:
    entry = awarded(a_sheet())
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Experience.objects.filter(pk=entry.pk).update(amount=1000)
    assert connection.vendor in ("sqlite", "postgresql")
    entry.sheet.delete()
    assert not Experience.objects.exists()


def test_no_price_without_a_source_until_the_chronicle_has_one() -> None:
    campaign = a_campaign()
    sheet = a_sheet(line="htr", campaign=campaign)
    awarded(sheet)
    row = rows.add(sheet, lines.line("htr").kinds_by_name["edges"], {"edge": "fleet"}, **BY)
    with pytest.raises(Invalid) as refused:
        experience.spend(sheet, standing=EVERYTHING, row_id=row.pk, **BY)
    assert named(refused).keys() == {"price"}
    chronicles.update(campaign, {"prices": {"edge": 7}}, **BY)
    assert experience.spend(sheet, standing=EVERYTHING, row_id=row.pk, **BY).amount == -7
