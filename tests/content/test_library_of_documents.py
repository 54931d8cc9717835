"""/api/v1/content takes PDF and text: known by their content, and served so that no browser runs them."""

from typing import Any

import pytest

from content import documents
from content.models import Asset, Job, Kind, StoredFile
from tests.api_client import Api, fields
from tests.content.papers import a_pdf
from tests.content.pictures import a_picture
from tests.content.stored import an_asset, fetched, keys, send, wait_for_storage
from tests.factories import a_user

pytestmark = pytest.mark.django_db
NOTES = "# Lowmere\n\nThe tide – at last – turns. <script>alert(1)</script>\n"
ACTING = a_pdf(root="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")


@pytest.fixture
def api(db: Any) -> Api:
    return Api(user=a_user("noor"))


@pytest.mark.each_storage
@pytest.mark.usefixtures("files")
def test_a_pdf_is_written_anew_and_saved_not_opened(api: Api, files: str) -> None:
    response = send(api, "/content", ACTING + b"<script>", "x.png", title="Hand-out")
    assert response.status_code == 201
    found = response.json()
    document = found["document"]
    assert (found["kind"], found["picture"], found["recording"], found["job"]) == ("document", None, None, None)
    assert (document["format"], document["pages"], document["words"]) == ("pdf", 1, None)
    assert keys() == {f"library/{found['id']}.pdf"}
    answer = fetched(document["url"])
    assert (answer.headers["Content-Type"], len(answer.content)) == ("application/pdf", document["size"])
    assert answer.headers["Content-Disposition"] == "attachment"
    assert b"JavaScript" not in answer.content and b"<script>" not in answer.content
    assert not Job.objects.exists()


@pytest.mark.each_storage
@pytest.mark.usefixtures("files")
def test_text_is_served_as_text_and_as_nothing_else(api: Api, files: str) -> None:
    raw = b"\xef\xbb\xbf" + NOTES.encode()
    found = send(api, "/content", raw, "notes.MD").json()
    assert (found["document"]["format"], found["document"]["words"]) == ("markdown", 10)
    answer = fetched(found["document"]["url"])
    assert (answer.headers["Content-Type"], answer.content.decode()) == ("text/plain; charset=utf-8", NOTES)
    ours = api.client.get(found["document"]["url"])
    assert (ours["X-Content-Type-Options"], "sandbox" in ours["Content-Security-Policy"]) == ("nosniff", True)
    assert send(api, "/content", raw, "notes.txt").json()["document"]["format"] == "text"


@pytest.mark.usefixtures("on_disk")
class TestOnDisk:
    def test_the_content_decides_and_not_the_name(self, api: Api) -> None:
        kinds = {"a.pdf": a_picture(), "b.md": a_pdf(), "c.mp3": NOTES.encode(), "d.png": b"plain"}
        found = {name: send(api, "/content", raw, name).json()["kind"] for name, raw in kinds.items()}
        assert list(found.values()) == ["image", "document", "document", "document"]

    @pytest.mark.parametrize(
        "raw",
        [
            b"caf\xe9 in Latin-1, which is no UTF-8",
            b"half\0text",
            b"a" * 2000 + b"\0",
            b"a" * 2000 + b"\xff\xfe",
            b" \n<!DOCTYPE html><p>",
            b"<html>",
            b"<?xml version='1.0'?><svg/>",
            b"%!PS-Adobe-3.0",
        ],
    )
    def test_what_is_no_text_is_refused(self, api: Api, raw: bytes) -> None:
        response = send(api, "/content", raw, "x.txt")
        assert (response.status_code, set(fields(response))) == (422, {"file"})
        assert (keys(), Asset.objects.count()) == (set(), 0)

    def test_a_character_that_is_cut_by_the_first_look_is_whole(self, api: Api) -> None:
        text = "a" * (documents.HEAD_BYTES - 1) + "é" * 50
        assert send(api, "/content", text.encode()).json()["document"]["size"] == len(text.encode())

    def test_limits_are_settings(self, api: Api, settings: Any) -> None:
        pdf, text = a_pdf(), NOTES.encode()
        settings.CONTENT_MOST_PDF_BYTES, settings.CONTENT_MOST_TEXT_BYTES = len(pdf), len(text)
        assert [send(api, "/content", raw).status_code for raw in (pdf, text)] == [201, 201]
        settings.CONTENT_MOST_PDF_BYTES, settings.CONTENT_MOST_TEXT_BYTES = len(pdf) - 1, len(text) - 1
        refused = [send(api, "/content", raw) for raw in (pdf, text)]
        assert [(each.status_code, set(fields(each))) for each in refused] == [(413, {"file"})] * 2
        settings.CONTENT_MOST_PDF_BYTES, settings.CONTENT_MOST_PAGES = len(pdf), 0
        assert "1 pages" in fields(send(api, "/content", pdf))["file"]

    def test_versions_and_publishing_are_as_of_other_kinds(self, api: Api) -> None:
        found = send(api, "/content", NOTES.encode()).json()
        path = f"/content/{found['id']}"
        assert send(api, f"{path}/versions", a_pdf()).json()["document"]["format"] == "pdf"
        rows = api.get(f"{path}/versions").json()["results"]
        assert [row["document"]["format"] for row in rows] == ["pdf", "text"]
        assert api.post(f"{path}/versions/1/restore").json()["document"]["words"] == 10
        assert set(fields(api.patch(path, {"published": True}))) == {"alt_text", "licence", "credit"}
        words = {"alt_text": "Notes", "licence": "CC0", "credit": "Noor", "published": True}
        assert api.patch(path, words).json()["document"]["url"].startswith("/media/")
        assert "a document by a document" in fields(send(api, f"{path}/versions", a_picture()))["file"]

    def test_a_picture_is_not_replaced_by_a_document(self, api: Api) -> None:
        asset = an_asset(a_user("ada"))
        response = send(Api(user=asset.owner), f"/content/{asset.pk}/versions", a_pdf())
        assert set(fields(response)) == {"file"}
        wait_for_storage()
        assert StoredFile.objects.count() == len(keys()) == 3

    def test_only_a_picture_is_cropped(self, api: Api) -> None:
        assert set(fields(send(api, "/content", NOTES.encode(), crop="0,0,0.5,0.5"))) == {"crop"}

    def test_over_the_quota_nothing_is_stored(self, api: Api, settings: Any) -> None:
        settings.CONTENT_USER_QUOTA = len(NOTES.encode()) - 1
        response = send(api, "/content", NOTES.encode())
        assert (response.status_code, response.json()["error"], keys()) == (422, "quota_exceeded", set())

    def test_the_list_costs_the_same_for_one_and_for_many(self, api: Api, django_assert_max_num_queries: Any) -> None:
        for _ in range(3):
            send(api, "/content", NOTES.encode())
        with django_assert_max_num_queries(6):
            assert len(api.get("/content", {"kind": Kind.DOCUMENT}).json()["results"]) == 3

    @pytest.mark.parametrize("limits", [{"CPU_SECONDS": 0}, {"WALL_SECONDS": 0.01}])
    def test_what_takes_too_long_is_ended(self, api: Api, monkeypatch: Any, limits: dict[str, float]) -> None:
        for name, value in limits.items():
            monkeypatch.setattr(documents, name, value)
        assert fields(send(api, "/content", a_pdf()))["file"] == documents.TOO_MUCH

    def test_a_pdf_is_read_with_little_memory(self, api: Api, settings: Any) -> None:
        raw = a_pdf(contents=bytes(12 * 2**20))
        settings.CONTENT_MEMORY = 40 * 2**20
        assert set(fields(send(api, "/content", raw))) == {"file"}
