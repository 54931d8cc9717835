"""What an entry of the audit trail holds, what it never holds, and that nobody alters it."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit, tokens
from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry
from accounts.operations import people
from campaigns.operations import members
from tests.factories import a_campaign, a_token, a_user, acting

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_what_and_from_what_to_what() -> None:
    gm = a_user("maren", display_name="Maren")
    actor = Actor(user=gm, via="session", request_id="r-1")
    campaign_id, subject_id = uuid.uuid4(), uuid.uuid4()

    audit.record(
        "episode_changed",
        actor=actor,
        subject=("episode", subject_id, "3. Low Tide"),
        campaign_id=campaign_id,
        before={"title": "Low"},
        after={"title": "Low Tide", "at": datetime(2026, 1, 2, tzinfo=UTC), "id": subject_id},
    )

    entry = AuditEntry.objects.get(action="episode_changed")
    assert (entry.actor_id, entry.actor_name, entry.credential, entry.request_id) == (gm.pk, "Maren", "session", "r-1")
    assert (entry.subject_kind, entry.subject_id, entry.subject_name) == ("episode", subject_id, "3. Low Tide")
    assert entry.campaign_id == campaign_id
    assert entry.before == {"title": "Low"}
    assert entry.after == {"title": "Low Tide", "at": "2026-01-02T00:00:00Z", "id": str(subject_id)}


def test_a_token_is_named_as_the_credential() -> None:
    token, _text = a_token(a_campaign())
    entry = audit.record("bell", actor=Actor(token=token, via="x-token"))
    assert entry.credential == f"x-token:{token.pk}"
    assert entry.actor_name == "control token"


@pytest.mark.parametrize(
    "name", ["password", "new_password", "digest", "email", "email_index", "seed", "recovery_digests", "api_key"]
)
def test_what_is_secret_by_its_name_is_not_kept(name: str) -> None:
    assert audit.redacted({"deep": [{name: "x9"}]}) == {"deep": [{name: audit.NOT_KEPT}]}


@pytest.mark.parametrize(
    "text", [tokens.mint("control"), "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "noor.haddad@example.org"], ids=["t", "j", "e"]
)
def test_what_looks_like_a_secret_is_not_kept(text: str) -> None:
    assert audit.redacted({"name": f"My {text} here"}) == {"name": f"My {audit.NOT_KEPT} here"}


def test_that_there_is_nothing_is_told() -> None:
    document = {"email": "", "hint": "trp_control_…aB3x", "name": "Noor @ the table"}
    assert audit.redacted(document) == document


def test_only_what_differs_is_kept() -> None:
    assert audit.changed({"a": 1, "b": 2}, {"a": 1, "b": 3}) == {"before": {"b": 2}, "after": {"b": 3}}


def test_a_changed_address_is_told_without_the_address() -> None:
    noor = a_user("noor")
    people.update(noor, {"email": "noor@example.org", "display_name": "Noor"}, actor=SYSTEM)

    entry = AuditEntry.objects.get(action="account_changed")
    assert entry.before == {"email": "", "display_name": ""}
    assert entry.after == {"email": audit.NOT_KEPT, "display_name": "Noor"}


def test_a_change_that_is_taken_back_leaves_no_entry() -> None:
    campaign = a_campaign()
    with transaction.atomic():
        members.set_role(campaign, a_user(), "player", actor=acting(campaign.owner))
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(action="member_joined").exists()


def test_saying_the_same_again_is_no_change() -> None:
    campaign, noor = a_campaign(), a_user()
    for role in ("player", "player", "viewer"):
        members.set_role(campaign, noor, role, actor=SYSTEM)
    members.remove(campaign, noor.pk, actor=SYSTEM)
    members.remove(campaign, noor.pk, actor=SYSTEM)

    told = AuditEntry.objects.filter(subject_id=noor.pk).order_by("at", "id").values_list("action", "before", "after")
    assert sorted(told, key=str) == [
        ("member_joined", None, {"role": "player"}),
        ("member_removed", {"role": "viewer"}, None),
        ("member_role_changed", {"role": "player"}, {"role": "viewer"}),
    ]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL has the trigger")
@pytest.mark.parametrize("change", ["UPDATE accounts_auditentry SET action = 'x'", "DELETE FROM accounts_auditentry"])
def test_nobody_alters_the_trail(change: str) -> None:
    audit.record("bell", actor=SYSTEM)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        role: Any = cursor.fetchone()
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            cursor.execute(change)
    assert role is not None
    assert AuditEntry.objects.filter(action="bell").count() == 1
