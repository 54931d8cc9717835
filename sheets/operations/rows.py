"""Rows of a sheet: touchstones, advantages, powers. Each keeps its id from the day it is added until it is deleted."""

from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns.versions import stamped
from contract.refusals import Conflict, Invalid, NotVisible
from sheets import editing, queries, validation
from sheets.editing import Edit, refuse, refuse_stale
from sheets.lines.shape import Finding, Kind
from sheets.models import Row, Sheet

HIGHEST_POSITION = 999
FULL = "limit_exceeded"


def add(sheet: Sheet, kind: Kind, sent: Any, *, actor: Actor) -> Row:
    """At the end of its kind. Raises Invalid with every failing field, Conflict when there is no room."""
    with editing.editing(sheet.pk, actor) as edit:
        values, found = validation.read(kind.by_name, sent)
        refuse(found + validation.missing(kind.by_name, sent))
        return _added(edit, kind, queries.whole(kind, values))


def duplicate(row: Row, kind: Kind, *, actor: Actor) -> Row:
    """A copy behind the others; where a name must be its own, it is told that it is one."""
    with editing.editing(row.sheet_id, actor) as edit:
        values = queries.whole(kind, _locked(row).values)
        if kind.unique:
            name = kind.unique[-1]
            if name not in kind.by_name or not hasattr(kind.by_name[name], "longest"):
                raise Invalid([(name, f"A sheet has no {kind.one.lower()} twice.")])
            longest = kind.by_name[name].longest  # type: ignore[attr-defined]
            values[name] = f"{values[name][: longest - 7]} (copy)"
        return _added(edit, kind, values)


def update(row: Row, kind: Kind, sent: Any, *, actor: Actor) -> Row:
    """Change some fields, or the `position`; `version` as with sheets. Raises Invalid, Conflict."""
    with editing.editing(row.sheet_id, actor) as edit:
        row = _locked(row)
        seen, position, sent, found = _apart(sent)
        values, wrong = validation.read(kind.by_name, sent, fixed=("id",))
        before = queries.whole(kind, row.values)
        after = {**before, **values}
        others = [other for other in edit.before.of(kind.name) if other != before]
        refuse(found + wrong or validation.row_problems(kind, others, after))
        refuse_stale(row, {*values, *({"position"} if position is not None else ())}, seen, before | _place(row))
        _write(edit, row, before, after, position, set(values) if seen is not None else set())
    return row


def delete(row: Row, *, actor: Actor) -> None:
    with editing.editing(row.sheet_id, actor) as edit:
        row = _locked(row)
        key, kind, values = row.pk, row.kind, row.values
        row.delete()
        _settle(edit, kind)
        edit.told("sheet_row_deleted", before={"kind": kind, "id": key, **_short(values)})


def _added(edit: Edit, kind: Kind, values: dict[str, Any]) -> Row:
    here = edit.before.of(kind.name)
    if len(here) >= kind.most:
        raise Conflict(validation.too_many(kind), details=[(kind.name, FULL)])
    refuse(validation.row_problems(kind, here, values))
    last = Row.objects.filter(sheet=edit.sheet, kind=kind.name).order_by("-position").first()
    position = min(last.position + 1, HIGHEST_POSITION) if last is not None else 0
    row = Row.objects.create(sheet=edit.sheet, kind=kind.name, position=position, values=values)
    _settle(edit, kind.name)
    edit.told("sheet_row_added", after={"kind": kind.name, "id": row.pk, **_short(values)})
    return row


def _write(
    edit: Edit, row: Row, before: dict[str, Any], after: dict[str, Any], position: int | None, asserted: set[str]
) -> None:
    """What is `asserted` is stamped though it be as it was: a request of before that comes late is stale now."""
    changed = {name for name in after if after[name] != before[name]}
    if position is not None and position != row.position:
        row.position = position
        changed.add("position")
    if not changed | asserted:
        return
    row.values = after
    row.version += 1
    row.field_versions = stamped(row.field_versions, changed | asserted, row.version)
    row.save()
    _settle(edit, row.kind)
    old, new = ({name: each[name] for name in changed if name in each} for each in (before, after))
    edit.told("sheet_row_changed", before={"kind": row.kind, "id": row.pk, **_short(old)}, after=_short(new))


def _settle(edit: Edit, kind: str) -> None:
    """The sheet is another now; a track that follows this kind of rows takes its new size."""
    if any(kind in track.follows for track in edit.line.tracks):
        edit.refit(edit.after())
    edit.write()


def _apart(sent: Any) -> tuple[int | None, int | None, Any, list[Finding]]:
    """`version`, `position`, the fields, and what is wrong with the first two."""
    if not isinstance(sent, dict):
        return None, None, sent, []
    version, position = sent.get("version"), sent.get("position")
    found: list[Finding] = []
    if "version" in sent and (type(version) is not int or not 1 <= version < 2**31):
        found.append(("version", "A whole number of 1 or more."))
    if "position" in sent and (type(position) is not int or not 0 <= position <= HIGHEST_POSITION):
        found.append(("position", f"A whole number from 0 to {HIGHEST_POSITION}."))
    return version, position, {key: sent[key] for key in sent if key not in ("version", "position")}, found


def _locked(row: Row) -> Row:
    found = Row.objects.filter(pk=row.pk).first()  # under the lock of its sheet
    if found is None:
        raise NotVisible
    return found


def _place(row: Row) -> dict[str, int]:
    return {"position": row.position}


def _short(values: dict[str, Any]) -> dict[str, Any]:
    """Without the long words, for the audit trail."""
    long = editing.LONGEST_TOLD
    return {name: value for name, value in values.items() if not isinstance(value, str) or len(value) <= long}


def rating_set(edit: Edit, row_id: UUID, kind: Kind, rating: int) -> None:
    """By a purchase, within its transaction. Raises NotVisible."""
    row = Row.objects.filter(sheet=edit.sheet, kind=kind.name, pk=row_id).first()
    if row is None:
        raise NotVisible
    row.values = {**row.values, kind.rating: rating}
    row.version += 1
    row.field_versions = stamped(row.field_versions, {kind.rating}, row.version)
    row.save()
    if any(kind.name in track.follows for track in edit.line.tracks):
        edit.refit(edit.after())
