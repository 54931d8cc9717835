"""Conditions: the fifteen of the 5e SRD by id, concentration, and whatever else a table invents."""

import re

SRD = (
    "blinded",
    "charmed",
    "deafened",
    "exhaustion",
    "frightened",
    "grappled",
    "incapacitated",
    "invisible",
    "paralyzed",
    "petrified",
    "poisoned",
    "prone",
    "restrained",
    "stunned",
    "unconscious",
)
CONCENTRATING = "concentrating"
LONGEST_NAME = 40
MOST_AT_ONCE = 20
MOST_ROUNDS = 1000

_NAME = re.compile(r"[^\W_][\w' -]*")


def normalised(name: str) -> str:
    """A condition's id: lower case, single spaces. Raises ValueError with the reason for what is no name."""
    name = " ".join(name.lower().split())
    if not name:
        raise ValueError("Name the condition, for example prone.")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"A condition's name has at most {LONGEST_NAME} characters.")
    if not _NAME.fullmatch(name):
        raise ValueError("Use letters, digits, spaces, hyphens and apostrophes.")
    return name


# What a chip's colour says of a condition: good or bad for the one who has it; unknown ones stay neutral.
GOOD = frozenset(
    (
        *("aid", "bless", "blessed", "blur", CONCENTRATING, "haste", "hasted", "heroism", "inspired", "invisible"),
        *("mirror-image", "resistance", "sanctuary", "shield", "shield-of-faith"),
    )
)
BAD = frozenset(
    (
        *("bane", "baned", "bleeding", "blinded", "charmed", "compulsion", "cursed", "deafened", "diseased"),
        *("exhaustion", "frenzy", "frightened", "grappled", "hexed", "hunger-frenzy", "impaired", "incapacitated"),
        *("paralyzed", "petrified", "poisoned", "prone", "restrained", "silenced", "slowed", "stunned"),
        *("terror-frenzy", "torpor", "unconscious", "weakened"),
    )
)


def tone(name: str) -> str:
    """good, bad or "" for neither."""
    key = name.replace(" ", "-")
    return "good" if key in GOOD else "bad" if key in BAD else ""
