"""Careful access to values of a foreign document, where any field may be missing or of any type."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

# Control characters, NUL (PostgreSQL refuses it) and lone surrogates (UTF-8 refuses them); \n and \t stay.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMERAL = re.compile(r"\s*[+-]?\d{1,9}(\.\d{1,9})?\s*", re.ASCII)


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def mappings(value: object) -> list[dict[str, Any]]:
    return [entry for entry in listing(value) if isinstance(entry, dict)]


def dig(document: object, *path: str) -> Any:
    """The value at a path of keys, or None where the path breaks off."""
    for key in path:
        document = mapping(document).get(key)
    return document


def words(value: object, longest: int = 120) -> str:
    """One line of clean text, empty for everything that is not a string."""
    if not isinstance(value, str):
        return ""
    return " ".join(printable(value[: longest * 8]).split())[:longest].rstrip()


def printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def number(value: object) -> float | None:
    """A finite number, also from a numeral in a string; None for anything else, booleans included."""
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return as_float(value)


def as_float(value: int | float) -> float | None:
    try:
        result = float(value)
    except OverflowError:
        return None
    return result if math.isfinite(result) else None


def blank(value: object) -> bool:
    """Foundry writes "nothing" as null or as an empty string, by version."""
    return value is None or (isinstance(value, str) and not value.strip())


def unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))
