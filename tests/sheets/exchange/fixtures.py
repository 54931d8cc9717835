"""Files of other programs, written by hand after their shapes."""

from typing import Any

ATTRIBUTES = {
    "strength": 3,
    "dexterity": 3,
    "stamina": 2,
    "charisma": 2,
    "manipulation": 1,
    "composure": 2,
    "intelligence": 2,
    "wits": 4,
    "resolve": 3,
}


def power(name: str, discipline: str, level: int, **more: Any) -> dict[str, Any]:
    system = {"discipline": discipline, "level": level, "cost": 1, "dicepool": {}, "description": "<p>Own words.</p>"}
    return {"name": name, "type": "power", "system": {**system, **more}}


def feature(name: str, type_: str, points: int) -> dict[str, Any]:
    return {"name": name, "type": "feature", "system": {"featuretype": type_, "points": points, "description": ""}}


FOUNDRY_NEONATE: dict[str, Any] = {
    "name": "Elena Cross",
    "type": "vampire",
    "img": "portraits/elena.webp",
    "system": {
        "attributes": {name: {"value": value} for name, value in ATTRIBUTES.items()},
        "skills": {
            "brawl": {
                "value": 3,
                "bonuses": [
                    {"source": "Grappling", "value": 1, "paths": ["skills.brawl"], "displayWhenInactive": True}
                ],
            },
            "animalken": {"value": 1, "bonuses": []},
        },
        "health": {"max": 5, "superficial": 1, "aggravated": 1, "value": 3.5},
        "willpower": {"max": 5, "superficial": 2, "aggravated": 0, "value": 4},
        "humanity": {"value": 6, "stains": 2},
        "hunger": {"value": 3, "max": 5},
        "blood": {"potency": 1, "generation": "13th"},
        "headers": {
            "concept": "Courier",
            "chronicle": "Salt and Ember",
            "ambition": "Out",
            "desire": "Sleep",
            "sire": "Tarn",
            "touchstones": "<p>Inés Calloway: runs the night kitchen</p><p>Tomas</p>",
            "tenets": "<p>Never the unwilling.<script>alert(1)</script></p>",
        },
        "disciplines": {"celerity": {"value": 4, "visible": True}, "potence": {"value": 1}, "rituals": {"value": 1}},
        "exp": {"value": 3, "max": 10},
        "experiences": [{"id": "a", "name": "Session 4", "value": 5}, {"id": "b", "name": "Brawl", "value": -6}],
        "appearance": "<p>Tall &amp; tired.</p>",
        "privatenotes": "<p>Owes the Baron.</p>",
    },
    "items": [
        {"name": "Brujah", "type": "clan", "system": {"bane": "", "description": "<p>Not ours.</p>"}},
        {"name": "Alleycat", "type": "predatorType", "system": {}},
        {"name": "Choleric", "type": "resonance", "system": {}},
        power("Cat's Grace", "celerity", 1),
        power("Fleetness", "celerity", 2),
        power("Blood Walk", "rituals", 2),
        feature("Haven", "background", 3),
        feature("Stalkers", "flaw", 2),
        {"name": "Crowbar", "type": "weapon", "system": {"weaponvalue": 2, "quantity": 1}},
        {"name": "Torch", "type": "gear", "system": {"quantity": 2}},
        {"name": "On fire", "type": "condition", "system": {}},
    ],
}

FOUNDRY_ELDER: dict[str, Any] = {
    "name": "The Dowager",
    "type": "vampire",
    "system": {
        "attributes": {"stamina": {"value": 7}, "resolve": {"value": 5}, "composure": {"value": 5}},
        "skills": {},
        "health": {"max": 13, "superficial": 4, "aggravated": 7},
        "blood": {"potency": 8, "generation": "5"},
        "disciplines": {},
    },
    "items": [
        *(power(name, "fortitude", level) for level, name in enumerate(["Resilience", "Toughness", "Shatter"], 1)),
        *(power(name, "fortitude", level) for level, name in enumerate(["Flesh of Marble", "Draught"], 4)),
    ],
}

FOUNDRY_OLD: dict[str, Any] = {
    "name": "Old Shape",
    "type": "vampire",
    "system": {
        "attributes": {"strength": {"value": 2}},
        "skills": {"animal ken": {"value": 2}},
        "clan": {"value": "Banu Haqim"},
        "headers": {"predator": "Siren", "bane": "Own words", "generation": "12"},
        "blood": {"resonance": "Sanguine", "potency": 2},
        "humanity": {"value": 0, "stains": 0},
        "disciplines": {"sorcery": {"value": 2}},
    },
    "items": [{"name": "Falconry", "type": "specialty", "system": {"skill": "animal ken"}}],
}

