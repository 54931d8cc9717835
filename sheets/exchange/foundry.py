"""Actors of Foundry's WoD5E system (once vtm5e): as it has been since 5.0, and the shape before that."""

from collections.abc import Mapping
from typing import Any

from characters.importers.plain_text import plain_text
from sheets.exchange.imported import Imported, coded, items, mapping, slug, whole
from sheets.lines import hunter, vampire
from sheets.lines.shape import Line
from sheets.lines.traits import ATTRIBUTE_NAMES, SKILL_NAMES

LINES: Mapping[str, Line] = {
    "vampire": vampire.LINE,
    "ghoul": vampire.LINE,
    "mortal": vampire.LINE,
    "hunter": hunter.LINE,
}
DISCIPLINES = {"sorcery": vampire.SORCERY, "alchemy": vampire.ALCHEMY}
RITUALS = {"rituals": "ritual", "ceremonies": "ceremony", "alchemy": "formula"}
PROSE = {"appearance": "appearance", "biography": "history", "notes": "notes", "privatenotes": "private_notes"}
HEADERS = ("concept", "chronicle", "ambition", "desire", "sire", "domitor")


def recognises(document: Mapping[str, Any]) -> bool:
    return str(document.get("type")) in LINES and "attributes" in mapping(
        document.get("system") or document.get("data")
    )


def read(document: Mapping[str, Any]) -> Imported:
    system = mapping(document.get("system") or document.get("data"))
    found = Imported(LINES[str(document["type"])], "Foundry WoD5E")
    found.put("name", document.get("name"))
    if document["type"] in (vampire.GHOUL, vampire.MORTAL):
        found.put("being", document["type"])
    _traits(found, system)
    _words(found, system)
    _blood(found, system)
    _tracks(found, system)
    _experience(found, system)
    for item in items(document.get("items")):
        reader = ITEMS.get(str(item.get("type")))
        if reader is not None:
            reader(found, str(item.get("name") or ""), mapping(item.get("system") or item.get("data")))
    _disciplines(found, system)
    _edges(found, system)
    return found


def _traits(found: Imported, system: Mapping[str, Any]) -> None:
    for name in ATTRIBUTE_NAMES:
        found.put_rating(name, whole(mapping(mapping(system.get("attributes")).get(name)).get("value")))
    for key, skill in mapping(system.get("skills")).items():
        name = _skill(key)
        if name not in SKILL_NAMES:
            continue
        found.put_rating(name, whole(mapping(skill).get("value")))
        for bonus in items(mapping(skill).get("bonuses")):
            found.add("specialties", skill=name, name=str(bonus.get("source") or ""))


def _skill(key: str) -> str:
    return "animal_ken" if slug(key) in ("animalken", "animal-ken") else key


def _words(found: Imported, system: Mapping[str, Any]) -> None:
    headers = mapping(system.get("headers"))
    for name in HEADERS:
        found.put(name, plain_text(headers.get(name), 200))
    found.put("tenets", plain_text(headers.get("tenets"), 1000))
    for theirs, ours in PROSE.items():
        found.put(ours, plain_text(system.get(theirs), 4000))
    for line in plain_text(headers.get("touchstones"), 4000).splitlines():
        name, _, rest = line.strip().partition(": ")
        if name:
            found.add("touchstones", name=name, description=rest)
    codes = {"clan": vampire.CLANS, "predator": vampire.PREDATORS, "creed": hunter.CREEDS, "drive": hunter.DRIVES}
    for theirs, ours in (("clan", "clan"), ("predator", "predator"), ("creed", "creed"), ("drive", "hunt_drive")):
        said = headers.get(theirs) or mapping(system.get(theirs)).get("value")
        found.put(ours, coded(codes[theirs], said))
    found.put("bane", plain_text(headers.get("bane"), 500))


def _blood(found: Imported, system: Mapping[str, Any]) -> None:
    blood = mapping(system.get("blood"))
    generation = blood.get("generation") or mapping(system.get("headers")).get("generation")
    found.put_rating("blood_potency", whole(blood.get("potency")))
    digits = "".join(each for each in str(generation or "") if each.isdecimal())[:2]
    found.put("generation", int(digits) if digits else None)
    found.put("resonance", coded(vampire.RESONANCES, blood.get("resonance")))


def _tracks(found: Imported, system: Mapping[str, Any]) -> None:
    for name in ("health", "willpower"):
        track = mapping(system.get(name))
        found.mark(name, superficial=whole(track.get("superficial")), aggravated=whole(track.get("aggravated")))
    for name in ("hunger", "desperation", "danger", "despair"):
        found.mark(name, value=whole(mapping(system.get(name)).get("value")))
    humanity = mapping(system.get("humanity"))
    found.mark("humanity", value=whole(humanity.get("value")), stains=whole(humanity.get("stains")))


