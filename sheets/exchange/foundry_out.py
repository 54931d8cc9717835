"""A sheet as an actor of Foundry's WoD5E, from 5.0 on."""

from collections.abc import Collection, Mapping
from typing import Any

from sheets.exchange.foundry import DISCIPLINES, HEADERS, PROSE, RITUALS
from sheets.lines import hunter, vampire
from sheets.lines.shape import Draft, Line
from sheets.lines.traits import ATTRIBUTE_NAMES, SKILL_NAMES

BACK = {ours: theirs for theirs, ours in DISCIPLINES.items()}
RITUALS_BACK = {ours: theirs for theirs, ours in RITUALS.items()}


def written(line: Line, draft: Draft, earned: int, spent: int) -> dict[str, Any]:
    """An actor that WoD5E 5 takes. Ratings are numbers of powers, as its own sheet counts them."""
    fields, tracks = draft.fields, draft.tracks
    kind = "hunter" if line is hunter.LINE else fields["being"]
    gone = line.absent(draft)
    return {
        "name": fields["name"],
        "type": kind,
        "system": {
            "attributes": {name: {"value": fields[name]} for name in ATTRIBUTE_NAMES},
            "skills": {_skill_back(name): _skill_out(draft, name) for name in SKILL_NAMES},
            **{name: dict(tracks[name]) for name in tracks},
            "blood": {"potency": _present(draft, gone, "blood_potency") or 0, "generation": _generation(draft, gone)},
            "headers": _headers_out(draft),
            "disciplines": {
                BACK.get(row["discipline"], row["discipline"]): {"value": row["rating"], "visible": True}
                for row in draft.of("disciplines")
            },
            "edges": {
                row["edge"]: {"value": 1, "visible": True, "description": _html(row["description"])}
                for row in draft.of("edges")
            },
            **{theirs: _html(fields[ours]) for theirs, ours in PROSE.items() if ours in fields},
            "exp": {"value": earned - spent, "max": earned},
            "experiences": [],
        },
        "items": _items_out(draft),
    }


def _skill_back(name: str) -> str:
    return name.replace("_", "")


def _skill_out(draft: Draft, name: str) -> dict[str, Any]:
    here = [row["name"] for row in draft.of("specialties") if row["skill"] == name]
    path = f"skills.{_skill_back(name)}"
    extra = {"displayWhenInactive": True, "activeWhen": {"check": "isEqual", "path": "", "value": ""}}
    return {
        "value": draft.fields[name],
        "bonuses": [{"source": each, "value": 1, "paths": [path], **extra} for each in here],
    }


def _present(draft: Draft, gone: Collection[str], name: str) -> Any:
    return None if name in gone else draft.fields.get(name)


def _generation(draft: Draft, gone: Collection[str]) -> str:
    return str(_present(draft, gone, "generation") or "")


def _headers_out(draft: Draft) -> dict[str, str]:
    lines = [f"{row['name']}: {row['description']}".removesuffix(": ") for row in draft.of("touchstones")]
    plain = {name: draft.fields[name] for name in HEADERS if name in draft.fields}
    prose = {"tenets": _html(draft.fields["tenets"]), "touchstones": "".join(map(_html, lines))}
    return {**plain, "bane": draft.fields.get("bane", ""), **prose}


def _items_out(draft: Draft) -> list[dict[str, Any]]:
    found = [_power_out(row) for row in draft.of("powers")]
    found += [_ritual_out(row) for row in draft.of("rituals")]
    found += [_advantage_out(row) for row in draft.of("advantages")]
    found += [_item(row["name"], "perk", row, edge=row["edge"]) for row in draft.of("perks")]
    found += [_edge_pool_out(row) for row in draft.of("edge_pools")]
    return found + [_thing_out(row) for row in draft.of("equipment")] + _choices_out(draft)


def _power_out(row: Mapping[str, Any]) -> dict[str, Any]:
    discipline = BACK.get(row["discipline"], row["discipline"])
    facts = {"level": row["level"], "cost": row["cost"], "dicepool": row["pool"]}
    return _item(row["name"], "power", row, discipline=discipline, **facts)


def _ritual_out(row: Mapping[str, Any]) -> dict[str, Any]:
    return _item(row["name"], "power", row, discipline=RITUALS_BACK[row["type"]], level=row["level"])


def _advantage_out(row: Mapping[str, Any]) -> dict[str, Any]:
    return _item(row["name"], "feature", row, featuretype=row["type"], points=row["dots"])


def _edge_pool_out(row: Mapping[str, Any]) -> dict[str, Any]:
    return _item(row["name"], "edgepool", {}, edge=row["edge"], dicepool=row["pool"])


def _thing_out(row: Mapping[str, Any]) -> dict[str, Any]:
    if row["damage"] is not None:
        return _item(row["name"], "weapon", row, weaponvalue=row["damage"], quantity=row["quantity"])
    if row["armour"] is not None:
        return _item(row["name"], "armor", row, armorvalue=row["armour"], quantity=row["quantity"])
    return _item(row["name"], "gear", row, quantity=row["quantity"])


def _choices_out(draft: Draft) -> list[dict[str, Any]]:
    codes = {
        "clan": ("clan", vampire.CLANS),
        "predator": ("predatorType", vampire.PREDATORS),
        "resonance": ("resonance", vampire.RESONANCES),
        "creed": ("creed", hunter.CREEDS),
    }
    gone = (hunter if "creed" in draft.fields else vampire).LINE.absent(draft)
    chosen = [(_present(draft, gone, name), type_, names) for name, (type_, names) in codes.items()]
    found = [_item(names.get(value, value), type_, {}) for value, type_, names in chosen if value]
    drive = draft.fields.get("hunt_drive")
    if drive:
        redemption = _html(draft.fields["redemption"])
        found.append(_item(hunter.DRIVES.get(drive, drive), "drive", {}, redemption=redemption))
    return found


def _item(name: str, type_: str, row: Mapping[str, Any], **system: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "system": {"description": _html(row.get("description", "")), **system}}


def _html(text: str) -> str:
    return f"<p>{'<br>'.join(map(_escaped, text.splitlines()))}</p>" if text else ""


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
