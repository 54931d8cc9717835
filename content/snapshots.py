"""Documents as text that is the same for the same content, and the difference between two of them. Pure.

A document is what JSON can say: None, booleans, whole numbers and fractions, text, lists, and objects by text. Numbers
that are equal are the same (1 and 1.0), so that a round trip through a browser is no change.

A difference is a list of changes, each at a JSON pointer (RFC 6901): {"op": "add" | "replace", "path", "value"} or
{"op": "remove", "path"}, in the order in which they are to be applied; a subset of JSON Patch (RFC 6902). In a list
they count what is left of it at that moment.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

MOST_DEPTH = 60
MOST_BYTES = 4 * 1024 * 1024
LARGEST_WHOLE = 2**53  # beyond, a browser cannot tell neighbours apart
# Longer lists are compared position by position: to align them costs the product of their lengths.
MOST_ALIGNED = 2_000

Change = dict[str, Any]


class NotCanonical(ValueError):
    """The document cannot be told apart from others, or not be written at all. The message is a sentence."""


class DoesNotApply(ValueError):
    """The changes are of another document."""


def canonical(document: Any) -> str:
    """Names in order, no blanks, numbers in one way. Raises NotCanonical."""
    try:
        text = json.dumps(_plain(document, 0), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except RecursionError as error:  # pragma: no cover  the depth is counted first
        raise NotCanonical("This is nested too deeply.") from error
    if len(text.encode()) > MOST_BYTES:
        raise NotCanonical(f"This is larger than {MOST_BYTES >> 20} MB.")
    return text


def digest(text: str) -> str:
    """SHA-256, in hexadecimal, of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def difference(old: Any, new: Any) -> list[Change]:
    """`applied(difference(old, new), old)` equals `new`; empty for equal documents."""
    return list(_between(_plain(old, 0), _plain(new, 0), ""))


def applied(changes: list[Change], document: Any) -> Any:
    """A changed copy. Raises DoesNotApply."""
    holder = {"": json.loads(canonical(document))}
    for change in changes:
        try:
            _apply(holder, change)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise DoesNotApply(f"There is nothing at {change.get('path')!r} to {change.get('op')}.") from error
    return holder[""]


# --- one way to write it ---


def _plain(value: Any, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise NotCanonical("This is nested too deeply.")
    if isinstance(value, dict):
        return {_name(name): _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    return _number(value)


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise NotCanonical(f"Names are text, not {type(name).__name__}.")
    return _text(name)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("This holds half of a character (a lone surrogate).") from None
    if "\x00" in text:
        raise NotCanonical("This holds a NUL character.")
    return text


def _number(value: Any) -> int | float:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NotCanonical("Numbers are finite.")
        return int(value) if value.is_integer() and abs(value) <= LARGEST_WHOLE else value
    if not isinstance(value, int):
        raise NotCanonical(f"A document holds no {type(value).__name__}.")
    if abs(value) > LARGEST_WHOLE:
        raise NotCanonical("A whole number is too large.")
    return value


# --- what differs ---


def _between(old: Any, new: Any, path: str) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _between_objects(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _between_lists(old, new, path)
    elif _key(old) != _key(new):
        yield {"op": "replace", "path": path, "value": new}


def _between_objects(old: dict[str, Any], new: dict[str, Any], path: str) -> Iterator[Change]:
    for name in sorted(old.keys() - new.keys()):
        yield {"op": "remove", "path": _below(path, name)}
    for name in sorted(new):
        if name not in old:
            yield {"op": "add", "path": _below(path, name), "value": new[name]}
        else:
            yield from _between(old[name], new[name], _below(path, name))


def _between_lists(old: list[Any], new: list[Any], path: str) -> Iterator[Change]:
    """Elements that stay are found by what they are, or by their `id`; those changed in place are gone into."""
    shift = 0
    for tag, old_from, old_to, new_from, new_to in _opcodes(old, new):
        common = min(old_to - old_from, new_to - new_from)
        for step in range(common):
            at = old_from + shift + step
            yield from _between(old[old_from + step], new[new_from + step], _below(path, at))
        if tag == "equal":
            continue
        for _ in range(old_to - old_from - common):
            yield {"op": "remove", "path": _below(path, old_from + shift + common)}
        for step in range(common, new_to - new_from):
            at = old_from + shift + step
            yield {"op": "add", "path": _below(path, at), "value": new[new_from + step]}
        shift += (new_to - new_from) - (old_to - old_from)


def _opcodes(old: list[Any], new: list[Any]) -> list[tuple[str, int, int, int, int]]:
    if max(len(old), len(new)) > MOST_ALIGNED:
        return [("replace", 0, len(old), 0, len(new))]
    names = [_identity(value) for value in old], [_identity(value) for value in new]
    return list(SequenceMatcher(None, *names, autojunk=False).get_opcodes())


def _identity(value: Any) -> str:
    """What an element is known by, wherever it stands: its `id`, or else all of it."""
    if isinstance(value, dict) and isinstance(value.get("id"), (str, int)):
        return f"id {_key(value['id'])}"
    return _key(value)


def _key(value: Any) -> str:
    """Python takes True for 1; JSON does not."""
    return json.dumps(value, sort_keys=True)


# --- pointers ---


def _below(path: str, name: str | int) -> str:
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


def _apply(holder: dict[str, Any], change: Change) -> None:
    """`holder` has the document under the empty name, so that the whole of it can be replaced as any part can."""
    *path, last = [part.replace("~1", "/").replace("~0", "~") for part in change["path"].split("/")]
    place: Any = holder
    for part in path:
        place = place[_index(place, part)]
    value = json.loads(canonical(change["value"])) if "value" in change else None
    if change["op"] == "add":
        _add(place, last, value)
    elif change["op"] == "replace":
        at = _index(place, last)
        _there_is = place[at]  # raises where there is nothing to replace
        place[at] = value
    elif change["op"] == "remove":
        del place[_index(place, last)]
    else:
        raise ValueError(change["op"])


def _add(place: Any, last: str, value: Any) -> None:
    if isinstance(place, list):
        at = len(place) if last == "-" else _index(place, last)
        if at > len(place):
            raise IndexError(at)
        place.insert(at, value)
    else:
        place[last] = value


def _index(place: Any, part: str) -> Any:
    if not isinstance(place, list):
        return part
    if not (part.isascii() and part.isdigit()):
        raise ValueError(part)
    return int(part)
