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
