"""The relationships of one character as its page lists them: each of the others once, with both directions."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from characters import queries
from characters.plates import STATUSES, arch

Document = dict[str, Any]


class Side(TypedDict):
    """One direction: what one is to the other."""

    words: str
    note: str
    since: int | None


class Tie(TypedDict):
    id: str
    name: str
    arch: dict[str, Any]
    status: str  # what is worth saying of it: nothing for who is at the table
    own: Side | None
    others: Side | None


def ties(character_id: UUID, documents: Iterable[Document], moment: datetime | None = None) -> list[Tie]:
    """As viewers know them, or knew them at `moment`, among the characters of `documents` (projected)."""
    rows = queries.relationships_at(character_id, moment)
    return grouped(str(character_id), rows, {document["id"]: document for document in documents})


def grouped(own_id: str, rows: Iterable[Mapping[str, Any]], documents: Mapping[str, Document]) -> list[Tie]:
    """In the order of the rows; those of nobody in `documents` are left out."""
    found: dict[str, Tie] = {}
    for row in rows:
        is_own = str(row["source_id"]) == own_id
        other = documents.get(str(row["target_id"] if is_own else row["source_id"]))
        if other is not None:
            tie = found.setdefault(other["id"], _tie(other))
            tie["own" if is_own else "others"] = _side(row)
    return list(found.values())


def _tie(document: Document) -> Tie:
    status = document["status"]
    return {
        "id": document["id"],
        "name": document["name"],
        "arch": arch(document),
        "status": "" if status == "active" else STATUSES[status],
        "own": None,
        "others": None,
    }


def _side(row: Mapping[str, Any]) -> Side:
    since = row["since__number"] if row["since__published"] else None
    return {"words": row["words"], "note": row["note"], "since": since}
