"""The X-Token of one campaign, beside the credentials of people (`accounts.authentication`)."""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts import authentication, tokens
from accounts.authentication import actor_of
from campaigns.models import CampaignToken, TokenKind
from contract.prepared import Lookup, Parameter

__all__ = ["OneCredential", "actor_of", "token_from"]

BY_DIGEST = Lookup(
    lambda: CampaignToken.objects.filter(digest=Parameter("digest", CampaignToken._meta.get_field("digest"))).order_by()
)
LAST_USE_PRECISION = 60  # seconds: one write a minute and token, not one per request


def token_from(text: str) -> CampaignToken:
    """The valid campaign token of this text; raises AuthenticationFailed. No query for what has not our form."""
    if tokens.kind_of(text) not in TokenKind.values:
        raise AuthenticationFailed("This is not a Troupe campaign token.")
    now = timezone.now()
    token = BY_DIGEST.get(digest=tokens.digest(text))
    if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        raise _unknown()
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > LAST_USE_PRECISION:
        CampaignToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _unknown() -> AuthenticationFailed:
    return AuthenticationFailed("This token is unknown, revoked or expired. Issue a new one in the back office.")


def by_x_token(text: str) -> tuple[Any, CampaignToken]:
    return AnonymousUser(), token_from(text)


class OneCredential(authentication.OneCredential):
    """As everywhere, and `request.auth` is a CampaignToken for an X-Token."""

    headers: ClassVar[Any] = {**authentication.OneCredential.headers, "HTTP_X_TOKEN": by_x_token}
    challenge: ClassVar[str] = "Bearer, Api-Key, X-Token"
