"""Characters of Inconnu, a bot for Vampire: the body with which one is made, and the track strings that it stores."""

from collections.abc import Mapping
from typing import Any

from sheets.exchange.imported import Imported, coded, items, slug, whole
from sheets.lines import vampire
from sheets.lines.traits import ATTRIBUTE_NAMES, SKILL_NAMES


def recognises(document: Mapping[str, Any]) -> bool:
    return "splat" in document and isinstance(document.get("traits"), list)


def read(document: Mapping[str, Any]) -> Imported:
    found = Imported(vampire.LINE, "Inconnu")
    found.put("name", document.get("name"))
    found.put("history", document.get("biography"))
    found.put("appearance", document.get("description"))
    if slug(document.get("splat")) == "thin-blood":
        found.put("clan", "thin-blood")
    elif slug(document.get("splat")) in (vampire.GHOUL, vampire.MORTAL):
        found.put("being", slug(document.get("splat")))
    found.put_rating("blood_potency", whole(document.get("blood_potency") or document.get("potency") or 0))
    humanity, stains = whole(document.get("humanity")), whole(document.get("stains"))
    found.mark("humanity", value=humanity, stains=stains)
    found.mark("hunger", value=whole(document.get("hunger")))
    for track in ("health", "willpower"):
        if isinstance(document.get(track), str):
            row = document[track]
            found.mark(track, superficial=row.count("/"), aggravated=row.count("x"))
    for conviction in document.get("convictions") or []:
        if isinstance(conviction, str) and conviction.strip():
            found.add("touchstones", name="Conviction", conviction=conviction)
    for trait in items(document.get("traits")):
        _trait(found, trait)
    return found


def _trait(found: Imported, trait: Mapping[str, Any]) -> None:
    name, rating = slug(trait.get("name")), whole(trait.get("rating")) or 0
    plain = name.replace("-", "_")
    plain = "animal_ken" if plain in ("animalken", "animal_ken") else plain
    if plain in ATTRIBUTE_NAMES or plain in SKILL_NAMES:
        found.put_rating(plain, rating)
        for each in trait.get("subtraits") or []:
            if plain in SKILL_NAMES and isinstance(each, str):
                found.add("specialties", skill=plain, name=each.replace("_", " "))
    elif trait.get("type") == "discipline":
        code = _discipline(trait.get("name"))
        found.add("disciplines", discipline=code, rating=min(rating, 5))
        for each in trait.get("subtraits") or []:
            if isinstance(each, str):
                found.add("powers", discipline=code, name=each.replace("_", " "))
    elif rating:
        found.add("advantages", type="background", name=str(trait.get("name") or "").replace("_", " "), dots=rating)


def _discipline(name: Any) -> str:
    """BloodSorcery and Blood_Sorcery alike."""
    joined = {code.replace("-", ""): code for code in vampire.DISCIPLINES}
    return joined.get(slug(name).replace("-", ""), coded(vampire.DISCIPLINES, name))
