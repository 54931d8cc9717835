"""Somebody deletes their account."""

from django.db import transaction

from accounts import audit, personal
from accounts.actors import Actor
from accounts.models import Team, User
from contract.refusals import Invalid


def leave(user: User, *, actor: Actor) -> None:
    """The account goes, with all that hangs on it alone. Raises Invalid while something has to be settled first."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        found = personal.obstacles(locked)
        if found:
            raise Invalid([("", sentence) for sentence in found])
        audit.record("account_deleted", actor=actor, subject=("user", user.pk, user.username))
        Team.objects.filter(memberships__user=locked).exclude(
            pk__in=Team.objects.filter(memberships__user__in=User.objects.exclude(pk=locked.pk))
        ).delete()
        personal.leave(locked)
        locked.delete()
