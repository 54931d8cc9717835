"""From a proven name to an open session, by way of the second step where there is one."""

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import appearance
from accounts.models import User
from accounts.operations import two_factor

PENDING = "second_step"
PENDING_SECONDS = 10 * 60
MAX_TRIES = 5


@dataclass(frozen=True)
class Provider:
    name: str
    title: str


def providers() -> list[Provider]:
    """The other houses whose accounts open this one; none unless the operator has set them up."""
    return [Provider(name, title) for name, title in settings.SIGN_IN_PROVIDERS.items()]


def go_in(request: HttpRequest, user: Any, on_to: str) -> HttpResponse:
    """Open a session for `user` (with `backend` set, as authenticate() leaves it), or ask for the second step."""
    if two_factor.is_on(user):
        remember(request, user, on_to)
        return redirect("accounts:second_step")
    return open_session(request, user, on_to)


def open_session(request: HttpRequest, user: Any, on_to: str) -> HttpResponse:
    login(request, user)  # gives the session a new key
    response = redirect(on_to or settings.LOGIN_REDIRECT_URL)
    appearance.write_cookie(response, appearance.theme_of(user))
    return response


def remember(request: HttpRequest, user: Any, on_to: str) -> None:
    """Keep who has proven the first step. Whoever was signed in here is signed out first."""
    if request.user.is_authenticated:
        logout(request)
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": str(user.pk),
        "hash": user.get_session_auth_hash(),
        "backend": user.backend,
        "next": on_to,
        "until": int(time.time()) + PENDING_SECONDS,
        "tries": 0,
    }


def waiting(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who stands before the second step, unless that was too long ago, too often wrong, or the account has changed."""
    pending = request.session.get(PENDING)
    if not pending or pending["until"] < time.time() or pending["tries"] >= MAX_TRIES:
        request.session.pop(PENDING, None)
        return None
    user = User.objects.filter(pk=pending["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != pending["hash"]:
        return None
    user.backend = pending["backend"]
    return user, pending


def count_try(request: HttpRequest) -> None:
    request.session[PENDING]["tries"] += 1
    request.session.modified = True
