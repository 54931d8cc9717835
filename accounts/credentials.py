"""The credentials of people's programs, looked up: access tokens and API keys. No query for what has not our form."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts import jwt, tokens
from accounts.models import ApiKey, RefreshFamily, User

KEY_KIND = "key"
LAST_USE_PRECISION = 60  # seconds: one write a minute and key, not one per request


def by_access_token(text: str) -> tuple[User, jwt.Access]:
    """Raises AuthenticationFailed, also when the sign-in behind the token has ended."""
    try:
        access = jwt.read(text)
    except jwt.BadToken as error:
        raise AuthenticationFailed from error
    family = RefreshFamily.objects.select_related("user").filter(pk=access.family_id, user=access.user_id).first()
    if family is None or access.session_epoch != family.user.session_epoch or not is_alive(family):
        raise AuthenticationFailed
    return family.user, access


def is_alive(family: RefreshFamily) -> bool:
    """Whether the sign-in still counts: not revoked, not too old, its user as when it began."""
    if family.revoked_at is not None or family.expires_at <= timezone.now():
        return False
    return family.user.is_active and is_standing(family.user, family.session_hash)


def is_standing(user: User, session_hash: str) -> bool:
    """Whether neither the password changed nor everybody was logged out since this hash was taken."""
    return session_hash in {user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()}


def by_api_key(text: str) -> tuple[User, ApiKey]:
    """Raises AuthenticationFailed."""
    if tokens.kind_of(text) != KEY_KIND:
        raise AuthenticationFailed
    now = timezone.now()
    key = valid_keys().filter(digest=tokens.digest(text)).select_related("user").first()
    if key is None:
        raise AuthenticationFailed
    if key.last_used_at is None or (now - key.last_used_at).total_seconds() > LAST_USE_PRECISION:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key.user, key


def valid_keys() -> QuerySet[ApiKey]:
    """API keys that may be used now."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiKey.objects.filter(unexpired, revoked_at=None, user__is_active=True)
