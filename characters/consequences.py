"""What else a step of a track does, by the rules of a game. A character knows rows of boxes and no game; an app above
that does says here what follows, so that a step has the same consequence on the desk, through the API and on a sheet.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

Steps = dict[str, int]
Tracks = Mapping[str, dict[str, int]]
Rule = Callable[[UUID, Tracks, str, Steps], list[tuple[str, Steps]]]

_rules: list[Rule] = []


def register(rule: Rule) -> None:
    """`rule` is given a character's id, its tracks as they were, the name of one and its steps. It returns the steps of
    others that follow; each is told by an event of its own.
    """
    _rules.append(rule)


def of(character_id: UUID, tracks: Tracks, name: str, steps: Steps) -> list[tuple[str, Steps]]:
    return [step for rule in _rules for step in rule(character_id, tracks, name, steps)]
