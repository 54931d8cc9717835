import copy
import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from characters import stats
from characters.importers import foundry_dnd5e
from characters.importers.documents import Unreadable, parse
from characters.importers.imported import Refused
from characters.importers.reading import read
from tests.characters.importers.actors import armour, effect, klass, modern, old, trinket

HERO = modern(
    klass(levels=3),
    armour("medium", 14, 2, armor={"value": 14, "dex": 2, "magicalBonus": "1"}),
    trinket(effect("system.attributes.ac.bonus", "@prof", statuses=["prone"])),
    {"_id": "r", "type": "race", "name": "Elf", "system": {}},
    effects=[effect("system.abilities.con.value", "19", 4, origin="Actor.x.Item.Trinket000000001")],
    hp={"value": 3, "bonuses": {"level": "1", "overall": "max(1, @details.level)"}},
    details={"biography": {"public": "<p>A sailor.</p>"}, "race": "r"},
    exhaustion=1,
)
VETERAN = old(klass(), trinket(effect("data.attributes.ac.bonus", 1)), ac={"calc": "natural", "flat": 14})


def test_ok_warning_and_refused_side_by_side():
    veteran = copy.deepcopy(VETERAN)
    veteran["data"]["attributes"]["ac"] = {"value": 15}
    readings = read("party.json", json.dumps([veteran, HERO, modern(type="npc", name="Rat"), 5]).encode())
    assert [(r.file, r.status, r.name) for r in readings] == [
        ("party.json", "ok", "Bryn"),
        ("party.json", "warning", "Bryn"),
        ("party.json", "refused", "Rat"),
        ("party.json", "refused", ""),
    ]
    assert [r.character is None for r in readings] == [False, False, True, True]
    assert readings[0].message == ""
    assert "stats.ac" in readings[1].message
    assert "NPC" in readings[2].message


def test_unreadable_file_is_one_refusal():
    [reading] = read("hero.json", b"\x89PNG\r\n")
    assert (reading.file, reading.status, reading.name, reading.character) == ("hero.json", "refused", "", None)
    assert "PNG" in reading.message


def test_broken_line_between_good_ones():
    line = json.dumps(HERO)
    other = json.dumps(HERO | {"_id": "other"})
    readings = read("actors.db", f'{line}\n{{"_id": "x\n{other}'.encode())
    assert [reading.status for reading in readings] == ["warning", "refused", "warning"]


def test_a_fault_of_ours_does_not_take_the_others_along(monkeypatch, caplog):
    def faulty(document: Any) -> Any:
        if document["name"] == "Ash":
            raise ZeroDivisionError
        return genuine(document)

    genuine = foundry_dnd5e.import_actor
    monkeypatch.setattr(foundry_dnd5e, "import_actor", faulty)
    readings = read("party.json", json.dumps([HERO | {"name": "Ash"}, HERO]).encode())
    assert [reading.status for reading in readings] == ["refused", "warning"]
    assert "could not be read" in caplog.text


def test_yaml_and_json_read_alike():
    from_json = read("x", json.dumps(HERO).encode())
    assert read("x", yaml.safe_dump(HERO).encode()) == from_json
    assert from_json[0].character is not None


# --- nothing in a file makes a reading fail ---

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["@prof", "1d6", "9" * 50, "-5", "max", "mage", "system.abilities.con.value", "\ud800", "٣"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """The path of every value inside a document."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, child in pairs for place in places(child, (*path, key))]


def replaced(document: Any, path: tuple, value: Any) -> None:
    for key in path[:-1]:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return  # an earlier mutation has taken this place away
    with suppress(IndexError, TypeError):
        document[path[-1]] = value


@settings(max_examples=400, deadline=None)
@given(st.sampled_from([HERO, VETERAN]), st.data())
def test_any_field_may_hold_anything(document, data):
    mutated = copy.deepcopy(document)
    for path in data.draw(st.lists(st.sampled_from(places(document)), min_size=1, max_size=6)):
        replaced(mutated, path, data.draw(ODD))
    try:
        character = foundry_dnd5e.import_actor(mutated)
    except Refused as refusal:
        assert str(refusal)
    else:
        assert character.stats["hp"]["current"] <= character.stats["hp"]["max"]
        stats.merged(stats.blank(), character.stats)
        repr(character).encode()
        json.dumps(character.stats, allow_nan=False)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 4000), st.integers(0, 300), st.booleans())
def test_any_bytes_may_stand_anywhere(noise, position, length, as_yaml):
    content = (yaml.safe_dump(HERO) if as_yaml else json.dumps(HERO)).encode()
    content = content[:position] + noise + content[position + length :]
    readings = read("x", content)
    assert readings
    assert all(reading.message for reading in readings if reading.status != "ok")
    try:
        parse(content)
    except Unreadable as refusal:
        assert str(refusal)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text("{}[]:,\"'&*!-|>%@#? \nab01.e~=<", max_size=120).map(str.encode))
def test_any_bytes_at_all(content):
    readings = read("x", content)
    assert readings
    assert not any("Please report it" in reading.message for reading in readings)


@pytest.mark.parametrize("many", [20_000])
def test_hostile_size_within_the_limits_takes_no_time(many):
    changes = [{"key": "system.attributes.ac.bonus", "value": f"@x{n}", "mode": 2} for n in range(many)]
    document = modern(effects=[effect() | {"changes": changes}])
    [reading] = read("x", json.dumps(document).encode())
    assert reading.character is not None
    assert len(reading.character.findings) <= 60
