"""The frame of every change to a sheet: one transaction, the locks in the house's order, live tracks told."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from campaigns import ledger
from campaigns.versions import stale, stamped
from characters.models import Character
from characters.operations import lifecycle
from contract.prepared import Writes, together
from contract.refusals import Conflict, Invalid, NotVisible
from sheets import parts, queries, table_news
from sheets.lines import every
from sheets.lines.shape import EVERYBODY, Draft, Line
from sheets.models import Group, Row, Sheet
from sheets.parts import Parts
from sheets.queries import Found

LONGEST_TOLD = 200
STORED = (
    *("name", "campaign", "character", "group", "shared", "fields", "tracks"),
    *("version", "field_versions", "updated_at"),
)


@dataclass
class Edit:
    """A sheet under its lock. `changed` are the names of fields to be stamped with the sheet's next version."""

    sheet: Sheet
    line: Line
    actor: Actor
    before: Draft
    changed: set[str] = field(default_factory=set)
    parts: Parts | None = None  # as they were read with the lock

    def write(self, told: str = "", **states: Any) -> None:
        """With `told` the entry in the audit trail goes in the same statement."""
        self.sheet.version += 1
        self.sheet.field_versions = stamped(self.sheet.field_versions, self.changed, self.sheet.version)
        writes = Writes()
        writes.update(self.sheet, *STORED)
        if told:
            record(told, self.sheet, self.actor, writes=writes, **states)
        writes.flush()
        if self.sheet.campaign_id is not None and table_news.is_news(self.line, self.changed):
            transaction.on_commit(partial(table_news.tell, self.sheet.campaign_id, self.sheet.pk), robust=True)

    def shown(self, found: Found) -> tuple[Found, Parts | None]:
        """What the actor found, as it is now; its parts are to be asked for anew in another chronicle."""
        now = queries.changed(found, self.sheet, self.actor)
        return now, self.parts if now.sheet.campaign_id == found.sheet.campaign_id else None

    def after(self, rows: dict[str, list[Row]] | None = None) -> Draft:
        return queries.draft(self.sheet, self.line, rows)

    def refit(self, draft: Draft) -> None:
        """The tracks take the size that the sheet gives them now; a character on stage is told of it."""
        put_tracks(self.sheet, dict(draft.tracks), self.actor)

    def told(self, action: str, **states: Any) -> None:
        record(action, self.sheet, self.actor, **states)


class Moved(Conflict):
    """Raised where the sheet is in another chronicle than it was known to be."""


@contextmanager
def editing(sheet_id: UUID, actor: Actor, known: Sheet | None = None) -> Iterator[Edit]:
    """One transaction under the lock of the sheet, and before it of the campaign whose character it plays. The sheet as
    it was `known` a moment ago saves asking where it is at home.

    Raises NotVisible where it is gone, Conflict where it changed tables just now.
    """
    with ExitStack() as transaction_:
        yield _begun(transaction_, sheet_id, actor, known)


def _begun(transaction_: ExitStack, sheet_id: UUID, actor: Actor, known: Sheet | None) -> Edit:
    if known is not None:
        with suppress(Moved, NotVisible):  # it may be old
            return transaction_.enter_context(_locked(known, actor))
    fresh = queries.BY_KEY.get(sheet_id=sheet_id)
    if fresh is None:
        raise NotVisible
    return transaction_.enter_context(_locked(fresh, actor))


@contextmanager
def _locked(known: Sheet, actor: Actor) -> Iterator[Edit]:
    asked = parts.under_lock(known)
    if known.campaign_id is None:
        with transaction.atomic():
            yield _edit(known, actor, together(*asked))
    else:
        with ledger.writing(known.campaign_id, actor, *asked, tells=False) as book:
            yield _edit(known, actor, book.found)


def _edit(known: Sheet, actor: Actor, answers: Sequence[Any]) -> Edit:
    sheet, found = parts.from_lock(known, answers)
    if sheet.campaign_id != known.campaign_id:
        raise Moved("The sheet changed its campaign just now. Try again.")
    line = every()[sheet.line]
    return Edit(sheet, line, actor, queries.draft(sheet, line, found.rows), parts=found)


def put_tracks(sheet: Sheet, tracks: dict[str, dict[str, int]], actor: Actor) -> None:
    """Where they are kept: with the character that the sheet plays, or in the sheet, which the caller saves then.

    Those of its group are the group's.
    """
    shared = queries.shared_names(sheet, every()[sheet.line])
    if shared and sheet.group is not None:
        put_shared(sheet.group, {name: tracks[name] for name in shared}, actor)
    own: dict[str, Any] = {name: track for name, track in tracks.items() if name not in shared}
    if not queries.plays(sheet) or sheet.character is None:
        sheet.tracks = own
    else:
        gone = sheet.character.stats["tracks"].keys() & every()[sheet.line].tracks_by_name.keys() - tracks.keys()
        sheet.character = _moved(sheet.character, own | dict.fromkeys(gone), actor)


def put_shared(group: Group, tracks: dict[str, dict[str, int]], actor: Actor) -> None:
    if group.character is not None:
        group.character = _moved(group.character, tracks, actor)
    elif group.tracks != tracks:
        group.tracks = tracks
        group.save(update_fields=["tracks", "updated_at"])


def _moved(character: Character, tracks: dict[str, Any], actor: Actor) -> Character:
    stored = character.stats["tracks"]
    changes = {name: track for name, track in tracks.items() if stored.get(name) != track}
    return lifecycle.update(character, {"stats": {"tracks": changes}}, actor=actor) if changes else character


def refuse_stale(row: Sheet | Row, names: set[str], seen: int | None, current: dict[str, Any]) -> None:
    """Raises Conflict with the present values of the fields that changed since version `seen`."""
    late = stale(row.field_versions, names, seen)
    if late:
        now = {"version": row.version, **{name: current.get(name) for name in late}}
        raise Conflict(f"Changed by somebody else meanwhile: {', '.join(late)}.", current=now)


def refuse(found: list[tuple[str, str]]) -> None:
    """Raises Invalid with all of them, if there are any."""
    if found:
        raise Invalid(found)


def record(action: str, sheet: Sheet, actor: Actor, **states: Any) -> None:
    subject = ("sheet", sheet.pk, sheet.name)
    audit.record(action, actor=actor, subject=subject, campaign_id=sheet.campaign_id, **states)


def tellable(line: Line, values: dict[str, Any]) -> dict[str, Any]:
    """Values as the audit trail keeps them: what is not everybody's, and long prose, is only named."""
    return {name: value if _is_told(line, name, value) else audit.NOT_KEPT for name, value in values.items()}


def _is_told(line: Line, name: str, value: Any) -> bool:
    known = line.by_name.get(name)
    private = known is not None and (known.reader != EVERYBODY or getattr(known, "multiline", False))
    return not private and (not isinstance(value, str) or len(value) <= LONGEST_TOLD)
