"""Refresh tokens: rotation, the grace time, reuse, and what ends a family."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone

from accounts import jwt, tokens
from accounts.actors import ANONYMOUS, SYSTEM
from accounts.models import AuditEntry, RefreshFamily, RefreshToken, User
from accounts.operations import people, refresh
from contract.refusals import NotSignedIn
from tests.factories import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(db: Any) -> User:
    return a_user()


def begun(user: User) -> refresh.Pair:
    return refresh.begin(user, actor=ANONYMOUS)


def rotated(text: str) -> refresh.Pair:
    return refresh.rotate(text, actor=ANONYMOUS)


def refusal_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(NotSignedIn) as refused:
        rotated(text)
    return refused.value.details


def long_ago(text: str, seconds: float = 11) -> None:
    """Let this token have been used that long ago."""
    used = RefreshToken.objects.filter(digest=tokens.digest(text)).exclude(used_at=None)
    assert used.update(used_at=timezone.now() - timedelta(seconds=seconds)) == 1


def test_each_use_gives_the_next_pair(user: User) -> None:
    first = begun(user)
    second = rotated(first.refresh)
    third = rotated(second.refresh)
    assert len({first.refresh, second.refresh, third.refresh}) == 3
    assert {jwt.read(pair.access).family_id for pair in (first, second, third)} == {first.family.pk}
    assert third.family.expires_at == first.family.expires_at


def test_only_digests_are_stored_and_the_next_text_is_sealed(user: User) -> None:
    first = begun(user)
    second = rotated(first.refresh)
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, successor FROM accounts_refreshtoken")
        stored = str(cursor.fetchall())
    assert first.refresh not in stored
    assert second.refresh not in stored


def test_who_did_not_hear_the_answer_gets_the_same_successor(user: User) -> None:
    first = begun(user)
    assert {rotated(first.refresh).refresh for _ in range(3)} == {rotated(first.refresh).refresh}
    assert RefreshToken.objects.count() == 2


def test_the_grace_time_ends(user: User) -> None:
    first = begun(user)
    second = rotated(first.refresh)
    long_ago(first.refresh, 9)
    assert rotated(first.refresh).refresh == second.refresh
    long_ago(first.refresh, 11)
    assert refusal_of(first.refresh) == [("credential", "token_reused")]


def test_the_grace_is_not_for_grandparents(user: User) -> None:
    first = begun(user)
    rotated(rotated(first.refresh).refresh)
    assert refusal_of(first.refresh) == [("credential", "token_reused")]


def test_reuse_kills_the_whole_family_and_is_told(user: User) -> None:
    first, other = begun(user), begun(user)
    second = rotated(first.refresh)
    long_ago(first.refresh)
    refusal_of(first.refresh)
    assert refusal_of(second.refresh) == refusal_of(first.refresh) == []
    entry = AuditEntry.objects.get(action="token_reused")
    assert (entry.subject_kind, entry.subject_id) == ("sign_in", first.family.pk)
    assert rotated(other.refresh)


def test_it_ends_thirty_days_after_the_sign_in(user: User) -> None:
    pair = begun(user)
    assert timedelta(days=29, hours=23) < pair.family.expires_at - timezone.now() <= timedelta(days=30)
    RefreshFamily.objects.update(expires_at=timezone.now())
    assert refusal_of(pair.refresh) == []


def _deactivate(user: User) -> None:
    people.update(user, {"is_active": False}, actor=SYSTEM)


def _change_password(user: User) -> None:
    people.set_password(user, "another-long-password", actor=SYSTEM)


def _change_password_by_hand(user: User) -> None:
    user.set_password("another-long-password")
    user.save()


def _log_out_everywhere(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


@pytest.mark.parametrize("end", [_deactivate, _change_password, _change_password_by_hand, _log_out_everywhere])
def test_what_ends_the_sign_in(user: User, end: Callable[[User], None]) -> None:
    pair = begun(user)
    end(user)
    assert refusal_of(pair.refresh) == []


def test_revoked(user: User) -> None:
    pair = begun(user)
    refresh.revoke(pair.refresh, actor=ANONYMOUS)
    refresh.revoke(pair.refresh, actor=ANONYMOUS)
    refresh.revoke("nonsense", actor=ANONYMOUS)
    assert refusal_of(pair.refresh) == []
    assert AuditEntry.objects.filter(action="sign_in_ended").count() == 1


@pytest.mark.parametrize("text", ["", "x", "x" * 10_000, "trp_refresh_" + "0" * 36, "é", "\0"])
def test_what_is_no_refresh_token_costs_no_query(db: Any, django_assert_num_queries: Any, text: str) -> None:
    with django_assert_num_queries(0):
        assert refusal_of(text) == []


def test_the_secret_may_change_while_its_predecessor_is_known(user: User, settings: Any) -> None:
    pair = begun(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert rotated(pair.refresh)


def test_sign_ins_that_ended_are_forgotten_after_a_week(user: User) -> None:
    ended, revoked, alive = begun(user), begun(user), begun(user)
    rotated(ended.refresh)
    refresh.revoke(revoked.refresh, actor=ANONYMOUS)
    RefreshFamily.objects.filter(pk=ended.family.pk).update(expires_at=timezone.now() - timedelta(days=8))
    out = StringIO()
    call_command("forget_sign_ins", stdout=out)
    assert out.getvalue().startswith("1 sign-ins deleted.\n")
    RefreshFamily.objects.filter(pk=revoked.family.pk).update(revoked_at=timezone.now() - timedelta(days=8))
    call_command("forget_sign_ins", stdout=out)
    assert list(RefreshFamily.objects.values_list("pk", flat=True)) == [alive.family.pk]


def in_a_thread(text: str) -> tuple[str, str] | None:
    """What one of many concurrent uses gets."""
    try:
        pair = rotated(text)
        return pair.refresh, pair.access
    except NotSignedIn:
        return None
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a20_twelve_uses_at_once_have_one_successor_twenty_times() -> None:
    """On SQLite writers queue anyway, so three times are enough there."""
    user = a_user()
    with ThreadPoolExecutor(12) as pool:
        for _ in range(20 if connection.vendor == "postgresql" else 3):
            pair = begun(user)
            answers = list(pool.map(in_a_thread, [pair.refresh] * 12))
            assert None not in answers
            assert len({answer[0] for answer in answers if answer}) == 1
            assert pair.family.tokens.count() == 2
