"""From the bytes of a file to parsed documents: JSON, YAML, or a NeDB store with one JSON object per line."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml

from characters.importers.recognition import foreign_bytes, plain_words, undecodable

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 64
MAX_NODES = 200_000
MAX_ACTORS = 100


class Unreadable(Exception):
    """The file cannot be read at all. The text says to a GM what it is and what to do."""


@dataclass(frozen=True)
class Document:
    """One parsed document, or the reason why this one of several could not be parsed."""

    value: Any
    problem: str = ""


def parse(content: bytes) -> list[Document]:
    """Every document of a file. The kind is told by content; names and endings of files are not trusted.

    Raises Unreadable.
    """
    text = _decoded(content)
    return _counted(_json_documents(text) if text[0] in "{[" else _yaml_documents(text))


def _decoded(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Unreadable(f"This file is larger than {MAX_BYTES >> 20} MB. Export single characters.")
    if foreign := foreign_bytes(content):
        raise Unreadable(foreign)
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise Unreadable(undecodable(content)) from None
    if not text:
        raise Unreadable("This file is empty. Export the character again.")
    return text


def _counted(documents: list[Document]) -> list[Document]:
    if not documents:
        raise Unreadable("This file holds no character. Export the character again.")
    if len(documents) > MAX_ACTORS:
        raise Unreadable(
            f"This file holds {len(documents)} entries, more than the {MAX_ACTORS} that one file may hold. "
            "Export the characters in smaller parts."
        )
    return documents


# --- JSON and NeDB ---

# A second line that opens an object again: no single JSON document goes on like that.
_LINE_OF_OBJECT = re.compile(r"\{.*\n\s*\{")


def _json_documents(text: str) -> list[Document]:
    try:
        value = _json_value(text)
    except json.JSONDecodeError as error:
        if _LINE_OF_OBJECT.match(text):
            return _nedb_rows(_nedb_lines(text))
        raise Unreadable(
            f"This JSON file is broken at line {error.lineno}, column {error.colno}. It may have been cut "
            "off or edited by hand; export the character again."
        ) from None
    _check(value)
    return _nedb_rows(iter([value])) if isinstance(value, dict) else [Document(e) for e in _entries(value)]


def _json_value(text: str) -> Any:
    """Raises json.JSONDecodeError for broken JSON and Unreadable for what we refuse to hold."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise Unreadable(_too_deep()) from None
    except ValueError:  # Python refuses to parse integers of thousands of digits
        raise Unreadable(_bad_number()) from None


def _refuse_constant(_name: str) -> NoReturn:
    raise Unreadable(_bad_number())


def _nedb_lines(text: str) -> Iterator[Any]:
    """The parsed lines; a broken line comes as a Document that carries its problem."""
    nodes = 0
    # Not splitlines(): it also splits at U+2028, which may stand raw inside a JSON string.
    for line_number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = _json_value(line)
        except json.JSONDecodeError:
            nodes += 1
            if nodes > MAX_NODES:
                raise Unreadable(_too_large()) from None
            yield Document(None, f"Line {line_number} of this file is broken JSON; it may have been cut off.")
            continue
        nodes += _check(value, already=nodes)
        yield value


def _nedb_rows(lines: Iterator[Any]) -> list[Document]:
    """NeDB only ever appends: a later line replaces the earlier one of the same id, or deletes it."""
    rows: dict[object, Document] = {}
    for position, value in enumerate(lines):
        if isinstance(value, Document):
            rows[position] = value
        elif not isinstance(value, dict):
            rows[position] = Document(value)
        elif "$$indexCreated" in value or "$$indexRemoved" in value:
            continue
        else:
            identity = value.get("_id") if isinstance(value.get("_id"), str) else position
            if value.get("$$deleted"):
                rows.pop(identity, None)
            else:
                rows[identity] = Document(value)
    return list(rows.values())


# --- YAML ---

_FIELD_NAME = re.compile(r"^(name|type|_id|system|data|items|img|effects):", re.MULTILINE)
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """The safe loader with text for every key, as in JSON, and without dates."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        return {str(key): value for key, value in super().construct_mapping(node, deep).items()}


def _yaml_documents(text: str) -> list[Document]:
    return [Document(entry) for entry in _entries(_yaml_value(text))]


def _yaml_value(text: str) -> Any:
    try:
        _check_yaml(text)
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(_broken_yaml(text, error)) from None
    if not isinstance(value, dict | list):
        raise Unreadable(plain_words(text))
    _check(value)
    return value


def _broken_yaml(text: str, error: Exception) -> str:
    if not _FIELD_NAME.search(text[:2000]):
        return plain_words(text)
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1})" if mark else ""
    return (
        f"This file is neither JSON nor correct YAML{where}. It may have been cut off or edited by hand; "
        "export the character again."
    )


def _check_yaml(text: str) -> None:
    """Refuse, before anything is built, what would be too deep or would grow too large through aliases."""
    growth = _Growth()
    for event in yaml.parse(text, Loader=_SafeLoader):
        if isinstance(event, yaml.DocumentStartEvent) and growth.nodes:
            raise Unreadable("This YAML file holds several documents. Send each character as its own file.")
        if isinstance(event, yaml.AliasEvent):
            growth.repeat(event.anchor)
        elif isinstance(event, yaml.NodeEvent):
            growth.add(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            growth.close()
        if len(growth.open) > MAX_DEPTH:
            raise Unreadable(_too_deep())
        if growth.nodes > MAX_NODES:
            raise Unreadable(_too_large())


class _Growth:
    """Counts the nodes of a YAML document as if every alias were written out."""

    def __init__(self) -> None:
        self.nodes = 0
        self.open: list[tuple[str | None, int]] = []
        self.sizes: dict[str, int] = {}

    def add(self, event: yaml.NodeEvent) -> None:
        if getattr(event, "tag", None) is not None:
            raise Unreadable("This YAML file uses type tags, which no exported character does.")
        if event.anchor:
            self.sizes.pop(event.anchor, None)  # until it is closed, an alias to it would be a circle
        if isinstance(event, yaml.CollectionStartEvent):
            self.open.append((event.anchor, self.nodes))
        elif event.anchor:
            self.sizes[event.anchor] = 1
        self.nodes += 1

    def close(self) -> None:
        anchor, start = self.open.pop()
        if anchor:
            self.sizes[anchor] = self.nodes - start

    def repeat(self, anchor: str | None) -> None:
        if anchor not in self.sizes:
            raise Unreadable("This YAML file refers to itself in a circle, which no exported character does.")
        self.nodes += self.sizes[anchor]


# --- limits ---


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _check(value: Any, already: int = 0) -> int:
    """How many nodes a value has. Raises Unreadable beyond the limits and for numbers that are not finite."""
    nodes = 0
    level = [value]
    depth = 0
    while level:
        depth += 1
        nodes += len(level)
        if depth > MAX_DEPTH:
            raise Unreadable(_too_deep())
        if already + nodes > MAX_NODES:
            raise Unreadable(_too_large())
        if any(isinstance(entry, float) and not math.isfinite(entry) for entry in level):
            raise Unreadable(_bad_number())
        level = [child for entry in level for child in _children(entry)]
    return nodes


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _too_deep() -> str:
    return f"This file is nested more than {MAX_DEPTH} levels deep, which no exported character is."


def _too_large() -> str:
    return f"This file holds more than {MAX_NODES} values. Export single characters."


def _bad_number() -> str:
    return "This file holds a number that is not finite (NaN or Infinity). Correct it and export again."
