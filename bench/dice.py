"""A million rolls with the server's own dice: every one keeps the rules, and together they follow the exact odds."""

from collections import Counter
from typing import Any

from bench.report import Outcome, Ratio, Table

ROLLS = {"full": 1_000_000, "small": 100_000, "tiny": 2_000}
POOL, HUNGER, DIFFICULTY = 5, 2, 2
# Chi-square with five degrees of freedom is above this once in ten thousand runs.
BOUND = 25.7


def run(stage: Any, size: str) -> Outcome:
    from sheets import dice, odds

    many = ROLLS[size]
    found: Counter[str] = Counter()
    broken = 0
    for _ in range(many):
        roll = dice.rolled(POOL, DIFFICULTY, dice.thrown, hunger=HUNGER)
        found[roll.outcome] += 1
        broken += not _keeps_the_rules(roll)
    exact = {name: float(share) * many for name, share in odds.outcomes(POOL - HUNGER, HUNGER, DIFFICULTY).items()}
    distance = sum((found[name] - count) ** 2 / count for name, count in exact.items())
    return Outcome(
        ratios=[
            Ratio("rolls that break a rule", float(broken), 0.0),
            Ratio("chi-square over what one run in 10,000 exceeds", distance / BOUND, 1.0),
        ],
        tables=[
            Table(
                f"{many:,} rolls of {POOL} dice, {HUNGER} of them hunger dice, against {DIFFICULTY}",
                ["outcome", "rolled", "exact"],
                [[dice.LABELS[name], found[name] / many, count / many] for name, count in sorted(exact.items())],
            )
        ],
    )


def _keeps_the_rules(roll: Any) -> bool:
    faces = (*roll.normal, *roll.special)
    tens = faces.count(10)
    whole = len(faces) == POOL and len(roll.special) == HUNGER and set(faces) <= set(range(1, 11))
    counted = roll.total == sum(face >= 6 for face in faces) + tens // 2 * 2
    messy = (roll.outcome == "messy_critical") == (roll.won and tens >= 2 and 10 in roll.special)
    bestial = (roll.outcome == "bestial_failure") == (not roll.won and 1 in roll.special)
    return whole and counted and messy and bestial
