"""Small dnd5e actors for the tests, written by hand after the schemas of the versions they stand for."""

from typing import Any

from characters.importers.foundry_dnd5e import import_actor
from characters.importers.imported import ImportedCharacter

Document = dict[str, Any]


def modern(*items: Document, **changes: Any) -> Document:
    """A level 1 fighter as dnd5e 5.3 writes one; `hp`, `ac`, `abilities` and others replace single values."""
    abilities = {"str": 16, "dex": 14, "con": 12, "int": 10, "wis": 8, "cha": 13} | changes.pop("abilities", {})
    attributes = {
        "hp": {
            "value": 11,
            "max": None,
            "temp": None,
            "tempmax": None,
            "bonuses": {"level": "", "overall": ""},
        }
        | changes.pop("hp", {}),
        "ac": {"calc": "default", "flat": None, "formula": ""} | changes.pop("ac", {}),
        "death": {"success": 0, "failure": 0} | changes.pop("death", {}),
        "exhaustion": changes.pop("exhaustion", 0),
        "inspiration": changes.pop("inspiration", False),
    }
    document = {
        "_id": "Aa00000000000001",
        "name": "Bryn",
        "type": "character",
        "img": None,
        "items": list(items) if items else [klass()],
        "effects": changes.pop("effects", []),
        "system": {
            "abilities": {key: {"value": value, "proficient": 0} for key, value in abilities.items()},
            "attributes": attributes,
            "details": {"race": "Human", "background": ""} | changes.pop("details", {}),
        },
        "flags": {},
        "_stats": {"systemId": "dnd5e", "systemVersion": "5.3.0", "coreVersion": "13.351"},
    }
    return document | changes


def old(*items: Document, **changes: Any) -> Document:
    """The same as dnd5e 0.9 to 1.6 wrote it: values under `data`, the maximum stored, no `_stats`."""
    document = modern(*items, **({"hp": {"max": 11}} | changes))
    values = document.pop("system")
    document["items"] = [{**item, "data": item["system"]} for item in document["items"]]
    for item in document["items"]:
        del item["system"]
    return {key: value for key, value in document.items() if key != "_stats"} | {"data": values}


def klass(name: str = "Fighter", levels: object = 1, die: str = "d10", gains: object = None, **values: Any) -> Document:
    chosen = {"1": "max"} | {str(level): "avg" for level in range(2, levels + 1)} if type(levels) is int else {}
    advancement = {
        "hp0000": {"type": "HitPoints", "value": chosen if gains is None else gains},
        "t": {"type": "Trait"},
    }
    system = {
        "levels": levels,
        "identifier": name.lower().replace(" ", "-"),
        "hd": {"denomination": die, "spent": 0},
        "advancement": advancement,
    }
    return {"_id": f"class-{name}", "name": name, "type": "class", "system": system | values}


def armour(kind: str, value: int, cap: int | None = None, **values: Any) -> Document:
    system = {
        "equipped": True,
        "type": {"value": kind},
        "armor": {"value": value, "dex": cap},
        "properties": [],
    }
    return {
        "_id": f"{kind}{value}",
        "name": kind,
        "type": "equipment",
        "system": system | values,
        "effects": [],
    }


def trinket(*effects: Document, item_type: str = "equipment", **values: Any) -> Document:
    system = {"equipped": True, "type": {"value": "trinket"}, "armor": {"value": None}} | values
    return {
        "_id": "Trinket000000001",
        "name": "Trinket",
        "type": item_type,
        "system": system,
        "effects": [*effects],
    }


def effect(key: str = "", value: object = "", mode: object = 2, **fields: Any) -> Document:
    changes = [{"key": key, "value": value, "mode": mode, "priority": fields.pop("priority", None)}] if key else []
    return {"name": "Blessing", "disabled": False, "transfer": True, "changes": changes} | fields


def imported(document: Document) -> ImportedCharacter:
    return import_actor(document)


def fields_found(character: ImportedCharacter) -> set[str]:
    return {finding.field for finding in character.findings}
