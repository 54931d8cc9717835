"""Vampire, fifth edition: names, ranges and tables. No text of any rulebook."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sheets.lines import blood, traits
from sheets.lines.shape import (
    Choice,
    DiceFacts,
    Dots,
    Draft,
    Finding,
    Kind,
    Line,
    Purchase,
    Text,
    Together,
    Track,
    Whole,
)
from sheets.lines.traits import text, titles

ANIMALISM, AUSPEX, SORCERY, CELERITY, DOMINATE, FORTITUDE = (
    *("animalism", "auspex", "blood-sorcery", "celerity", "dominate", "fortitude"),
)
OBFUSCATE, OBLIVION, POTENCE, PRESENCE, PROTEAN, ALCHEMY = (
    *("obfuscate", "oblivion", "potence", "presence", "protean", "thin-blood-alchemy"),
)
DISCIPLINES = titles(
    *(ANIMALISM, AUSPEX, SORCERY, CELERITY, DOMINATE, FORTITUDE, OBFUSCATE, OBLIVION, POTENCE, PRESENCE, PROTEAN),
    **{ALCHEMY: "Thin-blood Alchemy"},
)
CLAN_DISCIPLINES: Mapping[str, tuple[str, ...]] = {
    "banu-haqim": (SORCERY, CELERITY, OBFUSCATE),
    "brujah": (CELERITY, POTENCE, PRESENCE),
    "gangrel": (ANIMALISM, FORTITUDE, PROTEAN),
    "hecata": (AUSPEX, FORTITUDE, OBLIVION),
    "lasombra": (DOMINATE, OBLIVION, POTENCE),
    "malkavian": (AUSPEX, DOMINATE, OBFUSCATE),
    "ministry": (OBFUSCATE, PRESENCE, PROTEAN),
    "nosferatu": (ANIMALISM, OBFUSCATE, POTENCE),
    "ravnos": (ANIMALISM, OBFUSCATE, PRESENCE),
    "salubri": (AUSPEX, DOMINATE, FORTITUDE),
    "toreador": (AUSPEX, CELERITY, PRESENCE),
    "tremere": (AUSPEX, SORCERY, DOMINATE),
    "tzimisce": (ANIMALISM, DOMINATE, PROTEAN),
    "ventrue": (DOMINATE, FORTITUDE, PRESENCE),
    "caitiff": (),
    "thin-blood": (),
}
CLANS = titles(*(name for name in CLAN_DISCIPLINES if name != "thin-blood"), **{"thin-blood": "Thin-blood"})
PREDATORS = titles(
    *("alleycat", "bagger", "blood-leech", "cleaver", "consensualist", "extortionist", "farmer", "graverobber"),
    *("grim-reaper", "montero", "osiris", "pursuer", "roadside-killer", "sandman", "scene-queen", "siren", "trapdoor"),
)
PREDATOR_HUMANITY = {
    **dict.fromkeys(("alleycat", "blood-leech", "montero", "pursuer"), -1),
    **dict.fromkeys(("consensualist", "farmer", "grim-reaper"), 1),
}
PREDATOR_POTENCY = {"blood-leech": 1}
RESONANCES = titles("choleric", "melancholy", "phlegmatic", "sanguine", "animal", "empty")
TEMPERAMENTS = titles("negligible", "fleeting", "intense", "acute")
RITUALS = {"ritual": "Ritual", "ceremony": "Ceremony", "formula": "Formula"}
BELONGS_TO = {"ritual": SORCERY, "ceremony": OBLIVION, "formula": ALCHEMY}
# What a sheet of this line is. Without blood of their own the others have no hunger, no blood potency, no generation.
VAMPIRE, GHOUL, MORTAL = "vampire", "ghoul", "mortal"
BEINGS = titles(VAMPIRE, GHOUL, MORTAL)
_OF_VAMPIRES = frozenset(
    ("predator", "sire", "generation", "blood_potency", "resonance", "temperament", "dyscrasia", "compulsion")
)
_OF_THE_BLOOD = frozenset(("clan", "domitor", "bane_variant", "bane", "disciplines", "powers", "rituals"))
ABSENT: Mapping[str, frozenset[str]] = {
    VAMPIRE: frozenset(),
    GHOUL: _OF_VAMPIRES,
    MORTAL: _OF_VAMPIRES | _OF_THE_BLOOD,
}
SECTS = ("Camarilla", "Anarch", "Sabbat", "Autarkis")
RESILIENCE = "resilience"
FREE_SPECIALTY_SKILLS = ("academics", "craft", "performance", "science")


def is_vampire(draft: Draft) -> bool:
    return bool(draft.fields["being"] == VAMPIRE)


def absent(draft: Draft) -> frozenset[str]:
    return ABSENT[draft.fields["being"]]


def ratings(draft: Draft) -> dict[str, int]:
    return {row["discipline"]: row["rating"] for row in draft.of("disciplines")}


def health(draft: Draft) -> int:
    """Stamina and three; whoever has the power Resilience adds Fortitude."""
    powers = () if draft.fields["being"] == MORTAL else draft.of("powers")
    resilient = any(row["name"].strip().casefold() == RESILIENCE for row in powers)
    fortitude = ratings(draft).get(FORTITUDE, 0) if resilient else 0
    return traits.bounded(draft.fields["stamina"] + 3 + fortitude + draft.fields["health_modifier"], 1, 20)


def discipline_purchase(draft: Draft, row: Mapping[str, Any], chronicle: Mapping[str, Any]) -> str:
    clan = draft.fields["clan"]
    if not is_vampire(draft):
        return "ghoul_discipline"
    if clan == "caitiff":
        return "caitiff_discipline"
    own = row["discipline"] in CLAN_DISCIPLINES.get(clan, ())
    granted = row["origin"] == "predator" and chronicle["predator_discipline_is_clan"]
    return "clan_discipline" if own or granted else "other_discipline"


DISCIPLINE = Choice(name="discipline", label="Discipline", codes=DISCIPLINES, default=ANIMALISM, free=50)
KINDS = (
    traits.TOUCHSTONES,
    traits.ADVANTAGE_ROWS,
    traits.SPECIALTIES,
    Kind(
        name="disciplines",
        one="Discipline",
        label="Disciplines",
        fields=(
            DISCIPLINE,
            Dots(name="rating", label="Rating"),
            # By the predator type: some tables count it as one of the clan's.
            Choice(name="origin", label="Comes from", codes={"clan": "Clan", "predator": "Predator type"}),
        ),
        most=20,
        unique=("discipline",),
        rating="rating",
        purchase=discipline_purchase,
        section="disciplines",
    ),
    Kind(
        name="powers",
        one="Power",
        label="Powers",
        fields=(
            DISCIPLINE,
            traits.named(),
            Dots(name="level", label="Level", default=1, low=1),
            Whole(name="cost", label="Rouse checks", default=0, low=0, high=5),
            Text(name="pool", label="Dice pool"),
            Choice(name="amalgam", label="Amalgam with", codes=DISCIPLINES),
            Dots(name="amalgam_level", label="Amalgam level"),
            traits.described(),
        ),
        most=60,
        unique=("discipline", "name"),
        section="disciplines",
    ),
    Kind(
        name="rituals",
        one="Ritual",
        label="Rituals, ceremonies, formulae",
        fields=(
            Choice(name="type", label="Type", codes=RITUALS, default="ritual"),
            traits.named(),
            Dots(name="level", label="Level", default=1, low=1),
            traits.described(),
        ),
        most=60,
        unique=("type", "name"),
        purchase="ritual",
        section="disciplines",
    ),
    traits.EQUIPMENT,
)

FIELDS = (
    *traits.person(),
    Choice(name="being", label="Being", codes=BEINGS, default=VAMPIRE, section="identity"),
    Choice(name="clan", label="Clan", codes=CLANS, section="identity"),
    Choice(name="predator", label="Predator type", codes=PREDATORS, free=50, section="identity"),
    text("sire", 100),
    Whole(name="generation", label="Generation", default=None, low=3, high=16, section="identity"),
    Text(name="sect", label="Sect", longest=50, section="identity", suggestions=SECTS),
    text("domitor", 100, section="blood"),
    *traits.attributes(),
    *traits.skills(),
    Dots(
        name="blood_potency",
        label="Blood potency",
        default=1,
        high=blood.HIGHEST,
        section="blood",
        purchase="blood_potency",
    ),
    Choice(name="resonance", label="Resonance", codes=RESONANCES, section="blood"),
    Choice(name="temperament", label="Temperament", codes=TEMPERAMENTS, section="blood"),
    text("dyscrasia", 200, section="blood"),
    Choice(
        name="bane_variant",
        label="Bane",
        codes={"default": "As the clan has it", "variant": "The variant"},
        default="default",
        section="blood",
    ),
    text("bane", 500, "Bane in your own words", section="blood"),
    text("compulsion", 200, section="blood"),
    text("true_age", 50, section="story"),
    text("apparent_age", 50, section="story"),
    text("birth_date", 50, section="story"),
    text("death_date", 50, section="story"),
    *traits.story(),
    *traits.modifiers(),
)
TRACKS = (
    Track(
        name="health",
        label="Health",
        most=health,
        damage=True,
        follows=frozenset({"being", "stamina", "health_modifier", "disciplines", "powers"}),
    ),
    traits.WILLPOWER,
    Track(name="hunger", label="Hunger", most=5, start=1, there=is_vampire, follows=frozenset({"being"})),
    Track(name="humanity", label="Humanity", most=10, start=7, stains=True),
)
COTERIE = Together(
    label="Coterie",
    fields=(
        text("name", 100, required=True),
        *(Dots(name=name, label=traits.words(name)) for name in ("chasse", "lien", "portillon")),
        traits.prose("merits", "Shared merits and flaws", 2000),
        traits.prose("notes", "What the coterie shares"),
    ),
)
PURCHASES = (
    Purchase(code="attribute", label="Attribute", rate=5),
    Purchase(code="skill", label="Skill", rate=3),
    Purchase(code="specialty", label="Specialty", rate=3, by="flat"),
    Purchase(code="clan_discipline", label="Clan discipline", rate=5),
    Purchase(code="other_discipline", label="Other discipline", rate=7),
    Purchase(code="caitiff_discipline", label="Discipline of a caitiff", rate=6),
    # One house rule has 10: the storyteller settles it.
    Purchase(code="ghoul_discipline", label="Discipline of a ghoul", rate=None),
    Purchase(code="ritual", label="Ritual, ceremony or formula", rate=3, by="dot"),
    Purchase(code="advantage", label="Advantage", rate=3, by="dot"),
    Purchase(code="blood_potency", label="Blood potency", rate=10),
)


# --- advice ---


def advice(draft: Draft, chronicle: Mapping[str, Any]) -> Iterator[Finding]:
    if draft.fields["being"] != MORTAL:
        yield from _powers(draft)
    if is_vampire(draft):
        yield from _blood(draft)


def creation(draft: Draft, chronicle: Mapping[str, Any]) -> Iterator[Finding]:
    """Of ghouls and mortals no source says more than the spreads that all share."""
    yield from traits.spread_findings(draft)
    if not is_vampire(draft):
        return
    yield from traits.advantage_findings(draft)
    yield from _new_disciplines(draft)
    yield from _new_specialties(draft)
    yield from _new_humanity(draft)
    pairs = sum(bool(row["conviction"]) for row in draft.of("touchstones"))
    if not 1 <= pairs <= 3:
        yield "touchstones", "A new character has one to three touchstones, each with a conviction."


def _powers(draft: Draft) -> Iterator[Finding]:
    rated, known = ratings(draft), Counter(row["discipline"] for row in draft.of("powers"))
    for discipline in sorted(rated.keys() | known.keys()):
        rating, count = rated.get(discipline, 0), known[discipline]
        if rating != count and discipline != ALCHEMY:
            name = DISCIPLINES.get(discipline, discipline)
            yield "disciplines", f"{name} is rated {rating}, and {count} of its powers are noted. Both are the same."
    for row in draft.of("powers"):
        if row["level"] > rated.get(row["discipline"], 0):
            yield "powers", f"{row['name']} is of level {row['level']}, above the rating of its discipline."
        if row["amalgam"] and rated.get(row["amalgam"], 0) < row["amalgam_level"]:
            yield "powers", f"{row['name']} needs {DISCIPLINES[row['amalgam']]} {row['amalgam_level']}."
    for row in draft.of("rituals"):
        if row["level"] > rated.get(BELONGS_TO[row["type"]], 0):
            name = DISCIPLINES[BELONGS_TO[row["type"]]]
            yield "rituals", f"{row['name']} is of level {row['level']}, above the rating of {name}."


def _blood(draft: Draft) -> Iterator[Finding]:
    generation, rating = draft.fields["generation"], draft.fields["blood_potency"]
    low, high = blood.ALLOWED.get(generation, (0, blood.HIGHEST))
    if not low <= rating <= high:
        yield "blood_potency", f"The generation {generation} has a blood potency from {low} to {high}."


def _new_disciplines(draft: Draft) -> Iterator[Finding]:
    clan, rated = draft.fields["clan"], ratings(draft)
    if clan == "thin-blood":
        return
    own = CLAN_DISCIPLINES.get(clan) or tuple(DISCIPLINES)
    if sum(rated.values()) != 4 or sum(rating > 0 for name, rating in rated.items() if name in own) < 2:
        yield "disciplines", "A new vampire has two disciplines of the clan at 2 and 1, and one dot by predator type."


def _new_specialties(draft: Draft) -> Iterator[Finding]:
    free = sum(draft.fields[name] > 0 for name in FREE_SPECIALTY_SKILLS)
    wanted = free + 2
    found = len(draft.of("specialties"))
    if found != wanted:
        yield (
            "specialties",
            f"A new character has {wanted} specialties: one for each of academics, craft, performance and science with "
            f"dots, one of choice, one by predator type. There are {found}.",
        )


def _new_humanity(draft: Draft) -> Iterator[Finding]:
    humanity = draft.tracks.get("humanity")
    expected = 7 + PREDATOR_HUMANITY.get(draft.fields["predator"], 0)
    if humanity is not None and humanity["value"] != expected:
        yield "tracks.humanity", f"A new vampire of this predator type begins with a humanity of {expected}."


def derived(draft: Draft, chronicle: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from blood potency, where there is any, and how remorse would be rolled."""
    humanity = draft.tracks.get("humanity", {"value": 0, "stains": 0})
    remorse = {"remorse_dice": max(1, 10 - humanity["value"] - humanity["stains"])}
    if not is_vampire(draft):
        return remorse
    return {"blood": dict(vars(blood.potency(draft.fields["blood_potency"], chronicle["bane_table"]))), **remorse}


PAID_BY_GHOULS = "A ghoul rolls no rouse checks: a power above level 1 costs one aggravated health."


def dice_facts(draft: Draft, chronicle: Mapping[str, Any]) -> DiceFacts:
    """Fury takes from a Brujah what their bane is severe."""
    if not is_vampire(draft):
        return DiceFacts(instead=PAID_BY_GHOULS if draft.fields["being"] == GHOUL else "")
    potency = blood.potency(draft.fields["blood_potency"], chronicle["bane_table"])
    fury = potency.bane if draft.fields["clan"] == "brujah" else 0
    return DiceFacts(potency.surge, potency.bonus, potency.reroll, fury)


LINE = Line(
    code="vtm",
    name="Vampire",
    fields=FIELDS,
    tracks=TRACKS,
    kinds=KINDS,
    purchases=PURCHASES,
    absent=absent,
    advice=advice,
    creation=creation,
    special="hunger",
    checks=("rouse", "remorse", "frenzy", "surge"),
    checked=("willpower", "humanity"),
    powers="disciplines",
    together=COTERIE,
    dice=dice_facts,
    derived=derived,
    notice=traits.NOTICE,
)
