"""Sign-ins end, everywhere at once."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from accounts.models import User


def end_all(user: User, *, actor: Actor) -> User:
    """Log out everywhere: sessions, sockets and refresh tokens carry a hash over the number that is raised here."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
        audit.record("logged_out_everywhere", actor=actor, subject=("user", user.pk, user.username))
    user.refresh_from_db(fields=["session_epoch"])
    return user


def forget() -> int:
    """Delete the sessions that are over; returns how many."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
