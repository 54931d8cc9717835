"""Signing in by another house, and the page on which its account is connected and disconnected."""

import logging
from collections.abc import Callable
from typing import Any

import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe
from social_core import exceptions as social
from social_django import views as social_views

from accounts import appearance, signing_in
from accounts.addresses import own_path
from accounts.operations import connections
from accounts.views.acting import acting, person
from contract.refusals import Invalid

BEGUN_BY = "connection_begun_by"
CONNECT = "connect"
logger = logging.getLogger(__name__)

# Status and words by kind of failure; the first that fits. `{house}` is the provider's title.
Kinds = type[Exception] | tuple[type[Exception], ...]
UNANSWERED = (
    social.AuthProviderError,
    social.AuthResponseError,
    social.AuthConfigurationError,
    requests.RequestException,
)
FAILURES: list[tuple[Kinds, int, str, str]] = [
    (social.AuthCanceled, 400, "You went back", "{house} was not asked to vouch for you, and nothing has changed."),
    (
        social.AuthAssociationError,
        409,
        "This {house} account belongs to somebody else here",
        "Sign in by {house} to see which account that is, or connect another {house} account.",
    ),
    (social.AuthPolicyError, 403, "This account is closed", "Ask an administrator of this site."),
    (
        UNANSWERED,
        424,
        "{house} does not answer",
        "Nothing has changed. Try again in a while, or sign in with your password.",
    ),
    (
        Exception,
        400,
        "That did not work",
        "The sign-in was begun too long ago, in another window, or was used already. Begin it again.",
    ),
]
CAUGHT = (social.SocialAuthBaseException, requests.RequestException, IntegrityError)


@never_cache
@require_POST
def begin(request: HttpRequest, backend: str) -> HttpResponseBase:
    """Off to the house. Somebody signed in only ever connects, and only when asking for just that."""
    _refuse_unknown(backend)
    connecting = request.user.is_authenticated
    if connecting and CONNECT not in request.POST:
        return redirect("accounts:connections")
    sent = request.POST.copy()
    sent["next"] = reverse("accounts:connections") if connecting else own_path(request, sent.get("next")) or "/"
    request.POST = sent  # type: ignore[assignment]
    request.session[BEGUN_BY] = str(request.user.pk) if connecting else ""
    return _or_failure(request, backend, social_views.auth)


@never_cache
@require_GET
def complete(request: HttpRequest, backend: str) -> HttpResponseBase:
    """Back from the house."""
    _refuse_unknown(backend)
    by = str(request.user.pk) if request.user.is_authenticated else ""
    if request.session.pop(BEGUN_BY, None) != by:
        return failed(request, backend, social.AuthSessionError(code="user_mismatch"))
    response = _or_failure(request, backend, social_views.complete)
    if request.user.is_authenticated and response.status_code == 302:
        appearance.write_cookie(response, appearance.theme_of(person(request)))
    return response


def _refuse_unknown(backend: str) -> None:
    if backend not in settings.SIGN_IN_PROVIDERS:
        raise Http404


def _or_failure(request: HttpRequest, backend: str, view: Callable[..., HttpResponseBase]) -> HttpResponseBase:
    try:
        return view(request, backend)
    except CAUGHT as error:
        return failed(request, backend, error)


def failed(request: HttpRequest, backend: str, error: Exception) -> HttpResponse:
    """A page in words; the log gets the kind of failure, never what the house or the browser sent."""
    code = getattr(error, "code", type(error).__name__)
    level = logging.ERROR if isinstance(error, social.AuthConfigurationError) else logging.WARNING
    logger.log(level, "sign-in by %s failed: %s", backend, code)
    house = settings.SIGN_IN_PROVIDERS[backend]
    status, heading, words = next(failure[1:] for failure in FAILURES if isinstance(error, failure[0]))
    context = {"heading": heading.format(house=house), "words": words.format(house=house), "code": status}
    page = render(request, "accounts/provider_failed.html", context, status=status)
    add_never_cache_headers(page)
    return page


@login_required
@never_cache
@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    own = connections.of(person(request))
    rows: list[dict[str, Any]] = [
        {"name": each.name, "title": each.title, "since": own[each.name].created if each.name in own else None}
        for each in signing_in.providers()
    ]
    return render(request, "accounts/connections.html", {"section": "connections", "rows": rows})


@login_required
@require_POST
def disconnect(request: HttpRequest, backend: str) -> HttpResponse:
    _refuse_unknown(backend)
    try:
        connections.disconnect(person(request), backend, actor=acting(request))
    except Invalid as refused:
        messages.error(request, refused.details[0][1])
    else:
        messages.success(request, f"{settings.SIGN_IN_PROVIDERS[backend]} does not sign you in any more.")
    return redirect("accounts:connections")
