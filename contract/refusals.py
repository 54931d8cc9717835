"""Why a request is refused, as plain exceptions that need no HTTP.

Operations, access rules, imports and views raise them alike; `contract.errors` turns them into answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

Detail = tuple[str, str]  # dotted field name ("" for the whole document), sentence

MAX_DETAILS = 100
MAX_DETAIL_LENGTH = 200

# Every answer of one status says the same unless the exception says something better. 404 never does: a thing
# that the caller may not see and a thing that does not exist must be told apart by nobody.
MESSAGES = {
    400: "The request is malformed. Correct it and send it again.",
    401: "Sign in, or send a valid credential.",
    403: "You are not allowed to do this. Ask the owner for the right to do it.",
    404: "Nothing is found at this address. Check the address and the id.",
    405: "This address does not answer that method. Use one of those named in the Allow header.",
    406: "This address answers in JSON only. Send Accept: application/json.",
    409: "Somebody changed this in the meantime. Look at the current state and try again.",
    413: "The request is too large. Send less at once.",
    415: "Send the body with Content-Type: application/json in UTF-8.",
    422: "Some of the values are not valid. Correct the fields that are named in the details.",
    428: "Send the version that you saw, so that nobody's change is overwritten.",
    429: "Too many requests. Wait for the seconds named in the Retry-After header.",
    500: "Something went wrong on our side. Quote the X-Request-ID of this answer when you report it.",
    503: "The service cannot answer just now. Try again after the seconds named in the Retry-After header.",
}
CLIENT_ERROR = "The request cannot be answered. Correct it and send it again."

# A client's own key is quoted in details: no half surrogates (not JSON), no controls (logs).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Refusal(Exception):
    """A request that gets a non-2xx answer. `details` are (dotted field, sentence) pairs."""

    status_code: int = 400

    def __init__(self, message: str = "", details: Iterable[Detail] = ()) -> None:
        self.message = message or default_message(self.status_code)
        self.details = list(details)
        super().__init__(self.message)

    def headers(self) -> dict[str, str]:
        return {}

    def extra(self) -> dict[str, Any]:
        """What the body carries beside the three keys of every error."""
        return {}

    def body(self) -> dict[str, Any]:
        return error_body(self.status_code, self.message, self.details) | self.extra()


class Malformed(Refusal):
    status_code = 400


class NotSignedIn(Refusal):
    """No credential, or a bad one. `code` (such as "token_reused") becomes a detail of field `credential`."""

    status_code = 401

    def __init__(self, message: str = "", *, code: str = "", challenge: str = "") -> None:
        super().__init__(message, [("credential", code)] if code else [])
        self.challenge = challenge or "Bearer"

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": self.challenge}


class NotAllowed(Refusal):
    """Known to the caller, but not theirs to do. `code` is an OAuth error such as "insufficient_scope"."""

    status_code = 403

    def __init__(self, message: str = "", details: Iterable[Detail] = (), *, code: str = "") -> None:
        super().__init__(message, [*details, *([("credential", code)] if code else [])])
        self.code = code

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": f'Bearer error="{self.code}"'} if self.code else {}


class NotVisible(Refusal):
    """Not visible to the caller, or not existing: deliberately without any words of its own."""

    status_code = 404

    def __init__(self) -> None:
        super().__init__()


class MethodRefused(Refusal):
    status_code = 405

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = list(allowed)
        super().__init__()

    def headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.allowed)}


class Conflict(Refusal):
    """A stale version of the same field. `current` is what the caller would read now (JSON values)."""

    status_code = 409

    def __init__(
        self, message: str = "", current: Mapping[str, Any] | None = None, details: Iterable[Detail] = ()
    ) -> None:
        super().__init__(message, details)
        self.current = dict(current or {})

    def extra(self) -> dict[str, Any]:
        return {"current": self.current}


class TooSlow(Refusal):
    status_code = 408


class TooLarge(Refusal):
    status_code = 413


class WrongMediaType(Refusal):
    status_code = 415


class Invalid(Refusal):
    """Well-formed but not valid: all failing fields at once."""

    status_code = 422

    def __init__(self, details: Iterable[Detail], message: str = "") -> None:
        super().__init__(message, details)


class PreconditionMissing(Refusal):
    status_code = 428


class _Later(Refusal):
    fallback: ClassVar[float] = 1

    def __init__(self, retry_after: float | None = None, message: str = "") -> None:
        """`retry_after` in seconds."""
        super().__init__(message)
        self.retry_after = self.fallback if retry_after is None else retry_after

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(max(1, -int(-self.retry_after // 1)))}


class TooMany(_Later):
    status_code = 429


class Unavailable(_Later):
    """A part that we need does not answer. Nothing was changed, so the same request may be sent again."""

    status_code = 503
    fallback = 2


class Unexpected(Refusal):
    status_code = 500


class OtherRefusal(Refusal):
    """Any other status that a library answers with."""

    def __init__(self, status_code: int, message: str = "") -> None:
        self.status_code = status_code
        super().__init__(message)


def default_message(status_code: int) -> str:
    return MESSAGES.get(status_code, CLIENT_ERROR if status_code < 500 else MESSAGES[500])


def error_body(status_code: int, message: str, details: Iterable[Detail] = ()) -> dict[str, Any]:
    """The one error shape: `{"error", "status_code", "details": [{"field", "message"}]}`."""
    return {
        "error": printable(message),
        "status_code": status_code,
        "details": [
            {"field": printable(field), "message": printable(text)} for field, text in list(details)[:MAX_DETAILS]
        ],
    }


def printable(text: str) -> str:
    """Short and without characters that an answer or a log line cannot carry."""
    if len(text) > MAX_DETAIL_LENGTH:
        text = text[: MAX_DETAIL_LENGTH - 1] + "…"
    return _UNPRINTABLE.sub("\ufffd", text)