def _experience(found: Imported, system: Mapping[str, Any]) -> None:
    """Entries above zero are earned; what is left is what there was and all entries together."""
    held = mapping(system.get("exp"))
    amounts = [whole(entry.get("value")) or 0 for entry in items(system.get("experiences"))]
    earned = (whole(held.get("max")) or 0) + sum(amount for amount in amounts if amount > 0)
    left = (whole(held.get("value")) or 0) + sum(amounts)
    found.hold(earned, earned - left)


def _disciplines(found: Imported, system: Mapping[str, Any]) -> None:
    """A rating is the number of powers known, whatever the file writes there; without powers, what it writes."""
    if "disciplines" not in found.line.kinds_by_name:
        return
    known: dict[str, int] = {}
    for row in found.rows.get("powers", []):
        known[row["discipline"]] = known.get(row["discipline"], 0) + 1
    for key, discipline in mapping(system.get("disciplines")).items():
        name, rating = DISCIPLINES.get(key, key), whole(mapping(discipline).get("value")) or 0
        if key not in ("rituals", "ceremonies") and rating and name not in known:
            known[name] = rating
    own = vampire.CLAN_DISCIPLINES.get(found.fields.get("clan", ""), ())
    for name, rating in known.items():
        found.add("disciplines", discipline=name, rating=min(rating, 5), origin="clan" if name in own else "")


def _edges(found: Imported, system: Mapping[str, Any]) -> None:
    for key, edge in mapping(system.get("edges")).items():
        if whole(mapping(edge).get("value")) or mapping(edge).get("visible"):
            found.add(
                "edges", edge=coded(hunter.EDGES, key), description=plain_text(mapping(edge).get("description"), 2000)
            )


# --- items ---


def _power(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    key, level = str(item.get("discipline") or ""), whole(item.get("level")) or 1
    words = plain_text(item.get("description"), 2000)
    if key in RITUALS:
        found.add("rituals", type=RITUALS[key], name=name, level=level, description=words)
        return
    facts = {"cost": whole(item.get("cost")) or 0, "pool": _pool(item.get("dicepool")), "description": words}
    found.add("powers", discipline=DISCIPLINES.get(key, key), name=name, level=level, **facts)


def _pool(pool: Any) -> str:
    if isinstance(pool, str):
        return pool
    parts = [str(mapping(part).get("path", "")).rpartition(".")[2] for part in mapping(pool).values()]
    return " + ".join(part.capitalize() for part in parts if part)


def _feature(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    type_ = str(item.get("featuretype") or "background")
    words = plain_text(item.get("description"), 2000)
    found.add("advantages", type=type_, name=name, dots=whole(item.get("points")) or 0, description=words)


def _thing(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    facts = {"damage": whole(item.get("weaponvalue")), "armour": whole(item.get("armorvalue"))}
    quantity, words = whole(item.get("quantity")), plain_text(item.get("description"), 1000)
    found.add("equipment", name=name, quantity=1 if quantity is None else quantity, description=words, **facts)


def _specialty(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    found.add("specialties", skill=_skill(str(item.get("skill") or "")), name=name)


def _drive(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    found.put("hunt_drive", coded(hunter.DRIVES, name))
    found.put("redemption", plain_text(item.get("redemption"), 300))


def _perk(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    edge, words = coded(hunter.EDGES, item.get("edge")), plain_text(item.get("description"), 2000)
    found.add("perks", edge=edge, name=name, description=words)


def _edge_pool(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    found.add("edge_pools", edge=coded(hunter.EDGES, item.get("edge")), name=name, pool=_pool(item.get("dicepool")))


def _boon(found: Imported, name: str, item: Mapping[str, Any]) -> None:
    found.add("advantages", type="boon", name=name, description=plain_text(item.get("description"), 2000))


ITEMS: Mapping[str, Any] = {
    "power": _power,
    "feature": _feature,
    "boon": _boon,
    "gear": _thing,
    "weapon": _thing,
    "armor": _thing,
    "specialty": _specialty,
    "clan": lambda found, name, item: found.put("clan", coded(vampire.CLANS, name)),
    "predatorType": lambda found, name, item: found.put("predator", coded(vampire.PREDATORS, name)),
    "resonance": lambda found, name, item: found.put("resonance", coded(vampire.RESONANCES, name)),
    "creed": lambda found, name, item: found.put("creed", coded(hunter.CREEDS, name)),
    "drive": _drive,
    "perk": _perk,
    "edgepool": _edge_pool,
}
