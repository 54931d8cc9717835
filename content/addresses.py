"""Where a stored file is fetched from. The address carries the digest of what it shows: another picture, another
address, so that nothing between us and a viewer ever shows a stale one.

Behind our own address (`/media/…`) the digest is also the key to the file: who was never shown the address cannot
guess it, and needs no other credential, as a browser source in OBS has none.
"""

import hmac

from django.conf import settings

from content import storage
from content.models import StoredFile

DIGITS = 20  # of the digest; 80 bits


def mark(digest: str) -> str:
    return digest[:DIGITS]


def opens(file: StoredFile, given: str) -> bool:
    return hmac.compare_digest(mark(file.digest).encode(), given.encode())


def address_of(file: StoredFile, *, public: bool) -> str:
    """`public`: the host that serves the bucket to everybody may serve this one."""
    base = storage.public_address(file.key) if public else ""
    return f"{base or own_address(file.key)}?v={mark(file.digest)}"


def own_address(key: str) -> str:
    return f"{settings.MEDIA_URL}{key}"
