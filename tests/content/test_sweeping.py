"""The sweeper, both ways: objects without a row and rows without their object; and what nothing shows any more."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.actors import SYSTEM
from characters.models import Character
from characters.operations import lifecycle
from content.models import Asset, State, StoredFile, Version
from content.operations.sweeping import WrongStorage, sweep
from tests.api_client import Api
from tests.content.pictures import a_picture
from tests.content.stored import keys, send, wait_for_storage
from tests.factories import Table, a_character

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files"), pytest.mark.each_storage]
NOW = timedelta(0)


@pytest.fixture
def url(gm: Api, portrait: str) -> str:
    return str(send(gm, portrait, a_picture()).json()["url"])


def swept(commits: Any, **options: Any) -> Any:
    with commits(execute=True):
        found = sweep(older_than=NOW, **options)
    wait_for_storage()
    return found


def long_ago() -> None:
    Version.objects.exclude(replaced_at=None).update(replaced_at=timezone.now() - timedelta(hours=25))


def test_nothing_is_done_to_what_is_right(url: str, django_capture_on_commit_callbacks: Any) -> None:
    before = keys()
    found = swept(django_capture_on_commit_callbacks)
    assert (found.orphans, found.missing, found.unfinished, found.unclaimed) == ([], [], 0, 0)
    assert keys() == before


def test_an_object_without_a_row_goes(url: str, django_capture_on_commit_callbacks: Any) -> None:
    before = keys()
    default_storage.save("left/behind.webp", ContentFile(b"x"))
    assert sweep(older_than=timedelta(hours=1)).orphans == []  # it may be on its way
    assert sweep(older_than=NOW, dry_run=True).orphans == ["left/behind.webp"]
    assert swept(django_capture_on_commit_callbacks).orphans == ["left/behind.webp"]
    assert keys() == before


def test_a_row_without_its_object_goes_and_the_character_is_shown_without(
    gm: Api, here: str, table: Table, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    other = a_character(table.campaign)
    kept = send(gm, f"{here}/characters/{other.pk}/portrait", a_picture()).json()["url"]
    thumb = StoredFile.objects.get(name="thumb", version__asset__subject_id=table.hero.pk)
    default_storage.delete(thumb.key)
    assert swept(django_capture_on_commit_callbacks).missing == [thumb.key]
    hero = Character.objects.get(pk=table.hero.pk)
    assert (hero.portrait_url, hero.pictures) == ("", {})
    assert Character.objects.get(pk=other.pk).portrait_url == kept
    assert keys() == set(StoredFile.objects.values_list("key", flat=True))


def test_the_wrong_folder_is_not_swept(url: str, django_capture_on_commit_callbacks: Any) -> None:
    for key in keys():
        default_storage.delete(key)
    with pytest.raises(WrongStorage):
        sweep(older_than=NOW)
    with pytest.raises(CommandError, match="--force"):
        call_command("sweep_content", older_than=0, stdout=StringIO())
    assert StoredFile.objects.count() == 3
    swept(django_capture_on_commit_callbacks, force=True)
    assert StoredFile.objects.count() == Asset.objects.count() == 0


def test_an_upload_that_never_ended_goes(url: str, django_capture_on_commit_callbacks: Any) -> None:
    asset = Asset.objects.get()
    Version.objects.create(asset=asset, number=9, state=State.STORING, size=10**6)
    assert sweep(older_than=timedelta(hours=1)).unfinished == 0
    assert swept(django_capture_on_commit_callbacks).unfinished == 1
    assert [version.number for version in asset.versions.all()] == [1]


def test_what_was_taken_off_goes_after_a_day(
    gm: Api, portrait: str, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    gm.delete(portrait)
    assert swept(django_capture_on_commit_callbacks).unclaimed == 0
    assert len(keys()) == 3
    long_ago()
    assert swept(django_capture_on_commit_callbacks).unclaimed == 1
    assert (keys(), Asset.objects.count()) == (set(), 0)


def test_what_undo_brought_back_stays(
    gm: Api, here: str, portrait: str, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    gm.delete(portrait)
    event = gm.get(f"{here}/events", {"ordering": "-seq"}).json()["results"][0]
    gm.post(f"{here}/events/{event['id']}/undo")
    long_ago()
    assert swept(django_capture_on_commit_callbacks).unclaimed == 0
    assert Version.objects.get().replaced_at is None
    assert len(keys()) == 3


def test_a_deleted_character_s_picture_goes_after_a_day(
    table: Table, url: str, django_capture_on_commit_callbacks: Any
) -> None:
    lifecycle.delete(table.hero, actor=SYSTEM)
    swept(django_capture_on_commit_callbacks)
    assert len(keys()) == 3
    long_ago()
    assert swept(django_capture_on_commit_callbacks).unclaimed == 1
    assert keys() == set()


def test_the_command_tells_what_it_did(url: str) -> None:
    default_storage.save("left/behind.webp", ContentFile(b"x"))
    told = StringIO()
    call_command("sweep_content", older_than=0, stdout=told)
    assert "without a row: left/behind.webp" in told.getvalue()
    assert "1 objects without a row, 0 files missing" in told.getvalue()
