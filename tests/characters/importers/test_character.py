import pytest

from characters import stats
from characters.importers.foundry_dnd5e import import_actor
from characters.importers.imported import Refused
from tests.characters.importers.actors import effect, fields_found, imported, klass, modern, old, trinket


def item(kind: str, name: str, identity: str = "", **values) -> dict:
    return {"_id": identity, "name": name, "type": kind, "system": values}


def test_whole_character():
    character = imported(
        modern(
            klass(levels=2),
            item("race", "Wood Elf", "Race000000000001"),
            item("background", "Sailor", "Back000000000001"),
            item("subclass", "Champion", classIdentifier="fighter"),
            hp={"value": 9, "temp": 3},
            details={"race": "Race000000000001", "background": "Back000000000001", "appearance": "Tall."},
            death={"success": 1, "failure": 2},
            inspiration=True,
            img="tokens/bryn.webp?1",
        )
    )
    assert (character.name, character.external_id) == ("Bryn", "foundry:Aa00000000000001")
    assert (character.source, character.source_version) == ("foundry-dnd5e", "5.3.0")
    assert (character.classes, character.class_name, character.level) == ([("Fighter", 2)], "Fighter", 2)
    assert (character.subclasses, character.species, character.background) == (
        ["Champion"],
        "Wood Elf",
        "Sailor",
    )
    assert (character.appearance, character.has_portrait) == ("Tall.", True)
    assert character.stats == {
        "hp": {"current": 9, "max": 18, "temp": 3},
        "ac": 12,
        "abilities": {"str": 16, "dex": 14, "con": 12, "int": 10, "wis": 8, "cha": 13},
        "conditions": [],
        "death_saves": {"success": 1, "failure": 2},
        "inspiration": True,
        "tracks": {},
    }
    assert fields_found(character) == {"stats.ac"}
    stats.merged(stats.blank(), character.stats)  # the rules of the characters themselves accept it


def test_several_classes():
    document = modern(klass("Wizard", 2, "d6"), klass("Fighter", 5), details={"originalClass": "class-Fighter"})
    character = imported(document)
    assert character.classes == [("Fighter", 5), ("Wizard", 2)]
    assert (character.class_name, character.level) == ("Fighter 5 / Wizard 2", 7)


@pytest.mark.parametrize("levels", [None, 0, -3, "many", 1e9, [2], True])
def test_unusable_level_counts_as_one(levels):
    character = imported(modern(klass(levels=levels)))
    assert (character.level, "classes" in fields_found(character)) == (1, True)


def test_level_kept_by_an_actor_without_classes():
    assert imported(modern(trinket(), details={"level": {"value": 4}})).level == 4
    assert imported(modern(trinket(), details={"level": 4})).level == 4
    assert imported(modern(trinket())).level == 0


def test_subclass_as_text_before_1_5():
    assert imported(old(klass(subclass="Champion"))).subclasses == ["Champion"]


@pytest.mark.parametrize(
    ("stored", "items", "species"),
    [
        ("Half-Elf", [], "Half-Elf"),
        ("", [], ""),
        (None, [], ""),
        ("", [item("race", "Orc", "x")], "Orc"),
        ("Race000000000001", [item("race", "Orc", "Race000000000001")], "Orc"),
        ("Race000000000001", [item("race", "Elf", "y"), item("race", "Orc", "Race000000000001")], "Orc"),
        ("Race000000000009", [item("race", "Orc", "Race000000000001")], "Orc"),
        ("Race000000000009", [], ""),
        ({"value": "Orc"}, [], ""),
    ],
)
def test_species(stored, items, species):
    assert imported(modern(klass(), *items, details={"race": stored})).species == species


