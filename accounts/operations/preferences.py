"""How one person likes pages to be."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import Preferences, User

EDITABLE = ("theme", "column_widths_above", "column_widths_below", "textarea_heights", "locale", "hp_animation")


def of(user: User) -> Preferences:
    """The person's, or the defaults that they have before they choose (not saved)."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user)


def update(user: User, changes: Mapping[str, Any], *, actor: Actor) -> Preferences:
    """Change some; heights of text areas are merged by name, and `None` forgets one."""
    with transaction.atomic():
        found, _ = Preferences.objects.select_for_update().get_or_create(user=user)
        before = {name: getattr(found, name) for name in changes}
        for name, value in changes.items():
            setattr(found, name, _merged(found.textarea_heights, value) if name == "textarea_heights" else value)
        found.save()
        after = {name: getattr(found, name) for name in changes}
        differs = audit.changed(before, after)
        if differs["after"]:
            audit.record("preferences_changed", actor=actor, subject=("user", user.pk, user.username), **differs)
    return found


def _merged(before: Mapping[str, int], changes: Mapping[str, int | None]) -> dict[str, int]:
    merged = {**before, **changes}
    return {name: height for name, height in merged.items() if height is not None}
