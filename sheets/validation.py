"""Is this a sheet? Hard findings by field on the whole sheet as it would be, all of them at once. Pure.

What is only unusual (creation, prices) is a line's advice and never refused here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from characters import tracks as boxes
from sheets.lines.shape import EVERYBODY, Draft, Field, Finding, Kind, Line, Refused, Values

UNKNOWN = "unknown field"
READ_ONLY = "this field cannot be set"
HAS_NONE = "This character has none, being what it is."
NOT_AN_OBJECT = "Send a JSON object in braces."

Reader = Callable[[str], bool]


def everybody(reader: str) -> bool:
    """Whoever reads and writes nothing but what all do."""
    return reader == EVERYBODY


def read(
    fields: Mapping[str, Field], sent: Any, *, may: Reader = everybody, fixed: Iterable[str] = ()
) -> tuple[Values, list[Finding]]:
    """The values that are sent for these fields, and what is wrong with them; `fixed` names what cannot be set."""
    if not isinstance(sent, Mapping):
        return {}, [("", NOT_AN_OBJECT)]
    values: Values = {}
    found: list[Finding] = []
    for name, value in sent.items():
        field = fields.get(name)
        if field is None or not may(field.reader):
            found.append((name, READ_ONLY if field is not None or name in fixed else UNKNOWN))
            continue
        try:
            values[name] = field.cleaned(value)
        except Refused as reason:
            found.append((name, str(reason)))
    return values, found


def missing(fields: Mapping[str, Field], sent: Any) -> list[Finding]:
    """Fields without which nothing new can be made."""
    needed = [name for name, field in fields.items() if getattr(field, "required", False)]
    return [(name, "This field is required.") for name in needed if isinstance(sent, Mapping) and name not in sent]


def resized(track: Mapping[str, int], most: int) -> dict[str, int]:
    """The row with another maximum: empty boxes go first, then superficial damage, then aggravated."""
    result = {**track, "max": most}
    if boxes.is_damage(result):
        result["aggravated"] = min(result["aggravated"], most)
        result["superficial"] = min(result["superficial"], most - result["aggravated"])
        return result
    result["value"] = min(result["value"], most)
    if "stains" in result:
        result["stains"] = min(result["stains"], most)
    return result


def tracks_of(line: Line, draft: Draft) -> dict[str, dict[str, int]]:
    """Every track of the line with the maximum that the sheet gives it; those that are new are fresh."""
    return {
        track.name: (
            resized(draft.tracks[track.name], track.maximum(draft))
            if track.name in draft.tracks
            else track.fresh(draft)
        )
        for track in line.tracks
        if track.there(draft)
    }


def with_tracks(line: Line, draft: Draft, sent: Any) -> tuple[dict[str, dict[str, int]], list[Finding]]:
    """The tracks with what is sent for them merged in; a maximum is derived and cannot be set."""
    now = tracks_of(line, draft)
    if not isinstance(sent, Mapping):
        return now, [("tracks", NOT_AN_OBJECT)]
    found: list[Finding] = []
    for name, part in sent.items():
        if name not in now:
            found.append((f"tracks.{name}", UNKNOWN))
        elif not isinstance(part, Mapping):
            found.append((f"tracks.{name}", NOT_AN_OBJECT))
        else:
            found += _part_problems(name, part, now[name])
            now[name] = {**now[name], **part}
    return now, found or [
        (f"tracks.{name}.{key}".rstrip("."), message)
        for name, track in now.items()
        for key, message in boxes.problems(track)
    ]


def _part_problems(name: str, part: Mapping[str, Any], track: Mapping[str, int]) -> list[Finding]:
    found = []
    for key, value in part.items():
        if key == "max" or key not in track:
            found.append((f"tracks.{name}.{key}", READ_ONLY if key == "max" else UNKNOWN))
        elif type(value) is not int or not 0 <= value <= track["max"]:
            found.append((f"tracks.{name}.{key}", f"A whole number from 0 to {track['max']}."))
    return found


def absent_problems(line: Line, draft: Draft, sent: Mapping[str, Any]) -> list[Finding]:
    """Something is sent for a field that such a sheet has not; to clear one is no harm."""
    gone = line.absent(draft)
    return [(name, HAS_NONE) for name, value in sent.items() if name in gone and value not in ("", None, 0, False)]


def row_problems(kind: Kind, others: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[Finding]:
    """Whether a row can stand beside the others of its kind."""
    if not kind.unique or _key(kind, row) not in [_key(kind, other) for other in others]:
        return []
    return [(kind.unique[-1], f"This sheet has such a {kind.one.lower()} already.")]


def problems(line: Line, draft: Draft) -> list[Finding]:
    """Everything that is wrong with a whole sheet (an import, a sheet of another time)."""
    _values, found = read(line.by_name, draft.fields, may=lambda _reader: True)
    found += [(name, "This field is required.") for name in line.by_name if name not in draft.fields]
    if found:
        return found
    _tracks, found = with_tracks(line, Draft(draft.fields, rows=draft.rows), _without_maximum(draft.tracks))
    return found + [finding for kind in line.kinds for finding in _kind_problems(kind, draft)]


def _kind_problems(kind: Kind, draft: Draft) -> list[Finding]:
    rows = draft.of(kind.name)
    found: list[Finding] = []
    if len(rows) > kind.most:
        found.append((kind.name, too_many(kind)))
    for index, row in enumerate(rows):
        _values, wrong = read(kind.by_name, row)
        found += [(f"{kind.name}.{index}.{name}", message) for name, message in wrong]
    twice = [key for key, count in Counter(_key(kind, row) for row in rows).items() if count > 1 and kind.unique]
    return found + [(kind.name, f"{' '.join(map(str, key))} is there twice.") for key in twice]


def too_many(kind: Kind) -> str:
    return f"A sheet has at most {kind.most} {kind.label.lower()}. Delete one first."


def _without_maximum(tracks: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {name: {key: value for key, value in track.items() if key != "max"} for name, track in tracks.items()}


def _key(kind: Kind, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value.strip().casefold() if isinstance(value := row[name], str) else value for name in kind.unique)
