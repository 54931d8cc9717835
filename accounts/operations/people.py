"""People get an account, are changed, get a new password, are locked out."""

from collections.abc import Mapping
from typing import Any

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
    user.save(force_insert=True)
    return user


def update(user: User, changes: Mapping[str, Any], *, actor: Actor) -> User:
    """Change fields of `EDITABLE`. Raises Invalid where administrators would lock themselves out."""
    if actor.user is not None and actor.user.pk == user.pk:
        for name in ("is_active", "is_staff", "is_superuser"):
            if changes.get(name, True) is False:
                raise Invalid([(name, "You would lock yourself out. Ask another administrator.")])
    for name, value in changes.items():
        setattr(user, name, value)
    user.email_index = blind_index(user.email)
    user.save(update_fields=[*changes, "email_index"])
    return user


def set_password(user: User, password: str | None, *, actor: Actor) -> User:
    """A new password, or none; sessions opened with the old one end."""
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
