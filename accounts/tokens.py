"""The form of every Troupe token: `trp_<kind>_` + 30 random characters + 6 of checksum, all base 62.

30 base-62 characters carry 178 bits, so a fast hash is enough to store one. The checksum lets a wrong token be refused
without a query and lets a secret scanner be sure of what it found.
"""

import hashlib
import re
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_FORM = re.compile(r"trp_([a-z]{2,12})_([0-9A-Za-z]{30})([0-9A-Za-z]{6})")


def mint(kind: str) -> str:
    """A new token; it is shown once and only its digest is stored."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(30))
    return f"trp_{kind}_{body}{_checksum(kind, body)}"


def kind_of(token: str) -> str | None:
    """The kind a well-formed token claims to be, or None when it is not one of ours."""
    match = _FORM.fullmatch(token)
    if match is None or not token.isascii():
        return None
    kind, body, checksum = match.groups()
    return kind if secrets.compare_digest(_checksum(kind, body), checksum) else None


def digest(token: str) -> str:
    """SHA-256 in hexadecimal: what the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def hint(token: str) -> str:
    """Enough of a token for its owner to tell it from another, and no more."""
    return f"{token[:-36]}…{token[-4:]}"


def _checksum(kind: str, body: str) -> str:
    number = zlib.crc32(f"{kind}_{body}".encode())
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits
