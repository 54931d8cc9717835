"""The pictures of a sheet: slots by the API and by the page, seen by whoever sees the sheet, gone with it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM
from accounts.operations import departure
from content import claims
from content.models import Asset, Version
from content.operations import sweeping
from sheets import portraits
from sheets.models import Sheet
from sheets.operations import sheets
from sheets.portraits import SLOTS
from tests.actors import api_as
from tests.content.pictures import a_picture, opened
from tests.content.stored import fetched, keys, send, wait_for_storage
from tests.factories import Table, a_user
from tests.sheets.made import a_face, a_sheet, edit
from tests.sheets.test_pages import signed_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]
HOURS = timedelta(hours=1)


@pytest.fixture
def sheet(table: Table) -> Sheet:
    return a_sheet(table.player, campaign=table.campaign)


def address(sheet: Sheet, slot: str = "face") -> str:
    return f"/sheets/{sheet.pk}/portraits/{slot}"


def put(sheet: Sheet, slot: str = "face") -> Any:
    return portraits.one(a_face(sheet, SLOTS[slot]), SLOTS[slot])


def test_a_slot_is_filled_replaced_and_emptied(table: Table, sheet: Sheet) -> None:
    player = api_as(table, "player")
    first = send(player, address(sheet), a_picture("JPEG", 320, 240), alt_text="Elena at the window")
    assert first.status_code == 201
    shown = first.json()
    assert (shown["slot"], shown["picture"]["alt_text"], shown["job"]["state"]) == (
        *("face", "Elena at the window", "queued"),
    )
    assert opened(io.BytesIO(fetched(shown["picture"]["url"]).content)).size == (320, 240)
    second = send(player, address(sheet), a_picture("PNG", 300, 300), crop="0,0,0.5,1").json()
    assert (second["picture"]["width"], second["picture"]["height"]) == (150, 300)
    every = player.get(f"/sheets/{sheet.pk}/portraits").json()
    assert [each["slot"] for each in every] == [*SLOTS] and [each["slot"] for each in every if each["picture"]] == [
        "face"
    ]
    assert player.get(address(sheet, "body")).json()["picture"] is None
    assert player.delete(address(sheet)).status_code == 204
    assert player.get(address(sheet)).json()["picture"] is None
    assert player.delete(address(sheet)).status_code == 204


def test_what_is_no_picture_leaves_the_one_that_is_there(table: Table, sheet: Sheet) -> None:
    player = api_as(table, "player")
    before = send(player, address(sheet), a_picture()).json()
    refused = send(player, address(sheet), b"<svg onload=alert(1)>", name="x.png")
    assert refused.status_code == 422 and refused.json()["details"][0]["field"] == "file"
    assert player.get(address(sheet)).json() == before
    assert send(player, address(sheet, "tail"), a_picture()).status_code == 404


def test_pictures_are_never_public(table: Table, sheet: Sheet) -> None:
    shown = put(sheet)["picture"]
    assert not Asset.objects.get().open
    path, _, _mark = shown["url"].partition("?")
    assert signed_in(table.stranger).get(path).status_code == 404
    assert api_as(table, "viewer").get(address(sheet)).status_code == 404
    edit(sheet, {"shared": "table"})
    viewer = api_as(table, "viewer")
    assert viewer.get(address(sheet)).status_code == 200
    assert send(viewer, address(sheet), a_picture()).status_code == 403


def test_they_count_in_the_owner_s_room_and_are_not_in_the_library(table: Table, sheet: Sheet, settings: Any) -> None:
    gm, player = api_as(table, "gm"), api_as(table, "player")
    assert send(gm, address(sheet, "hobby_1"), a_picture()).status_code == 201
    assert player.get("/content/usage").json()["used"] > 0 == gm.get("/content/usage").json()["used"]
    assert player.get("/content").json()["results"] == []
    settings.CONTENT_USER_QUOTA = 10
    refused = send(player, address(sheet), a_picture())
    assert refused.status_code == 422 and refused.json()["error"] == "quota_exceeded"


def test_they_go_with_the_sheet(sheet: Sheet) -> None:
    put(sheet), put(sheet, "body")
    assert len(keys()) == 6
    sheets.delete(sheet, actor=SYSTEM)
    assert not Asset.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_they_go_with_the_account() -> None:
    owner = a_user()
    put(a_sheet(owner))
    departure.leave(owner, actor=SYSTEM)
    wait_for_storage()
    assert not Version.objects.exists() and keys() == set()


def test_the_sweeper_knows_what_sheets_show(sheet: Sheet) -> None:
    put(sheet)
    assert sweeping.sweep(older_than=HOURS).unclaimed == 0
    assert Version.objects.get().replaced_at is None
    Sheet.objects.all().delete()  # a process that died in between
    sweeping.sweep(older_than=HOURS)
    assert Version.objects.get().replaced_at is not None


def test_a_file_that_is_lost_leaves_an_empty_slot(table: Table, sheet: Sheet) -> None:
    put(sheet)
    claim = claims.of("sheet_face")
    assert claim is not None
    claim.lost(sheet.pk, "sheet_face", keys())
    assert api_as(table, "player").get(address(sheet)).json()["picture"] is None


def test_the_page_of_pictures_without_script(table: Table, sheet: Sheet) -> None:
    client, there = signed_in(table.player), f"/sheets/{sheet.pk}/pictures"
    assert text(client.get(there)).count("None yet") == len(SLOTS)
    file = SimpleUploadedFile("x.png", a_picture(), "image/png")
    sent = client.post(there, {"purpose": "hobby_2", "file": file, "crop": "", "alt_text": "A motorcycle"})
    assert sent.status_code == 302
    assert 'alt="A motorcycle"' in text(client.get(there)) and 'alt="A motorcycle"' in text(
        client.get(f"/sheets/{sheet.pk}")
    )
    client.post(there, {"purpose": "hobby_2", "describe": "1", "alt_text": "A scooter", "credit": "Ada"})
    asset = Asset.objects.get()
    assert (asset.alt_text, asset.credit) == ("A scooter", "Ada")
    refused = client.post(there, {"purpose": "face", "crop": "", "alt_text": ""})
    assert refused.status_code == 422 and "Send one file" in text(refused)
    assert client.post(there, {"purpose": "hobby_2", "describe": "1", "alt_text": "x" * 401}).status_code == 422
    client.post(there, {"purpose": "hobby_2", "remove": "1"})
    assert text(client.get(there)).count("None yet") == len(SLOTS)
    assert client.post(there, {"purpose": "tail", "remove": "1"}).status_code == 404


def test_the_face_is_at_the_head_in_the_list_and_at_the_table(table: Table, sheet: Sheet) -> None:
    url = put(sheet)["picture"]["url"]
    for path in (f"/sheets/{sheet.pk}", "/sheets", f"/campaigns/{table.campaign.slug}/sheets"):
        assert f'src="{url}"' in text(signed_in(table.gm).get(path))


def test_words_alone_by_the_api(table: Table, sheet: Sheet) -> None:
    player = api_as(table, "player")
    assert player.patch(address(sheet), {"alt_text": "Nobody"}).status_code == 409
    url = put(sheet)["picture"]["url"]
    told = player.patch(address(sheet), {"alt_text": "Elena at the window"}).json()
    assert (told["picture"]["alt_text"], told["picture"]["url"]) == ("Elena at the window", url)
    player.patch(address(sheet), {"credit": "Ada"})
    asset = Asset.objects.get()
    assert (asset.alt_text, asset.credit, Version.objects.count()) == ("Elena at the window", "Ada", 1)
    player.patch(address(sheet), {"alt_text": ""})
    assert player.get(address(sheet)).json()["picture"]["alt_text"] == ""
    refused = player.patch(address(sheet), {"alt_text": "x" * 401, "crop": "0,0,1,1"})
    assert {detail["field"] for detail in refused.json()["details"]} == {"alt_text", "crop"}


class TestCopies:
    def test_a_copy_has_pictures_of_its_own(self, table: Table, sheet: Sheet) -> None:
        put(sheet), put(sheet, "hobby_2")
        player = api_as(table, "player")
        player.patch(address(sheet, "hobby_2"), {"alt_text": "A motorcycle", "credit": "Ada"})
        sent = player.post(f"/sheets/vtm/{sheet.pk}/duplicate", Idempotency_Key="one")
        again = player.post(f"/sheets/vtm/{sheet.pk}/duplicate", Idempotency_Key="one")
        assert sent.json()["id"] == again.json()["id"] and Sheet.objects.count() == 2
        copied = Sheet.objects.get(pk=sent.json()["id"])
        shown = {each["slot"]: each["picture"] for each in portraits.shown(copied) if each["picture"]}
        assert [*shown] == ["face", "hobby_2"] and portraits.words(copied)["hobby_2"].credit == "Ada"
        assert shown["hobby_2"]["alt_text"] == "A motorcycle"
        before = keys()
        sheets.delete(sheet, actor=SYSTEM)
        assert len(before) == 12 and fetched(shown["face"]["url"]).content

    def test_without_room_nothing_is_copied_unless_without_them(
        self, table: Table, sheet: Sheet, settings: Any
    ) -> None:
        put(sheet)
        settings.CONTENT_USER_QUOTA = Version.objects.get().size + 10
        player, address_ = api_as(table, "player"), f"/sheets/vtm/{sheet.pk}/duplicate"
        refused = player.post(address_)
        assert (refused.status_code, refused.json()["details"][0]["field"]) == (422, "pictures")
        page = text(signed_in(table.player).post(f"/sheets/{sheet.pk}", {"do": "copy"}))
        assert "There is no room for the copy&#x27;s pictures" in page and "Duplicate without pictures" in page
        assert Sheet.objects.count() == 1 and Version.objects.count() == 1
        assert player.post(f"{address_}?pictures=false").status_code == 201
        assert Sheet.objects.count() == 2 and Version.objects.count() == 1

    def test_what_is_begun_and_refused_leaves_no_file(self, table: Table, sheet: Sheet, settings: Any) -> None:
        put(sheet)
        settings.SHEETS_PER_LINE = 1
        assert api_as(table, "player").post(f"/sheets/vtm/{sheet.pk}/duplicate").status_code == 409
        assert Version.objects.count() == 1 == Asset.objects.count()
