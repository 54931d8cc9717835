"""Whom the photographs show besides the demo. All of it is ours."""

from collections.abc import Iterator
from typing import Any

FILES = {
    "hub-dark": "Handout: the hub as the audience has it",
    "character": "Isaura’s page",
    "overlay": "The drowned nave, with everybody who is left standing in it",
}
CHRONICLE: dict[str, Any] = {
    "slug": "salt-and-neon",
    "name": "Salt and Neon",
    "game_system": "Vampire: The Masquerade 5e",
    "description": "A harbour that pumps itself dry every night, and the dead who own the pumps.",
    "theme": {"preset": "crypt"},
}
CROWD: dict[str, Any] = {
    "slug": "the-whole-parish",
    "name": "The Whole Parish of Saint Ebb-under-the-Water and All Who Owe It",
    "game_system": "Pathfinder 2e",
    "description": "Everybody came.",
}
COTERIE: dict[str, Any] = {"name": "The Eel Market", "chasse": 2, "lien": 1, "portillon": 3}


def _rated(traits: str) -> dict[str, int]:
    words = traits.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


ELENA_IN_SHORT = "Reads the wrong verse aloud and stays to hear the answer."
ELENA: dict[str, Any] = {
    "name": "Elena Cross",
    "concept": "Night-shift paramedic",
    "pronouns": "she/her",
    "chronicle": "Salt and Neon",
    "ambition": "Learn who rang the bell",
    "desire": "One quiet night",
    "clan": "brujah",
    "predator": "alleycat",
    "sire": "Augustin Marl",
    "generation": 12,
    **_rated("strength 3 dexterity 3 stamina 2 charisma 2 manipulation 1 composure 2 intelligence 2 wits 4 resolve 3"),
    **_rated("athletics 3 brawl 3 streetwise 3 stealth 1 larceny 2 insight 2 intimidation 2 subterfuge 2 awareness 1"),
    **_rated("drive 2 medicine 2 melee 1 occult 1 technology 1 blood_potency 1"),
    "appearance": "Leather over scrubs, a chain of saints she does not believe in, and no breath in the cold.",
    "history": "Drove the night ambulance for nine years. The tenth year drove her.",
    "tenets": "Never feed on the unwilling. Never leave a door locked behind you.",
}
ELENA_ROWS: dict[str, list[dict[str, Any]]] = {
    "touchstones": [
        {"name": "Inés Calloway", "description": "Her partner on the ambulance", "conviction": "The hurt come first."},
        {"name": "Father Brandt", "conviction": "Never feed on the unwilling."},
    ],
    "disciplines": [
        {"discipline": "celerity", "rating": 2, "origin": "clan"},
        {"discipline": "potence", "rating": 2, "origin": "predator"},
    ],
    "powers": [
        {"discipline": "celerity", "name": "Quick as told", "level": 1},
        {"discipline": "potence", "name": "A heavier hand", "level": 1, "pool": "Strength + Brawl", "cost": 1},
    ],
    "advantages": [
        {"type": "background", "name": "Haven under the pumps", "dots": 2},
        {"type": "flaw", "name": "Followed", "dots": 1, "description": "Somebody counts her steps."},
    ],
    "specialties": [{"skill": "brawl", "name": "Grappling"}, {"skill": "medicine", "name": "First aid"}],
    "equipment": [{"name": "Trauma bag", "quantity": 1}],
}
JONAH: dict[str, Any] = {
    "name": "Jonah Adeyemi-Castellanos of the Harbour Watch",
    "concept": "Retired lock keeper",
    "creed": "faithful",
    **_rated("strength 2 dexterity 2 stamina 3 charisma 2 manipulation 2 composure 3 intelligence 3 wits 2 resolve 4"),
    **_rated("firearms 2 survival 3 investigation 3 occult 2"),
    "first_encounter": "The lock opened by itself, and what came through paid the toll.",
}
JONAH_ROWS: dict[str, list[dict[str, Any]]] = {
    "touchstones": [{"name": "His daughter Ife", "description": "Believes half of it."}],
    "edges": [{"edge": "arsenal"}, {"edge": "library"}],
    "specialties": [{"skill": "investigation", "name": "Ledgers"}],
}

LONGEST = "Maximiliana Theodora Wintergreen-Featherstonehaugh of the Lower Drowned Harbour, Called the Ninth Bell"


def crowd() -> Iterator[dict[str, Any]]:
    yield {
        "name": LONGEST,
        "class_name": "Investigator of Everything",
        "race": "Half-elf",
        "level": 20,
        "stats": _hp(99),
    }
    for number in range(2, 31):
        yield {"name": f"Parishioner {number}", "class_name": "Commoner", "level": 1, "stats": _hp(number + 3)}


def _hp(most: int) -> dict[str, Any]:
    return {"hp": {"max": most}, "ac": 12}
