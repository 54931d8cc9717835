"""A session is found by what its cookie says, and the table does not say it."""

import asyncio
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.hashed_sessions import SessionStore, stored
from tests.accounts.pages import is_signed_in, send, visitor
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def a_session(**data: str) -> SessionStore:
    session = SessionStore()
    session.update(data)
    session.create()
    session.save()
    return session


def test_the_table_has_only_the_hash() -> None:
    key = str(a_session(name="noor").session_key)
    assert SessionStore(key)["name"] == "noor"
    assert Session.objects.get().session_key == stored(key)
    assert key not in str(list(Session.objects.values()))


def test_what_the_table_says_opens_nothing() -> None:
    client = visitor(a_user())
    assert is_signed_in(client)
    thief = Client()
    thief.cookies["sessionid"] = Session.objects.get().session_key
    assert not is_signed_in(thief)


def test_one_too_old_is_none() -> None:
    key = a_session(name="noor").session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    found = SessionStore(key)
    assert found.get("name") is None
    assert found.session_key is None


def test_signing_out_removes_it() -> None:
    client = visitor(a_user())
    before = Session.objects.get().session_key
    send(client, "/accounts/logout")
    assert not Session.objects.filter(session_key=before).exists()


def test_a_new_key_leaves_no_old_one() -> None:
    session = a_session(name="noor")
    old = str(session.session_key)
    session.cycle_key()
    session.save()
    assert not SessionStore().exists(old)
    assert SessionStore().exists(str(session.session_key))
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_asynchronous_code_meets_the_same() -> None:
    async def through() -> tuple[object, bool, bool]:
        session = SessionStore()
        await session.aset("name", "noor")
        await session.acreate()
        await session.asave()
        key = str(session.session_key)
        name, there = await SessionStore(key).aget("name"), await SessionStore().aexists(key)
        await SessionStore(key).adelete()
        return name, there, await SessionStore().aexists(key)

    assert asyncio.run(through()) == ("noor", True, False)
