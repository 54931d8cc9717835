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

ABILITIES = {"dex": 16, "con": 14, "wis": 12, "cha": 18}  # +3, +2, +1, +4
SHIELD = armour("shield", 2)


def ac(*items, **changes) -> int:
    return imported(modern(klass(), *items, **({"abilities": ABILITIES} | changes))).stats["ac"]


@pytest.mark.parametrize(
    ("items", "dex", "value"),
    [
        ([], 16, 13),
        ([], 7, 8),
        ([armour("light", 11)], 16, 14),
        ([armour("medium", 14, 2)], 16, 16),
        ([armour("medium", 14, 2)], 8, 13),
        ([armour("heavy", 16, 0)], 16, 16),
        ([armour("heavy", 16, 0)], 6, 16),
        ([armour("heavy", 16)], 16, 16),
        ([armour("natural", 13)], 16, 16),
        ([SHIELD], 16, 15),
        ([armour("light", 12), SHIELD], 16, 17),
        ([armour("light", 12, equipped=False), SHIELD], 16, 15),
        ([armour("clothing", 10), armour("trinket", 10)], 16, 13),
        ([armour("light", 11), armour("heavy", 18)], 16, 14),
    ],
)
def test_default_calculation(items, dex, value):
    assert ac(*items, abilities={"dex": dex}) == value


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ({"calc": "mage"}, 16),
        ({"calc": "draconic"}, 16),
        ({"calc": "unarmoredMonk"}, 14),
        ({"calc": "unarmoredBarb"}, 15),
        ({"calc": "unarmoredBard"}, 17),
        ({"calc": "flat", "flat": 18}, 18),
        ({"calc": "natural", "flat": 15}, 15),
        ({"calc": "flat", "flat": None}, 13),
        ({"calc": "custom", "formula": "12 + @abilities.wis.mod"}, 13),
        ({"calc": "custom", "formula": "@attributes.ac.armor + @attributes.ac.dex + 1"}, 14),
        ({"calc": "custom", "formula": "1d20"}, 13),
        ({"calc": "homebrew"}, 13),
        ({"calc": None}, 13),
        ({"calc": ["default"]}, 13),
    ],
)
def test_other_calculations(stored, value):
    assert ac(ac=stored) == value


def test_shield_adds_to_natural_but_not_to_flat():
    assert ac(SHIELD, ac={"calc": "natural", "flat": 15}) == 17
    assert ac(SHIELD, ac={"calc": "flat", "flat": 15}) == 15


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        (effect("system.attributes.ac.bonus", "2"), 15),
        (effect("system.attributes.ac.bonus", "+1"), 14),
        (effect("system.attributes.ac.bonus", "@prof"), 15),
        (effect("system.attributes.ac.bonus", "-20"), 0),
        (effect("system.attributes.ac.bonus", "1d4"), 13),
        (effect("system.attributes.ac.calc", "mage", 5), 16),
        (effect("system.attributes.ac.calc", "unarmoredBarb", 5), 15),
        (effect("system.attributes.ac.calc", "mage", 2), 13),
        (effect("system.attributes.ac.min", "16", 4), 16),
        (effect("system.attributes.ac.value", "5"), 13),
        (effect("system.attributes.ac.bonus", "2", disabled=True), 13),
        (effect("system.attributes.ac.bonus", "2", 0), 13),
        (effect(system={"changes": [{"key": "system.attributes.ac.bonus", "value": 2, "type": "add"}]}), 15),
    ],
)
def test_effects_on_the_actor(changed, value):
    assert ac(effects=[changed]) == value


def test_flat_from_an_effect_needs_its_calculation():
    flat = effect("system.attributes.ac.flat", "17", 5)
    assert ac(effects=[flat]) == 13
    assert ac(effects=[flat, effect("system.attributes.ac.calc", "natural", 5)]) == 17


def test_priority_orders_overrides():
    first = effect("system.attributes.ac.calc", "mage", 5, priority=90)
    second = effect("system.attributes.ac.calc", "unarmoredBard", 5)
    assert ac(effects=[first, second]) == 16
    assert ac(effects=[second]) == 17