@pytest.mark.parametrize(
    ("fields", "external_id"),
    [
        ({}, "foundry:Aa00000000000001"),
        ({"_id": None, "_key": "!actors!Bb1"}, "foundry:Bb1"),
        (
            {"_id": None, "_stats": {"systemId": "dnd5e", "exportSource": {"uuid": "Actor.Cc1"}}},
            "foundry:Cc1",
        ),
        ({"_id": None}, ""),
        ({"_id": "../../etc"}, ""),
        ({"_id": 7}, ""),
    ],
)
def test_external_id(fields, external_id):
    character = imported(modern(**fields))
    assert character.external_id == external_id
    assert ("external_id" in fields_found(character)) is (external_id == "")


@pytest.mark.parametrize(
    ("change", "score"),
    [
        (effect("system.abilities.str.value", "19", 4), 19),
        (effect("system.abilities.str.value", "12", 4), 16),
        (effect("system.abilities.str.value", "12", 3), 12),
        (effect("system.abilities.str.value", "2"), 18),
        (effect("system.abilities.str.value", -4), 12),
        (effect("system.abilities.str.value", "@abilities.dex.value + 1", 5), 15),
        (effect("system.abilities.str.value", "2", 1), 32),
        (effect("system.abilities.str.value", "8000", 5), 99),
        (effect("system.abilities.str.mod", "5", 5), 16),
        (effect("system.abilities.luck.value", "5", 5), 16),
        (effect("system.abilities.str.value", None, 5), 16),
        (effect("system.abilities.str.value", "20", "nonsense"), 16),
    ],
)
def test_effective_ability(change, score):
    character = imported(modern(effects=[change]))
    assert character.stats["abilities"]["str"] == score
    assert ("stats.abilities.str" in fields_found(character)) is (
        score != 16 or change["changes"][0]["mode"] == "nonsense"
    )


@pytest.mark.parametrize(("stored", "score"), [(None, 10), ("x", 10), (0, 0), (31, 31), (2000, 99), ("14", 14)])
def test_odd_ability(stored, score):
    character = imported(modern(abilities={"wis": stored}))
    assert character.stats["abilities"]["wis"] == score
    assert ("stats.abilities.wis" in fields_found(character)) is (stored != "14")


@pytest.mark.parametrize(
    ("effects", "conditions"),
    [
        ([effect(statuses=["prone"])], ["prone"]),
        ([effect(statuses=["Prone", "poisoned"]), effect(statuses=["prone"])], ["prone", "poisoned"]),
        ([effect(statuses=["prone"], disabled=True)], []),
        ([effect(statuses=[])], []),
        ([effect(name="Prone", statuses=[])], []),
        ([effect(statuses=["concentrating"])], ["concentrating"]),
        ([effect(statuses=["marked", "bloodied", "<script>", 7, ""])], ["marked"]),
        ([effect(label="Prone")], ["prone"]),
        ([effect(label="Rage")], []),
        ([effect(flags={"core": {"statusId": "combat-utility-belt.stunned"}})], ["stunned"]),
        ([effect(flags={"core": {"statusId": "Convenient Effect: Blinded"}})], ["blinded"]),
        ([effect(flags={"midi-qol": {"isConcentration": "Actor.x.Item.y"}})], ["concentrating"]),
    ],
)
def test_conditions(effects, conditions):
    assert imported(modern(effects=effects)).stats["conditions"] == conditions


def test_condition_passed_on_by_an_item():
    assert imported(modern(klass(), trinket(effect(statuses=["invisible"])))).stats["conditions"] == ["invisible"]
    idle = trinket(effect(statuses=["invisible"]), equipped=False)
    assert imported(modern(klass(), idle)).stats["conditions"] == []


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({"exhaustion": 2}, 2),
        ({"exhaustion": "3"}, 3),
        ({"exhaustion": 11}, 6),
        ({"effects": [effect(statuses=["exhaustion"], flags={"dnd5e": {"exhaustionLevel": 4}})]}, 4),
        ({"effects": [effect(statuses=["exhaustion"])]}, 1),
    ],
)
def test_exhaustion(changes, level):
    stats = imported(modern(**changes)).stats
    assert stats["tracks"] == {"exhaustion": {"value": level, "max": 6}}
    assert stats["conditions"] == ["exhaustion"]


