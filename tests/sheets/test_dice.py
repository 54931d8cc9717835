"""Vectors of the dice, invariants of whatever may fall, and the exact odds."""

import itertools
import random
from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import dice, odds
from sheets.dice import DESPERATION, HUNGER

T = 10
# normal, hunger, difficulty, total, outcome
VAMPIRES = [
    ((7, 2, 4), (), 1, 1, "success"),
    ((T, T, 3), (), 4, 4, "critical"),
    ((T, T, T), (), 0, 5, "critical"),
    ((T, T, T, T), (), 8, 8, "critical"),
    ((T, 6), (T,), 4, 5, "messy_critical"),
    ((T, 2), (T,), 5, 4, "failure"),  # a peer calls it a messy critical: it never looks at the difficulty
    ((), (T, T), 4, 4, "messy_critical"),
    ((8, 3), (1,), 2, 1, "bestial_failure"),
    ((8, 7), (1,), 2, 2, "success"),
    ((2, 3), (4,), 1, 0, "total_failure"),
    ((2,), (1, 5), 1, 0, "bestial_failure"),
    ((6,), (5,), 2, 1, "failure"),
    ((9, 9), (T,), 3, 3, "success"),
    ((T, T), (7,), 5, 5, "critical"),
    ((2,), (3,), 0, 0, "total_failure"),
    ((), (1, 1, 1, T, T), 4, 4, "messy_critical"),
    ((T, T), (1,), 4, 4, "critical"),
    ((T, T), (1,), 5, 4, "bestial_failure"),
    ((6, 6), (1, T), 0, 3, "success"),
]
# normal, desperation, difficulty, total, outcome, ones
HUNTERS = [
    ((6, 7, 2), (), 2, 2, "success", 0),
    ((6, 4), (7,), 2, 2, "success", 0),
    ((8, 3), (1,), 1, 1, "choice", 1),
    ((3, 2), (1, 5), 1, 0, "despair", 1),
    ((T, 2), (T, 1), 4, 4, "choice", 1),
    ((9,), (1, 1), 1, 1, "choice", 2),
    ((2, 3), (4,), 1, 0, "total_failure", 0),
    ((T, T), (6,), 5, 5, "critical", 0),
    ((6,), (1,), 2, 1, "despair", 1),
    ((5, 5), (T, T, 1), 6, 4, "despair", 1),
]


def falling(*faces: int) -> dice.D10:
    return iter(faces).__next__


@pytest.mark.parametrize(("normal", "hunger", "difficulty", "total", "outcome"), VAMPIRES)
def test_vampires(normal: Any, hunger: Any, difficulty: int, total: int, outcome: str) -> None:
    found = dice.judged(normal, hunger, difficulty)
    assert (found.total, found.margin, found.outcome) == (total, total - difficulty, outcome)


@pytest.mark.parametrize(("normal", "desperation", "difficulty", "total", "outcome", "ones"), HUNTERS)
def test_hunters(normal: Any, desperation: Any, difficulty: int, total: int, outcome: str, ones: int) -> None:
    found = dice.judged(normal, desperation, difficulty, DESPERATION)
    assert (found.total, found.outcome, found.ones) == (total, outcome, ones)


POOLS = st.integers(-2, 15), st.integers(0, 5), st.integers(0, 12), st.randoms(use_true_random=False)


