"""Accounts at other houses that sign somebody in here."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from social_django.models import Association, Code, Nonce, Partial, UserSocialAuth

from accounts import audit
from accounts.actors import Actor
from accounts.models import User
from contract.refusals import Invalid

LAST_WAY_IN = "This is your only way in. Set a password first."


def of(user: User) -> dict[str, UserSocialAuth]:
    """The person's connections by the house's name."""
    return {each.provider: each for each in UserSocialAuth.objects.filter(user=user).order_by("created")}


def disconnect(user: User, provider: str, *, actor: Actor) -> None:
    """Raises Invalid where nothing else would let the person in again."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        connected = of(locked)
        if provider not in connected:
            return
        others = set(connected) & set(settings.SIGN_IN_PROVIDERS) - {provider}
        if not others and not locked.has_usable_password():
            raise Invalid([("", LAST_WAY_IN)])
        UserSocialAuth.objects.filter(user=locked, provider=provider).delete()
        subject = ("user", user.pk, user.username)
        audit.record("account_disconnected", actor=actor, subject=subject, before={"provider": provider})


def forget(before: datetime) -> int:
    """Delete what sign-ins by other houses that were begun before that moment left behind; returns how many rows."""
    seconds = int(before.timestamp())
    left = (
        Nonce.objects.filter(timestamp__lt=seconds),
        Association.objects.annotate(end=F("issued") + F("lifetime")).filter(end__lt=seconds),
        Code.objects.filter(timestamp__lt=before),
        Partial.objects.filter(timestamp__lt=before),
    )
    return sum(rows.delete()[0] for rows in left)