FOUNDRY_HUNTER: dict[str, Any] = {
    "name": "Tamsin Reed",
    "type": "hunter",
    "system": {
        "attributes": {name: {"value": value} for name, value in ATTRIBUTES.items()},
        "skills": {"firearms": {"value": 3}},
        "despair": {"value": 1},
        "desperation": {"value": 4},
        "danger": {"value": 2, "max": 5},
        "edges": {"arsenal": {"value": 1, "description": "<p>A locker.</p>"}, "fleet": {"value": 0}},
        "headers": {"cellname": "The Wicks"},
    },
    "items": [
        {"name": "Martial", "type": "creed", "system": {}},
        {"name": "Vengeance", "type": "drive", "system": {"redemption": "<p>Let one go.</p>"}},
        {"name": "Special load", "type": "perk", "system": {"edge": "arsenal", "description": ""}},
        {"name": "Draw", "type": "edgepool", "system": {"edge": "arsenal", "dicepool": "Wits + Firearms"}},
        {"name": "Vest", "type": "armor", "system": {"armorvalue": 2}},
    ],
}

FOUNDRY_GHOUL: dict[str, Any] = {
    "name": "Gregor",
    "type": "ghoul",
    "system": {"attributes": {"strength": {"value": 2}}, "skills": {}, "disciplines": {"potence": {"value": 1}}},
    "items": [power("Lethal Body", "potence", 1)],
}


def progeny_power(name: str, discipline: str, level: int, **more: Any) -> dict[str, Any]:
    facts = {
        "description": "",
        "rouseChecks": 1,
        "dicePool": "Wits + Auspex",
        "amalgamPrerequisites": [],
        "summary": "",
    }
    return {"name": name, "discipline": discipline, "level": level, **facts, **more}


PROGENY_1: dict[str, Any] = {
    "name": "Mara",
    "description": "Night nurse",
    "sire": "Old Jonas",
    "clan": "Tremere",
    "predatorType": {
        "name": "Scene Queen",
        "pickedDiscipline": "",
        "pickedSpecialties": [],
        "pickedMeritsAndFlaws": [],
    },
    "touchstones": [
        {"name": "", "description": "", "conviction": ""},
        {"name": "Ana", "description": "", "conviction": "No"},
    ],
    "ambition": "",
    "desire": "",
    "attributes": ATTRIBUTES,
    "skills": {"animal ken": 2, "occult": 3},
    "skillSpecialties": [{"skill": "occult", "name": ""}, {"skill": "occult", "name": "Rites"}],
    "disciplines": [
        progeny_power("Corrosive Vitae", "blood sorcery", 1),
        progeny_power("Scry", "auspex", 4, amalgamPrerequisites=[{"discipline": "blood sorcery", "level": 1}]),
    ],
    "rituals": [{"name": "Blood Walk", "level": 1}],
    "bloodPotency": 1,
    "generation": 13,
    "maxHealth": 5,
    "willpower": 5,
    "experience": 15,
    "humanity": 7,
    "merits": [{"name": "Linguistics", "level": 1, "summary": "French"}],
    "flaws": [{"name": "Suspect", "level": 1, "summary": ""}],
    "notes": "",
}
PROGENY_8: dict[str, Any] = {
    **PROGENY_1,
    "version": 8,
    "characterVersion": 3,
    "player": "Mika",
    "chronicle": "Salt",
    "sect": "Camarilla",
    "clanBane": "variant",
    "ephemeral": {
        "hunger": 4,
        "superficialDamage": 4,
        "aggravatedDamage": 3,
        "experienceSpent": 12,
        "humanityStains": 1,
        "superficialWillpowerDamage": 2,
        "aggravatedWillpowerDamage": 0,
    },
}

INCONNU: dict[str, Any] = {
    "name": "Robyn",
    "splat": "thin-blood",
    "health": "..///x",
    "willpower": ".....",
    "humanity": 8,
    "blood_potency": 0,
    "convictions": ["Never children."],
    "biography": "Born in 1999.",
    "description": "Small.",
    "traits": [
        {"name": "Strength", "rating": 3, "type": "attribute", "subtraits": []},
        {"name": "AnimalKen", "rating": 2, "type": "skill", "subtraits": ["Street_Dogs"]},
        {"name": "BloodSorcery", "rating": 1, "type": "discipline", "subtraits": ["Corrosive_Vitae"]},
        {"name": "Haven", "rating": 2, "type": "custom", "subtraits": []},
    ],
}

STRANGERS: list[tuple[Any, str]] = [
    ([], "no character"),
    ("text", "no character"),
    ({"type": "werewolf", "system": {"attributes": {}}}, "werewolf"),
    ({"type": "group", "system": {"groupType": "cell"}}, "group"),
    ({"type": "character", "system": {"abilities": {}, "attributes": {}}}, "another game"),
    ({"hello": 1}, "that we know"),
]
