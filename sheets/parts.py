"""What of a sheet lies in other tables, in one round trip; with the lock, where it is to be changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contract.prepared import Asked, together
from contract.refusals import NotVisible
from sheets import experience, queries
from sheets.chronicle import Settings
from sheets.lines.shape import Draft
from sheets.models import Row, Sheet
from sheets.queries import AMOUNTS, CHRONICLE, LIVE, LOCKED, ROWS, Found


@dataclass(frozen=True)
class Parts:
    """The rows by kind, how the chronicle plays, the experience."""

    rows: dict[str, list[Row]]
    settings: Settings
    totals: experience.Totals


@dataclass(frozen=True)
class Snapshot:
    """A sheet as somebody finds it, read once for all that is made of it: document, page, dice."""

    found: Found
    parts: Parts

    @cached_property
    def draft(self) -> Draft:
        return queries.draft(self.found.sheet, self.found.line, self.parts.rows)


def snapshot(found: Found, read: Parts | None = None) -> Snapshot:
    """Its parts are asked for where they were not `read`; at most three queries."""
    return Snapshot(found, read or of(found.sheet))


def of(sheet: Sheet) -> Parts:
    return _read(together(*_asked(sheet)))


def under_lock(known: Sheet) -> list[Asked]:
    """What `from_lock` reads: the sheet under its lock, its parts and, by what was known of it, its live state."""
    live = [LIVE[name].of(key=getattr(known, f"{name}_id")) for name in _live(known)]
    return [LOCKED.of(sheet_id=known.pk), *_asked(known), *live]


def from_lock(known: Sheet, answers: Sequence[Any]) -> tuple[Sheet, Parts]:
    """The sheet as it is under its lock. Raises NotVisible where it is gone."""
    found, rows, settings, amounts, *live = answers
    if found is None:
        raise NotVisible
    if all(getattr(found, f"{name}_id") == getattr(known, f"{name}_id") for name in LIVE):
        queries.related(found, _live(known), live)
    else:
        queries.relate(found, LIVE)
    return found, _read((rows, settings, amounts))


def _live(sheet: Sheet) -> list[str]:
    return [name for name in LIVE if getattr(sheet, f"{name}_id") is not None]


def _asked(sheet: Sheet) -> list[Asked]:
    """Without a campaign the settings are those of none."""
    return [ROWS.each(sheet_id=sheet.pk), CHRONICLE.of(key=sheet.campaign_id), AMOUNTS.each(sheet_id=sheet.pk)]


def _read(answers: Sequence[Any]) -> Parts:
    rows, settings, amounts = answers
    return Parts(queries.by_kind(rows), queries.merged(settings), experience.totals(amounts))
