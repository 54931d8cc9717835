"""A scripted fight: what happened under the drowned nave, as steps that call the same operations as a GM does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from campaigns.models import Event
from campaigns.operations import table
from characters.operations import vitals


@dataclass(frozen=True)
class Step:
    """`at` in seconds from the start of the fight."""

    at: int
    who: str
    does: str
    facts: dict[str, Any] = field(default_factory=dict)


def _hit(at: int, who: str, amount: int, kind: str = "", *, critical: bool = False) -> Step:
    return Step(at, who, "hp", {"delta": -amount, "kind": kind, "critical": critical})


def _heal(at: int, who: str, amount: int) -> Step:
    return Step(at, who, "hp", {"delta": amount})


ISAURA, BRAM, QUILL, TAMSIN, GRALE, ELENA = (
    "Isaura Vane",
    "Bram Oakhollow",
    "Sister Quill",
    "Tamsin Reed",
    "Grale",
    "Elena Cross",
)

STEPS = (
    Step(0, ISAURA, "condition", {"condition": "concentrating"}),
    Step(3, BRAM, "temp", {"amount": 8}),
    _hit(6, BRAM, 11, "bludgeoning"),
    _hit(9, QUILL, 14, "cold"),
    Step(11, QUILL, "condition", {"condition": "frightened", "rounds": 3}),
    _hit(14, TAMSIN, 9, "piercing"),
    Step(16, ELENA, "track", {"track": "health", "superficial": 2}),
    Step(17, ELENA, "track", {"track": "hunger", "delta": 1}),
    _hit(20, GRALE, 23, "slashing"),
    Step(22, GRALE, "condition", {"condition": "grappled"}),
    _hit(25, ISAURA, 12, "necrotic"),
    _hit(28, QUILL, 19, "cold"),
    _heal(31, QUILL, 8),
    Step(33, ISAURA, "roll", {"label": "Cutting words", "total": 17, "dice": [{"sides": 20, "value": 12}]}),
    _hit(36, QUILL, 22, "necrotic", critical=True),
    Step(39, QUILL, "save", {"result": "failure"}),
    _hit(42, BRAM, 26, "thunder"),
    Step(44, BRAM, "condition", {"condition": "prone"}),
    Step(46, QUILL, "save", {"result": "success"}),
    _heal(49, QUILL, 11),
    Step(51, QUILL, "uncondition", {"condition": "frightened"}),
    _hit(54, TAMSIN, 13, "cold"),
    Step(56, ELENA, "track", {"track": "health", "superficial": 1, "aggravated": 1}),
    _hit(59, GRALE, 15, "slashing"),
    _hit(62, QUILL, 12, "cold"),
    Step(65, QUILL, "save", {"result": "success"}),
    Step(68, QUILL, "save", {"result": "failure"}),
    Step(70, ISAURA, "condition", {"condition": "inspired"}),
    _heal(73, BRAM, 9),
    Step(76, ISAURA, "custom", {"name": "The second bell", "payload": {"rings": 1}}),
)

Doer = Callable[[UUID, UUID, Actor, dict[str, Any]], Event]


def _table(operation: Callable[..., Event]) -> Doer:
    return lambda campaign, who, actor, facts: operation(campaign, actor=actor, character_id=who, **facts)


def _body(operation: Callable[..., Event]) -> Doer:
    return lambda campaign, who, actor, facts: operation(campaign, who, actor=actor, **facts)


DOERS: Mapping[str, Doer] = {
    "hp": _body(vitals.change_hp),
    "temp": _body(vitals.give_temporary_hp),
    "condition": _body(vitals.add_condition),
    "uncondition": _body(vitals.remove_condition),
    "save": _body(vitals.save_against_death),
    "track": _body(vitals.change_track),
    "roll": _table(table.roll),
    "custom": _table(table.custom_event),
}


def play(step: Step, campaign_id: UUID, cast: Mapping[str, UUID], actor: Actor) -> Event:
    """One step. Raises what the operation raises, for example when somebody cannot take a death save now."""
    return DOERS[step.does](campaign_id, cast[step.who], actor, step.facts)
