"""Who is on the desk, and what can be done to them."""

from typing import Any

from characters.plates import Plate, plate
from overlay.desk.orders import TRACK

PLAYED = ("active", "guest")
KINDS = (
    *("slashing", "piercing", "bludgeoning", "fire", "cold", "lightning", "thunder", "acid", "poison"),
    *("necrotic", "radiant", "psychic", "force"),
)
# A row of boxes is marked in two ways; humanity takes stains besides.
EMPTY_LINES = 4
COUNTS = {
    "superficial": "{name} /",
    "aggravated": "{name} X",
    "delta": "{name}",
    "stains": "Stains",
}


def party(state: dict[str, Any]) -> list[Plate]:
    """Plates of who is on stage, in the roster's order, then of who could be; with `on_stage`, `tier` and `score`."""
    characters = {character["id"]: character for character in state["characters"]}
    on = [id_ for id_ in state["roster"] if id_ in characters]
    off = [id_ for id_, one in characters.items() if id_ not in on and one["status"] in PLAYED]
    tiers, order = state["rosterTiers"], (state["initiative"] or {"order": []})["order"]
    scores = {entry["character"]: entry["score"] for entry in order}
    return [
        {**plate(characters[id_]), "on_stage": id_ in on, "tier": tiers.get(id_, ""), "score": scores.get(id_)}
        for id_ in (*on, *off)
    ]


def foes(initiative: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Lines of the form for those in the turn order who are no characters, with room for some more."""
    order = initiative["order"] if initiative else []
    named = [entry for entry in order if not entry["character"]]
    return [*named, *({"name": "", "score": "", "hidden": False} for _ in range(EMPTY_LINES))]


def kinds_of(state: dict[str, Any]) -> list[dict[str, str]]:
    """Kinds of damage for hit points, and one for each count of each track that somebody has: {value, label, line}."""
    stats = [character["stats"] for character in state["characters"]]
    tracks: dict[str, dict[str, int]] = {}
    for one in stats:
        tracks |= one["tracks"]
    found = [{"value": "", "label": "Untyped", "line": "hp"}] if any(one["hp"]["max"] for one in stats) else []
    found += [{"value": kind, "label": kind.capitalize(), "line": "hp"} for kind in KINDS if found]
    return found + [kind for name, track in tracks.items() for kind in _track_kinds(name, track)]


def _track_kinds(name: str, track: dict[str, int]) -> list[dict[str, str]]:
    counts = (
        ("superficial", "aggravated")
        if "superficial" in track
        else ("delta", *(("stains",) if "stains" in track else ()))
    )
    word = name.replace("_", " ").capitalize()
    return [
        {"value": f"{TRACK}{name}:{count}", "label": COUNTS[count].format(name=word), "line": name} for count in counts
    ]
