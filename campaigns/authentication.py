"""One credential per request: a session cookie (with CSRF) or the X-Token of one campaign.

Two at once are refused: nobody could tell with whose rights the request would run.
"""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.request import Request

from accounts import tokens
from accounts.actors import Actor
from campaigns.models import CampaignToken, TokenKind

TOKEN_HEADER = "HTTP_X_TOKEN"  # noqa: S105  the name of a header
LAST_USE_PRECISION = 60  # seconds: one write a minute and token, not one per request


class OneCredential(BaseAuthentication):
    """Sets `request.user` for a session and `request.auth` (a CampaignToken) for an X-Token."""

    session = SessionAuthentication()

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        by_session = getattr(request._request, "user", None)
        has_session = by_session is not None and by_session.is_authenticated
        if TOKEN_HEADER not in request.META:
            return self.session.authenticate(request) if has_session else None
        if has_session:
            raise ParseError("Send one credential only: a session cookie or an X-Token, not both.")
        return AnonymousUser(), token_from(request.META[TOKEN_HEADER])

    def authenticate_header(self, request: Request) -> str:
        return "X-Token"

    def actor_of(self, request: Request) -> Actor:
        return actor_of(request)


def token_from(text: str) -> CampaignToken:
    """The valid campaign token of this text; raises AuthenticationFailed. No query for what has not our form."""
    if tokens.kind_of(text) not in TokenKind.values:
        raise AuthenticationFailed("This is not a Troupe campaign token.")
    now = timezone.now()
    token = (
        CampaignToken.objects.filter(digest=tokens.digest(text), revoked_at=None)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if token is None:
        raise AuthenticationFailed("This token is unknown, revoked or expired. Issue a new one in the back office.")
    if token.last_used_at is None or (now - token.last_used_at).total_seconds() > LAST_USE_PRECISION:
        CampaignToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def actor_of(request: Any) -> Actor:
    """The actor of a DRF or Django request."""
    request_id = getattr(request, "request_id", "") or getattr(getattr(request, "_request", None), "request_id", "")
    token = getattr(request, "auth", None)
    if isinstance(token, CampaignToken):
        return Actor(token=token, via="x-token", request_id=request_id)
    user = request.user
    if user.is_authenticated:
        return Actor(user=user, via="session", request_id=request_id)
    return Actor(request_id=request_id)
