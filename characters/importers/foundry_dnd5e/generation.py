"""Which generation of Foundry wrote an actor, and whether it is one that we take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from characters.importers.fields import dig, mapping, mappings, words
from characters.importers.imported import Refused
from characters.importers.recognition import foreign_document
from characters.stats import ABILITIES

_COMPANIONS = {
    "npc": "a monster or other NPC",
    "vehicle": "a vehicle",
    "group": "a group",
    "encounter": "an encounter",
}
_NEWER_THAN_COPIES = 11  # Foundry 11 stopped copying the effects of items to their actor


@dataclass(frozen=True)
class Actor:
    """A player character of dnd5e. `root` is the key of its values: `system`, or `data` before Foundry 10."""

    document: dict[str, Any]
    root: str

    @property
    def system(self) -> dict[str, Any]:
        return mapping(self.document.get(self.root))

    @property
    def attributes(self) -> dict[str, Any]:
        return mapping(self.system.get("attributes"))

    @property
    def details(self) -> dict[str, Any]:
        return mapping(self.system.get("details"))

    @property
    def items(self) -> list[dict[str, Any]]:
        return mappings(self.document.get("items"))

    def items_of(self, kind: str) -> list[dict[str, Any]]:
        return [item for item in self.items if item.get("type") == kind]

    def values_of(self, item: dict[str, Any]) -> dict[str, Any]:
        """The values of an item; single items can come from another generation than their actor."""
        return mapping(item.get(self.root)) or mapping(item.get("system")) or mapping(item.get("data"))

    @property
    def system_version(self) -> str:
        return words(_written_by(self.document, "systemVersion"), 20)

    @property
    def copies_effects(self) -> bool:
        """Whether this Foundry copied effects of items to the actor, so that the item's own do not count."""
        core = re.match(r"\d{1,4}", words(_written_by(self.document, "coreVersion"), 20))
        return self.root == "data" or bool(core and int(core[0]) < _NEWER_THAN_COPIES)


def recognised(document: object) -> Actor:
    """The actor in a parsed document. Raises Refused with a sentence about what it is instead."""
    if sentence := foreign_document(document):
        raise Refused(sentence)
    fields = mapping(document)
    kind, name = fields.get("type"), words(fields.get("name"))
    if isinstance(kind, str) and kind in _COMPANIONS:
        raise Refused(f"“{name}” is {_COMPANIONS[kind]} ({kind}). Only player characters are imported.")
    root = "system" if isinstance(fields.get("system"), dict) else "data"
    if kind != "character" or not isinstance(fields.get(root), dict):
        raise Refused(_no_character(fields))
    _require_dnd5e(fields, root, name)
    if not name:
        raise Refused("This actor has no name. Name it in Foundry and export it again.")
    return Actor(fields, root)


def _no_character(fields: dict[str, Any]) -> str:
    kind = words(fields.get("type"), 30)
    if kind and ("system" in fields or "data" in fields):
        return f"This is a Foundry document of type “{kind}”, not a player character."
    return "This is not a character file that we know. In Foundry, export the character with “Export Data”."


def _require_dnd5e(fields: dict[str, Any], root: str, name: str) -> None:
    system = words(_written_by(fields, "systemId"), 40) or words(dig(fields, "flags", "exportSource", "system"), 40)
    if system == "dnd5e" or (not system and _looks_like_dnd5e(mapping(fields.get(root)))):
        return
    which = f"the Foundry game system “{system}”" if system else "another game system of Foundry"
    raise Refused(f"“{name}” was made for {which}. Only dnd5e (Dungeons & Dragons 5e) can be imported.")


def _looks_like_dnd5e(values: dict[str, Any]) -> bool:
    """Older exports do not name their system; six abilities with hit points and death saves are telling."""
    abilities, attributes = mapping(values.get("abilities")), mapping(values.get("attributes"))
    return all(key in abilities for key in ABILITIES) and all(
        isinstance(attributes.get(key), dict) for key in ("hp", "ac", "death")
    )


def _written_by(fields: dict[str, Any], key: str) -> Any:
    """A fact about the program that wrote the file, from where its generation keeps it."""
    sources = (
        mapping(fields.get("_stats")),
        mapping(dig(fields, "_stats", "exportSource")),
        mapping(dig(fields, "flags", "exportSource")),
    )
    return next((source[key] for source in sources if source.get(key)), None)
