"""Sound and video from the upload to what pages play."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.db import transaction

from accounts.models import User
from content import background, present, storage, tasks
from content.footage import ffmpeg, forms
from content.models import LIBRARY, Asset, Job, JobState, Kind, StoredFile, Version
from content.operations import recordings, uploads
from content.quotas import Room
from contract.refusals import Invalid, Unavailable
from tests.content import recorded
from tests.content.pictures import a_picture, opened
from tests.content.stored import fetched, keys, wait_for_storage
from tests.factories import a_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@pytest.fixture
def noor(db: Any) -> User:
    return a_user("noor")


@contextmanager
def as_file(raw: bytes) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.flush()
        yield file


def wanted(file: BinaryIO, owner: User, allowed: int = 10**9, asset: Asset | None = None) -> uploads.Picture:
    asset = asset or Asset(owner=owner, space=owner.pk, purpose=LIBRARY)
    room = Room(owner.pk, allowed)
    return uploads.Picture(file, {}, room, f"library/{asset.pk}", LIBRARY, asset=asset, created_by=owner)


def uploaded(raw: bytes, owner: User, **options: Any) -> Version:
    with as_file(raw) as file, recordings.arriving(wanted(file, owner, **options)) as arrival, transaction.atomic():
        return uploads.accept(arrival)


def finished(version: Version, commits: Any) -> Version:
    with commits(execute=True):
        tasks.finish(str(version.pk))
    wait_for_storage()
    return Version.objects.select_related("asset", "job").get(pk=version.pk)


def heard(raw: bytes, folder: Path) -> float | None:
    """LUFS"""
    path = folder / "heard"
    path.write_bytes(raw)
    return forms.loudness(path, seconds=300)["integrated"]


@pytest.mark.each_storage
def test_sound(noor: User, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    settings.CONTENT_LOUDNESS = -30.0
    version = uploaded(recorded.sound(2), noor)
    assert (version.asset.kind, version.facts["audio_codec"], version.job.state) == (Kind.AUDIO, "mp3", "queued")
    assert present.recording(version, public=False)["sources"] == []
    version = finished(version, django_capture_on_commit_callbacks)
    assert (version.job.state, version.job.reason) == (JobState.DONE, "")
    stem = f"library/{version.asset_id}"
    assert keys() == {f"{stem}.opus", f"{stem}.m4a", f"{stem}_original.mka"}
    shown = present.recording(version, public=False)
    assert [source["type"] for source in shown["sources"]] == ["audio/ogg", "audio/mp4"]
    assert shown["loudness"] is not None and len(shown["peaks"]) > 900 and shown["poster_url"] is None
    saved = fetched(str(shown["original_url"]))
    assert saved.headers["Content-Disposition"] == "attachment"
    for source in shown["sources"]:
        answer = fetched(source["url"])
        assert answer.headers["Content-Type"] == source["type"]
        assert recorded.MARKER.encode() not in answer.content
    assert heard(answer.content, tmp_path) == pytest.approx(settings.CONTENT_LOUDNESS, abs=1)
    assert version.size == sum(StoredFile.objects.values_list("size", flat=True))


@pytest.mark.each_storage
def test_video(noor: User, django_capture_on_commit_callbacks: Any) -> None:
    version = finished(uploaded(recorded.video(), noor), django_capture_on_commit_callbacks)
    assert (version.asset.kind, version.width, version.height, version.job.percent) == (Kind.VIDEO, 320, 240, 100)
    assert {name.rpartition(".")[2] for name in keys()} == {"mp4", "webp"}
    shown = present.recording(version, public=False)
    assert [source["type"] for source in shown["sources"]] == ["video/mp4"]
    assert opened(io.BytesIO(fetched(str(shown["poster_url"])).content)).size == (320, 240)
    assert shown["blur"].startswith("data:image/webp") and shown["colour"].startswith("#")


@pytest.mark.each_storage
def test_what_was_sent_is_told_to_nobody_and_goes(noor: User, django_capture_on_commit_callbacks: Any) -> None:
    version = uploaded(recorded.sound(1), noor)
    source = StoredFile.objects.get()
    assert source.key not in str(present.recording(version, public=False))
    assert version.size == source.size
    finished(version, django_capture_on_commit_callbacks)
    assert source.key not in keys()
    assert not StoredFile.objects.filter(name="source").exists()


def test_twice_is_as_good_as_once(noor: User, django_capture_on_commit_callbacks: Any) -> None:
    version = finished(uploaded(recorded.sound(1), noor), django_capture_on_commit_callbacks)
    before = set(StoredFile.objects.values_list("key", "digest"))
    Job.objects.update(state=JobState.QUEUED)
    again = finished(version, django_capture_on_commit_callbacks)
    assert set(StoredFile.objects.values_list("key", "digest")) == before
    assert again.size == version.size


def test_the_same_sound_is_made_to_the_same_bytes(noor: User, django_capture_on_commit_callbacks: Any) -> None:
    """Two workers at one task do not contradict each other."""
    raw = recorded.sound(1)
    for _ in range(2):
        finished(uploaded(raw, noor), django_capture_on_commit_callbacks)
    for name in ("opus", "aac"):
        assert StoredFile.objects.filter(name=name).values("digest").distinct().count() == 1


def test_progress_is_written_down(noor: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any) -> None:
    told: list[int] = []
    version = uploaded(recorded.sound(2), noor)
    recordings.make(version, told.append)
    assert told == sorted(told)
    assert told[0] >= 5 and told[-1] <= 95 and len(told) >= 2


@pytest.mark.parametrize("raw", [b"", b"OggS" + bytes(100), b"#EXTM3U\nfile:///etc/hostname\n"])
def test_what_is_neither_names_the_file_and_leaves_nothing(noor: User, raw: bytes) -> None:
    recorded.needs_ffmpeg()
    with pytest.raises(Invalid) as refused:
        uploaded(raw, noor)
    assert refused.value.details[0][0] == "file"
    assert (keys(), Asset.objects.count(), Version.objects.count()) == (set(), 0, 0)


def test_what_is_too_long(noor: User, settings: Any) -> None:
    settings.CONTENT_MOST_SECONDS = 1
    with pytest.raises(Invalid) as refused:
        uploaded(recorded.sound(2), noor)
    assert "longer" in refused.value.details[0][1]


def test_over_the_quota_nothing_is_stored(noor: User) -> None:
    raw = recorded.sound(1)
    with pytest.raises(Invalid) as refused:
        uploaded(raw, noor, allowed=len(raw) - 1)
    assert refused.value.message == "quota_exceeded"
    assert (keys(), Version.objects.count()) == (set(), 0)


def test_a_video_does_not_replace_sound(noor: User) -> None:
    asset = uploaded(recorded.sound(1), noor).asset
    with pytest.raises(Invalid, match="valid"):
        uploaded(recorded.video(), noor, asset=asset)
    with as_file(a_picture()) as file, pytest.raises(Invalid), uploads.arriving(wanted(file, noor, asset=asset)):
        pass
    assert Version.objects.count() == 1


def test_without_ffmpeg_nothing_is_taken_and_it_says_so(noor: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("content.footage.ffmpeg.shutil.which", lambda name: None)
    with pytest.raises(Invalid) as refused:
        uploaded(b"OggS", noor)
    assert refused.value.details == [("file", ffmpeg.ABSENT)]


def test_where_the_worker_has_none_the_job_fails_and_says_so(
    noor: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    version = uploaded(recorded.sound(1), noor)
    monkeypatch.setattr("content.footage.ffmpeg.shutil.which", lambda name: None)
    job = finished(version, django_capture_on_commit_callbacks).job
    assert (job.state, job.reason) == (JobState.FAILED, ffmpeg.ABSENT)


@pytest.mark.each_storage
def test_a_storage_that_fails_is_tried_again(
    noor: User, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    version = uploaded(recorded.sound(1), noor)

    def away(*items: Any) -> None:
        raise Unavailable(5)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "put", away)
        with pytest.raises(background.Again):
            tasks.finish(str(version.pk))
    assert StoredFile.objects.get().name == "source"
    assert finished(version, django_capture_on_commit_callbacks).job.state == JobState.DONE


def test_a_picture_is_no_recording() -> None:
    with as_file(a_picture()) as file:
        assert not recordings.is_recording(file)
    with as_file(recorded.sound(1)) as file:
        assert recordings.is_recording(file)
