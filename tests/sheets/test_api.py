"""The API of sheets: attack rows, concurrency, idempotency, lists, cost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from sheets.lines.vampire import LINE
from sheets.models import Experience, Row, Sheet
from sheets.operations import rows
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import Table, a_campaign, a_user
from tests.sheets.exchange.fixtures import FOUNDRY_NEONATE, STRANGERS
from tests.sheets.made import a_row, a_sheet, awarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(table: Table) -> Sheet:
    return a_sheet(table.player, campaign=table.campaign)


@pytest.fixture
def player(table: Table) -> Api:
    return api_as(table, "player")


@pytest.fixture
def there(sheet: Sheet) -> str:
    return f"/sheets/vtm/{sheet.pk}"


def test_a05_what_is_not_the_player_s_to_set(player: Api, there: str, sheet: Sheet) -> None:
    """The XP of before, in a peer, is whatever the player's own browser sends."""
    sent = {
        "xp_total": 99,
        "xp": {"earned": 99},
        "storyteller_notes": "x",
        "owner": "me",
        "is_npc": True,
        "touchstones": [],
        "warnings": [],
        "id": "x",
        "line": "htr",
    }
    refused = player.patch(there, {**sent, "strength": 4})
    assert refused.status_code == 422 and fields(refused).keys() == sent.keys()
    sheet.refresh_from_db()
    assert sheet.fields["strength"] == 3


def test_notes_have_their_readers(table: Table, player: Api, gm: Api, there: str) -> None:
    assert player.patch(there, {"private_notes": "Mine."}).status_code == 200
    assert gm.patch(there, {"storyteller_notes": "His."}).status_code == 200
    assert fields(gm.patch(there, {"private_notes": "x"})) == {"private_notes": "this field cannot be set"}
    assert "storyteller_notes" not in player.get(there).json() and "private_notes" not in gm.get(there).json()
    assert player.patch(there, {"shared": "table"}).status_code == 200
    seen = api_as(table, "viewer").get(there).json()
    assert not {"private_notes", "storyteller_notes"} & seen.keys() and seen["may"] == {"edit": False, "tell": False}
    assert api_as(table, "viewer").patch(there, {"strength": 1}).status_code == 403


VALUES = ['"\\u0000"', '"\\ud800"', "1e400", "NaN", "Infinity", "-0", "9" * 4000, str(2**63), "1e3"]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("place", ['{"strength": %s}', '{"tracks": {"health": {"superficial": %s}}}'])
def test_a30_values_that_are_none(player: Api, there: str, place: str, value: str) -> None:
    assert player.raw("PATCH", there, (place % value).encode()).status_code in (400, 422)


@pytest.mark.parametrize("value", ["5", 5.0, True, [5], {}])
def test_a31_dots_are_whole_numbers(player: Api, there: str, sheet: Sheet, value: Any) -> None:
    row = a_row(sheet, "advantages")
    assert fields(player.patch(there, {"strength": value})).keys() == {"strength"}
    assert fields(player.patch(f"{there}/advantages/{row.pk}", {"dots": value})).keys() == {"dots"}
    assert fields(player.post(f"{there}/advantages", {"name": "A", "dots": value})).keys() == {"dots"}


RANGES = [("strength", 6), ("strength", 0), ("brawl", -1), ("blood_potency", 11), ("generation", 17)]


@pytest.mark.parametrize(("name", "value"), RANGES)
def test_a32_out_of_range(player: Api, there: str, name: str, value: int) -> None:
    refused = fields(player.patch(there, {name: value}))
    assert refused.keys() == {name} and any(letter.isdigit() for letter in refused[name])


def test_a32_experience_below_what_was_spent(gm: Api, player: Api, sheet: Sheet) -> None:
    xp = f"/sheets/{sheet.pk}/xp"
    assert gm.post(xp, {"kind": "award", "amount": 25, "reason": "Session 4"}).status_code == 201
    spent = player.post(xp, {"kind": "spend", "field": "strength"})
    assert (spent.status_code, spent.json()["amount"]) == (201, -20)
    assert fields(gm.post(xp, {"kind": "award", "amount": -6})).keys() == {"amount"}
    assert fields(player.post(xp, {"kind": "spend", "field": "wits"})).keys() == {"to"}
    assert fields(player.post(xp, {"kind": "spend", "field": "wits", "amount": 1})).keys() == {"amount"}
    assert player.get(f"/sheets/vtm/{sheet.pk}").json()["xp"] == {"earned": 25, "spent": 20, "available": 5}
    assert [entry["answer"] for entry in player.get(xp).json()["results"]] == ["", ""]


