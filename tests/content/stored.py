"""Files sent to the API, and what of them is in the storage."""

import io
import tempfile
from dataclasses import dataclass
from threading import Barrier
from typing import Any
from uuid import UUID

import httpx
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM
from accounts.models import User
from content import storage
from content.models import Asset
from content.operations import assets
from tests.api_client import Api
from tests.content.pictures import a_picture
from tests.factories import acting


def send(api: Api, path: str, raw: bytes | None, name: str = "x.png", **form: Any) -> Any:
    part = {} if raw is None else {"file": SimpleUploadedFile(name, raw, "image/png")}
    response = api.client.post(api._address(path), {**part, **form}, headers=api._all({}))
    return api._checked("POST", path, None, response)


def keys() -> set[str]:
    return {key for key, _moment in storage.stored()}


def objects() -> dict[str, bytes]:
    """Every object of the storage, whole."""
    return {key: storage.open_local(key).read() for key in keys()}


def wait_for_storage() -> None:
    """Until what was to be deleted is deleted: then all threads are free to meet."""
    meeting = Barrier(storage.AT_ONCE)
    for each in [storage._threads().submit(meeting.wait, 30) for _ in range(storage.AT_ONCE)]:
        each.result()


@dataclass
class Fetched:
    headers: Any
    content: bytes


def fetched(address: str) -> Fetched:
    """As a browser gets it, sent on to the bucket where there is one."""
    response: Any = Api().client.get(address)
    if response.status_code == 302:
        answer = httpx.get(response["Location"])
        assert answer.status_code == 200, answer.text
        return Fetched(answer.headers, answer.content)
    assert response.status_code == 200, (response.status_code, address)
    stream = io.BytesIO()
    for part in response.streaming_content:
        stream.write(part)
    return Fetched(response.headers, stream.getvalue())


def replaced(asset: Asset, width: int = 80) -> Asset:
    with tempfile.TemporaryFile() as file:
        file.write(a_picture(width=width))
        file.flush()
        return assets.replace(asset, file, actor=SYSTEM)


def an_asset(owner: User, *, width: int = 64, space: UUID | None = None, **fields: Any) -> Asset:
    """A picture in somebody's library, or in the campaign's that `space` is the id of."""
    with tempfile.TemporaryFile() as file:
        file.write(a_picture(width=width))
        file.flush()
        return assets.upload(owner, file, actor=acting(owner), space=space, facts=fields)
