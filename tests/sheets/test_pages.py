"""The pages without any script: a sheet can be begun, edited, extended and deleted by plain forms."""

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from sheets.models import Row, Sheet
from tests.factories import Table, a_campaign, a_user
from tests.sheets.drafts import NEONATE
from tests.sheets.exchange.fixtures import FOUNDRY_ELDER
from tests.sheets.made import a_played_sheet, a_request, a_roll, a_row, a_sheet, again, awarded, edit, tracks

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def sheet() -> Sheet:
    return a_sheet(campaign=a_campaign())


@pytest.fixture
def owner(sheet: Sheet) -> Client:
    return signed_in(sheet.owner)


@pytest.fixture
def there(sheet: Sheet) -> str:
    return f"/sheets/{sheet.pk}"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_sheet_is_begun_and_listed() -> None:
    client = signed_in(a_user())
    assert "You have no sheet yet" in text(client.get("/sheets"))
    begun = client.post("/sheets", {"line": "htr", "name": "Tamsin Reed"})
    assert begun.status_code == 302
    assert "Tamsin Reed" in text(client.get("/sheets"))
    assert "Desperation" in text(client.get(begun["Location"]))
    refused = client.post("/sheets", {"line": "htr", "name": "\u200b"})
    assert refused.status_code == 422 and Sheet.objects.count() == 1


def test_every_field_of_a_line_is_on_its_page(owner: Client, there: str) -> None:
    page = text(owner.get(there))
    for name in ("strength", "animal_ken", "blood_potency", "predator", "private_notes", "tracks.hunger.value"):
        assert f'name="{name}"' in page
    assert 'name="storyteller_notes"' not in page
    assert "worldofdarkness.com" in page


def test_a_form_saves_what_it_changes(owner: Client, there: str, sheet: Sheet) -> None:
    sent = {"do": "save", "version": "1", "strength": "4", "generation": "", "concept": "Courier", "flags": "x"}
    assert owner.post(there, {**sent, "tracks.hunger.value": "3"}).status_code == 302
    found = again(sheet)
    assert (found.fields["strength"], found.fields["generation"], found.fields["concept"]) == (4, None, "Courier")
    assert found.fields["wits"] == NEONATE["wits"] and tracks(sheet)["hunger"]["value"] == 3
    owner.post(there, {"do": "save", "flags": "creation_complete", "creation_complete": "on"})
    assert again(sheet).fields["creation_complete"] is True
    owner.post(there, {"do": "save", "flags": "creation_complete"})
    assert again(sheet).fields["creation_complete"] is False


def test_what_is_refused_is_still_there(owner: Client, there: str, sheet: Sheet) -> None:
    refused = owner.post(there, {"do": "save", "strength": "9", "concept": "A courier of letters"})
    page = text(refused)
    assert refused.status_code == 422 and "A whole number from 1 to 5." in page
    assert "A courier of letters" in page and again(sheet).fields["concept"] == ""


def test_what_somebody_else_changed_is_not_written_over(owner: Client, there: str, sheet: Sheet) -> None:
    edit(sheet, {"concept": "Smuggler"})
    refused = owner.post(there, {"do": "save", "version": "1", "concept": "Courier"})
    assert refused.status_code == 409 and "Somebody else changed this meanwhile" in text(refused)
    assert again(sheet).fields["concept"] == "Smuggler"


def test_rows_by_forms(owner: Client, there: str, sheet: Sheet) -> None:
    added = owner.post(there, {"do": "add-row", "kind": "touchstones", "name": "Inés Calloway"})
    assert added["Location"].endswith("#touchstones")
    row = Row.objects.get()
    owner.post(there, {"do": "save-row", "kind": "touchstones", "row": str(row.pk), "conviction": "Never."})
    row.refresh_from_db()
    assert row.values["conviction"] == "Never." and row.values["name"] == "Inés Calloway"
    assert "Inés Calloway" in text(owner.get(there))
    owner.post(there, {"do": "delete-row", "kind": "touchstones", "row": str(row.pk)})
    assert not Row.objects.exists()
    assert owner.post(there, {"do": "add-row", "kind": "nonsense"}).status_code == 404


def test_experience_by_forms(owner: Client, there: str, sheet: Sheet) -> None:
    assert sheet.campaign is not None
    storyteller = signed_in(sheet.campaign.owner)
    assert owner.post(there, {"do": "award", "amount": "30"}).status_code == 403
    assert storyteller.post(there, {"do": "award", "amount": "+30", "reason": "Session 4"}).status_code == 302
    assert storyteller.post(there, {"do": "award", "amount": "many"}).status_code == 422
    row = a_row(sheet, "specialties", skill="brawl", name="Grappling")
    for target in ("field:strength", f"row:{row.pk}"):
        assert owner.post(there, {"do": "spend", "target": target}).status_code == 302
    assert owner.post(there, {"do": "spend", "target": ""}).status_code == 422
    assert again(sheet).fields["strength"] == 4
    assert "Session 4" in text(owner.get(there))


