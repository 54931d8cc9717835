"""A sheet is copied, with its rows and its pictures."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.actors import Actor
from accounts.models import User
from content import storage
from content.models import Asset
from content.operations import uploads
from content.operations.uploads import Finish, straight
from content.queries import files_of
from content.quotas import QUOTA_EXCEEDED
from contract.refusals import Invalid
from sheets import portraits, queries
from sheets.access import Standing
from sheets.lines import every
from sheets.models import Row, Sheet
from sheets.operations import sheets

NO_ROOM = "There is no room for the copy's pictures. Delete what is not in use, or copy without them."
WORDS = ("alt_text", "credit", "licence")


def duplicate(
    sheet: Sheet,
    *,
    actor: Actor,
    standing: Standing,
    owner: User,
    with_pictures: bool = True,
    finish: Finish = straight,
) -> Any:
    """A copy with all rows and pictures, of its own and in no chronicle; experience stays behind. Returns what `finish`
    makes of it.

    Raises as `sheets.create` does, Invalid (field `pictures`) where its owner has no room for the pictures, Unavailable
    where they cannot be stored; nothing is copied then.
    """
    shown = [asset for asset in portraits.words(sheet).values() if with_pictures]
    _require_room(owner, shown)
    new_id = uuid4()
    with ExitStack() as stack:
        found = [stack.enter_context(_arriving(asset, new_id, owner, actor)) for asset in shown]
        arrivals = [arrival for arrival in found if arrival is not None]
        return finish(lambda: _made(sheet, new_id, arrivals, actor=actor, standing=standing, owner=owner))


@transaction.atomic
def _made(
    sheet: Sheet, new_id: UUID, arrivals: list[uploads.Arrival], *, actor: Actor, standing: Standing, owner: User
) -> Sheet:
    line = every()[sheet.line]
    fields = queries.draft(sheet, line, {}).fields
    gone = line.absent(queries.draft(sheet, line, {}))
    shown = {name: value for name, value in fields.items() if standing.may(line.by_name[name].reader)}
    copied = {**shown, "name": f"{sheet.name[:90]} (copy)"}
    made = sheets.create(owner, line, {n: v for n, v in copied.items() if n not in gone}, actor=actor, sheet_id=new_id)
    Row.objects.bulk_create(
        Row(sheet=made, kind=row.kind, position=row.position, values=row.values)
        for row in Row.objects.filter(sheet=sheet)
    )
    made.tracks = dict(queries.draft(made, line).tracks)
    made.save(update_fields=["tracks", "updated_at"])
    for arrival in arrivals:
        uploads.accept(arrival)
    return made


def _require_room(owner: User, shown: list[Asset]) -> None:
    try:
        portraits.room(owner).require(sum(asset.current.size for asset in shown if asset.current))
    except Invalid as error:
        raise Invalid([("pictures", NO_ROOM)], QUOTA_EXCEEDED) from error


@contextmanager
def _arriving(asset: Asset, sheet_id: UUID, owner: User, actor: Actor) -> Iterator[uploads.Arrival | None]:
    """Painted anew from the original, so that each has files of its own; None where the storage has lost it."""
    assert asset.current is not None  # noqa: S101  as portraits.words asks for it
    place = portraits.BY_PURPOSE[asset.purpose]
    with tempfile.TemporaryFile() as file:
        try:
            storage.fetch(files_of(asset.current)["original"].key, file)
        except FileNotFoundError:
            yield None
            return
        wanted = uploads.Picture(
            file=file,
            recipe=portraits.RECIPE,
            room=portraits.room(owner),
            stem=portraits.stem(sheet_id, place),
            purpose=asset.purpose,
            subject_id=sheet_id,
            owner=owner,
            created_by=actor.user,
            facts={word: getattr(asset, word) for word in WORDS},
        )
        with uploads.arriving(wanted) as arrival:
            yield arrival
