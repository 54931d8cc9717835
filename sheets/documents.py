"""A sheet, its rows and its ledger as API and page show them, to whom they are shown."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sheets import lines, parts, queries, rolling
from sheets.access import Standing
from sheets.experience import REFUSAL, REQUEST, SPEND, UNDO
from sheets.lines.shape import Dots, Draft, Field, Line
from sheets.models import Experience, Group, Roll, Row, Sheet
from sheets.parts import Parts, Snapshot

Document = dict[str, Any]


def sheet_document(found: queries.Found, read: Parts | None = None) -> Document:
    """As `told`, of a sheet whose parts are asked for where they were not `read`."""
    return told(parts.snapshot(found, read))


def told(snapshot: Snapshot) -> Document:
    """Flat: every field of the line beside what all sheets have."""
    found, draft = snapshot.found, snapshot.draft
    sheet, line = found.sheet, found.line
    rows, chronicle, totals = snapshot.parts.rows, snapshot.parts.settings, snapshot.parts.totals
    return {
        **head(sheet),
        **shown_fields(line, draft, found.standing),
        "tracks": draft.tracks,
        **{kind.name: [row_document(row, kind) for row in rows.get(kind.name, ())] for kind in line.kinds},
        "xp": {"earned": totals.earned, "spent": totals.spent, "available": totals.available},
        "absent": sorted(line.absent(draft)),
        "derived": line.derived(draft, chronicle),
        "warnings": warnings(line, draft, chronicle),
        "rolls_version": rolling.version(sheet.field_versions, found.standing.may),
        "may": {"edit": found.standing.edits, "tell": found.standing.tells},
    }


def head(sheet: Sheet) -> Document:
    campaign, character = sheet.campaign, sheet.character if queries.plays(sheet) else None
    return {
        "id": str(sheet.pk),
        "line": sheet.line,
        "name": sheet.name,
        "owner": str(sheet.owner_id),
        "owner_name": str(sheet.owner),
        "campaign": str(campaign.pk) if campaign else None,
        "campaign_name": campaign.name if campaign else "",
        "character": str(character.pk) if character else None,
        "group": str(sheet.group.pk) if sheet.group else None,
        "group_name": sheet.group.name if sheet.group else "",
        "shared": sheet.shared,
        "version": sheet.version,
        "character_version": character.version if character else None,
        "created_at": sheet.created_at.isoformat().replace("+00:00", "Z"),
        "updated_at": sheet.updated_at.isoformat().replace("+00:00", "Z"),
    }


def shown_fields(line: Line, draft: Draft, standing: Standing) -> Document:
    gone = line.absent(draft)
    return {
        name: _nothing(field) if name in gone else draft.fields[name]
        for name, field in line.by_name.items()
        if standing.may(field.reader)
    }


def _nothing(field: Field) -> Any:
    return field.low if isinstance(field, Dots) else field.default


def row_document(row: Row, kind: Any) -> Document:
    return {"id": str(row.pk), "position": row.position, "version": row.version, **queries.whole(kind, row.values)}


def warnings(line: Line, draft: Draft, chronicle: dict[str, Any]) -> list[dict[str, str]]:
    found = [*line.advice(draft, chronicle)]
    if not draft.fields.get("creation_complete", True):
        found += line.creation(draft, chronicle)
    return [{"field": field, "message": message} for field, message in found]


def roll_document(roll: Roll, taken_back: Collection[UUID] = ()) -> Document:
    """What fell, with what may still be done about it: `choices`, and `can_reroll`."""
    result, gone = roll.result, roll.event_id in taken_back
    choices = rolling.choices(result) if roll.choice == rolling.OPEN and not gone else ()
    settled = roll.choice not in ("", rolling.OPEN)
    rerolls = roll.kind == rolling.POOL and roll.asked.get("rerolls", False)
    return {
        "id": str(roll.pk),
        "number": roll.number,
        "kind": roll.kind,
        "label": roll.label,
        "parts": roll.asked.get("parts", []),
        "normal": result["normal"],
        "special": result["special"],
        "special_kind": result.get("kind", ""),
        "total": result["total"],
        "difficulty": result.get("difficulty"),
        "margin": result.get("margin"),
        "outcome": result["outcome"],
        "words": rolling.words(roll.kind, result),
        "summary": rolling.summary(roll.kind, result),
        "ones": result.get("ones", 0),
        "frenzy": result.get("frenzy", 0) or result.get("rouse", {}).get("frenzy", 0),
        "rouse": result.get("rouse"),
        "choice": roll.choice,
        "choices": list(choices),
        "can_reroll": bool(rerolls and not roll.rerolled and not settled and not gone and result["normal"]),
        "rerolled": roll.rerolled,
        "first": roll.asked.get("first"),
        "hidden": roll.hidden,
        "taken_back": gone,
        "actor_name": roll.actor_name,
        "at": roll.at.isoformat().replace("+00:00", "Z"),
    }


def group_document(group: Group) -> Document:
    """`character` is the one whose live state its tracks are."""
    line = lines.every()[group.line]
    together = line.together
    names = together.tracks if together else ()
    fields = {name: field.default for name, field in (together.by_name if together else {}).items()}
    held = queries.tracks_of_group(group)
    return {
        "id": str(group.pk),
        "line": group.line,
        **fields,
        **group.fields,
        "name": group.name,
        "tracks": {name: held.get(name) or group.tracks[name] for name in names},
        "character": str(group.character.pk) if group.character else None,
        "members": [
            {"id": str(sheet.pk), "name": sheet.name, "owner_name": str(sheet.owner)} for sheet in group.sheets.all()
        ],
        "version": group.version,
    }


ANSWERS = {SPEND: "approved", REFUSAL: "refused", UNDO: "undone"}


def entry_document(entry: Experience, answered: str | None = None) -> Document:
    """`answer` is what became of it: approved, refused, undone; "open" where a request waits."""
    answer = ANSWERS[answered] if answered else ("open" if entry.kind == REQUEST else "")
    return {
        "id": str(entry.pk),
        "number": entry.number,
        "kind": entry.kind,
        "amount": entry.amount,
        "label": entry.label,
        "reason": entry.reason,
        "bought": entry.bought,
        "answers": str(entry.answers_id) if entry.answers_id else None,
        "answer": answer,
        "actor_name": entry.actor_name,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
    }
