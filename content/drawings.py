"""Drawings of the house: SVG among the static files, written by our own code. No other SVG is ever read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation


@dataclass(frozen=True)
class Drawing:
    path: Path
    digest: str


def drawing_at(address: str) -> Drawing | None:
    """The one that pages show at this address; None for any other picture."""
    if not (address.startswith(settings.STATIC_URL) and address.endswith(".svg")):
        return None
    path = _path(unquote(address.removeprefix(settings.STATIC_URL)))
    return Drawing(path, hashlib.sha256(path.read_bytes()).hexdigest()) if path else None


def _path(name: str) -> Path | None:
    """Where it was collected to, with its hash in the name, or where it was written."""
    try:
        collected = Path(staticfiles_storage.path(name))
        found = str(collected) if collected.is_file() else finders.find(name)
    except (SuspiciousFileOperation, NotImplementedError):
        return None
    return Path(found) if isinstance(found, str) else None
