"""Access tokens: JWTs signed with HS256 that say who signed in, for ten minutes.

The key is derived from SECRET_KEY and named by `kid`; those of SECRET_KEY_FALLBACKS still verify. Whatever else a
header can say (another algorithm, an address to fetch a key from) is refused before anything is verified.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

ALGORITHM = "HS256"
ISSUER = "troupe"
AUDIENCE = "troupe-api"
TYPE = "access"
LIFETIME = timedelta(minutes=10)
LONGEST = 2_000  # characters
REQUIRED = ["iss", "aud", "sub", "sid", "epoch", "typ", "jti", "iat", "nbf", "exp"]


class BadToken(Exception):
    """Not an access token of ours, or not valid now."""


@dataclass(frozen=True)
class Access:
    """What an access token says: the user, the sign-in (refresh family) that it came from, the session epoch then."""

    user_id: UUID
    family_id: UUID
    session_epoch: int


def issue(access: Access) -> str:
    now = timezone.now()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(access.user_id),
        "sid": str(access.family_id),
        "epoch": access.session_epoch,
        "typ": TYPE,
        "jti": uuid4().hex,
        "iat": now,
        "nbf": now,
        "exp": now + LIFETIME,
    }
    key = _derived(settings.SECRET_KEY)
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": _key_id(key)})


def read(text: str) -> Access:
    """Raises BadToken, whatever is wrong."""
    try:
        claims = _verified(text)
        if claims["typ"] != TYPE or type(claims["epoch"]) is not int:
            raise BadToken
        return Access(UUID(claims["sub"]), UUID(claims["sid"]), claims["epoch"])
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadToken from error


def _verified(text: str) -> dict[str, Any]:
    if len(text) > LONGEST or not text.isascii():
        raise BadToken
    header = jwt.get_unverified_header(text)
    key = _keys().get(str(header.get("kid")))
    if key is None or header != {"alg": ALGORITHM, "typ": "JWT", "kid": header["kid"]}:
        raise BadToken
    options: Any = {"require": REQUIRED, "strict_aud": True}
    return jwt.decode(text, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=options)


def _keys() -> dict[str, bytes]:
    derived = [_derived(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return {_key_id(key): key for key in derived}


def _derived(secret: str) -> bytes:
    return salted_hmac("accounts.jwt", "access token", secret=secret, algorithm="sha256").digest()


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]
