"""The Ferryman's Bell: campaign, people and episodes of the demo. All of it is ours; nothing comes from a rulebook."""

from typing import Any

SLUG = "the-ferrymans-bell"
GM = "maren"
PLAYERS = {"noor": "Noor", "teo": "Teo", "ada": "Ada", "jules": "Jules", "ines": "Ines"}

CAMPAIGN: dict[str, Any] = {
    "name": "The Ferryman’s Bell",
    "game_system": "Fifth edition",
    "description": (
        "The lake is gone. The bell still calls the ferry.\n\n"
        "Lowmere drowned eighty years ago. When the lake drained, a forest grew where the town had stood, and the bell "
        "under its roots still rings for a ferry that has no water. Six debtors each owe it one crossing."
    ),
    "theme": {"preset": "limelight"},
}


def _abilities(*scores: int) -> dict[str, int]:
    return dict(zip(("str", "dex", "con", "int", "wis", "cha"), scores, strict=True))


ON_STAGE: list[dict[str, Any]] = [
    {
        "name": "Isaura Vane",
        "player": "noor",
        "class_name": "Bard",
        "race": "Half-elf",
        "level": 7,
        "accent": "#f0bd4f",
        "portrait": "isaura-vane",
        "summary": "Sings for the drowned and is paid in secrets. Keeps each of them written in the hem of her coat.",
        "appearance": "Gold thread, ink-stained cuffs, a laugh that arrives a beat before the joke.",
        "gm_notes": "Her debt: she promised the bell her singing voice, and has not been told the date.",
        "stats": {"hp": {"max": 45}, "ac": 16, "abilities": _abilities(8, 16, 14, 12, 10, 18)},
    },
    {
        "name": "Bram Oakhollow",
        "player": "teo",
        "class_name": "Cleric",
        "race": "Dwarf",
        "level": 7,
        "accent": "#6cc5b0",
        "portrait": "bram-oakhollow",
        "summary": "Buried his order one by one and took their vows on himself. There are eleven. He keeps nine.",
        "appearance": "A beard with a bell plaited into it, so that the dead hear him coming.",
        "gm_notes": "The tenth vow is the one the ferryman wants broken.",
        "stats": {"hp": {"max": 61}, "ac": 19, "abilities": _abilities(16, 8, 16, 10, 18, 12)},
    },
    {
        "name": "Sister Quill",
        "player": "ada",
        "class_name": "Warlock",
        "race": "Tiefling",
        "level": 7,
        "accent": "#c58bff",
        "portrait": "sister-quill",
        "summary": "Left the convent with its ledger. Its creditors have followed ever since, some of them alive.",
        "appearance": "A veil, a pen behind each horn, and the habit of writing down what you are about to say.",
        "gm_notes": "Her patron is the missing page.",
        "stats": {"hp": {"max": 40}, "ac": 14, "abilities": _abilities(10, 14, 13, 14, 11, 18)},
    },
    {
        "name": "Tamsin Reed",
        "player": "jules",
        "class_name": "Rogue",
        "race": "Human",
        "level": 7,
        "accent": "#ff9d6c",
        "portrait": "tamsin-reed",
        "hp_display": "bar",
        "summary": "Sells keys to doors that are not hers. Returns them, too, for a second fee.",
        "appearance": "Short, quick, and always standing where the light is worst.",
        "stats": {"hp": {"max": 38}, "ac": 15, "abilities": _abilities(10, 18, 12, 13, 12, 14)},
    },
    {
        "name": "Grale",
        "player": "ines",
        "class_name": "Ranger",
        "race": "Tidebound",
        "level": 6,
        "accent": "#9ad0ff",
        "portrait": "grale",
        "hp_display": "band",
        "summary": "Born the night the lake left. Has never seen open water and can tell you where all of it went.",
        "appearance": "Grey as wet slate; hair like rope left out in the rain.",
        "stats": {"hp": {"max": 52}, "ac": 15, "abilities": _abilities(13, 16, 14, 10, 16, 9)},
    },
    {
        "name": "Elena Cross",
        "player_name": "Mika",
        "class_name": "Brujah",
        "race": "",
        "level": 0,
        "status": "guest",
        "accent": "#e5484d",
        "portrait": "elena-cross",
        "summary": "A guest from another city and another game, who read the wrong verse aloud.",
        "appearance": "Leather, a chain of saints she does not believe in, and no breath in the cold.",
        "stats": {
            "ac": 0,
            "tracks": {
                "health": {"max": 7, "superficial": 0, "aggravated": 0},
                "willpower": {"max": 5, "superficial": 1, "aggravated": 0},
                "hunger": {"value": 2, "max": 5},
                "humanity": {"value": 7, "stains": 0, "max": 10},
            },
        },
    },
]

