"""Whole sheets as plain values, by hand: a legal neonate, a hunter, and a line that is only for tests."""

from typing import Any

from sheets.lines import hunter, vampire
from sheets.lines.shape import Choice, Dots, Draft, Kind, Line, Purchase, Text, Track

NEONATE = {
    "name": "Elena Cross",
    "clan": "brujah",
    "predator": "alleycat",
    "generation": 13,
    "strength": 3,
    "dexterity": 3,
    "stamina": 2,
    "charisma": 2,
    "manipulation": 1,
    "composure": 2,
    "intelligence": 2,
    "wits": 4,
    "resolve": 3,
    "athletics": 3,
    "brawl": 3,
    "streetwise": 3,
    "stealth": 2,
    "larceny": 2,
    "insight": 2,
    "intimidation": 2,
    "subterfuge": 2,
    "awareness": 1,
    "drive": 1,
    "firearms": 1,
    "investigation": 1,
    "melee": 1,
    "occult": 1,
    "technology": 1,
}
ADVANTAGES = [
    {"type": "background", "name": "Haven", "dots": 3, "description": ""},
    {"type": "merit", "name": "Beautiful", "dots": 4, "description": ""},
    {"type": "flaw", "name": "Stalkers", "dots": 2, "description": ""},
]


def power(discipline: str, name: str, level: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "discipline": discipline,
        "name": name,
        "level": level,
        "cost": 0,
        "pool": "",
        "amalgam": "",
        "amalgam_level": 0,
        "description": "",
        **more,
    }


def discipline(name: str, rating: int, origin: str = "clan") -> dict[str, Any]:
    return {"discipline": name, "rating": rating, "origin": origin}


NEONATE_ROWS: dict[str, list[dict[str, Any]]] = {
    "disciplines": [discipline("celerity", 2), discipline("potence", 2, "predator")],
    "powers": [
        *(power("celerity", "Cat's Grace"), power("celerity", "Fleetness", 2)),
        *(power("potence", "Lethal Body"), power("potence", "Prowess", 2)),
    ],
    "advantages": ADVANTAGES,
    "specialties": [{"skill": "brawl", "name": "Grappling"}, {"skill": "athletics", "name": "Climbing"}],
    "touchstones": [{"name": "Inés Calloway", "description": "", "conviction": "Never feed on the unwilling."}],
}


def a_vampire_draft(rows: dict[str, Any] | None = None, tracks: Any = None, **fields: Any) -> Draft:
    return Draft({**vampire.LINE.blank(), **NEONATE, **fields}, tracks or {}, NEONATE_ROWS if rows is None else rows)


def a_hunter_draft(rows: dict[str, Any] | None = None, **fields: Any) -> Draft:
    mortal = {key: value for key, value in NEONATE.items() if key in hunter.LINE.by_name}
    return Draft({**hunter.LINE.blank(), **mortal, **fields}, {}, rows or {})


# A third line: one module of data like this one is all that it takes. Two damage tracks, one of which a form brings.
FORMS = {"homid": "Homid", "crinos": "Crinos"}
WOLVES = Line(
    code="wolf",
    name="Wolf",
    fields=(
        Text(name="name", label="Name", longest=100, required=True, section="identity"),
        Choice(name="form", label="Form", codes=FORMS, default="homid", section="identity"),
        Dots(name="stamina", label="Stamina", default=1, low=1, section="attributes", purchase="attribute"),
        Dots(name="glory", label="Glory", section="renown"),
    ),
    tracks=(
        Track(
            name="health",
            label="Health",
            most=lambda draft: draft.fields["stamina"] + 3,
            damage=True,
            follows=frozenset({"stamina"}),
        ),
        Track(
            name="crinos",
            label="Crinos",
            most=lambda draft: 4 if draft.fields["form"] == "crinos" else 1,
            damage=True,
            follows=frozenset({"form"}),
        ),
        Track(name="rage", label="Rage", most=5, start=2),
    ),
    kinds=(
        Kind(
            name="gifts",
            one="Gift",
            label="Gifts",
            fields=(Text(name="name", label="Name", longest=100, required=True), Dots(name="level", label="Level")),
            most=20,
            unique=("name",),
            purchase="gift",
            section="gifts",
        ),
    ),
    purchases=(
        Purchase(code="attribute", label="Attribute", rate=5),
        Purchase(code="gift", label="Gift", rate=3, by="dot"),
    ),
)
