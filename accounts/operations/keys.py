"""API keys are issued, replaced and revoked by their owner."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit, scopes, tokens
from accounts.actors import Actor
from accounts.credentials import KEY_KIND
from accounts.models import ApiKey, User
from contract.refusals import Conflict, Invalid

MOST = 50  # valid keys of one person
REVOKED = "This key is revoked. Issue a new one."


@transaction.atomic
def issue(
    user: User, name: str, wanted: Sequence[str], *, actor: Actor, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which is to be shown once: only its digest is kept. Raises Invalid."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once count one after the other
    _check(user, wanted, expires_at)
    text = tokens.mint(KEY_KIND)
    key = ApiKey.objects.create(
        user=user,
        name=name,
        scopes=[scope for scope in scopes.ALL if scope in wanted],
        digest=tokens.digest(text),
        hint=tokens.hint(text),
        expires_at=expires_at,
    )
    _record("key_issued", key, actor)
    return key, text


@transaction.atomic
def rotate(key: ApiKey, *, actor: Actor) -> tuple[ApiKey, str]:
    """A new text for the same key; the old one is refused from the next request on. Raises Conflict."""
    key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if key.revoked_at is not None:
        raise Conflict(REVOKED)
    text = tokens.mint(KEY_KIND)
    key.digest, key.hint, key.last_used_at = tokens.digest(text), tokens.hint(text), None
    key.save(update_fields=["digest", "hint", "last_used_at", "updated_at"])
    _record("key_rotated", key, actor)
    return key, text


@transaction.atomic
def revoke(key: ApiKey, *, actor: Actor) -> bool:
    """The key is refused from the next request on; sockets that it opened close within five seconds."""
    key = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if key.revoked_at is not None:
        return False
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at", "updated_at"])
    _record("key_revoked", key, actor)
    return True


def _check(user: User, wanted: Sequence[str], expires_at: datetime | None) -> None:
    faults = []
    if not wanted:
        faults.append(("scopes", "Choose at least one."))
    if not set(wanted) <= set(scopes.ALL):
        faults.append(("scopes", f"Choose from: {', '.join(scopes.ALL)}."))
    if expires_at is not None and expires_at <= timezone.now():
        faults.append(("expires_at", "Choose a time to come."))
    if ApiKey.objects.filter(user=user, revoked_at=None).count() >= MOST:
        faults.append(("name", f"You have {MOST} keys. Revoke one that is not in use."))
    if faults:
        raise Invalid(faults)


def _record(action: str, key: ApiKey, actor: Actor) -> None:
    after = {"hint": key.hint, "scopes": key.scopes, "expires_at": key.expires_at}
    audit.record(action, actor=actor, subject=("api_key", key.pk, key.name), after=after)
