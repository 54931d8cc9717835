"""The room for files, when two want the last of it."""

import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from content.models import Space, Version
from content.operations import uploads
from content.operations.uploads import Picture
from content.quotas import Room
from content.recipes import PICTURE
from contract.refusals import Invalid
from tests.factories import a_user


@pytest.mark.django_db(transaction=True)
def test_the_last_room_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that both have seen that there is room would both take it: so nobody looks while somebody takes."""
    noor = a_user("noor")
    Space.objects.create(pk=noor.pk)  # else the second waits for the first one's row
    both_looked = Barrier(2)
    used = Room.used

    def slowly(room: Room) -> int:
        found = used(room)
        with suppress(BrokenBarrierError):  # the other one waits for the lock
            both_looked.wait(0.3)
        return found

    monkeypatch.setattr(Room, "used", slowly)

    def take(_turn: int) -> bool:
        wanted = Picture(io.BytesIO(), PICTURE, Room(noor.pk, 1000), "library/x", "library", owner=noor)
        try:
            uploads.reserve(wanted, 700)
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == [False, True]
    assert Version.objects.count() == 1
