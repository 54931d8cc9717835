"""Access tokens: what is accepted, and everything that is not (A18)."""

import base64
import json
from typing import Any
from uuid import uuid4

import jwt as pyjwt
import pytest
from django.utils import timezone

from accounts import jwt, tokens
from accounts.jwt import Access, BadToken

ACCESS = Access(uuid4(), uuid4(), 3)


def encoded(claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None, key: bytes = b"") -> str:
    """A token as ours but for what is given; a claim of None is left out."""
    ours = pyjwt.decode(jwt.issue(ACCESS), options={"verify_signature": False})
    merged = {name: value for name, value in {**ours, **(claims or {})}.items() if value is not None}
    ((kid, real),) = jwt._keys().items()
    return pyjwt.encode(merged, key or real, algorithm="HS256", headers={"kid": kid, **(header or {})})


def test_what_was_said_is_read() -> None:
    assert jwt.read(jwt.issue(ACCESS)) == ACCESS
    assert jwt.read(encoded()) == ACCESS


def test_it_lives_ten_minutes_at_most() -> None:
    claims = pyjwt.decode(jwt.issue(ACCESS), options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 600
    assert len({jwt.issue(ACCESS) for _ in range(3)}) == 3


NOW = int(timezone.now().timestamp())


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": NOW - 1},
        {"nbf": NOW + 3600},
        {"iat": NOW + 3600},
        {"aud": "another"},
        {"aud": ["troupe-api", "another"]},
        {"iss": "another"},
        {"typ": "refresh"},
        {"sub": "no uuid"},
        {"sid": "no uuid"},
        {"epoch": "3"},
        {"epoch": True},
        *({name: None} for name in jwt.REQUIRED),
    ],
    ids=lambda claims: "-".join(
        f"{name}-{value}" if type(value) is not int else name for name, value in claims.items()
    ),
)
def test_a18_wrong_or_missing_claims(claims: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        jwt.read(encoded(claims))


@pytest.mark.parametrize(
    "header",
    [
        {"kid": "unknown"},
        {"kid": "../../dev/null"},
        {"kid": "' OR 1=1 --"},
        {"jku": "https://evil.example/keys"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5u": "https://evil.example/cert"},
        {"typ": "at+jwt"},
        {"crit": ["exp"]},
    ],
    ids=str,
)
def test_a18_headers_that_point_elsewhere(header: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        jwt.read(encoded(header=header))


def test_a18_another_key() -> None:
    with pytest.raises(BadToken):
        jwt.read(encoded(key=b"k" * 32))


def part(document: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


def test_a18_no_algorithm_and_tampering() -> None:
    header, payload, signature = jwt.issue(ACCESS).split(".")
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    other = part({**claims, "sub": str(uuid4())})
    forged = [
        f"{part({'alg': 'none', 'typ': 'JWT', 'kid': kid})}.{payload}.",
        f"{part({'alg': 'None', 'typ': 'JWT', 'kid': kid})}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'typ': 'JWT', 'kid': kid})}.{payload}.{signature}",
        f"{part({'alg': 'HS512', 'typ': 'JWT', 'kid': kid})}.{payload}.{signature}",
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
    ]
    for text in forged:
        with pytest.raises(BadToken):
            jwt.read(text)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b.c", "é.é.é", "\0", "x" * 100_000, tokens.mint("refresh")], ids=range(8)
)
def test_a18_what_is_no_jwt(text: str) -> None:
    with pytest.raises(BadToken):
        jwt.read(text)


def test_a_former_secret_still_verifies_and_a_forgotten_one_does_not(settings: Any) -> None:
    token = jwt.issue(ACCESS)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert jwt.read(token) == ACCESS
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BadToken):
        jwt.read(token)
