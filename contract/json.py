"""Strict JSON: what is stored must be storable, readable by every client, and cheap to refuse.

Malformed text is 400, a well-formed document outside the limits is 422 with the dotted path of each fault.
Minus zero is refused like the other numbers that some readers change silently (it equals 0, yet prints "-0").
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from contract.refusals import MAX_DETAILS, Invalid, Malformed

MAX_BYTES = 256 * 1024
MAX_DEPTH = 100
MAX_KEYS = 10_000
MAX_KEY_LENGTH = 128
INT64 = range(-(2**63), 2**63)
FORBIDDEN_KEYS = frozenset({"__proto__", "constructor", "prototype"})

_BRACKET_OR_QUOTE = re.compile(r'[\[\]{}"]')
# Possessive, so that a string without an end is found in one pass.
_REST_OF_STRING = re.compile(r'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
_CLOSES = {"]": "[", "}": "{"}
_TOO_DEEP = f"This is nested more than {MAX_DEPTH} levels deep. Send a flatter document."


class _Number(NamedTuple):
    """A number that JSON can write and we do not take; the walk over the document finds where it stands."""

    fault: str


class _Node(NamedTuple):
    value: Any
    key: object
    parent: _Node | None
    depth: int


def loads(raw: bytes) -> dict[str, Any]:
    """One JSON object from UTF-8. Raises Malformed (400) or Invalid (422), nothing else."""
    text = _decoded(raw)
    _refuse_depth(text)
    document = _parsed(text)
    if not isinstance(document, dict):
        raise Invalid([("", "Send a JSON object in braces.")])
    check(document)
    return document


def check(document: object, path: str = "") -> None:
    """Refuse what `loads` refuses in values that came another way (form, file): Invalid with each path."""
    faults = []
    keys = 0
    for node in _nodes(document):
        keys += len(node.value) if isinstance(node.value, dict) else 0
        faults += [(_path(node, path), fault) for fault in _faults(node)]
        if len(faults) >= MAX_DETAILS or keys > MAX_KEYS:
            break
    if keys > MAX_KEYS:
        faults.insert(0, (path, f"This has more than {MAX_KEYS} keys in all. Send less at once."))
    if faults:
        raise Invalid(faults)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8. Send JSON in UTF-8.") from error


def _refuse_depth(text: str) -> None:
    """Before the parser, which recurses. Brackets that do not match are malformed rather than deep."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    open_brackets: list[str] = []
    deepest = 0
    for bracket in _brackets(text):
        if bracket in "[{":
            open_brackets.append(bracket)
            deepest = max(deepest, len(open_brackets))
        elif not open_brackets or open_brackets.pop() != _CLOSES[bracket]:
            raise Malformed("The body is not JSON: its brackets do not match.")
    if open_brackets:
        raise Malformed("The body is not JSON: a bracket is not closed.")
    if deepest > MAX_DEPTH:
        raise Invalid([("", _TOO_DEEP)])


def _brackets(text: str) -> Iterator[str]:
    found = _BRACKET_OR_QUOTE.search(text)
    while found:
        end = found.end()
        if found[0] == '"':
            string = _REST_OF_STRING.match(text, end)
            if string is None:
                raise Malformed("The body is not JSON: a string is not closed.")
            end = string.end()
        else:
            yield found[0]
        found = _BRACKET_OR_QUOTE.search(text, end)


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at character {error.pos + 1}.") from error


def _integer(digits: str) -> int | _Number:
    if digits == "-0":
        return _Number("Send 0 instead of minus zero.")
    # Longer than any 64-bit number: not worth converting (and Python refuses beyond 4,300 digits).
    if len(digits) > 20 or int(digits) not in INT64:
        return _Number("This whole number does not fit into 64 bits. Send a smaller one.")
    return int(digits)


def _float(digits: str) -> float | _Number:
    number = float(digits)
    return _Number(_float_fault(number)) if _float_fault(number) else number


def _float_fault(number: float) -> str:
    if not math.isfinite(number):
        return "Send a finite number."
    return "Send 0 instead of minus zero." if number == 0 and math.copysign(1, number) < 0 else ""


def _no_constant(name: str) -> Any:
    raise Malformed(f"The body is not JSON: {name} is no JSON number.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("The body has a key twice in one object. Send each key once.")
    return found


def _nodes(document: object) -> Iterator[_Node]:
    """Every value with the way to it, in reading order, without recursion."""
    stack = [_Node(document, None, None, 0)]
    while stack:
        node = stack.pop()
        yield node
        if node.depth < MAX_DEPTH:
            stack.extend(reversed(_children(node)))


def _children(node: _Node) -> list[_Node]:
    if isinstance(node.value, dict):
        return [_Node(value, key, node, node.depth + 1) for key, value in node.value.items()]
    if isinstance(node.value, list):
        return [_Node(value, index, node, node.depth + 1) for index, value in enumerate(node.value)]
    return []


def _faults(node: _Node) -> Iterator[str]:
    if node.parent is not None and isinstance(node.parent.value, dict):
        yield from key_faults(node.key)
    value_fault = _value_fault(node)
    if value_fault:
        yield value_fault


def key_faults(key: object) -> Iterator[str]:
    if not isinstance(key, str):
        yield "Keys are strings."
    elif not 1 <= len(key) <= MAX_KEY_LENGTH:
        yield f"Keys have 1 to {MAX_KEY_LENGTH} characters."
    elif key in FORBIDDEN_KEYS or "." in key:
        yield "This key is reserved. Choose another name without dots."
    elif _NOT_STORABLE.search(key):
        yield "Keys hold no NUL and no half of a surrogate pair."


def _value_fault(node: _Node) -> str:
    value = node.value
    if isinstance(value, str):
        return "Text holds no NUL and no half of a surrogate pair." if _NOT_STORABLE.search(value) else ""
    if isinstance(value, (dict, list)):
        return _TOO_DEEP if node.depth >= MAX_DEPTH else ""
    return _scalar_fault(value)


def _scalar_fault(value: object) -> str:
    if isinstance(value, _Number):
        return value.fault
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if value in INT64 else "This whole number does not fit into 64 bits. Send a smaller one."
    return _float_fault(value) if isinstance(value, float) else "This is no JSON value."


def _path(node: _Node, prefix: str) -> str:
    keys: list[str] = []
    while node.parent is not None:
        keys.append(str(node.key)[:MAX_KEY_LENGTH])
        node = node.parent
    return ".".join([prefix, *reversed(keys)] if prefix else reversed(keys))
