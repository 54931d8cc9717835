"""Text that must be readable again but not in the database: AES-256-GCM under a key from the environment.

Stored form: `<key id>.<base64 of 12 random bytes, ciphertext and tag>`. The key id lets keys be changed: new values use
the first key of `SEALING_KEYS`, old ones stay readable as long as their key is listed, and `manage.py reseal` rewrites
them under the first.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

NONCE_BYTES = 12
KEY_BYTES = 32
DERIVED = "d"  # the id of the key that is derived from SECRET_KEY where none is set (development)


class Unreadable(ValueError):
    """The text was sealed with a key that is not listed, or has been altered."""


def seal(text: str) -> str:
    key_id, key = next(iter(_keys(*_sources()).items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = nonce + AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())
    return f"{key_id}.{base64.b64encode(box).decode()}"


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    key_id, _, encoded = sealed.partition(".")
    key = _keys(*_sources()).get(key_id)
    if key is None:
        raise Unreadable(f"sealed with key {key_id!r}, which SEALING_KEYS does not list")
    box = base64.b64decode(encoded)
    try:
        return AESGCM(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], key_id.encode()).decode()
    except InvalidTag as error:
        raise Unreadable("the sealed text has been altered") from error


def is_current(sealed: str) -> bool:
    """Whether the text is sealed with the key that new texts are sealed with."""
    return sealed.partition(".")[0] == next(iter(_keys(*_sources())))


def blind_index(text: str) -> str:
    """What equal texts (case and outer spaces aside) have in common, and tells nobody without the key anything."""
    if not text.strip():
        return ""
    return hmac.new(_index_key(settings.SECRET_KEY), text.strip().casefold().encode(), hashlib.sha256).hexdigest()


class SealedTextField(models.TextField):
    """A text, sealed in its column. It cannot be searched: keep a `blind_index` beside it for exact look-ups."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return unseal(value) if value else value


def _sources() -> tuple[str, tuple[str, ...]]:
    return settings.SECRET_KEY, tuple(settings.SEALING_KEYS)


@lru_cache(maxsize=8)
def _keys(secret: str, listed: tuple[str, ...]) -> dict[str, bytes]:
    """Key id to key, the one for new texts first. `listed` are `id:base64 of 32 bytes`."""
    keys = {}
    for entry in listed:
        key_id, _, encoded = entry.partition(":")
        keys[key_id] = base64.b64decode(encoded)
    return keys or {DERIVED: _derived(secret, b"troupe sealing key")}


def _index_key(secret: str) -> bytes:
    return _derived(secret, b"troupe blind index")


@lru_cache(maxsize=8)
def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret.encode())