@pytest.mark.parametrize("exhaustion", [0, None, "", -2])
def test_no_exhaustion(exhaustion):
    stats = imported(modern(exhaustion=exhaustion)).stats
    assert (stats["tracks"], stats["conditions"]) == ({}, [])


@pytest.mark.parametrize(("stored", "has"), [(True, True), (1, True), (0, False), (None, False), ("x", False)])
def test_inspiration(stored, has):
    assert imported(modern(inspiration=stored)).stats["inspiration"] is has


def test_too_many_death_saves():
    character = imported(modern(death={"success": 9, "failure": "2"}))
    assert character.stats["death_saves"] == {"success": 3, "failure": 2}
    assert "stats.death_saves.success" in fields_found(character)


@pytest.mark.parametrize(
    ("fields", "has"),
    [
        ({"img": None}, False),
        ({"img": ""}, False),
        ({"img": "icons/svg/mystery-man.svg"}, False),
        ({"img": "https://pictures.example/a.webp"}, True),
        ({"prototypeToken": {"texture": {"src": "tokens/a.webp"}}}, True),
        ({"token": {"img": "tokens/a.webp"}}, True),
    ],
)
def test_portrait_is_only_noticed(fields, has):
    character = imported(modern(**fields))
    assert character.has_portrait is has
    assert "example" not in repr(character)


def test_private_text_stays_behind():
    biography = {
        "value": "<p>SECRET heir</p>",
        "public": "<p>A sailor.</p><section class='secret'>SECRET</section>",
    }
    character = imported(modern(details={"biography": biography}, flags={"world": {"note": "SECRET"}}))
    assert character.public_biography == "A sailor."
    assert "SECRET" not in repr(character)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (modern(type="npc"), "NPC"),
        (modern(type="vehicle"), "vehicle"),
        (modern(type="group"), "group"),
        (modern(type="weapon"), "weapon"),
        (modern(name=""), "no name"),
        (modern(_stats={"systemId": "pf2e"}), "pf2e"),
        (modern(_stats={}, flags={"exportSource": {"system": "sw5e"}}), "sw5e"),
        (
            {"name": "x", "type": "character", "system": {"abilities": {}, "attributes": {}}},
            "another game system",
        ),
        ({"name": "x", "type": "character"}, "character"),
        ({"name": "x"}, "not a character file"),
        ({}, "not a character file"),
        ({"type": ["npc"]}, "not a character file"),
        ("text", "not an object"),
        (None, "not an object"),
        ({"success": True, "data": {"stats": [], "classes": []}}, "D&D Beyond"),
        ({"stats": [], "classes": [], "race": {}}, "D&D Beyond"),
        ({"success": False, "message": "Unauthorized Access Attempt."}, "private"),
        ({"success": True, "build": {"name": "x", "abilities": {}}}, "Pathbuilder"),
        ({"Name": "x", "HP": {"Value": 3}, "AC": {"Value": 11}}, "Improved Initiative"),
        (
            {"StatBlock": {"Name": "x", "HP": {"Value": 3}, "Abilities": {}}, "CurrentHP": 2},
            "Improved Initiative",
        ),
        (modern(*[klass(f"C{index}") for index in range(21)]), "21 classes"),
    ],
)
def test_refusals(document, says):
    with pytest.raises(Refused, match=says):
        import_actor(document)


def test_shape_alone_names_the_system_of_old_exports():
    assert imported(old()).source_version == ""
    assert (
        imported(
            modern(_stats={}, flags={"exportSource": {"system": "dnd5e", "systemVersion": "2.0.3"}})
        ).source_version
        == "2.0.3"
    )


def test_text_without_surprises():
    character = imported(modern(name="Br\x00y\ud800n\n the  <b>Bold</b>" + "!" * 200))
    assert character.name.startswith("Bryn the <b>Bold</b>!")
    assert len(character.name) == 120
