"""Dice of the fifth edition: pools with hunger or desperation dice, checks, re-rolls. Pure; the caller brings the dice.

A die of 6 to 10 is a success, each pair of tens counts two more. `D10` gives one throw; on the server it is `thrown`.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from characters import tracks as boxes

D10 = Callable[[], int]
Faces = tuple[int, ...]

SUCCESS, CRITICAL, MESSY_CRITICAL = "success", "critical", "messy_critical"
FAILURE, TOTAL_FAILURE, BESTIAL_FAILURE = "failure", "total_failure", "bestial_failure"
CHOICE, DESPAIR = "choice", "despair"  # a hunter who wins chooses overreach or despair
OUTCOMES = (SUCCESS, CRITICAL, MESSY_CRITICAL, FAILURE, TOTAL_FAILURE, BESTIAL_FAILURE, CHOICE, DESPAIR)
HUNGER, DESPERATION = "hunger", "desperation"
LABELS = {
    SUCCESS: "Success",
    CRITICAL: "Critical",
    MESSY_CRITICAL: "Messy critical",
    FAILURE: "Failure",
    TOTAL_FAILURE: "Total failure",
    BESTIAL_FAILURE: "Bestial failure",
    CHOICE: "Overreach or despair",
    DESPAIR: "Despair",
}
LOWEST_SUCCESS = 6
MOST_DICE = 40
MOST_REROLLED = 3
HIGHEST_HUNGER = 5
FRENZY_AT_FIVE = 4  # the difficulty against hunger frenzy after a failed rouse check


def thrown() -> int:
    return secrets.randbelow(10) + 1


@dataclass(frozen=True)
class Judged:
    """`total` counts successes with pairs of tens, `ones` the ones among the special dice."""

    normal: Faces
    special: Faces
    difficulty: int
    total: int
    outcome: str
    ones: int

    @property
    def margin(self) -> int:
        return self.total - self.difficulty

    @property
    def won(self) -> bool:
        return self.total >= self.difficulty and self.total > 0


def total(faces: Collection[int]) -> int:
    tens = sum(face == 10 for face in faces)
    return sum(face >= LOWEST_SUCCESS for face in faces) + tens // 2 * 2


def judged(normal: Sequence[int], special: Sequence[int], difficulty: int, kind: str = HUNGER) -> Judged:
    faces = (*normal, *special)
    plain = Judged(tuple(normal), tuple(special), difficulty, total(faces), "", sum(face == 1 for face in special))
    outcome = _hunters(plain) if kind == DESPERATION else _vampires(plain)
    return Judged(plain.normal, plain.special, difficulty, plain.total, outcome, plain.ones)


def _vampires(roll: Judged) -> str:
    tens = sum(face == 10 for face in (*roll.normal, *roll.special))
    if roll.won and tens >= 2:
        return MESSY_CRITICAL if 10 in roll.special else CRITICAL
    if roll.won:
        return SUCCESS
    if roll.ones:
        return BESTIAL_FAILURE
    return FAILURE if roll.total else TOTAL_FAILURE


def _hunters(roll: Judged) -> str:
    if roll.ones:
        return CHOICE if roll.won else DESPAIR
    if roll.won:
        return CRITICAL if sum(face == 10 for face in (*roll.normal, *roll.special)) >= 2 else SUCCESS
    return FAILURE if roll.total else TOTAL_FAILURE


def rolled(pool: int, difficulty: int, d10: D10, *, hunger: int = 0) -> Judged:
    """Of `pool` dice (at least one), up to `hunger` are hunger dice."""
    dice = max(pool, 1)
    special = min(hunger, dice)
    return judged(_throw(dice - special, d10), _throw(special, d10), difficulty)


def rolled_with_desperation(pool: int, difficulty: int, d10: D10, *, desperation: int = 0) -> Judged:
    """Desperation dice are added to the pool, not put in the place of others."""
    return judged(_throw(max(pool, 1), d10), _throw(desperation, d10), difficulty, DESPERATION)


def rerolled(roll: Judged, chosen: Collection[int], d10: D10, kind: str = HUNGER) -> Judged:
    """With willpower: up to three normal dice, by their places, again. Raises ValueError for any others."""
    if not 1 <= len(set(chosen)) <= MOST_REROLLED or len(set(chosen)) != len(chosen):
        raise ValueError(f"Choose one to {MOST_REROLLED} dice, each once.")
    if any(not 0 <= place < len(roll.normal) for place in chosen):
        raise ValueError("Only normal dice are rolled again.")
    normal = [d10() if place in chosen else face for place, face in enumerate(roll.normal)]
    return judged(normal, roll.special, roll.difficulty, kind)


@dataclass(frozen=True)
class Roused:
    """`frenzy` is the difficulty of the test that follows, 0 for none."""

    faces: Faces
    passed: bool
    hunger: int
    frenzy: int = 0


def roused(hunger: int, d10: D10, *, twice: bool = False) -> Roused:
    """A rouse check: 6 or more, or hunger rises; `twice` where blood potency lets it be rolled twice."""
    faces = _throw(2 if twice else 1, d10)
    passed = max(faces) >= LOWEST_SUCCESS
    if passed or hunger < HIGHEST_HUNGER:
        return Roused(faces, passed, hunger if passed else hunger + 1)
    return Roused(faces, passed, hunger, FRENZY_AT_FIVE)


def remorse_dice(humanity: int, stains: int) -> int:
    return max(1, 10 - humanity - stains)


@dataclass(frozen=True)
class Remorse:
    faces: Faces
    passed: bool
    humanity: int


def remorse(humanity: int, stains: int, d10: D10) -> Remorse:
    """Any success clears the stains; without one a point of humanity is lost, and the stains go too."""
    faces = _throw(remorse_dice(humanity, stains), d10)
    passed = total(faces) > 0
    return Remorse(faces, passed, humanity if passed else max(humanity - 1, 0))


def frenzy_pool(willpower: Mapping[str, int], humanity: int) -> int:
    """Undamaged willpower boxes and a third of humanity, at least one."""
    left = willpower["max"] - willpower["superficial"] - willpower["aggravated"]
    return max(1, left + humanity // 3)


def frenzy(willpower: Mapping[str, int], humanity: int, difficulty: int, d10: D10, *, less: int = 0) -> Judged:
    """`less` is the severity of the bane for those whose clan it makes furious. No hunger dice."""
    return rolled(frenzy_pool(willpower, humanity) - less, difficulty, d10)


PHYSICAL, SOCIAL, MENTAL = "physical", "social", "mental"
IMPAIRMENT = 2


def impairment(tracks: Mapping[str, Mapping[str, int]], columns: Collection[str]) -> int:
    """How many dice the live state takes from a pool of these columns; of any, where stains lie over humanity."""
    humanity = tracks.get("humanity")
    lost = IMPAIRMENT if humanity is not None and boxes.overlapping(dict(humanity)) else 0
    if _full(tracks.get("health")) and PHYSICAL in columns:
        lost += IMPAIRMENT
    if _full(tracks.get("willpower")) and {SOCIAL, MENTAL} & set(columns):
        lost += IMPAIRMENT
    return lost


def _full(track: Mapping[str, int] | None) -> bool:
    return track is not None and track["superficial"] + track["aggravated"] >= track["max"]


def stained(humanity: Mapping[str, int], stains: int) -> int:
    """How many of new stains lie over humanity: each costs aggravated willpower."""
    after = boxes.moved(dict(humanity), stains=max(stains, 0))
    return boxes.overlapping(after) - boxes.overlapping(dict(humanity))


def _throw(dice: int, d10: D10) -> Faces:
    return tuple(d10() for _ in range(dice))


def told(roll: Judged, kind: str) -> dict[str, Any]:
    """As API, ledger and overlay have it."""
    return {
        "normal": list(roll.normal),
        "special": list(roll.special),
        "kind": kind,
        "difficulty": roll.difficulty,
        "total": roll.total,
        "margin": roll.margin,
        "outcome": roll.outcome,
        "ones": roll.ones,
    }
