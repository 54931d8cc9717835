"""The lines as data: that the tables are those of the sources, and what a line makes of a whole sheet."""

from math import ceil
from typing import Any

import pytest
from django.test import override_settings

from characters import tracks as boxes
from contract.refusals import NotVisible
from sheets import chronicle, lines
from sheets.lines import blood, hunter, traits, vampire
from sheets.lines.shape import Choice, Dots, Flag, Refused, Text, Whole
from sheets.validation import resized, tracks_of
from tests.sheets.drafts import NEONATE_ROWS, WOLVES, a_hunter_draft, a_vampire_draft, discipline, power

SETTINGS = chronicle.merged({})


def test_there_are_two_lines() -> None:
    assert set(lines.enabled()) == {"vtm", "htr"}
    assert lines.line("vtm").name == "Vampire"


def test_the_lines_can_be_removed() -> None:
    with override_settings(WOD_ENABLED=False):
        assert lines.enabled() == {}
        assert set(lines.every()) == {"vtm", "htr"}
        with pytest.raises(NotVisible):
            lines.line("vtm")


def test_what_there_is_of_everything() -> None:
    assert len(traits.ATTRIBUTE_NAMES) == 9 and len(traits.SKILL_NAMES) == 27
    assert len(vampire.CLANS) == 16 and len(vampire.DISCIPLINES) == 12 and len(vampire.PREDATORS) == 17
    assert len(hunter.CREEDS) == 5 and len(hunter.DRIVES) == 7 and len(hunter.EDGES) == 17
    assert all(len(own) == 3 for clan, own in vampire.CLAN_DISCIPLINES.items() if clan not in ("caitiff", "thin-blood"))


