"""One credential per request: a session cookie (with CSRF), or a header that a program sends.

Two at once are refused: nobody could tell with whose rights the request would run. Apps above add headers of their
own by a subclass (`campaigns.authentication`).
"""

from collections.abc import Callable
from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.request import Request

from accounts import credentials, limits
from accounts.actors import Actor
from accounts.jwt import Access
from accounts.models import ApiKey

Found = tuple[Any, Any]
SCHEMES: dict[str, Callable[[str], Found]] = {
    "bearer": credentials.by_access_token,
    "api-key": credentials.by_api_key,
}


def by_authorization(value: str) -> Found:
    """The user and the credential of an `Authorization` header. Raises AuthenticationFailed."""
    scheme, _, text = value.partition(" ")
    find = SCHEMES.get(scheme.lower())
    if find is None:
        raise AuthenticationFailed
    return find(text)


class OneCredential(BaseAuthentication):
    """Sets `request.user`, and `request.auth` to the credential: None for a session, an Access, an ApiKey."""

    session = SessionAuthentication()
    headers: ClassVar[dict[str, Callable[[str], Found]]] = {"HTTP_AUTHORIZATION": by_authorization}
    challenge: ClassVar[str] = "Bearer, Api-Key"

    def authenticate(self, request: Request) -> Found | None:
        by_session = getattr(request._request, "user", None)
        has_session = by_session is not None and by_session.is_authenticated
        sent = [name for name in self.headers if name in request.META]
        if len(sent) + has_session > 1:
            raise ParseError("Send one credential only: a session cookie or one header.")
        if sent:
            return self._found(request, sent[0])
        return self._by_session(request, by_session) if has_session else None

    def _by_session(self, request: Request, user: Any) -> Found | None:
        """As DRF has it: whoever comes by a cookie proves that they mean it. Raises PermissionDenied."""
        if not user.is_active:
            return None
        self.session.enforce_csrf(request)
        return getattr(user, "_wrapped", user), None  # itself: each look through Django's lazy object costs a call

    def _found(self, request: Request, name: str) -> Found:
        try:
            return self.headers[name](request.META[name])
        except AuthenticationFailed:
            limits.hit(limits.GUESS, limits.address_of(request))
            raise

    def authenticate_header(self, request: Request) -> str:
        return self.challenge

    def actor_of(self, request: Request) -> Actor:
        return actor_of(request)


def actor_of(request: Any) -> Actor:
    """The actor of a DRF or Django request."""
    request_id = getattr(request, "request_id", "") or getattr(getattr(request, "_request", None), "request_id", "")
    auth, user = getattr(request, "auth", None), request.user
    if hasattr(auth, "campaign_id"):
        return Actor(token=auth, via="x-token", request_id=request_id)
    if not user.is_authenticated:
        return Actor(request_id=request_id)
    if isinstance(auth, ApiKey):
        scopes = frozenset(auth.scopes)
        return Actor(user=user, via="api-key", request_id=request_id, key_id=auth.pk, scopes=scopes)
    if isinstance(auth, Access):
        return Actor(user=user, via="bearer", request_id=request_id, key_id=auth.family_id)
    return Actor(user=user, via="session", request_id=request_id)
