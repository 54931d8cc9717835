"""Questions about assets."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from content import storage
from content.models import Asset, Job, State, StoredFile, Version


def asset_of(purpose: str, subject_id: UUID) -> Asset | None:
    return Asset.objects.filter(purpose=purpose, subject_id=subject_id).select_related("current").first()


def narrowed(found: QuerySet[Asset], by: Mapping[str, Any]) -> QuerySet[Asset]:
    """By `kind`, `published`, `team_id` and `search`, as far as they are given."""
    for name in ("kind", "published", "team_id"):
        if by.get(name) is not None:
            found = found.filter(**{name: by[name]})
    words = by.get("search")
    if words:
        found = found.filter(Q(title__icontains=words) | Q(alt_text__icontains=words) | Q(credit__icontains=words))
    return found


def job_of(asset: Asset) -> Job | None:
    """What is made, or was to be made, of the version that the asset shows."""
    return Job.objects.filter(version=asset.current_id).first() if asset.current_id else None


def files_of(version: Version) -> dict[str, StoredFile]:
    """By name."""
    return {file.name: file for file in version.files.all()}


def file_at(key: str) -> StoredFile | None:
    return StoredFile.objects.filter(key=key).first()


def is_file_at(address: str) -> bool:
    key = key_at(address)
    return key is not None and file_at(key) is not None


def key_at(address: str) -> str | None:
    """Of the file that is fetched from there; None for addresses that are not ours."""
    path, _, _mark = address.partition("?")
    for base in (settings.MEDIA_URL, storage.public_address("")):
        if base and path.startswith(base):
            return path.removeprefix(base)
    return None


def version_at(address: str, purpose: str, subject_id: UUID) -> Version | None:
    """The subject's version whose file is, or was, fetched from there. Of others nothing is told: who names the address
    of a file would learn what opens it.
    """
    key = key_at(address)
    own = StoredFile.objects.filter(version__asset__purpose=purpose, version__asset__subject_id=subject_id)
    files = own.filter(Q(key=key) | Q(former_keys=key), version__state=State.READY)
    file = files.select_related("version__asset").first() if key else None
    return file.version if file else None
