"""What Vampire and Hunter share: attributes, skills, words about a person, rows, health and willpower."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sheets.lines.shape import (
    OWNER,
    STORYTELLER,
    Choice,
    Dots,
    Draft,
    Field,
    Finding,
    Flag,
    Kind,
    Text,
    Track,
    Whole,
)

PHYSICAL, SOCIAL, MENTAL = "physical", "social", "mental"
ATTRIBUTES: Mapping[str, Sequence[str]] = {
    PHYSICAL: ("strength", "dexterity", "stamina"),
    SOCIAL: ("charisma", "manipulation", "composure"),
    MENTAL: ("intelligence", "wits", "resolve"),
}
SKILLS: Mapping[str, Sequence[str]] = {
    PHYSICAL: (
        *("athletics", "brawl", "craft", "drive", "firearms"),
        *("larceny", "melee", "stealth", "survival"),
    ),
    SOCIAL: (
        *("animal_ken", "etiquette", "insight", "intimidation", "leadership"),
        *("performance", "persuasion", "streetwise", "subterfuge"),
    ),
    MENTAL: (
        *("academics", "awareness", "finance", "investigation", "medicine"),
        *("occult", "politics", "science", "technology"),
    ),
}
ATTRIBUTE_NAMES = tuple(name for names in ATTRIBUTES.values() for name in names)
SKILL_NAMES = tuple(name for names in SKILLS.values() for name in names)
COLUMN_OF = {name: column for group in (ATTRIBUTES, SKILLS) for column, names in group.items() for name in names}

# Sorted ratings of a new character. (The first printing had four at 3 and three at 2; the errata of 2019 corrected it.)
ATTRIBUTE_SPREAD = (4, 3, 3, 3, 2, 2, 2, 2, 1)
# Ratings above 0, each as rating to how many skills.
SKILL_SPREADS: Mapping[str, Mapping[int, int]] = {
    "jack of all trades": {3: 1, 2: 8, 1: 10},
    "balanced": {3: 3, 2: 5, 1: 7},
    "specialist": {4: 1, 3: 3, 2: 3, 1: 3},
}
ADVANTAGES = {
    "background": "Background",
    "merit": "Merit",
    "flaw": "Flaw",
    "loresheet": "Loresheet",
    "boon": "Boon",
}
NOTICE = (
    "Portions of the materials are the copyrights and trademarks of Paradox Interactive AB, and are used with "
    "permission. All rights reserved. For more information please visit worldofdarkness.com."
)


def words(name: str) -> str:
    """animal_ken → Animal ken"""
    return name.replace("_", " ").replace("-", " ").capitalize()


def titles(*codes: str, **others: str) -> dict[str, str]:
    """Codes with names in capitals: experimental-medicine → Experimental Medicine."""
    return {code: code.replace("_", " ").replace("-", " ").title() for code in codes} | others


def attributes() -> tuple[Field, ...]:
    return tuple(
        Dots(name=name, label=words(name), default=1, low=1, section="attributes", column=column, purchase="attribute")
        for column, names in ATTRIBUTES.items()
        for name in names
    )


def skills() -> tuple[Field, ...]:
    return tuple(
        Dots(name=name, label=words(name), section="skills", column=column, purchase="skill")
        for column, names in SKILLS.items()
        for name in names
    )


def text(name: str, longest: int, label: str = "", *, section: str = "identity", **more: Any) -> Text:
    return Text(name=name, label=label or words(name), longest=longest, section=section, **more)


def prose(name: str, label: str = "", longest: int = 8000, **more: Any) -> Text:
    return text(name, longest, label, section=more.pop("section", "story"), multiline=True, **more)


def person() -> tuple[Field, ...]:
    """Words about whom the sheet is of. A name that is never empty stands first."""
    return (
        text("name", 100, required=True),
        text("concept", 200),
        text("pronouns", 50),
        text("chronicle", 100),
        text("ambition", 200),
        text("desire", 200),
    )


def story() -> tuple[Field, ...]:
    return (
        prose("appearance", longest=4000),
        prose("history"),
        prose("tenets", "Chronicle tenets", 1000),
        prose("notes", "Notes for the table", section="notes"),
        prose("private_notes", "Notes of your own", section="notes", reader=OWNER),
        prose("storyteller_notes", "Storyteller's notes", section="notes", reader=STORYTELLER),
    )


def modifiers() -> tuple[Field, ...]:
    return (
        Whole(name="health_modifier", label="Health modifier", default=0, low=-5, high=10, section="modifiers"),
        Whole(name="willpower_modifier", label="Willpower modifier", default=0, low=-5, high=5, section="modifiers"),
        Flag(name="creation_complete", label="Creation is complete", section="modifiers"),
    )


def willpower(draft: Draft) -> int:
    total = draft.fields["composure"] + draft.fields["resolve"] + draft.fields["willpower_modifier"]
    return bounded(total, 1, 15)


def bounded(value: int, low: int, high: int) -> int:
    return min(max(value, low), high)


WILLPOWER = Track(
    name="willpower",
    label="Willpower",
    most=willpower,
    damage=True,
    follows=frozenset({"composure", "resolve", "willpower_modifier"}),
)


def named(longest: int = 100) -> Text:
    return Text(name="name", label="Name", longest=longest, required=True)


def described(longest: int = 2000) -> Text:
    return Text(name="description", label="In your own words", longest=longest, multiline=True)


TOUCHSTONES = Kind(
    name="touchstones",
    one="Touchstone",
    label="Touchstones",
    fields=(named(), described(1000), Text(name="conviction", label="Conviction", longest=200)),
    most=5,
    section="touchstones",
)
MORTAL_TOUCHSTONES = Kind(
    name="touchstones",
    one="Touchstone",
    label="Touchstones",
    fields=(named(), described(1000)),
    most=5,
    section="touchstones",
)
ADVANTAGE_ROWS = Kind(
    name="advantages",
    one="Advantage",
    label="Advantages",
    fields=(
        Choice(name="type", label="Type", codes=ADVANTAGES, default="background"),
        named(),
        Dots(name="dots", label="Dots"),
        described(),
    ),
    most=40,
    rating="dots",
    purchase="advantage",
    section="advantages",
)
SPECIALTIES = Kind(
    name="specialties",
    one="Specialty",
    label="Specialties",
    fields=(
        Choice(name="skill", label="Skill", codes={name: words(name) for name in SKILL_NAMES}, default="academics"),
        named(50),
    ),
    most=60,
    unique=("skill", "name"),
    purchase="specialty",
    section="skills",
)
EQUIPMENT = Kind(
    name="equipment",
    one="Item",
    label="Equipment",
    fields=(
        named(),
        Whole(name="quantity", label="Quantity", default=1, low=0, high=999),
        Whole(name="damage", label="Weapon damage", low=0, high=20),
        Whole(name="armour", label="Armour", low=0, high=20),
        described(1000),
    ),
    most=60,
    section="equipment",
)


def spread_findings(draft: Draft) -> Iterator[Finding]:
    """Attributes and skills of a new character, the same for both lines."""
    ratings = sorted((draft.fields[name] for name in ATTRIBUTE_NAMES), reverse=True)
    if tuple(ratings) != ATTRIBUTE_SPREAD:
        yield "attributes", "A new character has one attribute at 4, three at 3, four at 2 and one at 1."
    trained = Counter(draft.fields[name] for name in SKILL_NAMES if draft.fields[name])
    if dict(trained) not in [dict(spread) for spread in SKILL_SPREADS.values()]:
        known = "; ".join(f"{name}: {_spread(spread)}" for name, spread in SKILL_SPREADS.items())
        yield "skills", f"A new character's skills follow one of three spreads. {known}."


def _spread(spread: Mapping[int, int]) -> str:
    return ", ".join(f"{count} at {rating}" for rating, count in spread.items())


def advantage_findings(draft: Draft, dots: int = 7, flaws: int = 2) -> Iterator[Finding]:
    taken, suffered = advantage_dots(draft)
    if taken != dots:
        yield "advantages", f"A new character has {dots} dots of advantages, besides granted ones; there are {taken}."
    if suffered != flaws:
        yield "advantages", f"A new character has {flaws} dots of flaws, besides granted ones; there are {suffered}."


def advantage_dots(draft: Draft) -> tuple[int, int]:
    """Of advantages, of flaws."""
    flaws = sum(row["dots"] for row in draft.of("advantages") if row["type"] == "flaw")
    return sum(row["dots"] for row in draft.of("advantages")) - flaws, flaws
