"""What everybody might fetch and may no more: its files are moved to keys that nobody knows.

An address that was public is kept by a CDN, in chats and histories. So when a campaign becomes private, a character
secret, or a file is no longer published, the old address has to end: in the background its files are copied to new
keys, the rows changed, whoever shows them told, and the old objects deleted. A process that dies in between leaves
copies that no row names, or old objects that no row names any more, for the sweeper; and closed assets with files whose
keys are known, which `resume` finds again.
"""

import secrets
from collections.abc import Iterator, Sequence
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from content import background, claims, shelves, storage
from content.models import LIBRARY, Asset, FormerKey, StoredFile

REVIEW, WITHDRAW = "content.review", "content.withdraw"
BATCH = 500
PREFIX = "withheld/"

Move = tuple[StoredFile, str]  # with the new key


def settle(asset: Asset) -> None:
    """Write down whether everybody may fetch it, and withdraw what was open and is so no more.

    Inside the transaction of the change, after it, with the asset locked.
    """
    now = is_open(asset)
    if now == asset.open:
        return
    asset.open = now
    Asset.objects.filter(pk=asset.pk).update(open=now)
    if now:
        StoredFile.objects.filter(version__asset=asset).update(exposed=True)
    else:
        background.after_commit(WITHDRAW, str(asset.pk))


def changed(space: UUID) -> None:
    """Who may see the files of this space has changed, in the transaction that is open."""
    background.after_commit(REVIEW, str(space))


def review(space: UUID) -> None:
    """One after another, each in a transaction of its own: whoever uploads locks an asset first and its campaign later,
    and whoever changes a campaign has locked that.
    """
    for asset_id in Asset.objects.filter(space=space).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            asset = Asset.objects.select_for_update(no_key=True).filter(pk=asset_id).first()
            if asset is not None:
                settle(asset)


def resume() -> int:
    """Begin again what was lost: how many assets are closed and still have files whose keys are known."""
    found = list(StoredFile.objects.filter(_known()).order_by().values_list("version__asset", flat=True).distinct())
    for asset_id in found:
        background.send(WITHDRAW, str(asset_id))
    return len(found)


def review_all() -> int:
    """What no task told of: how many assets are not as is written down. For the sweeper."""
    stale: set[UUID] = set()
    for batch in batches(Asset.objects.order_by("pk").iterator(), BATCH):
        open_ = open_of(batch)
        stale |= {asset.space for asset in batch if asset.open != (asset.pk in open_)}
    for space in stale:
        review(space)
    return len(stale)


def is_open(asset: Asset) -> bool:
    return asset.pk in open_of([asset])


def open_of(assets: Sequence[Asset]) -> set[UUID]:
    """Those that everybody may fetch."""
    private = shelves.private({asset.space for asset in assets})
    shown = {
        asset.pk for asset in assets if asset.purpose == LIBRARY and asset.published and asset.space not in private
    }
    for purpose in {asset.purpose for asset in assets} - {LIBRARY}:
        claim = claims.of(purpose)
        of_it = {asset.subject_id: asset.pk for asset in assets if asset.purpose == purpose and asset.subject_id}
        shown |= {of_it[subject] for subject in claim.open_to_all(list(of_it))} if claim else set()
    return shown


def place(stem: str, asset: Asset) -> tuple[str, bool]:
    """Where files of a new version lie, and whether everybody knows that. Where a host serves the whole bucket to
    everybody, nobody guesses where that is which is closed.
    """
    is_known = is_open(asset)
    hidden = not is_known and storage.public_address("x")
    return (f"{PREFIX}{secrets.token_hex(16)}/{stem}" if hidden else stem), is_known


def _known() -> Q:
    closed = Q(version__asset__open=False)
    guessed = ~Q(key__startswith=PREFIX) if storage.public_address("x") else Q(pk__in=[])
    return closed & (Q(exposed=True) | guessed)


def withdraw(asset_id: UUID) -> None:
    """Done twice it does nothing the second time. Raises Again."""
    rows = StoredFile.objects.filter(_known(), version__asset=asset_id).select_related("version")
    moves: dict[UUID, list[Move]] = {}
    for row in rows:
        new = f"{PREFIX}{secrets.token_hex(16)}/{_plain(row.key)}"
        moves.setdefault(row.version_id, []).append((row, new))
    for of_version in moves.values():
        _withdraw(asset_id, of_version)


def _withdraw(asset_id: UUID, moves: list[Move]) -> None:
    """The files of one version: copies first, rows after, and then the old objects go."""
    if not storage.copy([(row.key, new, row.media_type) for row, new in moves]):
        storage.discard([new for _row, new in moves])
        raise background.Again("The files could not be moved just now.")
    with transaction.atomic():
        asset = Asset.objects.select_for_update(no_key=True).filter(pk=asset_id, open=False).first()
        moved = {row.pk for row, new in moves if asset and _move(row, new)}
        claim = claims.of(asset.purpose) if asset else None
        if moved and asset and claim and asset.subject_id:
            claim.grown(asset.subject_id, asset.purpose)
    storage.discard([row.key if row.pk in moved else new for row, new in moves])


def _move(row: StoredFile, new: str) -> bool:
    """Whether the row was still as it was read."""
    if not StoredFile.objects.filter(pk=row.pk, key=row.key).update(key=new, exposed=False):
        return False
    FormerKey.objects.create(key=row.key, file_id=row.pk)
    return True


def _plain(key: str) -> str:
    """Without an earlier prefix."""
    return key.removeprefix(PREFIX).partition("/")[2] if key.startswith(PREFIX) else key


def batches(rows: Iterator[Asset], size: int) -> Iterator[list[Asset]]:
    while batch := list(islice(rows, size)):
        yield batch
