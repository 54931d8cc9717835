import pytest

from tests.characters.importers.actors import (
    armour,
    effect,
    fields_found,
    imported,
    klass,
    modern,
    old,
    trinket,
)

HP_BONUS = "system.attributes.hp.bonuses"


def hp(document) -> tuple[int, int, int]:
    points = imported(document).stats["hp"]
    return points["current"], points["max"], points["temp"]


@pytest.mark.parametrize(
    ("classes", "con", "maximum"),
    [
        ([klass(levels=1)], 12, 11),  # 10 + 1
        ([klass(levels=3)], 12, 25),  # 10 + 6 + 6 + 3 × 1
        ([klass(levels=3, gains={"1": "max", "2": 3, "3": "7"})], 12, 23),
        ([klass(die="d6", levels=2, gains={"1": "max", "2": 1})], 4, 4),  # 6 − 3, then at least 1
        ([klass(levels=2), klass("Wizard", 2, "d6")], 14, 10 + 6 + 6 + 4 + 4 * 2),
        ([klass(die="", hitDice="d12", hd=None)], 12, 13),  # before 4.2
        ([klass(advancement=[{"type": "HitPoints", "value": {"1": "max"}}])], 12, 11),  # up to 5.2
    ],
)
def test_maximum_from_classes(classes, con, maximum):
    document = modern(*classes, hp={"value": None}, abilities={"con": con})
    assert hp(document) == (maximum, maximum, 0)
    assert "stats.hp.max" not in fields_found(imported(document))


@pytest.mark.parametrize(
    ("bonuses", "maximum"),
    [
        ({"level": "1"}, 34),
        ({"level": "", "overall": "@classes.fighter.levels"}, 34),
        ({"level": "0.5", "overall": ""}, 31),
        ({"level": "@abilities.con.mod", "overall": "@prof"}, 27),
        ({"level": 2, "overall": -3}, 36),
    ],
)
def test_bonuses_of_the_actor(bonuses, maximum):
    """Without bonuses: 10 + 4 × 6 − 5, as Constitution 8 takes one per level."""
    document = modern(klass(levels=5), abilities={"con": 8}, hp={"value": None, "bonuses": bonuses})
    assert hp(document)[1] == maximum


def test_unknown_bonus_is_skipped_and_reported():
    document = modern(hp={"value": None, "bonuses": {"level": "1d4", "overall": "2"}})
    assert hp(document)[1] == 13
    assert "stats.hp.max" in fields_found(imported(document))


def test_constitution_of_an_attuned_item_counts_per_level():
    amulet = trinket(effect("system.abilities.con.value", "19", 4), attunement="required", attuned=True)
    assert hp(modern(klass(levels=3), amulet, hp={"value": None}))[1] == 10 + 12 + 3 * 4
    amulet["system"]["attuned"] = False
    assert hp(modern(klass(levels=3), amulet, hp={"value": None}))[1] == 10 + 12 + 3 * 1


def test_bonus_from_an_effect_of_a_feature():
    tough = trinket(effect(f"{HP_BONUS}.level", "2"), item_type="feat")
    del tough["system"]["equipped"]
    assert hp(modern(klass(levels=4), tough, hp={"value": None}))[1] == 10 + 18 + 4 + 8


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({"value": 5, "max": 20}, (5, 20, 0)),
        ({"value": None, "max": 20}, (20, 20, 0)),
        ({"value": 5, "max": 20, "temp": 7}, (5, 20, 7)),
        ({"value": 5, "max": 20, "temp": ""}, (5, 20, 0)),
        ({"value": 5, "max": 20, "tempmax": 10}, (5, 30, 0)),
        ({"value": 5, "max": 20, "tempmax": -12}, (5, 8, 0)),
        ({"value": None, "max": 20, "tempmax": 10}, (30, 30, 0)),
        ({"value": "9", "max": "20"}, (9, 20, 0)),
        ({"value": 0, "max": 20}, (0, 20, 0)),
        ({"value": -4, "max": 20}, (0, 20, 0)),
        ({"value": 26, "max": 20}, (26, 26, 0)),
        ({"value": 10**9, "max": 20}, (20, 20, 0)),
        ({"value": 5, "max": [20]}, (5, 11, 0)),
        ({"value": True, "max": 20}, (20, 20, 0)),
    ],
)
def test_stored_values(stored, expected):
    assert hp(modern(hp=stored)) == expected


@pytest.mark.parametrize(
    ("stored", "field"),
    [
        ({"value": 26, "max": 20}, "stats.hp.max"),
        ({"value": -4, "max": 20}, "stats.hp.current"),
        ({"value": 1e308, "max": 20}, "stats.hp.current"),
        ({"value": 5, "max": {"a": 1}}, "stats.hp.max"),
        ({"value": 5, "temp": "many"}, "stats.hp.temp"),
        ({"value": 5, "tempmax": 1e9}, "stats.hp.max"),
    ],
)
def test_odd_values_are_reported(stored, field):
    assert field in fields_found(imported(modern(hp=stored)))


def test_overridden_maximum_takes_no_bonuses():
    assert hp(modern(hp={"value": 4, "max": 20, "bonuses": {"level": "5", "overall": "5"}}))[1] == 20


def test_effect_on_a_stored_maximum():
    """The barbarian of the facts: 85 stored, 101 current, an effect adds twice the level."""
    barbarian = klass("Barbarian", 8, "d12")
    raised = old(
        barbarian,
        hp={"value": 101, "max": 85},
        effects=[effect("data.attributes.hp.max", "2 * @details.level")],
    )
    character = imported(raised)
    assert character.stats["hp"] == {"current": 101, "max": 101, "temp": 0}
    assert "stats.hp.max" in fields_found(character)


def test_current_stays_when_the_raising_effect_is_not_understood():
    barbarian = klass("Barbarian", 8, "d12")
    document = old(barbarian, hp={"value": 101, "max": 85}, effects=[effect("data.attributes.hp.max", "[[2d8]]")])
    assert hp(document) == (101, 101, 0)


def test_levels_without_chosen_hit_points_are_reported():
    document = modern(klass(levels=3, gains={"1": "max"}), hp={"value": None})
    assert hp(document)[1] == 11
    assert "stats.hp.max" in fields_found(imported(document))


def test_no_class_and_no_maximum():
    document = modern(armour("light", 11), hp={"value": 6})
    assert hp(document) == (6, 6, 0)
    assert "stats.hp.max" in fields_found(imported(document))
