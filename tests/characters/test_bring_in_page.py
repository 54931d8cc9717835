"""The page on which files become characters, without script."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from characters import uploads
from characters.models import Character, RosterEntry
from tests.characters.importers.actors import modern
from tests.factories import Table, a_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return a_table()


@pytest.fixture
def gm(client: Client, table: Table) -> Client:
    client.force_login(table.gm)
    return client


def a_file(name: str = "Bryn", **changes: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.json", json.dumps(modern(name=name, **changes)).encode())


def bring(client: Client, table: Table, *files: SimpleUploadedFile, **fields: str) -> Any:
    return client.post(f"/campaigns/{table.campaign.slug}/characters/import", {"files": list(files), **fields})


def test_several_files_come_in_and_on_the_stage(gm: Client, table: Table) -> None:
    answer = bring(gm, table, a_file("Bryn", _id="B" * 16), a_file("Odalys", _id="C" * 16), stage="1")

    page = answer.content.decode()
    assert "2 characters came in" in page
    assert "Armour class: " in page  # the finding names what it is about
    assert f"/campaigns/{table.campaign.slug}/control/obs" in page  # what comes next
    order = RosterEntry.objects.filter(campaign=table.campaign).order_by("position")
    assert [entry.character.name for entry in order] == ["Isaura Vane", "Bryn", "Odalys"]


def test_who_is_not_wanted_on_the_stage_stays_off_and_who_is_known_is_not_doubled(gm: Client, table: Table) -> None:
    bring(gm, table, a_file())
    bring(gm, table, a_file())

    assert Character.objects.filter(campaign=table.campaign, name="Bryn").count() == 1
    assert not RosterEntry.objects.filter(character__name="Bryn").exists()


def test_a_bad_file_keeps_no_other_out(gm: Client, table: Table) -> None:
    answer = bring(gm, table, SimpleUploadedFile("notes.json", b"{"), a_file())

    page = answer.content.decode()
    assert "1 character came in" in page
    assert "<strong>notes.json</strong> was not taken." in page


def test_nothing_chosen_and_too_much_are_said(gm: Client, table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = bring(gm, table)
    monkeypatch.setattr("characters.import_page.MOST_BYTES", 10)
    much = bring(gm, table, a_file())

    assert (nothing.status_code, much.status_code) == (422, 422)
    assert "Choose a file first" in nothing.content.decode()
    assert f"larger than {uploads.MOST_BYTES >> 20} MB" in much.content.decode()
    assert not Character.objects.filter(name="Bryn").exists()


@pytest.mark.parametrize("who", ["player", "viewer", "rival"])
def test_for_whoever_does_not_run_it_there_is_no_such_page(client: Client, table: Table, who: str) -> None:
    client.force_login(getattr(table, who))

    assert bring(client, table, a_file()).status_code == 404
    assert not Character.objects.filter(name="Bryn").exists()
