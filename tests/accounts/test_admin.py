"""People in the back office: administrators only."""

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from tests.back_office import add, edit, errors_of, signed_in, url
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db
NEW = "another-long-enough-word"


@pytest.fixture
def boss() -> User:
    return a_user("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def client(boss: User) -> Client:
    return signed_in(boss)


def test_an_account_is_made(client: Client) -> None:
    page = add(client, User, username="noor", password1=NEW, password2=NEW, usable_password="true")

    assert page.status_code == 302
    assert User.objects.get(username="noor").check_password(NEW)


def test_an_account_without_a_password_is_made(client: Client) -> None:
    assert add(client, User, username="noor", usable_password="false").status_code == 302
    assert not User.objects.get(username="noor").has_usable_password()


def test_a_weak_password_is_refused(client: Client) -> None:
    page = add(client, User, username="noor", password1="123", password2="123", usable_password="true")

    assert "password2" in errors_of(page)
    assert not User.objects.filter(username="noor").exists()


def test_people_are_changed(client: Client) -> None:
    noor = a_user("noor")

    assert edit(client, noor, display_name="Noor", role="storyteller", is_active=False).status_code == 302

    noor.refresh_from_db()
    assert (noor.display_name, noor.role, noor.is_active) == ("Noor", "storyteller", False)
    assert noor.check_password(PASSWORD)


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_nobody_locks_themselves_out(right: str, client: Client, boss: User) -> None:
    assert right in errors_of(edit(client, boss, **{right: False}))

    boss.refresh_from_db()
    assert getattr(boss, right)


def test_a_password_is_set_for_somebody(client: Client) -> None:
    noor = a_user("noor")
    theirs = signed_in(noor)
    assert theirs.session.get("_auth_user_id")

    page = client.post(
        f"/admin/accounts/user/{noor.pk}/password/",
        {"password1": NEW, "password2": NEW, "usable_password": "true", "set-password": "1"},
    )

    assert page.status_code == 302
    noor.refresh_from_db()
    assert noor.check_password(NEW)
    assert theirs.get(url(User, "changelist")).status_code == 302
    entry = AuditEntry.objects.get(action="password_set")
    assert (entry.actor_name, entry.credential, entry.subject_name) == ("boss", "admin", "noor")
    assert entry.request_id


def test_the_hash_is_not_shown_and_no_filter(client: Client) -> None:
    noor = a_user("noor")

    assert noor.password not in client.get(url(noor, "change")).content.decode()
    assert client.get(url(User, "changelist") + "?password__startswith=a").status_code == 400


def test_people_are_not_deleted(client: Client) -> None:
    noor = a_user("noor")

    assert client.post(url(noor, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=noor.pk).exists()