@settings(deadline=None)
@given(*POOLS)
def test_a_vampire_s_roll_holds_together(pool: int, hunger: int, difficulty: int, chance: random.Random) -> None:
    roll = dice.rolled(pool, difficulty, lambda: chance.randint(1, 10), hunger=hunger)
    faces = (*roll.normal, *roll.special)
    assert len(faces) == max(pool, 1) and len(roll.special) == min(hunger, len(faces))
    assert roll.won is (roll.outcome in ("success", "critical", "messy_critical"))
    assert (roll.outcome == "bestial_failure") is (not roll.won and 1 in roll.special)
    assert (roll.outcome == "messy_critical") is (roll.won and faces.count(10) > 1 and 10 in roll.special)
    assert roll.total == sum(face > 5 for face in faces) + 2 * (faces.count(10) // 2)


@settings(deadline=None)
@given(*POOLS)
def test_a_hunter_s_roll_holds_together(pool: int, desperation: int, difficulty: int, chance: random.Random) -> None:
    roll = dice.rolled_with_desperation(pool, difficulty, lambda: chance.randint(1, 10), desperation=desperation)
    assert len(roll.normal) == max(pool, 1) and len(roll.special) == desperation
    assert (roll.outcome in ("choice", "despair")) is (1 in roll.special)
    assert (roll.outcome == "choice") is (roll.won and 1 in roll.special)


@settings(deadline=None)
@given(st.lists(st.integers(1, 10), min_size=1, max_size=12), st.randoms(use_true_random=False), st.data())
def test_willpower_touches_only_the_dice_that_are_chosen(normal: list[int], chance: Any, data: Any) -> None:
    places = st.lists(st.integers(0, len(normal) - 1), min_size=1, max_size=3, unique=True)
    chosen = data.draw(places)
    before = dice.judged(normal, (1, 10), 3)
    after = dice.rerolled(before, chosen, lambda: chance.randint(1, 10))
    assert after.special == before.special and len(after.normal) == len(normal)
    assert all(after.normal[place] == face for place, face in enumerate(normal) if place not in chosen)


@pytest.mark.parametrize("chosen", [[], [0, 1, 2, 3], [0, 0], [4], [-1]])
def test_no_other_dice_are_rolled_again(chosen: list[int]) -> None:
    with pytest.raises(ValueError, match=r"dice"):
        dice.rerolled(dice.judged((2, 3, 4, 5), (1,), 2), chosen, falling(10, 10, 10, 10))


@pytest.mark.parametrize(
    ("hunger", "faces", "twice", "after", "frenzy"),
    [
        (1, (6,), False, 1, 0),
        (1, (5,), False, 2, 0),
        (2, (1, 9), True, 2, 0),
        (4, (2, 3), True, 5, 0),
        (5, (5,), False, 5, 4),
        (5, (7,), False, 5, 0),
    ],
)
def test_rouse(hunger: int, faces: Any, twice: bool, after: int, frenzy: int) -> None:
    found = dice.roused(hunger, falling(*faces), twice=twice)
    assert (found.hunger, found.frenzy, found.faces) == (after, frenzy, faces)


@pytest.mark.parametrize(("humanity", "stains", "count"), [(7, 2, 1), (7, 1, 2), (4, 3, 3), (7, 5, 1), (0, 0, 10)])
def test_remorse_dice(humanity: int, stains: int, count: int) -> None:
    assert dice.remorse_dice(humanity, stains) == count


def test_remorse() -> None:
    assert dice.remorse(7, 1, falling(2, 6)) == dice.Remorse((2, 6), True, 7)
    assert dice.remorse(7, 1, falling(2, 5)).humanity == 6
    assert dice.remorse(0, 9, falling(2)).humanity == 0


@pytest.mark.parametrize(("left", "humanity", "pool"), [((5, 2, 1), 7, 4), ((4, 0, 4), 2, 1), ((5, 0, 0), 9, 8)])
def test_frenzy_pool(left: tuple[int, int, int], humanity: int, pool: int) -> None:
    track = dict(zip(("max", "superficial", "aggravated"), left, strict=True))
    assert dice.frenzy_pool(track, humanity) == pool
    assert len(dice.frenzy(track, humanity, 3, falling(*[6] * 12), less=2).normal) == max(pool - 2, 1)


def test_stains_over_humanity_hurt() -> None:
    assert dice.stained({"value": 7, "stains": 2, "max": 10}, 3) == 2
    assert dice.stained({"value": 7, "stains": 0, "max": 10}, 3) == 0
    assert dice.stained({"value": 7, "stains": 4, "max": 10}, 1) == 1
    assert dice.stained({"value": 7, "stains": 5, "max": 10}, -2) == 0


@pytest.mark.parametrize(
    ("health", "willpower", "columns", "lost"),
    [
        ((3, 2), (0, 0), ["physical", "mental"], 2),
        ((3, 2), (4, 0), ["physical", "social"], 4),
        ((3, 2), (0, 0), ["social"], 0),
        ((3, 1), (4, 0), ["physical"], 0),
        ((0, 0), (1, 3), ["mental", "social"], 2),
    ],
)
def test_impairment(health: Any, willpower: Any, columns: list[str], lost: int) -> None:
    tracks = {
        "health": {"max": 5, "superficial": health[0], "aggravated": health[1]},
        "willpower": {"max": 4, "superficial": willpower[0], "aggravated": willpower[1]},
    }
    assert dice.impairment(tracks, columns) == lost


def test_the_odds_are_those_of_all_hundred_thousand_hands() -> None:
    """Five dice, two of them hunger dice, against 2: counted one by one."""
    counted = Counter(dice.judged(hand[:3], hand[3:], 2).outcome for hand in itertools.product(range(1, 11), repeat=5))
    assert odds.outcomes(3, 2, 2) == {name: Fraction(count, 10**5) for name, count in counted.items()}
    assert sum(odds.outcomes(4, 1, 3).values()) == 1
    assert odds.of_winning(1, 0, 1) == Fraction(1, 2)


def test_what_falls_follows_the_odds() -> None:
    """Chi-square over the six outcomes; 20.5 is exceeded once in a thousand, and this seed is not that one."""
    chance, many = random.Random(2), 20_000
    found = Counter(dice.rolled(5, 2, lambda: chance.randint(1, 10), hunger=2).outcome for _ in range(many))
    expected = {name: float(share) * many for name, share in odds.outcomes(3, 2, 2).items()}
    assert sum((found[name] - count) ** 2 / count for name, count in expected.items()) < 20.5


def test_the_server_s_dice_have_ten_faces() -> None:
    assert {dice.thrown() for _ in range(500)} == set(range(1, 11))


def test_a_roll_is_told_whole() -> None:
    assert dice.told(dice.judged((T,), (T,), 4), HUNGER) == {
        "normal": [10],
        "special": [10],
        "kind": "hunger",
        "difficulty": 4,
        "total": 4,
        "margin": 0,
        "outcome": "messy_critical",
        "ones": 0,
    }
