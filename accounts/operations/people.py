"""People get an account, are changed, get a new password, are locked out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import User
from accounts.sealed import blind_index
from contract.refusals import Invalid

EDITABLE = ("username", "display_name", "email", "role", "is_active", "is_staff", "is_superuser")


def create(username: str, password: str | None, *, actor: Actor, **fields: Any) -> User:
    """A new account; without a password nobody can sign in to it by one."""
    user = User(username=username, **fields)
    user.email_index = blind_index(user.email)
    user.set_password(password)
    with transaction.atomic():
        user.save(force_insert=True)
        after = {"has_password": password is not None, **_document(user, ("username", *fields))}
        audit.record("account_created", actor=actor, subject=_subject(user), after=after)
    return user


def update(user: User, changes: Mapping[str, Any], *, actor: Actor) -> User:
    """Change fields of `EDITABLE`. Raises Invalid where administrators would lock themselves out."""
    if actor.user is not None and actor.user.pk == user.pk:
        for name in ("is_active", "is_staff", "is_superuser"):
            if changes.get(name, True) is False:
                raise Invalid([(name, "You would lock yourself out. Ask another administrator.")])
    before = _document(user, changes)
    for name, value in changes.items():
        setattr(user, name, value)
    user.email_index = blind_index(user.email)
    with transaction.atomic():
        user.save(update_fields=[*changes, "email_index"])
        differs = audit.changed(before, _document(user, changes))
        audit.record("account_changed", actor=actor, subject=_subject(user), **differs)
    return user


def set_password(user: User, password: str | None, *, actor: Actor) -> User:
    """A new password, or none; sessions opened with the old one end."""
    had = user.has_usable_password()
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        change: dict[str, Any] = {"before": {"has_password": had}, "after": {"has_password": password is not None}}
        audit.record("password_set", actor=actor, subject=_subject(user), **change)
    return user


def _subject(user: User) -> audit.Subject:
    return "user", user.pk, user.username


def _document(user: User, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(user, name) for name in names}
