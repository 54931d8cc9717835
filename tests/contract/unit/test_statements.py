"""Statements that go past Django's cursors do what those do; what comes with a lock is what the lock protects."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns import ledger
from campaigns.models import Event
from campaigns.operations import episodes
from characters.operations import vitals
from contract import statements
from tests.factories import a_campaign, a_character, an_episode

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")


def rows(*sqls: str) -> list[Any]:
    return statements.rows(connection, [(sql, []) for sql in sqls])


def test_each_answer_belongs_to_its_question() -> None:
    nothing = "SELECT 1 WHERE 1 = 0"
    for _ in range(8):  # the fifth time it is prepared
        assert rows("SELECT 1", nothing, "SELECT 3") == [[(1,)], [], [(3,)]]
        assert rows("SELECT 4") == [[(4,)]]


def test_every_row_comes() -> None:
    assert rows("SELECT 1 UNION ALL SELECT 2 ORDER BY 1", "SELECT 5") == [[(1,), (2,)], [(5,)]]


def test_who_looks_at_the_queries_sees_each() -> None:
    with CaptureQueriesContext(connection) as captured:
        rows("SELECT 11", "SELECT 12")
        statements.execute(connection, "SELECT 13", [])
    assert [each["sql"] for each in captured] == ["SELECT 11", "SELECT 12", "SELECT 13"]


@on_postgresql
@pytest.mark.parametrize("number", [1, 3])
def test_what_the_database_refuses_is_raised_as_django_does(number: int) -> None:
    with pytest.raises(DataError), transaction.atomic():
        rows("SELECT 1 / 0", *["SELECT 2"] * (number - 1))
    assert rows("SELECT 1", "SELECT 2") == [[(1,)], [(2,)]]


def test_a_broken_transaction_is_not_gone_on_with() -> None:
    with pytest.raises(TransactionManagementError), transaction.atomic():
        try:
            with transaction.atomic():
                raise IntegrityError
        except IntegrityError:
            connection.set_rollback(True)
        rows("SELECT 1")


@on_postgresql
def test_what_was_committed_while_the_lock_was_waited_for_is_seen(transactional_db: None) -> None:
    campaign = a_campaign()
    hero, episode = a_character(campaign, hp=20), an_episode(campaign)

    def wound() -> Event:
        try:
            return vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-3)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, ledger.writing(campaign.pk, SYSTEM):
        waiting = other.submit(wound)
        wait_for_somebody_at_a_lock()
        episodes.start(episode, actor=SYSTEM)
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-5)
    event = waiting.result(30)
    assert event.episode == episode
    assert (event.data["from"], event.data["to"]) == (15, 12)


def wait_for_somebody_at_a_lock(seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    # A transaction sees one snapshot of these statistics until it asks for another.
    while rows("SELECT pg_stat_clear_snapshot()", asked)[1] == []:
        assert time.monotonic() < end, "nobody waits"
