"""The working state of one derivation: effective abilities, level, changes in force, and findings so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from characters.importers.fields import blank, dig, number, words
from characters.importers.foundry_dnd5e.effects import Change, acted_on, changes_in_force
from characters.importers.foundry_dnd5e.formulas import UnknownFormula, evaluated
from characters.importers.foundry_dnd5e.generation import Actor
from characters.importers.imported import Finding
from characters.stats import ABILITIES, HIGHEST_ABILITY, HIGHEST_HP

MOST_FINDINGS = 60  # nobody reads more, and an odd file could otherwise hold thousands


@dataclass
class Derivation:
    actor: Actor
    classes: list[tuple[str, int]]
    level: int
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    abilities: dict[str, int] = field(default_factory=dict)

    def find(self, where: str, message: str) -> None:
        finding = Finding(where, message)
        if len(self.findings) < MOST_FINDINGS and finding not in self.findings:
            self.findings.append(finding)

    def modifier(self, ability: str) -> int:
        return (self.abilities[ability] - 10) // 2

    def whole(self, value: object, where: str) -> int | None:
        """A stored whole number from 0 to 9999; None when the file holds nothing, or nothing usable."""
        if blank(value):
            return None
        result = number(value)
        if result is None or result > HIGHEST_HP or result < -HIGHEST_HP:
            self.find(where, "The file holds no usable number here, so it was left out.")
            return None
        if result < 0:
            self.find(where, f"The file says {result:g}; negative numbers count as 0.")
        return max(0, math.floor(result))

    def formula(self, value: object, where: str, effect: str = "") -> float | None:
        """The value of a number or formula; None, with a finding, when it cannot be worked out."""
        plain = number(value)
        if plain is not None and abs(plain) <= HIGHEST_HP:
            return plain
        if blank(value):
            return 0
        try:
            return evaluated(value if isinstance(value, str) else "?", self.references())
        except UnknownFormula:
            source = f" of the effect “{effect}”" if effect else ""
            shown = f" “{words(value, 80)}”" if isinstance(value, str) else ""
            self.find(where, f"The formula{shown}{source} is not understood and was left out. Please check.")
            return None

    def references(self) -> dict[str, float]:
        proficiency = 2 + (max(self.level, 1) - 1) // 4
        references: dict[str, float] = {
            "prof": proficiency,
            "attributes.prof": proficiency,
            "details.level": self.level,
            "attributes.exhaustion": number(self.actor.attributes.get("exhaustion")) or 0,
        }
        for ability, score in self.abilities.items():
            references[f"abilities.{ability}.value"] = score
            references[f"abilities.{ability}.mod"] = self.modifier(ability)
        for item, (name, levels) in zip(self.actor.items_of("class"), self.classes, strict=True):
            references[f"classes.{identifier(self.actor, item, name)}.levels"] = levels
        return references

    def changed(self, path: str, start: float | None, where: str) -> float | None:
        """A number after the effects in force on its path."""
        for change in self.changes:
            if change.path == path and (delta := self.delta(change, where)) is not None:
                start = acted_on(start, change.mode, delta)
        return start

    def delta(self, change: Change, where: str) -> float | None:
        if change.mode == "custom":
            self.find(where, f"The effect “{change.effect}” works in its own way and was left out.")
            return None
        if blank(change.value):
            return None
        return self.formula(change.value, where, change.effect)

    def touching(self, prefix: str) -> list[str]:
        """Names of the effects that change anything below a path."""
        return list(dict.fromkeys(change.effect for change in self.changes if change.path.startswith(prefix)))


def identifier(actor: Actor, item: dict[str, Any], name: str) -> str:
    """How formulas name a class: its identifier, or its name written as one (before 1.6)."""
    return words(actor.values_of(item).get("identifier")) or "-".join(name.lower().split())


def derivation_of(actor: Actor, classes: list[tuple[str, int]], level: int, findings: list[Finding]) -> Derivation:
    """A derivation with effective ability scores: effects can raise or set them, and all else follows."""
    derived = Derivation(actor, classes, level, changes_in_force(actor), findings)
    stored = {ability: _stored_score(derived, ability) for ability in ABILITIES}
    derived.abilities.update(stored)
    for change in derived.changes:
        _, _, ability = change.path.removesuffix(".value").rpartition("abilities.")
        if change.path != f"abilities.{ability}.value" or ability not in stored:
            continue
        where = f"stats.abilities.{ability}"
        if (delta := derived.delta(change, where)) is not None:
            score = acted_on(derived.abilities[ability], change.mode, delta)
            derived.abilities[ability] = min(max(math.floor(score), 0), HIGHEST_ABILITY)
    _report_changed(derived, stored)
    return derived


def _report_changed(derived: Derivation, stored: dict[str, int]) -> None:
    for ability, score in derived.abilities.items():
        if score != stored[ability]:
            effects = ", ".join(derived.touching(f"abilities.{ability}.value"))
            message = f"Effects act on it: {effects}. The file itself says {stored[ability]}."
            derived.find(f"stats.abilities.{ability}", message)


def _stored_score(derived: Derivation, ability: str) -> int:
    where = f"stats.abilities.{ability}"
    score = derived.whole(dig(derived.actor.system, "abilities", ability, "value"), where)
    if score is None:
        derived.find(where, "The file holds no score, so 10 was taken.")
        return 10
    if not 1 <= score <= 30:
        derived.find(where, f"The file says {score}, outside the usual 1 to 30. Please check.")
    return min(score, HIGHEST_ABILITY)