def test_blood_potency() -> None:
    for rating in range(11):
        found = blood.potency(rating)
        assert (found.surge, found.bonus, found.reroll) == (ceil(rating / 2) + 1, rating // 2, ceil(rating / 2))
    assert [blood.potency(rating).mend for rating in range(11)] == [1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5]
    assert [blood.potency(rating).bane for rating in range(11)] == [0, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]
    first = [blood.potency(rating, blood.FIRST_PRINTING).bane for rating in range(11)]
    assert first == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_the_bonus_of_the_blood_is_not_cut_off_at_five() -> None:
    """As it is in a peer."""
    assert [blood.potency(rating).bonus for rating in (5, 6, 8, 10)] == [2, 3, 4, 5]


@pytest.mark.parametrize("stamina", [1, 5])
def test_health_follows_stamina_up_and_down(stamina: int) -> None:
    assert tracks_of(vampire.LINE, a_vampire_draft(stamina=stamina))["health"]["max"] == stamina + 3
    assert tracks_of(hunter.LINE, a_hunter_draft(stamina=stamina))["health"]["max"] == stamina + 3


def test_an_elder_with_resilience_has_eleven_boxes_and_more() -> None:
    rows = {"disciplines": [discipline("fortitude", 5)], "powers": [power("fortitude", "Resilience")]}
    assert tracks_of(vampire.LINE, a_vampire_draft(rows, stamina=5))["health"]["max"] == 13
    assert (
        tracks_of(vampire.LINE, a_vampire_draft({"disciplines": rows["disciplines"]}, stamina=5))["health"]["max"] == 8
    )


@pytest.mark.parametrize(("resolve", "boxes_"), [(1, 3), (5, 7)])
@pytest.mark.parametrize(("line", "draft"), [(vampire.LINE, a_vampire_draft), (hunter.LINE, a_hunter_draft)])
def test_willpower_follows_both_ways(line: Any, draft: Any, resolve: int, boxes_: int) -> None:
    """In a peer a hunter's willpower rises with the attributes and never falls again."""
    high = {"willpower": {"max": 10, "superficial": 0, "aggravated": 0}}
    found = tracks_of(line, type(draft())(draft(composure=2, resolve=resolve).fields, high))
    assert found["willpower"]["max"] == boxes_


RESIZED = [
    ({"max": 6, "superficial": 2, "aggravated": 1}, 8, {"max": 8, "superficial": 2, "aggravated": 1}),
    ({"max": 6, "superficial": 2, "aggravated": 1}, 4, {"max": 4, "superficial": 2, "aggravated": 1}),
    ({"max": 6, "superficial": 4, "aggravated": 1}, 4, {"max": 4, "superficial": 3, "aggravated": 1}),
    ({"max": 6, "superficial": 1, "aggravated": 5}, 4, {"max": 4, "superficial": 0, "aggravated": 4}),
    ({"max": 10, "value": 7, "stains": 3}, 8, {"max": 8, "value": 7, "stains": 3}),
    ({"max": 10, "value": 7, "stains": 9}, 8, {"max": 8, "value": 7, "stains": 8}),
    ({"max": 5, "value": 5}, 3, {"max": 3, "value": 3}),
]


@pytest.mark.parametrize(("track", "most", "after"), RESIZED)
def test_empty_boxes_go_first(track: Any, most: int, after: Any) -> None:
    assert resized(track, most) == after
    assert boxes.problems(after) == []


DAMAGE = [
    ((6, 0, 0), {"superficial": 3}, (3, 0)),
    ((6, 3, 0), {"aggravated": 1}, (3, 1)),
    ((6, 3, 1), {"superficial": 2}, (5, 1)),
    ((6, 5, 1), {"superficial": 2}, (3, 3)),
    ((5, 0, 0), {"superficial": 8}, (2, 3)),
    ((6, 3, 0), {"aggravated": 5}, (1, 5)),
    ((6, 0, 5), {"superficial": 2}, (0, 6)),
    ((5, 0, 5), {"superficial": 1}, (0, 5)),
]


@pytest.mark.parametrize(("track", "damage", "after"), DAMAGE)
def test_damage_overflows(track: Any, damage: dict[str, int], after: tuple[int, int]) -> None:
    found = boxes.hurt(dict(zip(("max", "superficial", "aggravated"), track, strict=True)), **damage)
    assert (found["superficial"], found["aggravated"]) == after


def fields_named(findings: Any) -> set[str]:
    return {name for name, _sentence in findings}


def test_a_legal_neonate_is_not_remarked_on() -> None:
    draft = a_vampire_draft(tracks={"humanity": {"value": 6, "stains": 0, "max": 10}})
    assert list(vampire.LINE.advice(draft, SETTINGS)) == []
    assert list(vampire.LINE.creation(draft, SETTINGS)) == []


CREATION = [
    ({"strength": 5}, "attributes"),
    ({"strength": 4, "dexterity": 2}, "attributes"),
    ({"athletics": 0}, "skills"),
    ({"predator": "farmer"}, "tracks.humanity"),
]


@pytest.mark.parametrize(("fields", "named"), CREATION)
def test_what_is_unusual_in_a_new_vampire(fields: dict[str, Any], named: str) -> None:
    draft = a_vampire_draft(tracks={"humanity": {"value": 6, "stains": 0, "max": 10}}, **fields)
    assert named in fields_named(vampire.LINE.creation(draft, SETTINGS))


ROWS: list[tuple[dict[str, Any], str, str]] = [
    ({"powers": [power("celerity", "Fleetness", 2)]}, "powers", "above the rating"),
    ({"disciplines": [discipline("celerity", 3)]}, "disciplines", "rated 3, and 0"),
    ({"rituals": [{"type": "ritual", "name": "Blood Walk", "level": 2}]}, "rituals", "above the rating of Blood"),
    (
        {
            "disciplines": [discipline("potence", 1)],
            "powers": [power("potence", "A", amalgam="auspex", amalgam_level=2)],
        },
        "powers",
        "needs Auspex 2",
    ),
]


@pytest.mark.parametrize(("rows", "field", "words"), ROWS)
def test_powers_fit_their_discipline(rows: dict[str, Any], field: str, words: str) -> None:
    found = list(vampire.LINE.advice(a_vampire_draft(rows), SETTINGS))
    assert any(name == field and words in sentence for name, sentence in found)


@pytest.mark.parametrize(
    ("generation", "rating", "fits"), [(13, 3, True), (13, 4, False), (15, 1, False), (3, 10, True)]
)
def test_generation_bounds_the_blood(generation: int, rating: int, fits: bool) -> None:
    draft = a_vampire_draft(generation=generation, blood_potency=rating)
    assert ("blood_potency" in fields_named(vampire.LINE.advice(draft, SETTINGS))) is not fits


def test_a_hunter_is_remarked_on() -> None:
    perk = {"edge": "arsenal", "name": "Team requisition", "description": ""}
    draft = a_hunter_draft({"perks": [perk, perk], "edges": []})
    assert {"perks", "touchstones"} <= fields_named(hunter.LINE.advice(draft, SETTINGS))
    assert {"edges", "creed", "hunt_drive"} <= fields_named(hunter.LINE.creation(draft, SETTINGS))


def test_a_perk_may_be_there_twice_where_it_names_a_creature() -> None:
    perk = {"edge": "arsenal", "name": "Creature specialization", "description": ""}
    draft = a_hunter_draft({"perks": [perk, perk], "edges": [{"edge": "arsenal", "description": ""}]})
    assert "perks" not in fields_named(hunter.LINE.advice(draft, SETTINGS))


@pytest.mark.parametrize("line", [vampire.LINE, hunter.LINE, WOLVES], ids=lambda line: line.code)
def test_a_line_is_sound(line: Any) -> None:
    """Names are not used twice, defaults are values of their fields, prices have a name."""
    names = [each.name for each in (*line.fields, *line.kinds)]
    assert len(names) == len(set(names)) and "tracks" not in names
    for field in (*line.fields, *(field for kind in line.kinds for field in kind.fields)):
        required = isinstance(field, Text) and field.required
        assert required or field.cleaned(field.default) == field.default
        assert field.schema()
    bought = {field.purchase for field in line.fields if isinstance(field, Dots)} - {""}
    bought |= {kind.purchase for kind in line.kinds if isinstance(kind.purchase, str) and kind.purchase}
    assert bought <= line.purchases_by_code.keys()
    for kind in line.kinds:
        assert {*kind.unique, *filter(None, [kind.rating])} <= kind.by_name.keys()


VALUES: list[tuple[Any, Any]] = [
    (Dots(name="a", label="A"), 6),
    (Dots(name="a", label="A"), True),
    (Dots(name="a", label="A"), "3"),
    (Dots(name="a", label="A"), None),
    (Dots(name="a", label="A"), 3.0),
    (Whole(name="a", label="A", low=3, high=16), 2),
    (Text(name="a", label="A", longest=3), "four"),
    (Text(name="a", label="A", required=True), " \u200b"),
    (Text(name="a", label="A", required=True), None),
    (Text(name="a", label="A"), "a\u202eb"),
    (Text(name="a", label="A"), 5),
    (Choice(name="a", label="A", codes={"x": "X"}), "y"),
    (Choice(name="a", label="A", codes={"x": "X"}), 1),
    (Choice(name="a", label="A", codes={"x": "X"}, free=3), "long"),
    (Flag(name="a", label="A"), 1),
]


@pytest.mark.parametrize(("field", "value"), VALUES)
def test_values_that_are_none(field: Any, value: Any) -> None:
    with pytest.raises(Refused):
        field.cleaned(value)


def test_words_of_one_s_own_and_none() -> None:
    own = Choice(name="a", label="A", codes={"x": "X"}, free=20)
    assert (own.cleaned("Ferox"), own.cleaned("x"), own.cleaned(None), own.shown("x")) == ("Ferox", "x", "", "X")
    assert Whole(name="a", label="A", low=3, high=16).cleaned(None) is None
    assert Text(name="a", label="A").cleaned(None) == ""


def test_the_rows_of_the_neonate_are_as_the_line_has_them() -> None:
    for name, rows in NEONATE_ROWS.items():
        for row in rows:
            assert row.keys() == vampire.LINE.kinds_by_name[name].by_name.keys()
