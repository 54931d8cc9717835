"""What the daily command clears away besides the sign-ins of programs (test_refresh.py)."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from social_django.models import Association, Code, Nonce, Partial

from tests.accounts.pages import is_signed_in, visitor
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def forgotten() -> str:
    out = StringIO()
    call_command("forget_sign_ins", stdout=out)
    return out.getvalue()


def test_sessions_that_are_over() -> None:
    gone, alive = visitor(a_user()), visitor(a_user())
    row = Session.objects.exclude(pk__in=[]).order_by("expire_date")[0]
    Session.objects.filter(pk=row.pk).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "1 sessions deleted." in forgotten()
    assert sorted([is_signed_in(gone), is_signed_in(alive)]) == [False, True]


def leftovers(days: int) -> list[Any]:
    """One row of each kind that a sign-in by another house may leave, that many days old."""
    then = timezone.now() - timedelta(days=days)
    seconds = int(then.timestamp())
    named = {"server_url": "https://house.example", "assoc_type": "x", "secret": "x"}
    rows: list[Any] = [
        Nonce.objects.create(server_url="https://house.example", timestamp=seconds, salt=f"salt {days}"),
        Association.objects.create(handle=f"h{days}", issued=seconds - 60, lifetime=60, **named),
        Code.objects.create(email="noor@example.org", code=f"code {days}"),
        Partial.objects.create(token=f"token {days}", backend="discord"),
    ]
    for row in rows[2:]:
        type(row).objects.filter(pk=row.pk).update(timestamp=then)
    return rows


def test_what_abandoned_sign_ins_by_other_houses_left() -> None:
    old, fresh = leftovers(days=8), leftovers(days=6)
    assert "4 leftovers of other houses deleted." in forgotten()
    assert not any(type(row).objects.filter(pk=row.pk).exists() for row in old)
    assert all(type(row).objects.filter(pk=row.pk).exists() for row in fresh)


def test_twice_is_no_harm() -> None:
    leftovers(days=8)
    forgotten()
    assert "0 leftovers" in forgotten()
