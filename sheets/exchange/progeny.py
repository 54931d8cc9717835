"""Files of Progeny, a character creator for Vampire, from 1.0.0 (without a version) to 8."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sheets.exchange.imported import Imported, coded, items, mapping, slug, whole
from sheets.lines import vampire
from sheets.lines.traits import ATTRIBUTE_NAMES, SKILL_NAMES

NEWEST = 8
WORDS = ("sire", "chronicle", "sect", "ambition", "desire", "notes")


def recognises(document: Mapping[str, Any]) -> bool:
    return {"clan", "attributes", "skills", "disciplines"} <= document.keys() and isinstance(
        document["disciplines"], list
    )


def read(document: Mapping[str, Any]) -> Imported:
    found = Imported(vampire.LINE, "Progeny")
    if (whole(document.get("version")) or 0) > NEWEST:
        found.findings.append(("", f"The file is newer than version {NEWEST}; look whether everything came along."))
    found.put("name", document.get("name"))
    found.put("concept", document.get("description"))
    for name in WORDS:
        found.put(name, document.get(name))
    found.put("clan", coded(vampire.CLANS, document.get("clan")))
    found.put("bane_variant", "variant" if slug(document.get("clanBane")) == "variant" else "default")
    predator = mapping(document.get("predatorType"))
    found.put("predator", coded(vampire.PREDATORS, predator.get("name")))
    _traits(found, document)
    _powers(found, document, predator)
    _rest(found, document)
    _ephemeral(found, document)
    return found


def _traits(found: Imported, document: Mapping[str, Any]) -> None:
    for name in ATTRIBUTE_NAMES:
        found.put_rating(name, whole(mapping(document.get("attributes")).get(name)))
    skills = {slug(key).replace("-", "_"): value for key, value in mapping(document.get("skills")).items()}
    for name in SKILL_NAMES:
        found.put_rating(name, whole(skills.get(name)))
    found.put_rating("blood_potency", whole(document.get("bloodPotency")))
    found.put("generation", whole(document.get("generation")))
    predator = mapping(document.get("predatorType"))
    for picked in [*items(document.get("skillSpecialties")), *items(predator.get("pickedSpecialties"))]:
        if picked.get("name"):  # empty ones occur
            skill = slug(picked.get("skill")).replace("-", "_")
            found.add("specialties", skill=skill, name=str(picked["name"]))


def _powers(found: Imported, document: Mapping[str, Any], predator: Mapping[str, Any]) -> None:
    """A rating is the number of powers known."""
    known: Counter[str] = Counter()
    for power in items(document.get("disciplines")):
        discipline, amalgam = (
            coded(vampire.DISCIPLINES, power.get("discipline")),
            items(power.get("amalgamPrerequisites")),
        )
        known[discipline] += 1
        needs = mapping(amalgam[0]) if amalgam else {}
        found.add(
            "powers",
            discipline=discipline,
            name=str(power.get("name") or ""),
            level=whole(power.get("level")) or 1,
            cost=whole(power.get("rouseChecks")) or 0,
            pool=str(power.get("dicePool") or ""),
            amalgam=coded(vampire.DISCIPLINES, needs.get("discipline")),
            amalgam_level=whole(needs.get("level")) or 0,
            description=str(power.get("description") or ""),
        )
    granted = coded(vampire.DISCIPLINES, predator.get("pickedDiscipline"))
    own = vampire.CLAN_DISCIPLINES.get(found.fields.get("clan", ""), ())
    for name, rating in known.items():
        origin = "clan" if name in own else ("predator" if name == granted else "")
        found.add("disciplines", discipline=name, rating=min(rating, 5), origin=origin)
    for type_, key in (("ritual", "rituals"), ("ceremony", "ceremonies")):
        for row in items(document.get(key)):
            found.add("rituals", type=type_, name=str(row.get("name") or ""), level=whole(row.get("level")) or 1)


def _rest(found: Imported, document: Mapping[str, Any]) -> None:
    predator = mapping(document.get("predatorType"))
    chosen = [("merit", row) for row in items(document.get("merits"))]
    chosen += [("flaw", row) for row in items(document.get("flaws"))]
    chosen += [(str(row.get("type") or "merit"), row) for row in items(predator.get("pickedMeritsAndFlaws"))]
    for type_, row in chosen:
        words, dots = str(row.get("summary") or row.get("description") or ""), whole(row.get("level")) or 0
        found.add("advantages", type=type_, name=str(row.get("name") or ""), dots=dots, description=words)
    for row in items(document.get("touchstones")):
        if row.get("name"):  # empty ones occur
            facts = {key: str(row.get(key) or "") for key in ("name", "description", "conviction")}
            found.add("touchstones", **facts)


def _ephemeral(found: Imported, document: Mapping[str, Any]) -> None:
    """The superficial count there is the place of the last box that is damaged at all: it includes the aggravated."""
    now = mapping(document.get("ephemeral"))
    for track, superficial, aggravated in (
        ("health", "superficialDamage", "aggravatedDamage"),
        ("willpower", "superficialWillpowerDamage", "aggravatedWillpowerDamage"),
    ):
        worse = whole(now.get(aggravated)) or 0
        found.mark(track, superficial=max((whole(now.get(superficial)) or 0) - worse, 0), aggravated=worse)
    found.mark("hunger", value=whole(now.get("hunger")))
    found.mark("humanity", value=whole(document.get("humanity")), stains=whole(now.get("humanityStains")))
    found.hold(whole(document.get("experience")) or 0, whole(now.get("experienceSpent")) or 0)