@pytest.mark.parametrize("key", ["nonsense", "__proto__", "constructor", "a.b", "x" * 300, ""])
def test_a33_unknown_fields(player: Api, there: str, sheet: Sheet, key: str) -> None:
    row = a_row(sheet)
    for path in (there, f"{there}/touchstones/{row.pk}"):
        assert player.patch(path, {key: 1}).status_code == 422
    assert player.patch(there, {"tracks": {key: 1}}).status_code == 422
    assert player.patch(there, {"tracks": {"hunger": {key: 1}}}).status_code == 422


NAMES = [("", None), ("\u200b", None), ("x" * 100, "x" * 100), ("x" * 101, None), ("\u202eevil", None)]
NAMES += [("e\u0301", "\u00e9"), ("a" + "\u0301" * 200, None), ("javascript: <b>", "javascript: <b>")]


@pytest.mark.parametrize(("name", "stored"), NAMES)
def test_a34_names(player: Api, there: str, name: str, stored: str | None) -> None:
    """Nothing is cut off, and no words are taken out, as a peer does: what is typed is stored or refused."""
    answer = player.patch(there, {"name": name})
    if stored is None:
        assert fields(answer).keys() == {"name"}
    else:
        assert answer.json()["name"] == stored


def test_a62_stale_and_not_stale(player: Api, gm: Api, there: str) -> None:
    seen = player.get(there).json()["version"]
    assert gm.patch(there, {"version": seen, "concept": "Courier"}).status_code == 200
    assert player.patch(there, {"version": seen, "ambition": "Get out"}).status_code == 200
    refused = player.patch(there, {"version": seen, "concept": "Smuggler"})
    assert refused.status_code == 409 and refused.json()["current"]["concept"] == "Courier"
    now = refused.json()["current"]["version"]
    assert player.patch(there, {"version": now, "concept": "Smuggler"}).json()["concept"] == "Smuggler"
    assert fields(player.patch(there, {"version": "1"})).keys() == {"version"}


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"5"])
def test_what_is_no_object(player: Api, there: str, body: bytes) -> None:
    assert player.raw("PATCH", there, body).status_code == 422
    assert player.raw("POST", f"{there}/touchstones", body).status_code == 422


def test_a_repeated_row_is_one(player: Api, there: str) -> None:
    sent = [player.post(f"{there}/touchstones", {"name": "Inés"}, Idempotency_Key="one") for _ in range(2)]
    assert sent[0].json() == sent[1].json() and Row.objects.count() == 1
    assert player.get(f"{there}/touchstones").json() == [sent[0].json()]


@pytest.mark.parametrize(
    "path", ["/sheets/wolf", "/sheets/vtm/x", "/sheets/vtm/{htr}", "{there}/nonsense", "{there}/touchstones/x"]
)
def test_what_is_not_there(player: Api, there: str, sheet: Sheet, path: str) -> None:
    other = a_sheet(sheet.owner, "htr")
    assert player.get(path.format(there=there, htr=other.pk)).status_code == 404


def test_the_lines_can_be_switched_off(player: Api, there: str, sheet: Sheet, here: str) -> None:
    with override_settings(WOD_ENABLED=False):
        for path in ("/sheets/vtm", there, f"/sheets/{sheet.pk}/xp", f"{here}/chronicle"):
            assert player.get(path).status_code == 404
    assert player.get(there).status_code == 200


def test_lists_are_one_s_own(table: Table, player: Api, gm: Api, sheet: Sheet) -> None:
    other = a_sheet(a_user())
    a_sheet(table.player, "htr")
    assert [row["id"] for row in player.get("/sheets/vtm").json()["results"]] == [str(sheet.pk)]
    assert [row["id"] for row in gm.get("/sheets/vtm").json()["results"]] == [str(sheet.pk)]
    assert player.get("/sheets/vtm", {"campaign": str(a_campaign().pk)}).json()["count"] == 0
    assert api_as(table, "stranger").get("/sheets/vtm").json()["count"] == 0
    assert player.get(f"/sheets/vtm/{other.pk}").status_code == 404


