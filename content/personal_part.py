"""What the libraries keep of a person (see accounts.personal). The own library goes with the account; what was brought
into a campaign's is the campaign's and stays, without the person.
"""

from collections.abc import Iterator
from typing import Any

from accounts import personal
from accounts.models import User
from content.models import LIBRARY, Asset, State, Version
from content.operations import assets
from content.serializers import version_document

TOLD = ("id", "kind", "title", "alt_text", "licence", "credit", "published", "team__name", "created_at")


def files(user: User) -> dict[str, Any]:
    """Every version with the addresses of its files, which open them for who has them."""
    return {
        "own": [_told(asset) for asset in _own(user)],
        "brought_to_campaigns": [_told(asset) for asset in _brought(user)],
    }


def _own(user: User) -> Any:
    return _whole(Asset.objects.filter(space=user.pk))


def _brought(user: User) -> Any:
    return _whole(Asset.objects.filter(owner=user).exclude(space=user.pk))


def _whole(found: Any) -> Any:
    in_library = found.filter(purpose=LIBRARY, current__isnull=False).select_related("team")
    return in_library.prefetch_related("versions__files", "versions__job", "versions__created_by").order_by(
        "created_at"
    )


def _told(asset: Asset) -> dict[str, Any]:
    ready = [version for version in asset.versions.all() if version.state == State.READY]
    plain = {name: getattr(asset, name) for name in TOLD if name != "team__name"}
    return {**plain, "team": str(asset.team or ""), "versions": [_version(asset, version) for version in ready]}


def _version(asset: Asset, version: Version) -> dict[str, Any]:
    version.asset = asset
    return version_document(version)


def goes(user: User) -> Iterator[str]:
    own = Asset.objects.filter(space=user.pk, purpose=LIBRARY)
    count, shared = own.count(), own.exclude(team=None).count()
    if count:
        also = f", {_files(shared)} of them shared with teams" if shared else ""
        yield f"Your library: {_files(count)}{also}, with all versions."


def stays(user: User) -> Iterator[str]:
    count = Asset.objects.filter(owner=user, purpose=LIBRARY).exclude(space=user.pk).count()
    if count:
        yield f"What you brought into the libraries of campaigns ({_files(count)}), with the words and the credit."


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"


def leave(user: User) -> None:
    assets.forget_library(user.pk)


def register() -> None:
    personal.register(personal.Part("library", files, stays=stays, goes=goes, leave=leave))
