from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """This document is readable but is no player character that we take. The text is meant for the GM."""


@dataclass(frozen=True)
class Finding:
    """Something the GM should look at. `field` is dotted as in the API, for example `stats.hp.max`."""

    field: str
    message: str


@dataclass(frozen=True)
class ImportedCharacter:
    """One player character as its file tells it.

    `external_id` is `foundry:<id>`, or empty when the file has no id. `stats` has the shape of
    `Character.stats`; its hit points never hold a current value above the maximum.
    `has_portrait` says that the file names a picture; the address itself is left behind on purpose.
    """

    name: str
    external_id: str
    source: str
    source_version: str
    classes: list[tuple[str, int]]
    class_name: str
    subclasses: list[str]
    level: int
    species: str
    background: str
    stats: dict[str, Any]
    public_biography: str
    appearance: str
    has_portrait: bool
    findings: list[Finding]
