"""Where files lie: a folder, or a bucket of S3 or R2. Whatever is wrong with it, nobody waits long for it."""

import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from content.waiting import hand_back_connection
from contract.refusals import Unavailable

DEADLINE_SECONDS = 8.0
RETRY_SECONDS = 5
SIGNED_SECONDS = 300
AT_ONCE = 8
SAVED = ("application/pdf", "audio/x-matroska")
DRAWN_OR_PLAYED = ("image/", "audio/", "video/")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    key: str
    file: BinaryIO
    media_type: str


def put(items: Sequence[Item], seconds: float | None = None) -> None:
    """Store all, or raise Unavailable within that time (`DEADLINE_SECONDS`). What got there is taken away again."""
    hand_back_connection()
    outcome = _together([partial(_save, item) for item in items], seconds)
    if not outcome:
        discard([item.key for item in items])
        raise Unavailable(RETRY_SECONDS, "The file could not be stored just now. Nothing was changed; send it again.")


def fetch(key: str, into: BinaryIO) -> None:
    """Copy one object into a file. Raises Unavailable, or FileNotFoundError where there is none."""
    try:
        with default_storage.open(key, "rb") as found:
            shutil.copyfileobj(found, into)
    except FileNotFoundError:
        raise
    except Exception as fault:
        logger.warning("Storage: an object could not be read: %s", type(fault).__name__)
        raise Unavailable(RETRY_SECONDS) from fault
    into.flush()
    into.seek(0)


def copy(moves: Sequence[tuple[str, str, str]], seconds: float = 60) -> bool:
    """Each (key, new key, media type); whether all are there. The old ones stay."""
    return _together([partial(_copy, *move) for move in moves], seconds)


def _copy(key: str, new: str, media_type: str) -> None:
    if not is_local():
        bucket: Any = default_storage
        bucket.copy(key, new)
        return
    with default_storage.open(key, "rb") as found:
        _save(Item(new, cast(BinaryIO, found.file), media_type))


def discard(keys: Iterable[str]) -> None:
    """Delete without waiting, and without complaint: what stays behind is the sweeper's (manage.py sweep_content)."""
    for key in keys:
        _threads().submit(_delete_quietly, key)


def delete(keys: Sequence[str]) -> bool:
    """Whether all of them are gone."""
    return _together([partial(default_storage.delete, key) for key in keys])


def _together(calls: Sequence[Callable[[], Any]], seconds: float | None = None) -> bool:
    futures: list[Future[Any]] = [_threads().submit(call) for call in calls]
    done, late = wait(futures, timeout=DEADLINE_SECONDS if seconds is None else seconds)
    for future in late:
        future.cancel()
    faults = [fault for future in done if (fault := future.exception())]
    if late or faults:
        # Without the text: it may hold the address and the name of the bucket.
        logger.error(
            "Storage: %d of %d late, faults %s", len(late), len(calls), [type(each).__name__ for each in faults]
        )
    return not late and not faults


def _save(item: Item) -> None:
    content = File(item.file)
    content.content_type = item.media_type  # type: ignore[attr-defined]  # what S3 will say of it
    stored = default_storage.save(item.key, content)
    if stored != item.key:  # storages are set up to write over what an upload that failed left behind
        raise FileExistsError(item.key)


def _delete_quietly(key: str) -> None:
    try:
        default_storage.delete(key)
    except Exception as fault:
        logger.warning("Storage: an object could not be deleted: %s", type(fault).__name__)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="storage")


def is_local() -> bool:
    return isinstance(default_storage, FileSystemStorage)


def open_local(key: str) -> Any:
    """Raises FileNotFoundError."""
    return default_storage.open(key, "rb")


def signed_address(key: str, media_type: str) -> str:
    """An address of the bucket that works for `SIGNED_SECONDS`, for whoever has it."""
    bucket: Any = default_storage
    parameters = {"Bucket": settings.S3_BUCKET, "Key": key, "ResponseContentType": media_type}
    if disposition(media_type) or not media_type.startswith(DRAWN_OR_PLAYED):  # a bucket says no nosniff
        parameters["ResponseContentDisposition"] = "attachment"
    client = bucket.connection.meta.client
    address: str = client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=SIGNED_SECONDS)
    return address


def disposition(media_type: str) -> str:
    """Of what a browser is to save and not to open, whoever sends it."""
    return "attachment" if media_type in SAVED else ""


def public_address(key: str) -> str:
    """At the host that serves the bucket to everybody; "" where there is none."""
    return f"https://{settings.S3_PUBLIC_DOMAIN}/{key}" if settings.S3_BUCKET and settings.S3_PUBLIC_DOMAIN else ""


def stored() -> Iterator[tuple[str, datetime]]:
    """Every object there is, with the moment at which it was stored."""
    storage: Any = default_storage
    if not is_local():
        for found in storage.bucket.objects.all():
            yield found.key, found.last_modified
        return
    for folder, _folders, names in os.walk(storage.location):
        for name in names:
            path = os.path.join(folder, name)
            moment = datetime.fromtimestamp(os.path.getmtime(path), UTC)
            yield os.path.relpath(path, storage.location).replace(os.sep, "/"), moment
