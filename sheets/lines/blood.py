"""Blood potency: what it does, by rating and printing, and which ratings a generation allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

CURRENT, FIRST_PRINTING = "current", "2018"
_MEND = (1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5)
_BANE_2018 = (0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5)
# What feeding on animals and bags gives, what humans give less, and the hunger below which only a kill helps.
_FEEDING: tuple[tuple[float, int, int], ...] = (
    (1.0, 0, 1),
    (1.0, 0, 1),
    (0.5, 0, 1),
    (0.0, 0, 1),
    (0.0, -1, 1),
    (0.0, -1, 2),
    (0.0, -2, 2),
    (0.0, -2, 2),
    (0.0, -2, 3),
    (0.0, -2, 3),
    (0.0, -3, 3),
)
# Generation to the lowest and the highest blood potency.
ALLOWED: Mapping[int, tuple[int, int]] = {
    4: (5, 10),
    5: (4, 9),
    6: (3, 8),
    7: (3, 7),
    8: (2, 6),
    9: (2, 5),
    10: (1, 4),
    11: (1, 4),
    12: (1, 3),
    13: (1, 3),
    14: (0, 0),
    15: (0, 0),
    16: (0, 0),
}
HIGHEST = 10


@dataclass(frozen=True)
class Potency:
    """`reroll` is the highest level of a power whose rouse check may be rolled twice; 0: none."""

    surge: int
    mend: int
    bonus: int
    reroll: int
    bane: int
    bagged: float
    human: int
    kill_below: int


def potency(rating: int, bane_table: str = CURRENT) -> Potency:
    """For a rating from 0 to 10. The printings differ in the severity of banes."""
    later = 0 if rating == 0 else ceil(rating / 2) + 1
    bane = _BANE_2018[rating] if bane_table == FIRST_PRINTING else later
    return Potency(ceil(rating / 2) + 1, _MEND[rating], rating // 2, ceil(rating / 2), bane, *_FEEDING[rating])
