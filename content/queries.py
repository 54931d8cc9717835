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


def key_at(address: str) -> str | None:
    """Of the file that is fetched from there; None for addresses that are not ours."""
    path, _, _mark = address.partition("?")
    for base in (settings.MEDIA_URL, storage.public_address("")):
        if base and path.startswith(base):
            return path.removeprefix(base)
    return None


def version_at(address: str) -> Version | None:
    """The version whose file is fetched from there."""
    key = key_at(address)
    files = StoredFile.objects.filter(key=key, version__state=State.READY).select_related("version__asset")
    file = files.first() if key else None
    return file.version if file else None