def test_an_unchanged_sheet_is_not_sent_again(player: Api, gm: Api, there: str, here: str) -> None:
    tag = player.get(there)["ETag"]
    assert player.get(there, If_None_Match=tag).status_code == 304
    assert gm.patch(f"{here}/chronicle", {"bane_table": "2018"}).status_code == 200
    assert player.get(there, If_None_Match=tag).status_code == 200


def queries_of(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert api.client.get(f"/api/v1{path}", headers=api.headers).status_code == 200
    return len(found)


def full(sheet: Sheet) -> None:
    """Every kind of rows at its limit, and a long ledger."""
    Row.objects.bulk_create(
        Row(sheet=sheet, kind=kind.name, position=n, values={"name": f"{kind.one} {n}"})
        for kind in LINE.kinds
        for n in range(kind.most)
    )
    Experience.objects.bulk_create(
        Experience(sheet=sheet, number=n, kind="award", side="earned", amount=1) for n in range(2, 200)
    )


def test_the_cost_is_flat(table: Table, player: Api, sheet: Sheet, there: str) -> None:
    awarded(sheet)
    paths = ("/sheets/vtm?page_size=100", there, f"{there}/powers", f"/sheets/{sheet.pk}/xp?page_size=100")
    few = {path: queries_of(player, path) for path in paths}
    full(sheet)
    with override_settings(SHEETS_PER_LINE=100):
        first = a_sheet(table.player)
    Sheet.objects.bulk_create(
        Sheet(line="vtm", owner=table.player, name=f"Sheet {n}", fields=first.fields) for n in range(60)
    )
    assert {path: queries_of(player, path) for path in paths} == few
    assert max(few.values()) <= 12


def test_an_edit_writes_one_sheet(player: Api, there: str, sheet: Sheet) -> None:
    full(sheet)
    with CaptureQueriesContext(connection) as found:
        assert player.patch(there, {"concept": "Courier"}).status_code == 200
    asked = "\n".join(query["sql"] for query in found)
    writes = re.findall(r'(?:UPDATE|INSERT INTO|DELETE FROM) "(\w+)"', asked)
    assert sorted(writes) == ["accounts_auditentry", "sheets_sheet"]


def test_a_deleted_row_is_gone_alone(player: Api, there: str, sheet: Sheet) -> None:
    row, other = a_row(sheet), a_row(sheet, name="Tomas")
    assert player.delete(f"{there}/touchstones/{row.pk}").status_code == 204
    assert player.patch(f"{there}/touchstones/{row.pk}", {"name": "Back"}).status_code == 404
    assert [each["id"] for each in player.get(there).json()["touchstones"]] == [str(other.pk)]
    assert rows.HIGHEST_POSITION == 999


def test_a_file_is_looked_at_and_then_brought_in(player: Api) -> None:
    seen = player.post("/sheets/import", FOUNDRY_NEONATE)
    assert (seen.status_code, seen.json()["sheet"], seen.json()["line"]) == (200, None, "vtm")
    made = player.post("/sheets/import?commit=true", FOUNDRY_NEONATE, Idempotency_Key="one").json()
    assert player.post("/sheets/import?commit=true", FOUNDRY_NEONATE, Idempotency_Key="one").json() == made
    found = player.get(f"/sheets/vtm/{made['sheet']}").json()
    assert (found["clan"], found["xp"]["available"], len(found["powers"])) == ("brujah", 2, 2)
    assert found["tracks"]["humanity"] == {"value": 6, "stains": 2, "max": 10}
    assert Sheet.objects.count() == 1
    for document, words in STRANGERS[2:]:
        assert words in fields(player.post("/sheets/import", document))[""]


def test_a_file_holds_what_the_reader_may_read(player: Api, gm: Api, there: str, sheet: Sheet) -> None:
    player.patch(there, {"private_notes": "Mine alone.", "history": "Docks."})
    a_row(sheet)
    for to, place in (("troupe", "fields"), ("foundry", "system")):
        mine, his = (api.get(f"{there}/export", {"to": to}) for api in (player, gm))
        assert "Mine alone." in mine.content.decode() and "Mine alone." not in his.content.decode()
        assert "Docks." in str(his.json()[place]) and "attachment" in his["Content-Disposition"]
    back = player.post("/sheets/import?commit=true", player.get(f"{there}/export").json()).json()
    again = player.get(f"/sheets/vtm/{back['sheet']}").json()
    assert again["private_notes"] == "Mine alone." and again["touchstones"][0]["name"] == "Inés"
