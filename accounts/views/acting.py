"""Who acts on a page about oneself."""

from typing import cast

from django.http import HttpRequest

from accounts.actors import Actor
from accounts.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views that ask for it."""
    return cast(User, request.user)


def acting(request: HttpRequest, user: User | None = None) -> Actor:
    """The person signed in, or `user` where somebody is just about to be."""
    known = user or (request.user if isinstance(request.user, User) else None)
    return Actor(user=known, via="session", request_id=getattr(request, "request_id", ""))
