"""What is answered to somebody who guesses passwords: after five wrong ones for a name, 15 minutes of nothing else."""

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from contract.errors import refusal_response
from contract.middleware import in_api
from contract.refusals import TooMany

TOLD = "Too many wrong passwords. Wait 15 minutes, or set a new password by e-mail."


def locked_out(request: HttpRequest, response: Any, credentials: Any) -> HttpResponse:
    """django-axes asks for this answer. It is the same whether the account exists or not."""
    seconds = settings.AXES_COOLOFF_TIME.total_seconds()
    if in_api(request):
        return refusal_response(TooMany(seconds, TOLD))
    page = render(request, "accounts/locked_out.html", {"minutes": int(seconds // 60)}, status=429)
    page["Retry-After"] = str(int(seconds))
    add_never_cache_headers(page)
    return page


def count_failure(request: HttpRequest, username: str) -> None:
    """A wrong second step weighs as much as a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)
