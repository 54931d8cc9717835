"""The twelve defects of the closest public peer: each test fails where Troupe behaves as that one does."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from PIL import Image

from accounts.actors import SYSTEM
from contract.refusals import Invalid
from sheets.models import Experience, Row, Sheet
from sheets.operations import experience, sheets
from tests.actors import api_as
from tests.api_client import Api
from tests.content.pictures import a_picture, opened, quarters, saved
from tests.content.stored import fetched, send
from tests.factories import Table
from tests.sheets.made import EVERYTHING, a_row, a_sheet, again, awarded, edit, tracks

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "static" / "sheets" / "js").glob("*.js"))


@pytest.fixture
def sheet(table: Table) -> Sheet:
    return a_sheet(table.player, campaign=table.campaign, concept="Courier", generation=12)


@pytest.fixture
def player(table: Table) -> Api:
    return api_as(table, "player")


def page_of(sheet: Sheet) -> str:
    client = Client()
    client.force_login(sheet.owner)
    return client.get(f"/sheets/{sheet.pk}").content.decode()


def test_1_a_field_can_be_cleared(player: Api, sheet: Sheet) -> None:
    cleared = player.patch(f"/sheets/vtm/{sheet.pk}", {"concept": None, "generation": None}).json()
    assert (cleared["concept"], cleared["generation"]) == ("", None)
    assert (again(sheet).fields["concept"], again(sheet).fields["generation"]) == ("", None)


def test_2_a_save_leaves_rows_and_history_as_they_are(player: Api, sheet: Sheet) -> None:
    row, entry = a_row(sheet, name="Inés"), awarded(sheet, 9)
    at = Experience.objects.get(pk=entry.pk).at
    assert player.patch(f"/sheets/vtm/{sheet.pk}", {"strength": 4, "concept": "Smuggler"}).status_code == 200
    other = player.patch(f"/sheets/vtm/{sheet.pk}/touchstones/{row.pk}", {"conviction": "Never."}).json()
    assert (other["id"], Row.objects.get().pk) == (str(row.pk), row.pk)
    kept = Experience.objects.get()
    assert (kept.pk, kept.at, kept.amount) == (entry.pk, at, 9)
    forged: list[dict[str, Any]] = [{"touchstones": []}, {"xp": {"earned": 90}}, {"xp_total": 90}]
    for sent in forged:
        assert player.patch(f"/sheets/vtm/{sheet.pk}", sent).status_code == 422
    assert Row.objects.count() == 1 and experience_of(sheet) == (9, 0)


def experience_of(sheet: Sheet) -> tuple[int, int]:
    sides = Experience.objects.filter(sheet=sheet).values_list("side", "amount")
    return sum(n for side, n in sides if side == "earned"), -sum(n for side, n in sides if side == "spent")


@pytest.mark.parametrize("wrong", [{"dots": 6}, {"dots": "3"}, {"type": "talent"}, {"name": ""}, {"level": 1}])
def test_3_rows_are_checked_when_they_change_too(player: Api, sheet: Sheet, wrong: Any) -> None:
    row = a_row(sheet, "advantages", name="Haven", dots=2)
    refused = player.patch(f"/sheets/vtm/{sheet.pk}/advantages/{row.pk}", wrong)
    assert refused.status_code == 422 and refused.json()["details"][0]["field"] == next(iter(wrong))
    assert Row.objects.get(pk=row.pk).values["dots"] == 2


def test_4_a_part_of_a_track_is_held_against_the_whole(player: Api, sheet: Sheet) -> None:
    sheets.move_track(sheet, "health", {"aggravated": 2}, actor=SYSTEM)
    most = tracks(sheet)["health"]["max"]
    refused = player.patch(f"/sheets/vtm/{sheet.pk}", {"tracks": {"health": {"superficial": most - 1}}})
    assert refused.status_code == 422 and tracks(sheet)["health"]["superficial"] == 0
    refused = player.patch(f"/sheets/vtm/{sheet.pk}", {"tracks": {"health": {"superficial": 10}}})
    assert refused.json()["details"][0]["field"] == "tracks.health.superficial"


def test_5_errors_have_one_shape_everywhere(player: Api, sheet: Sheet) -> None:
    """That every endpoint keeps it is tests/contract/test_actors.py; here the two that the peer breaks."""
    own = f"/sheets/vtm/{sheet.pk}"
    for refused in (
        player.patch(own, {"strength": 9}),
        player.patch("/preferences", {"column_widths_above": [1, 2, 3]}),
    ):
        body = refused.json()
        assert (refused.status_code, body["status_code"], set(body)) == (422, 422, {"error", "status_code", "details"})
        assert all(set(detail) == {"field", "message"} for detail in body["details"]) and body["details"]


def test_6_none_is_a_value(sheet: Sheet) -> None:
    """Humanity 0 is shown as 0 by the server and drawn without a box; nothing spent is checked as any amount is."""
    edit(sheet, {"tracks": {"humanity": {"value": 0}}, "brawl": 0})
    shown = page_of(sheet)
    assert re.search(r'name="brawl" form="sheet" value="0"', shown)
    assert 'name="tracks.humanity.value" value="0"' in shown
    assert 'data-name="humanity" data-label="Humanity" data-state="----------"' in shown
    with pytest.raises(Invalid):
        experience.spend(sheet, actor=SYSTEM, standing=EVERYTHING, field="strength")
    assert experience_of(sheet) == (0, 0)


def test_6_no_script_takes_none_for_missing() -> None:
    """`value || 7` is how it came to be; `??` is what is meant."""
    for script in SCRIPTS:
        assert not re.search(r"\|\|\s*[1-9]", script.read_text()), script.name


def test_7_stains_lie_in_empty_boxes_and_mending_leaves_the_maximum(sheet: Sheet) -> None:
    edit(sheet, {"tracks": {"humanity": {"value": 7, "stains": 2}}})
    state = "on" * 7 + "-" + "//"
    assert f'data-name="humanity" data-label="Humanity" data-state="{state}"' in page_of(sheet)
    sheets.move_track(sheet, "humanity", {"stains": 5}, actor=SYSTEM)
    assert f'data-label="Humanity" data-state="{"on" * 7 + "///"}"' in page_of(sheet)
    most = tracks(sheet)["health"]["max"]
    sheets.move_track(sheet, "health", {"aggravated": 2}, actor=SYSTEM)
    sheets.move_track(sheet, "health", {"aggravated": -1}, actor=SYSTEM)
    assert tracks(sheet)["health"] == {"max": most, "superficial": 0, "aggravated": 1}


@pytest.mark.parametrize("line", ["vtm", "htr"])
def test_8_willpower_falls_with_the_attributes(line: str) -> None:
    sheet = a_sheet(line=line, composure=2, resolve=2)
    lengths = [tracks(edit(sheet, {"resolve": resolve}))["willpower"]["max"] for resolve in (5, 1, 3)]
    assert lengths == [7, 3, 5]


@pytest.mark.usefixtures("on_disk")
def test_9_a_failed_upload_leaves_the_portrait_and_a_turned_one_stands_upright(table: Table, sheet: Sheet) -> None:
    player, there = api_as(table, "player"), f"/sheets/{sheet.pk}/portraits/face"
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned by a quarter
    kept = send(player, there, saved(quarters(64, 32), "JPEG", exif=turned)).json()
    assert (kept["picture"]["width"], kept["picture"]["height"]) == (32, 64)
    for broken in (b"GIF89a and nothing else", b"", a_picture()[:40]):
        assert send(player, there, broken, name="new.gif").status_code == 422
    assert player.get(there).json()["picture"]["url"] == kept["picture"]["url"]
    assert opened(_file(kept["picture"]["url"])).size == (32, 64)


def _file(url: str) -> io.BytesIO:
    return io.BytesIO(fetched(url).content)


def test_10_what_is_typed_is_kept_or_refused_and_escaped_where_it_is_shown(player: Api, sheet: Sheet) -> None:
    words = "javascript: <script>alert('x')</script> & onload="
    stored = player.patch(f"/sheets/vtm/{sheet.pk}", {"concept": words}).json()
    assert stored["concept"] == words
    shown = page_of(sheet)
    assert "<script>alert(" not in shown and "&lt;script&gt;alert(" in shown
    long = player.patch(f"/sheets/vtm/{sheet.pk}", {"concept": "x" * 201})
    assert long.status_code == 422 and again(sheet).fields["concept"] == words


def test_11_nothing_is_asked_in_a_browser_s_own_window_and_everything_has_a_name(sheet: Sheet) -> None:
    for script in SCRIPTS:
        assert not re.search(r"\b(?:window\.)?(?:prompt|confirm|alert)\(", script.read_text()), script.name
    shown = page_of(sheet)
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', shown))
    wrapped = " ".join(re.findall(r"<label(?:(?!</label>).)*</label>", shown, re.DOTALL))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", shown):
        quiet = 'type="hidden"' in tag or "aria-label" in tag or tag in wrapped
        id_ = re.search(r'\bid="([^"]+)"', tag)
        assert quiet or (id_ is not None and id_[1] in labelled), tag
    for name in ("save", "result"):
        assert re.search(rf'data-part="{name}"[^>]*role="status"', shown), name


def test_12_how_many_sheets_one_has_is_a_setting(player: Api) -> None:
    with override_settings(SHEETS_PER_LINE=2):
        answers = [player.post("/sheets/vtm", {"name": f"Elena {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    with override_settings(SHEETS_PER_LINE=3):
        assert player.post("/sheets/vtm", {"name": "Elena 3"}).status_code == 201
