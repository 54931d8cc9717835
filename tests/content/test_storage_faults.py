"""A47: whatever is wrong with the storage, an upload ends soon, changes nothing, and leaves nothing for ever."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage

from campaigns.models import Event
from characters.models import Character
from content import storage
from content.models import Asset, StoredFile, Version
from content.operations.sweeping import sweep
from contract.refusals import Conflict
from tests.api_client import Api
from tests.content.conftest import in_bucket
from tests.content.faulty import BROKEN, CUT, HANG, FaultyStorage, endpoint, nobody
from tests.content.pictures import a_picture
from tests.content.stored import keys, send, wait_for_storage
from tests.factories import Table, a_token

pytestmark = pytest.mark.django_db
BAR = 10  # seconds, within which whoever sends a file has an answer
IMPATIENT: Any = {"read_timeout": 0.5, "retries": {"total_max_attempts": 1}}


@pytest.fixture
def faulty(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., threading.Event]:
    """`faulty("full")` strikes from now on; a storage that is "slow" waits for the event that it returns."""
    where = {"location": tmp_path / "media", "allow_overwrite": True}
    backend = f"{FaultyStorage.__module__}.{FaultyStorage.__name__}"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": where}}

    def strike(fault: str, *, after: int = 0) -> threading.Event:
        released = threading.Event()
        for name, value in {"fault": fault, "after": after, "released": released, "saved": 0}.items():
            monkeypatch.setattr(FaultyStorage, name, value)
        return released

    strike("")
    return strike


def refused(gm: Api, portrait: str) -> float:
    """Sends a picture that cannot be stored; the seconds until the answer."""
    begun = time.perf_counter()
    response = send(gm, portrait, a_picture(width=90))
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    return time.perf_counter() - begun


def unchanged(table: Table, seq: int, url: str, versions: int) -> None:
    table.campaign.refresh_from_db()
    assert table.campaign.seq == seq == Event.objects.filter(campaign=table.campaign).count()
    assert Character.objects.get(pk=table.hero.pk).portrait_url == url
    assert Version.objects.count() == versions
    assert set(StoredFile.objects.values_list("key", flat=True)) <= keys()


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("fault", ["refused", "full"])
def test_a_first_picture_that_cannot_be_stored(
    gm: Api, table: Table, portrait: str, faulty: Any, fault: str, after: int
) -> None:
    table.campaign.refresh_from_db()
    faulty(fault, after=after)
    refused(gm, portrait)
    wait_for_storage()
    unchanged(table, table.campaign.seq, "", 0)
    assert (keys(), Asset.objects.count()) == (set(), 0)
    faulty("")
    assert send(gm, portrait, a_picture()).status_code == 201


def test_a_picture_that_cannot_be_replaced_stays(gm: Api, table: Table, portrait: str, faulty: Any) -> None:
    url = send(gm, portrait, a_picture()).json()["url"]
    stored = keys()
    table.campaign.refresh_from_db()
    faulty("full", after=1)
    refused(gm, portrait)
    wait_for_storage()
    unchanged(table, table.campaign.seq, url, 1)
    assert keys() == stored
    assert Api().client.get(url).status_code == 200


def test_a_slow_storage_is_not_waited_for(
    gm: Api, table: Table, portrait: str, faulty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "DEADLINE_SECONDS", 0.2)
    table.campaign.refresh_from_db()
    released = faulty("slow")
    refused(gm, portrait)  # which the storage lets nobody wait for
    released.set()
    wait_for_storage()  # what was written all the same, late, is removed now or by the sweeper
    unchanged(table, table.campaign.seq, "", 0)
    sweep(older_than=timedelta(0))
    assert keys() == set()


def test_the_bar_is_ten_seconds() -> None:
    """Painting is bounded apart; connections by the client's own time-outs, all of it by the deadline."""
    assert storage.DEADLINE_SECONDS <= 8


@pytest.mark.parametrize("answer", [HANG, BROKEN, CUT], ids=["hangs", "answers 500", "is cut off"])
def test_a_bucket_that(
    gm: Api, table: Table, portrait: str, settings: Any, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "DEADLINE_SECONDS", 1.5)
    table.campaign.refresh_from_db()
    with endpoint(answer) as url:
        in_bucket(settings, url, "none", **IMPATIENT)
        assert refused(gm, portrait) < BAR
    assert not StoredFile.objects.exists()
    assert Character.objects.get(pk=table.hero.pk).portrait_url == ""


def test_a_bucket_at_which_nobody_listens(gm: Api, portrait: str, settings: Any) -> None:
    in_bucket(settings, nobody(), "none")
    assert refused(gm, portrait) < BAR
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_other_requests_do_not_notice(table: Table, here: str, portrait: str, start_server: Any) -> None:
    """With one connection to the database, and an upload that waits for a storage that hangs."""
    _, key = a_token(table.campaign)
    with endpoint(HANG) as url:
        bucket = {"S3_BUCKET": "none", "S3_ENDPOINT_URL": url, "S3_ACCESS_KEY_ID": "x", "S3_SECRET_ACCESS_KEY": "x"}
        server = start_server(DATABASE_POOL_MAX="1", DATABASE_POOL_TIMEOUT="5", **bucket)
        with httpx.Client(base_url=f"{server.url}/api/v1", timeout=30) as client, ThreadPoolExecutor() as beside:
            picture = {"file": ("x.png", a_picture(), "image/png")}
            upload = beside.submit(client.post, portrait, files=picture, headers={"X-Token": key})
            answered = 0
            while not upload.done():
                assert client.get(here).status_code == 200
                answered += 1
                time.sleep(0.2)
            assert upload.result().status_code == 503
    assert answered > 10


@pytest.mark.django_db(transaction=True)
def test_files_that_are_sent_keep_no_connection(gm: Api, here: str, portrait: str, start_server: Any) -> None:
    """Each thread that looked a file up would keep one until its next request."""
    file = send(gm, portrait, a_picture()).json()["url"]
    server = start_server(DATABASE_POOL_MAX="1", DATABASE_POOL_TIMEOUT="20")
    addresses = [file, f"/api/v1{here}"] * 12
    with httpx.Client(base_url=server.url, timeout=30) as client, ThreadPoolExecutor(6) as beside:
        answers = list(beside.map(client.get, addresses))
    assert [answer.status_code for answer in answers] == [200] * len(addresses)


def test_what_the_table_refuses_leaves_no_file(
    gm: Api, table: Table, portrait: str, faulty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored, and then the transaction fails: the files go again, the row was never there."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise Conflict("No.")

    monkeypatch.setattr("characters.operations.pictures.lifecycle.update", refuse)
    assert send(gm, portrait, a_picture()).status_code == 409
    wait_for_storage()
    assert (keys(), Version.objects.count(), StoredFile.objects.count()) == (set(), 0, 0)


def test_many_threads_share_one_connection(new_bucket: Callable[[], str]) -> None:
    """A session of boto3 takes 20 MB."""
    new_bucket()
    bucket: Any = default_storage
    bucket.exists("nothing")
    asked = [storage._threads().submit(lambda: id(bucket.client)) for _ in range(9)]
    assert len({each.result() for each in asked}) == 1
