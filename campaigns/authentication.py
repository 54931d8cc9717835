"""The X-Token of one campaign, beside the credentials of people (`accounts.authentication`)."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts import authentication, tokens
from accounts.actors import Actor
from accounts.authentication import actor_of
from campaigns.models import CampaignToken, TokenKind
from contract.prepared import Asked, Columns, Lookup, Parameter

__all__ = ["OneCredential", "SeenTokens", "actor_of", "token_from"]

BY_DIGEST = Lookup(
    lambda: CampaignToken.objects.filter(digest=Parameter("digest", CampaignToken._meta.get_field("digest"))).order_by()
)
# Whether it is still valid, and nothing else.
STILL = Columns(
    lambda: (
        CampaignToken.objects.filter(pk=Parameter("id", CampaignToken._meta.pk))
        .order_by()
        .values_list("revoked_at", "expires_at")
    )
)
LAST_USE_PRECISION = 60  # seconds: one write a minute and token, not one per request


def token_from(text: str) -> CampaignToken:
    """The valid campaign token of this text; raises AuthenticationFailed. No query for what has not our form."""
    if tokens.kind_of(text) not in TokenKind.values:
        raise AuthenticationFailed("This is not a Troupe campaign token.")
    token = BY_DIGEST.get(digest=tokens.digest(text))
    if token is None:
        raise _unknown()
    _refuse_ended(token.revoked_at, token.expires_at)
    now = timezone.now()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > LAST_USE_PRECISION:
        CampaignToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _refuse_ended(revoked_at: datetime | None, expires_at: datetime | None) -> None:
    if revoked_at is not None or (expires_at is not None and expires_at <= timezone.now()):
        raise _unknown()


def _unknown() -> AuthenticationFailed:
    return AuthenticationFailed("This token is unknown, revoked or expired. Issue a new one in the back office.")


@dataclass(frozen=True)
class SeenToken:
    """A token that this process has seen valid a moment ago. Whether it still is, is asked together with the lock of
    the campaign, where that costs no round trip.
    """

    token: CampaignToken
    until: float  # monotonic seconds

    @property
    def asked(self) -> Asked:
        return STILL.of(id=self.token.pk)

    def check(self, found: tuple[datetime | None, datetime | None] | None) -> None:
        if found is None:
            raise _unknown()
        _refuse_ended(*found)


class SeenTokens:
    """Those of the last minute, by digest. After that they are looked up again, which notes their use."""

    def __init__(self, seconds: float = LAST_USE_PRECISION, most: int = 1000) -> None:
        self._seconds, self._most = seconds, most
        self._seen: dict[str, SeenToken] = {}

    def actor(self, text: str, request_id: str) -> Actor:
        """Whoever holds this token; raises AuthenticationFailed. With a `proof`, if the database has not been asked."""
        digest = tokens.digest(text)
        seen = self._seen.get(digest)
        if seen is not None and time.monotonic() < seen.until:
            return Actor(token=seen.token, via="x-token", request_id=request_id, proof=seen)
        self._seen.pop(digest, None)
        token = token_from(text)
        if len(self._seen) >= self._most:
            self._seen.clear()
        self._seen[digest] = SeenToken(token, time.monotonic() + self._seconds)
        return Actor(token=token, via="x-token", request_id=request_id)


def by_x_token(text: str) -> tuple[Any, CampaignToken]:
    return AnonymousUser(), token_from(text)


class OneCredential(authentication.OneCredential):
    """As everywhere, and `request.auth` is a CampaignToken for an X-Token."""

    headers: ClassVar[Any] = {**authentication.OneCredential.headers, "HTTP_X_TOKEN": by_x_token}
    challenge: ClassVar[str] = "Bearer, Api-Key, X-Token"
