from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Literal

from characters.importers import documents, foundry_dnd5e
from characters.importers.fields import mapping, words
from characters.importers.imported import ImportedCharacter, Refused

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What became of one actor of a file, or of the whole file when it cannot be read.

    `character` is None exactly when the status is "refused"; then `message` says why. "warning" means that
    the character has findings to look at.
    """

    file: str
    status: Literal["ok", "warning", "refused"]
    name: str
    character: ImportedCharacter | None
    message: str


def read(file_name: str, content: bytes) -> list[Reading]:
    """One reading for each actor in a file. Never raises, whatever the bytes are."""
    try:
        found = documents.parse(content)
    except documents.Unreadable as refusal:
        return [Reading(file_name, "refused", "", None, str(refusal))]
    return [_read_one(file_name, document) for document in found]


def _read_one(file_name: str, document: documents.Document) -> Reading:
    name = _name(document.value)
    if document.problem:
        return Reading(file_name, "refused", name, None, document.problem)
    try:
        character = foundry_dnd5e.import_actor(document.value)
    except Refused as refusal:
        return Reading(file_name, "refused", name, None, str(refusal))
    except Exception:  # one actor that trips a fault of ours must not take the others of the party with it
        logger.exception("An actor of an import could not be read")
        return Reading(file_name, "refused", name, None, "This actor could not be read. Please report it.")
    if character.findings:
        fields = ", ".join(dict.fromkeys(finding.field for finding in character.findings))
        return Reading(file_name, "warning", character.name, character, f"Please check: {fields}.")
    return Reading(file_name, "ok", character.name, character, "")


def _name(value: Any) -> str:
    """The name by which the GM knows the entry, for refusals as well; other programs write `Name`."""
    fields = mapping(value)
    return words(fields.get("name")) or words(fields.get("Name"))
