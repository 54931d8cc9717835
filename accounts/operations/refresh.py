"""Sign-ins of programs: a refresh token is used once and replaced by the next of its family.

Of many uses at once one wins, and the others get what it got. A program that did not hear the answer may ask again
within ten seconds, with the latest used token only. Any other second use means that somebody has a copy: the whole
family dies, with the access tokens that came from it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import audit, jwt, tokens
from accounts.actors import Actor
from accounts.credentials import is_alive
from accounts.models import RefreshFamily, RefreshToken, User
from contract.refusals import NotSignedIn

KIND = "refresh"
GRACE = timedelta(seconds=10)
LONGEST_LIFE = timedelta(days=30)
REUSED = "token_reused"


@dataclass(frozen=True)
class Pair:
    """What a program is handed: texts, to be shown once."""

    access: str
    refresh: str
    family: RefreshFamily


@transaction.atomic
def begin(user: User, *, actor: Actor) -> Pair:
    """A new sign-in of the user."""
    family = RefreshFamily.objects.create(
        user=user, session_hash=user.get_session_auth_hash(), expires_at=timezone.now() + LONGEST_LIFE
    )
    _record("sign_in_begun", family, actor)
    return _pair(family, _next(family, generation=0))


def rotate(text: str, *, actor: Actor) -> Pair:
    """The next pair for this refresh token. Raises NotSignedIn, with `token_reused` where it killed the family."""
    if tokens.kind_of(text) != KIND:
        raise NotSignedIn
    with transaction.atomic():
        found = _locked(text)
        pair = _successor(found)
        if pair is None:
            _end(found.family, REUSED, actor)
    if pair is None:  # raised outside, so that the family stays dead
        raise NotSignedIn("This refresh token was used before. Sign in again.", code=REUSED)
    return pair


@transaction.atomic
def revoke(text: str, *, actor: Actor) -> None:
    """End the sign-in that this refresh token belongs to; silent when there is none (RFC 7009)."""
    if tokens.kind_of(text) != KIND:
        return
    family = _families().filter(tokens__digest=tokens.digest(text), revoked_at=None).first()
    if family is not None:
        _end(family, "revoked", actor)


def forget(before: datetime) -> int:
    """Delete sign-ins that ended before that moment, with their tokens; returns how many sign-ins."""
    ended = RefreshFamily.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))
    _rows, by_kind = ended.delete()
    return by_kind.get(RefreshFamily._meta.label, 0)


def _locked(text: str) -> RefreshToken:
    """The token, read while its family is locked: uses of one family come one after another."""
    digest = tokens.digest(text)
    family = _families().filter(tokens__digest=digest).first()
    if family is None or not is_alive(family):
        raise NotSignedIn
    token = RefreshToken.objects.get(digest=digest)
    token.family = family
    return token


def _families() -> QuerySet[RefreshFamily]:
    return RefreshFamily.objects.select_for_update(of=("self",), no_key=True).select_related("user")


def _successor(token: RefreshToken) -> Pair | None:
    """None for a reuse."""
    now = timezone.now()
    if token.used_at is None:
        text = _next(token.family, token.generation + 1)
        RefreshToken.objects.filter(pk=token.pk).update(used_at=now, successor=text)
        RefreshToken.objects.filter(family=token.family, generation=token.generation - 1).update(successor="")
        return _pair(token.family, text)
    if token.successor and now - token.used_at <= GRACE:  # wiped as soon as the successor is used itself
        return _pair(token.family, token.successor)
    return None


def _next(family: RefreshFamily, generation: int) -> str:
    text = tokens.mint(KIND)
    RefreshToken.objects.create(family=family, digest=tokens.digest(text), generation=generation)
    return text


def _pair(family: RefreshFamily, refresh: str) -> Pair:
    access = jwt.Access(family.user_id, family.pk, family.user.session_epoch)
    return Pair(jwt.issue(access), refresh, family)


def _end(family: RefreshFamily, because: str, actor: Actor) -> None:
    family.revoked_at, family.revoked_because = timezone.now(), because
    family.save(update_fields=["revoked_at", "revoked_because", "updated_at"])
    RefreshToken.objects.filter(family=family).update(successor="")
    _record(because if because == REUSED else "sign_in_ended", family, actor)


def _record(action: str, family: RefreshFamily, actor: Actor) -> None:
    audit.record(action, actor=actor, subject=("sign_in", family.pk, family.user.username))
