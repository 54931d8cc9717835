"""Every exception as one error shape: `{"error", "status_code", "details": [{"field", "message"}]}`.

Access rules and operations import this while apps load, so it stays clear of DRF's views and serializers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

from django.core import exceptions as django_exceptions
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError, connections
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions as drf
from rest_framework.settings import api_settings

from contract.refusals import (
    Conflict,
    Detail,
    Invalid,
    Malformed,
    MethodRefused,
    NotAllowed,
    NotSignedIn,
    NotVisible,
    OtherRefusal,
    PreconditionMissing,
    Refusal,
    TooLarge,
    TooMany,
    Unavailable,
    Unexpected,
    WrongMediaType,
    error_body,
)

__all__ = [
    "Conflict",
    "Invalid",
    "Malformed",
    "NotAllowed",
    "NotSignedIn",
    "NotVisible",
    "PreconditionMissing",
    "Refusal",
    "TooLarge",
    "TooMany",
    "Unavailable",
    "WrongMediaType",
    "error_body",
    "exception_handler",
    "refusal_for",
    "refusal_response",
]

logger = logging.getLogger("contract.errors")

DATABASE_RETRY_SECONDS = 2


def exception_handler(exc: Exception, context: dict[str, Any]) -> JsonResponse:
    """DRF's EXCEPTION_HANDLER. It answers everything, so no fault of a view becomes one of Django's pages."""
    request, view = context.get("request"), context.get("view")
    refusal = NotSignedIn() if _lacks_credential(exc, request) else refusal_for(exc)
    if isinstance(refusal, MethodRefused) and view is not None:
        refusal.allowed = view.allowed_methods
    if isinstance(refusal, NotSignedIn):
        refusal.challenge = getattr(exc, "auth_header", None) or refusal.challenge
    if isinstance(refusal, Unexpected):
        report(exc, getattr(request, "_request", None))
    _roll_back()
    return refusal_response(refusal)


def refusal_response(refusal: Refusal) -> JsonResponse:
    response = JsonResponse(refusal.body(), status=refusal.status_code, headers=refusal.headers())
    # Also where CommonMiddleware is not passed: every 404 is the same to the byte.
    response["Content-Length"] = str(len(response.content))
    response.in_contract_shape = True  # type: ignore[attr-defined]
    return response


def _roll_back() -> None:
    """Under ATOMIC_REQUESTS a view that was refused leaves nothing behind."""
    for connection in connections.all(initialized_only=True):
        if connection.settings_dict["ATOMIC_REQUESTS"] and connection.in_atomic_block:
            connection.set_rollback(True)


def refusal_for(exc: BaseException) -> Refusal:
    """The answer that an exception of ours, of DRF, of Django or of anybody else stands for."""
    if isinstance(exc, Refusal):
        return exc
    for kind, translate in _TRANSLATIONS:
        if isinstance(exc, kind):
            return translate(exc)
    return Unexpected()


def report(exc: BaseException, request: HttpRequest | None) -> None:
    """Log a fault of ours with its trace, and tell whoever listens for faults (the test client does)."""
    logger.error("%s while answering", type(exc).__name__, exc_info=exc)
    if request is not None:
        got_request_exception.send(sender=None, request=request)


def _lacks_credential(exc: Exception, request: Any) -> bool:
    """Somebody who sent no credential is asked for one (401) where a known caller is refused (403)."""
    asked = bool(getattr(request, "authenticators", ()))
    return isinstance(exc, NotAllowed) and asked and getattr(request, "_authenticator", None) is None


def _from_validation(exc: drf.ValidationError) -> Refusal:
    return Invalid(flatten(exc.detail))


def flatten(detail: Any, path: str = "") -> Iterator[Detail]:
    """DRF's nested error details as (dotted name, sentence): `stats.hp.current`, `entries.2.tier`."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from flatten(inner, path if key == api_settings.NON_FIELD_ERRORS_KEY else _join(path, key))
    elif isinstance(detail, (list, tuple)):
        for index, inner in enumerate(detail):
            yield from flatten(inner, path if isinstance(inner, str) else _join(path, index))
    else:
        yield path, str(detail)


def _join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def _from_django_validation(exc: django_exceptions.ValidationError) -> Refusal:
    fields = exc.message_dict if hasattr(exc, "error_dict") else {"": exc.messages}
    return Invalid(
        ("" if field == django_exceptions.NON_FIELD_ERRORS else field, message)
        for field, messages in fields.items()
        for message in messages
    )


def _from_authentication(exc: drf.APIException) -> Refusal:
    code = getattr(exc.detail, "code", "")
    own = code not in (drf.NotAuthenticated.default_code, drf.AuthenticationFailed.default_code)
    return NotSignedIn(code=code if own else "")


def _from_permission(exc: drf.PermissionDenied) -> Refusal:
    own = str(exc.detail) != str(drf.PermissionDenied.default_detail)
    return NotAllowed(str(exc.detail) if own else "")


def _from_api_exception(exc: drf.APIException) -> Refusal:
    return Unexpected() if exc.status_code == 500 else OtherRefusal(exc.status_code)


# Looked through from the top: a subclass stands before its base.
_TRANSLATIONS: list[tuple[type[BaseException], Callable[[Any], Refusal]]] = [
    (drf.ValidationError, _from_validation),
    (drf.ParseError, lambda exc: Malformed()),
    (drf.NotAuthenticated, _from_authentication),
    (drf.AuthenticationFailed, _from_authentication),
    (drf.PermissionDenied, _from_permission),
    (drf.NotFound, lambda exc: NotVisible()),
    (drf.MethodNotAllowed, lambda exc: MethodRefused([])),
    (drf.UnsupportedMediaType, lambda exc: WrongMediaType()),
    (drf.Throttled, lambda exc: TooMany(exc.wait)),
    (drf.APIException, _from_api_exception),
    (Http404, lambda exc: NotVisible()),
    (django_exceptions.PermissionDenied, lambda exc: NotAllowed()),
    (django_exceptions.ValidationError, _from_django_validation),
    (django_exceptions.RequestDataTooBig, lambda exc: TooLarge()),
    (django_exceptions.SuspiciousOperation, lambda exc: Malformed()),
    (django_exceptions.BadRequest, lambda exc: Malformed()),
    (MultiPartParserError, lambda exc: Malformed()),
    (UnreadablePostError, lambda exc: Malformed()),
    (OperationalError, lambda exc: Unavailable(DATABASE_RETRY_SECONDS)),
    (InterfaceError, lambda exc: Unavailable(DATABASE_RETRY_SECONDS)),
]
