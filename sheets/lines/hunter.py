"""Hunter, fifth edition: names, ranges and tables. No text of any rulebook."""

from collections.abc import Iterator, Mapping
from typing import Any

from sheets.lines import traits
from sheets.lines.shape import Choice, Draft, Finding, Kind, Line, Purchase, Text, Together, Track
from sheets.lines.traits import prose, text, titles

CREEDS = titles("entrepreneurial", "faithful", "inquisitive", "martial", "underground")
DRIVES = titles("curiosity", "vengeance", "oath", "greed", "pride", "envy", "atonement")
ASSETS = ("arsenal", "fleet", "ordnance", "library", "experimental-medicine")
APTITUDES = ("improvised-gear", "global-access", "drone-jockey", "beast-whisperer", "turncoat")
ENDOWMENTS = (
    *("sense-the-unnatural", "repel-the-unnatural", "thwart-the-unnatural", "cleanse-the-unnatural"),
    *("artifact", "great-destiny", "unnatural-changes"),
)
EDGES = titles(*ASSETS, *APTITUDES, *ENDOWMENTS)
REPEATABLE_PERK = "creature specialization"

EDGE = Choice(name="edge", label="Edge", codes=EDGES, default="arsenal", free=50)
KINDS = (
    traits.MORTAL_TOUCHSTONES,
    traits.ADVANTAGE_ROWS,
    traits.SPECIALTIES,
    Kind(
        name="edges",
        one="Edge",
        label="Edges",
        fields=(EDGE, traits.described()),
        most=20,
        unique=("edge",),
        purchase="edge",
        section="edges",
    ),
    Kind(
        name="perks",
        one="Perk",
        label="Perks",
        fields=(EDGE, traits.named(), traits.described()),
        most=40,
        purchase="perk",
        section="edges",
    ),
    Kind(
        name="edge_pools",
        one="Pool",
        label="Pools of edges",
        fields=(EDGE, traits.named(), Text(name="pool", label="Dice pool", longest=200)),
        most=30,
        section="edges",
    ),
    traits.EQUIPMENT,
)
FIELDS = (
    *traits.person(),
    Choice(name="creed", label="Creed", codes=CREEDS, section="identity"),
    # `drive` is the skill.
    Choice(name="hunt_drive", label="Drive", codes=DRIVES, section="identity"),
    text("redemption", 300),
    text("age", 20),
    text("origin", 100),
    text("blood_type", 10),
    *traits.attributes(),
    *traits.skills(),
    text("creed_fields", 300, "Where desperation helps", section="creed"),
    text("current_mission", 500, section="creed"),
    prose("first_encounter"),
    *traits.story(),
    *traits.modifiers(),
)


def health(draft: Draft) -> int:
    return traits.bounded(draft.fields["stamina"] + 3 + draft.fields["health_modifier"], 1, 20)


TRACKS = (
    Track(name="health", label="Health", most=health, damage=True, follows=frozenset({"stamina", "health_modifier"})),
    traits.WILLPOWER,
    # A hunter who is in no cell has a pair of their own.
    Track(name="desperation", label="Desperation", most=5, start=1),
    Track(name="danger", label="Danger", most=5, start=1),
    Track(name="despair", label="Despair", most=1),
)
CELL = Together(
    label="Cell",
    fields=(text("name", 100, required=True), prose("notes", "What the cell shares")),
    tracks=("desperation", "danger"),
)
PURCHASES = (
    Purchase(code="attribute", label="Attribute", rate=5),
    Purchase(code="skill", label="Skill", rate=3),
    Purchase(code="specialty", label="Specialty", rate=3, by="flat"),
    Purchase(code="advantage", label="Advantage", rate=3, by="dot"),
    # No source settles these two: the storyteller looks them up and sets them for the chronicle.
    Purchase(code="edge", label="Edge", rate=None, by="flat"),
    Purchase(code="perk", label="Perk", rate=None, by="flat"),
)


def advice(draft: Draft, chronicle: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _perks(draft)
    if not draft.of("touchstones"):
        yield "touchstones", "A hunter without a touchstone recovers no willpower and counts as in despair."


def creation(draft: Draft, chronicle: Mapping[str, Any]) -> Iterator[Finding]:
    yield from traits.spread_findings(draft)
    yield from traits.advantage_findings(draft)
    bought = len(draft.of("edges")), len(draft.of("perks"))
    if bought not in {(2, 1), (1, 2)}:
        yield "edges", "A new hunter has two edges and one perk, or one edge and two perks."
    if len(draft.of("specialties")) != 3:
        yield "specialties", f"A new hunter has three specialties; there are {len(draft.of('specialties'))}."
    for name, word in (("creed", "creed"), ("hunt_drive", "drive")):
        if not draft.fields[name]:
            yield name, f"A new hunter has a {word}."


def _perks(draft: Draft) -> Iterator[Finding]:
    edges = {row["edge"] for row in draft.of("edges")}
    seen: set[tuple[str, str]] = set()
    for row in draft.of("perks"):
        if row["edge"] not in edges:
            yield "perks", f"{row['name']} belongs to an edge that is not there: {EDGES.get(row['edge'], row['edge'])}."
        name = row["name"].strip().casefold()
        if (row["edge"], name) in seen and name != REPEATABLE_PERK:
            yield "perks", f"{row['name']} is there twice."
        seen.add((row["edge"], name))


LINE = Line(
    code="htr",
    name="Hunter",
    fields=FIELDS,
    tracks=TRACKS,
    kinds=KINDS,
    purchases=PURCHASES,
    advice=advice,
    creation=creation,
    special="desperation",
    checked=("willpower",),
    together=CELL,
    notice=traits.NOTICE,
)