BONUS = effect("system.attributes.ac.bonus", "2")


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (trinket(BONUS), 15),
        (trinket(BONUS, equipped=False), 13),
        (trinket(BONUS, attunement="required"), 13),
        (trinket(BONUS, attunement="required", attuned=True), 15),
        (trinket(BONUS, attunement="optional"), 15),
        (trinket(BONUS | {"transfer": False}), 13),
        (trinket(BONUS | {"type": "enchantment"}), 13),
        (trinket(BONUS, item_type="consumable", type={"value": "potion"}, equipped=False), 15),
        (trinket(BONUS, item_type="consumable", type={"value": "rod"}, equipped=False), 13),
    ],
)
def test_effects_that_items_pass_on(item, value):
    assert ac(item) == value


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"armor": {"value": 11, "dex": None, "magicalBonus": 2}, "properties": ["mgc"]}, 16),
        ({"armor": {"value": 11, "dex": None, "magicalBonus": "1 + 1"}, "properties": ["mgc"]}, 16),
        ({"armor": {"value": 11, "dex": None, "magicalBonus": 2}, "properties": {"mgc": True}}, 16),
        ({"armor": {"value": 11, "dex": None, "magicalBonus": 2}, "properties": []}, 14),
        (
            {
                "armor": {"value": 11, "dex": None, "magicalBonus": 2},
                "properties": ["mgc"],
                "attunement": "required",
                "attuned": False,
            },
            14,
        ),
    ],
)
def test_magical_bonus_of_armour(changes, value):
    assert ac(armour("light", 11, **changes)) == value


def test_enchanted_armour():
    chain = armour("light", 11)
    chain["effects"] = [
        {
            "type": "enchantment",
            "disabled": False,
            "origin": "Compendium.dnd5e.items.Item.x",
            "changes": [
                {"key": "system.properties", "mode": 2, "value": "mgc"},
                {"key": "system.armor.magicalBonus", "mode": 4, "value": "1"},
            ],
        }
    ]
    assert ac(chain) == 15


def test_stored_number_of_0_9():
    document = old(klass(), armour("heavy", 18))
    document["data"]["attributes"]["ac"] = {"value": 15, "min": 0}
    character = imported(document)
    assert character.stats["ac"] == 15
    assert "stats.ac" not in fields_found(character)
    document["effects"] = [effect("data.attributes.ac.value", "1")]
    character = imported(document)
    assert character.stats["ac"] == 16
    assert "stats.ac" in fields_found(character)


def test_armour_kind_before_3_0():
    worn = armour("", 14, type=None, armor={"value": 14, "type": "medium", "dex": 2})
    assert imported(old(klass(), worn, abilities=ABILITIES)).stats["ac"] == 16


def test_item_effects_were_copied_before_foundry_11():
    """The copy on the actor counts, the original on the item does not, and both would be one too many."""
    ring = trinket(BONUS, attunement=2)
    copy = BONUS | {"transfer": False, "origin": "Actor.x.Item.Trinket000000001"}
    assert imported(old(klass(), ring, effects=[copy])).stats["ac"] == 14
    assert imported(old(klass(), ring)).stats["ac"] == 12
    ring_put_down = trinket(BONUS, attunement=2, equipped=False)
    assert imported(old(klass(), ring_put_down, effects=[copy])).stats["ac"] == 12
    not_attuned = trinket(BONUS, attunement=1)
    assert imported(old(klass(), not_attuned, effects=[copy])).stats["ac"] == 12


def test_a_left_over_copy_does_not_count_twice():
    copy = BONUS | {"transfer": False, "origin": "Actor.x.Item.Trinket000000001"}
    assert ac(trinket(BONUS), effects=[copy]) == 15
    assert ac(trinket(BONUS), effects=[copy | {"disabled": True}]) == 13


def test_derived_armour_class_is_always_reported():
    assert "stats.ac" in fields_found(imported(modern()))


def test_impossible_armour_class_is_reported():
    character = imported(modern(ac={"calc": "flat", "flat": 5000}))
    assert character.stats["ac"] == 99
    assert any("5000" in finding.message for finding in character.findings)
