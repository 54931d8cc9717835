from __future__ import annotations

import re
from typing import Any

from characters.importers.fields import dig, mapping, number, unique, words
from characters.importers.foundry_dnd5e.armour_class import armour_class
from characters.importers.foundry_dnd5e.conditions import MOST_EXHAUSTED, conditions, death_saves, exhaustion
from characters.importers.foundry_dnd5e.derivation import Derivation, derivation_of
from characters.importers.foundry_dnd5e.generation import Actor, recognised
from characters.importers.foundry_dnd5e.hit_points import hit_points
from characters.importers.imported import Finding, ImportedCharacter, Refused
from characters.importers.plain_text import plain_text

SOURCE = "foundry-dnd5e"
_HIGHEST_LEVEL = 100
_MOST_CLASSES = 20
_LONGEST_ORIGIN = 80
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_EMPTY_PICTURE = "icons/svg/mystery-man.svg"


def import_actor(document: object) -> ImportedCharacter:
    """The character in one parsed document. Raises Refused for all but player characters of dnd5e."""
    actor = recognised(document)
    findings: list[Finding] = []
    classes = _classes(actor, findings)
    level = _level(actor, classes)
    derived = derivation_of(actor, classes, level, findings)
    stats = _stats(derived)
    return ImportedCharacter(
        name=words(actor.document.get("name")),
        external_id=_external_id(actor, findings),
        source=SOURCE,
        source_version=actor.system_version,
        classes=_first_class_first(actor, classes),
        class_name=_class_name(_first_class_first(actor, classes)),
        subclasses=_subclasses(actor),
        level=level,
        species=_origin(actor, "race"),
        background=_origin(actor, "background"),
        stats=stats,
        public_biography=plain_text(dig(actor.details, "biography", "public")),
        appearance=plain_text(actor.details.get("appearance")),
        has_portrait=_names_picture(actor),
        findings=findings,
    )


def _stats(derived: Derivation) -> dict[str, Any]:
    tired = exhaustion(derived)
    return {
        "hp": hit_points(derived),
        "ac": armour_class(derived),
        "abilities": dict(derived.abilities),
        "conditions": conditions(derived),
        "death_saves": death_saves(derived),
        "inspiration": bool(number(derived.actor.attributes.get("inspiration")))
        or derived.actor.attributes.get("inspiration") is True,
        "tracks": {"exhaustion": {"value": tired, "max": MOST_EXHAUSTED}} if tired else {},
    }


def _classes(actor: Actor, findings: list[Finding]) -> list[tuple[str, int]]:
    """Names and levels, one entry for each class item in the order of the file."""
    items = actor.items_of("class")
    if len(items) > _MOST_CLASSES:
        raise Refused(f"This actor has {len(items)} classes. No more than {_MOST_CLASSES} can be imported.")
    return [_class(actor, item, findings) for item in items]


def _class(actor: Actor, item: dict[str, Any], findings: list[Finding]) -> tuple[str, int]:
    name = words(item.get("name")) or "Unnamed class"
    levels = number(actor.values_of(item).get("levels"))
    if levels is None or not 1 <= levels <= _HIGHEST_LEVEL:
        findings.append(Finding("classes", f"{name} holds no usable level, so 1 was taken. Please check."))
        return name, 1
    return name, int(levels)


def _level(actor: Actor, classes: list[tuple[str, int]]) -> int:
    """The sum over the classes; an actor without classes may still hold the level that 0.8 kept."""
    stored = actor.details.get("level")
    kept = number(mapping(stored).get("value") if isinstance(stored, dict) else stored) or 0
    if classes:
        return min(sum(levels for _, levels in classes), _HIGHEST_LEVEL)
    return int(kept) if 0 <= kept <= _HIGHEST_LEVEL else 0


def _first_class_first(actor: Actor, classes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    first = actor.details.get("originalClass")
    pairs = zip(actor.items_of("class"), classes, strict=True)
    return [entry for _, entry in sorted(pairs, key=lambda pair: not first or pair[0].get("_id") != first)]


def _class_name(classes: list[tuple[str, int]]) -> str:
    if len(classes) == 1:
        return classes[0][0]
    return words(" / ".join(f"{name} {levels}" for name, levels in classes))


def _subclasses(actor: Actor) -> list[str]:
    """Items of their own since 1.5, before that a text on the class."""
    own = [words(item.get("name")) for item in actor.items_of("subclass")]
    written = [words(actor.values_of(item).get("subclass")) for item in actor.items_of("class")]
    return unique(own + written)


def _origin(actor: Actor, kind: str) -> str:
    """Species or background: a text up to 2.3, the id of an item since; the link may be missing or broken."""
    stored = words(actor.details.get(kind), _LONGEST_ORIGIN)
    names = {words(item.get("_id")): words(item.get("name"), _LONGEST_ORIGIN) for item in actor.items_of(kind)}
    if linked := names.get(stored):
        return linked
    if stored and not re.fullmatch(r"[A-Za-z0-9]{16}", stored):
        return stored
    return next(iter(names.values()), "")


def _external_id(actor: Actor, findings: list[Finding]) -> str:
    document = actor.document
    exported_from = words(dig(document, "_stats", "exportSource", "uuid"), 200)
    candidates = (
        document.get("_id"),
        words(document.get("_key"), 100).removeprefix("!actors!"),
        exported_from.removeprefix("Actor."),
    )
    for candidate in candidates:
        if isinstance(candidate, str) and _ID.fullmatch(candidate):
            return f"foundry:{candidate}"
    message = "The file holds no id, so importing it again makes a second character instead of updating this one."
    findings.append(Finding("external_id", message))
    return ""


def _names_picture(actor: Actor) -> bool:
    pictures = (
        actor.document.get("img"),
        dig(actor.document, "prototypeToken", "texture", "src"),
        dig(actor.document, "token", "img"),
    )
    return any(words(picture) not in ("", _EMPTY_PICTURE) for picture in pictures)
