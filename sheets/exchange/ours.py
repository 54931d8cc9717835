"""Our own JSON: a sheet whole, to be taken along and brought back without loss."""

from collections.abc import Mapping
from typing import Any

from sheets.exchange.imported import Imported, items, mapping, whole
from sheets.lines import every
from sheets.lines.shape import Draft, Line

FORMAT = "troupe-sheet"
VERSION = 1


def recognises(document: Mapping[str, Any]) -> bool:
    return document.get("format") == FORMAT and str(document.get("line")) in every()


def read(document: Mapping[str, Any]) -> Imported:
    found = Imported(every()[str(document["line"])], "Troupe")
    for name, value in mapping(document.get("fields")).items():
        found.put(name, value)
    for name, track in mapping(document.get("tracks")).items():
        found.mark(name, **{key: count for key, count in mapping(track).items() if key != "max"})
    for kind, rows in mapping(document.get("rows")).items():
        for row in items(rows):
            found.add(kind, **{key: value for key, value in row.items() if key != "self"})
    held = mapping(document.get("experience"))
    found.hold(whole(held.get("earned")) or 0, whole(held.get("spent")) or 0)
    return found


def written(line: Line, draft: Draft, earned: int, spent: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "line": line.code,
        "fields": dict(draft.fields),
        "tracks": {name: dict(track) for name, track in draft.tracks.items()},
        "rows": {kind: [dict(row) for row in rows] for kind, rows in draft.rows.items() if rows},
        "experience": {"earned": earned, "spent": spent},
    }
