"""/api/v1/content takes sound and video too, and tells how far they are."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from content.models import Job, Version
from content.operations import jobs
from content.tasks import finish, not_finished
from tests.api_client import Api, fields
from tests.content import recorded
from tests.content.pictures import a_picture
from tests.content.stored import fetched, keys, send
from tests.factories import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_disk")]


@pytest.fixture
def api(db: Any) -> Api:
    return Api(user=a_user("noor"))


def test_from_the_upload_to_what_is_played(api: Api) -> None:
    response = send(api, "/content", recorded.sound(1), title="Bell")
    assert response.status_code == 201
    sent = response.json()
    assert (sent["kind"], sent["picture"], sent["recording"]["sources"]) == ("audio", None, [])
    assert sent["job"] == {"state": "queued", "percent": 0, "reason": ""}
    finish(str(Version.objects.get().pk))
    found = api.get(f"/content/{sent['id']}").json()
    assert found["job"]["state"] == "done"
    assert [source["type"] for source in found["recording"]["sources"]] == ["audio/ogg", "audio/mp4"]
    assert fetched(found["recording"]["sources"][0]["url"]).headers["Content-Type"] == "audio/ogg"
    assert [row["id"] for row in api.get("/content", {"kind": "audio"}).json()["results"]] == [sent["id"]]
    rows = api.get(f"/content/{sent['id']}/versions").json()["results"]
    assert [(row["number"], row["width"], row["recording"] is not None) for row in rows] == [(1, None, True)]


def test_progress_and_failure_are_told(api: Api) -> None:
    sent = send(api, "/content", recorded.sound(1)).json()
    version = Version.objects.get()
    Job.objects.update(state="running")
    jobs.progress(version.pk, 40)
    assert api.get(f"/content/{sent['id']}").json()["job"] == {"state": "running", "percent": 40, "reason": ""}
    not_finished(str(version.pk), "Too long.")
    told = api.get(f"/content/{sent['id']}").json()["job"]
    assert (told["state"], told["reason"]) == ("failed", "Too long.")


def test_a_picture_has_its_job_too(api: Api) -> None:
    sent = send(api, "/content", a_picture()).json()
    assert (sent["recording"], sent["job"]["state"]) == (None, "queued")


def test_a_video_may_be_larger_than_a_picture(api: Api, settings: Any) -> None:
    raw = recorded.video(1)
    settings.CONTENT_MOST_BYTES, settings.CONTENT_MOST_MEDIA_BYTES = len(raw) - 1, len(raw)
    assert send(api, "/content", raw).status_code == 201
    assert send(api, "/content", a_picture() + bytes(len(raw))).status_code == 413
    settings.CONTENT_MOST_MEDIA_BYTES = len(raw) - 1
    response = send(api, "/content", raw)
    assert (response.status_code, set(fields(response))) == (413, {"file"})


@pytest.mark.parametrize(("form", "field"), [({"crop": "0,0,1,0.5"}, "crop"), ({"volume": "11"}, "volume")])
def test_faults_of_the_form(api: Api, form: dict[str, str], field: str) -> None:
    response = send(api, "/content", recorded.sound(1), **form)
    assert (response.status_code, set(fields(response))) == (422, {field})
    assert keys() == set()


def test_a_portrait_is_no_video(api: Api, gm: Api, portrait: str) -> None:
    response = send(gm, portrait, recorded.video(1))
    assert (response.status_code, set(fields(response))) == (422, {"file"})


def test_the_list_costs_the_same_for_one_and_for_many(api: Api, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        send(api, "/content", recorded.sound(0.5))
        send(api, "/content", a_picture())
    with django_assert_max_num_queries(6):
        assert len(api.get("/content").json()["results"]) == 6


def test_the_name_says_nothing(api: Api) -> None:
    part = {"file": SimpleUploadedFile("song.mp3", a_picture(), "audio/mpeg")}
    response = api.client.post(api._address("/content"), part, headers=api._all({}))
    assert response.json()["kind"] == "image"