@pytest.mark.parametrize(("deed", "rating"), [("approve", 4), ("refuse", 3)])
def test_a_request_is_answered_on_the_page(deed: str, rating: int) -> None:
    campaign = a_campaign()
    request = a_request(campaign)
    client, there = signed_in(campaign.owner), f"/sheets/{request.sheet_id}"
    assert "Approve" in text(client.get(there))
    assert client.post(there, {"do": deed, "entry": str(request.pk)}).status_code == 302
    assert again(request.sheet).fields["strength"] == rating
    assert client.post(there, {"do": deed, "entry": str(request.pk)}).status_code == 409


def test_who_deletes_and_who_copies(owner: Client, there: str, sheet: Sheet) -> None:
    assert sheet.campaign is not None
    assert signed_in(sheet.campaign.owner).post(there, {"do": "delete"}).status_code == 404
    assert owner.post(there, {"do": "copy"}).status_code == 302
    assert owner.post(there, {"do": "delete"}).status_code == 302
    assert list(Sheet.objects.values_list("name", flat=True)) == ["Elena Cross (copy)"]


def test_on_stage_the_page_says_who_moves_the_tracks(table: Table) -> None:
    sheet, character = a_played_sheet(table.campaign, table.player)
    page = text(signed_in(table.player).get(f"/sheets/{sheet.pk}"))
    assert f"On stage as {character.name}" in page and "the storyteller moves the tracks" in page
    assert signed_in(table.player).post(f"/sheets/{sheet.pk}", {"tracks.hunger.value": "3"}).status_code == 403
    assert signed_in(table.player).post(f"/sheets/{sheet.pk}", {"do": "stop"}).status_code == 302
    assert again(sheet).character is None


def test_a_shared_sheet_is_read_only(table: Table) -> None:
    sheet = edit(
        a_sheet(table.player, campaign=table.campaign), {"shared": "table", "private_notes": "Nobody's business"}
    )
    viewer = signed_in(table.viewer)
    page = text(viewer.get(f"/sheets/{sheet.pk}"))
    assert "Save the sheet" not in page and "Nobody's business" not in page
    assert viewer.post(f"/sheets/{sheet.pk}", {"do": "save", "strength": "1"}).status_code == 403


def test_without_the_lines_there_are_no_pages(owner: Client, there: str) -> None:
    with override_settings(WOD_ENABLED=False):
        assert owner.get("/sheets").status_code == owner.get(there).status_code == 404
        assert 'href="/sheets"' not in text(owner.get("/campaigns"))
    assert 'href="/sheets"' in text(owner.get("/campaigns"))


def test_a_specialty_stands_at_its_skill(owner: Client, there: str, sheet: Sheet) -> None:
    a_row(sheet, "specialties", skill="brawl", name="Clinch")
    a_row(sheet, "specialties", skill="brawl", name="Pubs")
    beside = re.findall(
        r'data-field="(\w+)"><label[^>]*>[^<]*</label><span class="beside"[^>]*>([^<]+)<', text(owner.get(there))
    )
    assert beside == [("brawl", "Clinch, Pubs")]


def test_the_page_costs_the_same_for_one_row_and_for_many(owner: Client, there: str, sheet: Sheet) -> None:
    awarded(sheet)
    a_row(sheet)
    a_roll(sheet)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            owner.get(there)
        rows = [each["sql"] for each in asked.captured_queries if 'FROM "sheets_row"' in each["sql"]]
        assert len(rows) == 1, "read once for all that is made of them"
        return len(asked)

    owner.get(there)
    for_one = queries()
    Row.objects.bulk_create(
        Row(sheet=sheet, kind="powers", position=n, values={"name": f"Power {n}", "discipline": "auspex"})
        for n in range(60)
    )
    for _ in range(3):
        a_roll(sheet)
        awarded(sheet)
    assert queries() == for_one <= 17


def brought(client: Client, content: bytes) -> Any:
    return client.post("/sheets", {"do": "bring", "file": SimpleUploadedFile("a.json", content)})


def test_a_file_is_brought_in_by_a_form() -> None:
    client = signed_in(a_user())
    made = brought(client, json.dumps(FOUNDRY_ELDER).encode())
    page = text(client.get(made["Location"]))
    assert "The Dowager" in page and "The file says 7; a sheet has 1 to 5." in page
    for content, words in ((b"{", "no JSON"), (b'{"type": "group"}', "a group of Foundry"), (b"[" * 9999, "no JSON")):
        refused = brought(client, content)
        assert refused.status_code == 422 and words in text(refused)
    assert Sheet.objects.count() == 1
