"""The exact chances of a pool, by counting: what a player may know before the dice fall. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from math import comb

from sheets import dice

# What a face does, and how many of ten faces do so: nothing, a success, a ten; among special dice a one besides.
_NORMAL = ((2, 5), (6, 4), (10, 1))
_SPECIAL = ((1, 1), (2, 4), (6, 4), (10, 1))


@cache
def outcomes(normal: int, special: int, difficulty: int, kind: str = dice.HUNGER) -> Mapping[str, Fraction]:
    """Outcome to probability, for that many normal and special dice."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for faces, chance in _hands(normal, _NORMAL):
        for others, other_chance in _hands(special, _SPECIAL):
            found[dice.judged(faces, others, difficulty, kind).outcome] += chance * other_chance
    return dict(found)


def of_winning(normal: int, special: int, difficulty: int, kind: str = dice.HUNGER) -> Fraction:
    won = (dice.SUCCESS, dice.CRITICAL, dice.MESSY_CRITICAL, dice.CHOICE)
    found = outcomes(normal, special, difficulty, kind)
    return sum((found.get(outcome, Fraction(0)) for outcome in won), Fraction(0))


def _hands(count: int, faces: tuple[tuple[int, int], ...]) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    """Every hand of `count` dice, whatever their order, with its probability."""
    if len(faces) == 1:
        face, weight = faces[0]
        yield (face,) * count, Fraction(weight, 10) ** count
        return
    (face, weight), rest = faces[0], faces[1:]
    for of_it in range(count + 1):
        chance = comb(count, of_it) * Fraction(weight, 10) ** of_it
        for others, other_chance in _hands(count - of_it, rest):
            yield (face,) * of_it + others, chance * other_chance
