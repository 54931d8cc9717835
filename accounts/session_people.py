"""Whose session it is, found with the session in one round trip.

Django asks for the session, and then for the user whom it names. Whom a session named when this process last saw it is
remembered, as a guess of which user to ask for along with it. A guess gives nobody a right: the session and the user
are read anew, and whatever is not exactly as Django wants it (and every no) is left to Django.
"""

import threading
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, middleware
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User

MOST = 10_000
# Backends that find a user by the key alone, and only one who is active.
FIND_ACTIVE = ("django.contrib.auth.backends.ModelBackend", "accounts.providers.")


class Guesses:
    """By what the database calls a session: the key of the user whom it named; the last MOST of them."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._named: dict[str, UUID] = {}
        self._changing = threading.Lock()

    def get(self, stored: str) -> UUID | None:
        return self._named.get(stored)

    def put(self, stored: str, user_id: UUID) -> None:
        with self._changing:
            self._named.pop(stored, None)
            while len(self._named) >= self._most:
                del self._named[next(iter(self._named))]
            self._named[stored] = user_id


guesses = Guesses()


class PersonMiddleware(middleware.AuthenticationMiddleware):
    """Django's, but `request.user` may have come with the session."""

    def process_request(self, request: Any) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))


def user_of(request: Any) -> Any:
    """As `django.contrib.auth.get_user`, once a request."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = guessed(request.session) or _asked(request)
    return request._cached_user


def guessed(session: SessionBase) -> User | None:
    """The user who came with the session, where Django would find the same one and let them in as they are."""
    named, vouched = session.get(SESSION_KEY), session.get(HASH_SESSION_KEY)
    person: User | None = getattr(session, "person", None)
    if person is None or named != str(person.pk) or not person.is_active:
        return None
    if not _finds_active(session.get(BACKEND_SESSION_KEY)):
        return None
    return person if vouched and constant_time_compare(vouched, person.get_session_auth_hash()) else None


def _finds_active(backend: Any) -> bool:
    return backend in settings.AUTHENTICATION_BACKENDS and backend.startswith(FIND_ACTIVE)


def _asked(request: HttpRequest) -> Any:
    found = auth.get_user(request)
    stored = getattr(request.session, "stored_key", None)
    if stored is not None and isinstance(found, User):
        guesses.put(stored, found.pk)
    return found