CAST: list[dict[str, Any]] = [
    {
        "name": "The Crow",
        "player_name": "Sami",
        "class_name": "Nobody knows",
        "level": 7,
        "hp_display": "hidden",
        "accent": "#b8b0c5",
        "summary": "Came up with the tide that never came back.",
        "stats": {"hp": {"max": 44}, "ac": 17},
    },
    {
        "name": "Maud of the Salt",
        "class_name": "Merchant",
        "race": "Human",
        "level": 1,
        "status": "guest",
        "summary": "Buys in silver, sells in years.",
        "stats": {"hp": {"max": 9}, "ac": 11},
    },
    {
        "name": "Hesper Ashdown",
        "class_name": "Fighter",
        "race": "Dragonborn",
        "level": 5,
        "status": "retired",
        "player": "teo",
        "summary": "Paid off the debt and opened an inn on dry ground.",
        "stats": {"hp": {"max": 49}, "ac": 18},
    },
    {
        "name": "Captain Orr",
        "class_name": "Paladin",
        "race": "Goliath",
        "level": 6,
        "status": "dead",
        "player": "ines",
        "summary": "Held the long pier until the last boat. There was no last boat.",
        "stats": {"hp": {"max": 58}, "ac": 18},
    },
    {
        "name": "The Toll-Keeper",
        "class_name": "",
        "race": "Drowned",
        "level": 9,
        "is_secret": True,
        "gm_notes": "Appears when somebody says a name three times. Two so far.",
        "stats": {"hp": {"max": 120}, "ac": 17},
    },
]

# from, to, words, since which episode, note
RELATIONSHIPS: list[tuple[str, str, str, int | None, str]] = [
    ("Isaura Vane", "Bram Oakhollow", "Followed him into deep water, twice", 3, ""),
    (
        "Bram Oakhollow",
        "Isaura Vane",
        "Sworn to protect, by the seventh vow",
        1,
        "He has not told her which debt it pays.",
    ),
    ("Isaura Vane", "Sister Quill", "Owes her a name", 10, ""),
    ("Sister Quill", "Isaura Vane", "Gave up her own name so that Isaura kept hers", 10, "It stood on the torn page."),
    ("Sister Quill", "Elena Cross", "Writes down what she dreams", 10, ""),
    ("Elena Cross", "Sister Quill", "Reads it, when Quill is not looking", None, ""),
    ("Tamsin Reed", "Maud of the Salt", "Sold her a door", 9, ""),
    ("Maud of the Salt", "Tamsin Reed", "Wants two prices for it", 9, ""),
    ("Grale", "Captain Orr", "Rows the boat that did not come", 8, ""),
    ("Captain Orr", "Isaura Vane", "Taught her the whistle", 2, "Died on the long pier. She has not blown it since."),
    ("Isaura Vane", "The Crow", "Knows what it saw her sign", 4, ""),
    ("Hesper Ashdown", "Grale", "Keeps a room for him on dry ground", 7, ""),
]
# The same, for the GM alone.
SECRET_RELATIONSHIPS: list[tuple[str, str, str, int | None, str]] = [
    ("Tamsin Reed", "Sister Quill", "Has the missing page", 12, "She does not know what it is worth."),
    ("The Toll-Keeper", "Bram Oakhollow", "Waits for the tenth vow", None, ""),
]

# number, season, title, weeks before today, minutes, summary
EPISODES: list[tuple[int, int, str, int, int, str]] = [
    (1, 1, "The Bell Under the Roots", 18, 187, "Six strangers hear the same bell, on the same night, in six towns."),
    (2, 1, "Dry Dock", 17, 202, "A ship in a forest, its anchor down, its crew at supper."),
    (3, 1, "What the Eels Knew", 16, 175, "A market that only opens when it rains."),
    (4, 1, "Interest", 15, 214, "The ferryman sends the first bill. It is itemised."),
    (5, 1, "The Lantern Choir", 14, 190, "Forty children who do not cast shadows sing for their keep."),
    (6, 1, "Wick", 13, 221, "Something small burns very bright, once."),
    (7, 2, "Low Water", 12, 199, "A year on, the bell rings at noon, and the debtors come home."),
    (8, 2, "The Long Pier", 11, 244, "Captain Orr holds the pier until the last boat. There is no last boat."),
    (9, 2, "Maud Sells a Door", 9, 177, "A door, two prices, and nobody asks what is on the other side."),
    (10, 2, "Salt in the Hymnal", 6, 208, "Elena Cross reads the wrong verse aloud. The congregation answers."),
    (11, 2, "A Supper for Drowned Men", 3, 192, "Eleven empty chairs, one host, and a menu that lists the guests."),
]
LAST_EPISODE = {
    "number": 12,
    "season": 2,
    "title": "What the Lake Kept",
    "summary": (
        "The toll-house wants a name for passage and Sister Quill has one to spare. Under the drowned nave the party "
        "fights the choir twice, rings the second bell by mistake, and crawls ashore with the ferryman’s ledger and "
        "one page torn out."
    ),
}
NEXT_EPISODE = {
    "number": 13,
    "season": 2,
    "title": "The Rope and the Toll",
    "summary": "Somebody has to climb the bell tower. Somebody has to hold the rope.",
}
