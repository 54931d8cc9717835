"""What is made of a picture after its upload: AVIF and narrower forms, told once, done twice with the same result."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from campaigns.models import Event
from characters.models import Character
from content import background, recipes, storage, tasks
from content.models import Job, JobState, StoredFile, Version
from content.operations import jobs
from contract.refusals import Unavailable
from tests.api_client import Api
from tests.content.pictures import a_picture, corners, opened, saved
from tests.content.stored import fetched, keys, send, wait_for_storage
from tests.factories import Table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
UPRIGHT = ["red", "green", "blue", "white"]


def a_photo(width: int = 900, height: int = 700) -> bytes:
    """Soft shapes, on which AVIF is better than WebP."""
    from PIL import Image, ImageFilter

    noise = Image.effect_noise((width, height), 80).convert("RGB")
    return saved(noise.filter(ImageFilter.GaussianBlur(2)), "JPEG")


@pytest.fixture
def uploaded(gm: Api, portrait: str) -> Version:
    send(gm, portrait, a_photo())
    return Version.objects.get()


def shown(table: Table) -> Any:
    return Character.objects.get(pk=table.hero.pk).pictures["portrait"]


def finish(version: Version) -> Job:
    tasks.finish(str(version.pk))
    return Job.objects.get(version=version)


@pytest.mark.each_storage
def test_narrower_forms_and_avif_stand_beside_the_first(uploaded: Version, table: Table) -> None:
    before = keys()
    assert shown(table)["avif_url"] is None
    job = finish(uploaded)
    assert (job.state, job.percent, job.attempts) == (JobState.DONE, 100, 1)
    stem = f"{table.campaign.slug}/portraits/{table.hero.pk}"
    new = {f"{stem}_w320.webp", f"{stem}_w640.webp", f"{stem}.avif", f"{stem}_w320.avif", f"{stem}_w640.avif"}
    assert keys() == before | new
    picture = shown(table)
    assert [source["width"] for source in picture["srcset"]] == [320, 640, 900]
    assert [source["width"] for source in picture["avif_srcset"]] == [320, 640, 900]
    for source in (*picture["srcset"], *picture["avif_srcset"]):
        answer = fetched(source["url"])
        assert opened(io.BytesIO(answer.content)).width == source["width"]
        assert answer.headers["Content-Type"] in ("image/webp", "image/avif")


def test_they_show_the_same_picture(gm: Api, portrait: str, table: Table) -> None:
    send(gm, portrait, a_picture("PNG", 1000, 800))
    finish(Version.objects.get())
    for source in shown(table)["srcset"]:
        assert corners(opened(fetched(source["url"]).content)) == UPRIGHT


def test_avif_is_left_out_where_it_is_no_smaller(gm: Api, portrait: str, table: Table) -> None:
    send(gm, portrait, a_picture("PNG", 32, 32))
    finish(Version.objects.get())
    assert shown(table)["avif_srcset"] == []
    assert shown(table)["avif_url"] is None
    assert len(keys()) == 3


def test_it_is_told_by_one_event_and_the_address_stays(uploaded: Version, table: Table) -> None:
    head = Event.objects.filter(campaign=table.campaign).count()
    address = Character.objects.get(pk=table.hero.pk).portrait_url
    finish(uploaded)
    event = Event.objects.filter(campaign=table.campaign).order_by("seq").last()
    assert event is not None
    assert Event.objects.filter(campaign=table.campaign).count() == head + 1
    assert (event.type, event.actor_name, event.data["changed"]) == ("character_updated", "system", {})
    assert event.data["character"]["pictures"]["portrait"]["avif_url"]
    assert event.data["character"]["portrait_url"] == address


def test_twice_is_as_good_as_once(uploaded: Version, table: Table) -> None:
    finish(uploaded)
    size = Version.objects.get().size
    before = (keys(), Event.objects.count(), StoredFile.objects.count(), size)
    for _ in range(2):
        Job.objects.update(state=JobState.QUEUED)  # as one that died after its work and before it said so
        finish(uploaded)
    assert (keys(), Event.objects.count(), StoredFile.objects.count(), Version.objects.get().size) == before
    assert size == sum(StoredFile.objects.values_list("size", flat=True))


def test_who_died_before_telling_leaves_it_to_the_next(uploaded: Version, table: Table, monkeypatch: Any) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "tell", lambda version: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.finish(str(uploaded.pk))
    assert shown(table)["avif_url"] is None
    finish(uploaded)
    assert shown(table)["avif_url"]


def test_what_is_left_of_half_a_work_is_completed(uploaded: Version, table: Table) -> None:
    finish(uploaded)
    whole = keys()
    lost = StoredFile.objects.get(name="w_320")
    default_storage.delete(lost.key)
    lost.delete()
    Job.objects.update(state=JobState.RUNNING)
    finish(uploaded)
    assert keys() == whole
    assert len(shown(table)["srcset"]) == 3


def test_of_a_picture_that_was_replaced_meanwhile_nobody_is_told(
    gm: Api, portrait: str, uploaded: Version, table: Table
) -> None:
    url = send(gm, portrait, a_picture(width=90)).json()["url"]
    count = Event.objects.count()
    finish(uploaded)
    assert Event.objects.count() == count
    assert shown(table)["url"] == url


@pytest.mark.each_storage
def test_of_a_version_that_is_gone_nothing_is_left(uploaded: Version, monkeypatch: Any) -> None:
    before = keys()
    put = jobs.progress

    def deleted(version_id: Any, percent: int) -> None:
        put(version_id, percent)
        Version.objects.all().delete()

    monkeypatch.setattr(jobs, "progress", deleted)
    tasks.finish(str(uploaded.pk))
    wait_for_storage()
    assert keys() == before  # the objects of the version itself are the sweeper's
    tasks.finish(str(uploaded.pk))


def test_without_the_original_it_is_given_up(uploaded: Version) -> None:
    default_storage.delete(StoredFile.objects.get(name="original").key)
    job = finish(uploaded)
    assert (job.state, job.reason) == (JobState.FAILED, "The picture was removed meanwhile.")


@pytest.mark.each_storage
def test_a_storage_that_fails_is_tried_again(uploaded: Version, monkeypatch: Any) -> None:
    def away(items: Any, seconds: float) -> None:
        raise Unavailable(5)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "put", away)
        with pytest.raises(background.Again):
            tasks.finish(str(uploaded.pk))
    assert Job.objects.get().state == JobState.RUNNING
    assert finish(uploaded).state == JobState.DONE


def test_what_brings_every_worker_down_is_not_begun_for_ever(uploaded: Version) -> None:
    Job.objects.update(attempts=jobs.MOST_ATTEMPTS)
    before = keys()
    job = finish(uploaded)
    assert (job.state, job.reason) == (JobState.FAILED, background.BROKE)
    assert keys() == before


def test_what_was_lost_is_begun_again_and_nothing_else(uploaded: Version, capsys: Any) -> None:
    call_command("resume_jobs")
    assert Job.objects.get().state == JobState.QUEUED  # it may be on its way
    Job.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    call_command("resume_jobs")
    assert Job.objects.get().state == JobState.DONE
    assert jobs.resume(timedelta(0)) == 0
    assert "1 jobs begun again" in capsys.readouterr().out


def test_an_upload_begins_it_when_it_is_committed(
    gm: Api, portrait: str, table: Table, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(gm, portrait, a_photo())
        assert Job.objects.get().state == JobState.QUEUED
        assert answer.json()["avif_url"] is None
    assert Job.objects.get().state == JobState.DONE
    assert shown(table)["avif_url"]


def test_an_upload_that_is_rolled_back_begins_nothing(
    gm: Api, portrait: str, django_capture_on_commit_callbacks: Any
) -> None:
    class Stop(Exception):
        pass

    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(Stop), transaction.atomic():
        send(gm, portrait, a_photo())
        raise Stop
    assert callbacks == []
    assert Job.objects.count() == 0


@pytest.mark.parametrize(("purpose", "side", "sides"), [("portrait", 1024, [320, 640]), ("background", 700, [640])])
def test_no_form_is_as_large_as_the_main_one(purpose: str, side: int, sides: list[int]) -> None:
    found = recipes.further(purpose, side)
    assert [part.output.side for name, part in found.items() if name.startswith("w_")] == sides
    assert found["avif"].output.side == side
