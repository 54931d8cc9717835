"""What can be rolled for a sheet, as forms offer it. Pure but for rows, which are not saved."""

from typing import Any

from sheets import lines, pools
from sheets.lines.shape import Draft
from sheets.models import Row
from sheets.validation import tracks_of
from tests.sheets.drafts import NEONATE

VTM = lines.line("vtm")


def draft(tracks: dict[str, dict[str, int]] | None = None, **fields: Any) -> Draft:
    whole = {**VTM.blank(), **NEONATE, **fields}
    return Draft(whole, {**tracks_of(VTM, Draft(whole)), **(tracks or {})})


def offered(of: Draft | None = None, *rows: Row) -> pools.Offered:
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    return pools.offered(VTM, of or draft(), by_kind, {"bane_table": "current"})


def clinch() -> Row:
    return Row(pk="c", kind="specialties", values={"skill": "brawl", "name": "Clinch"})


def auspex(rating: int = 2) -> Row:
    return Row(pk="a", kind="disciplines", values={"discipline": "auspex", "rating": rating})


def test_traits_by_group() -> None:
    groups = dict(offered(draft(blood_potency=2, strength=4), auspex()).traits)
    assert list(groups) == ["Attributes", "Skills", "Disciplines", "Tracks"]
    assert (len(groups["Attributes"]), len(groups["Skills"])) == (9, 27)
    (strength,) = [each for each in groups["Attributes"] if each.value == "strength"]
    assert (strength.label, strength.dice, strength.column, strength.bonus) == ("Strength", 4, "physical", 0)
    (power,) = groups["Disciplines"]
    assert (power.label, power.dice, power.bonus) == ("Auspex", 2, 1)
    assert {each.value for each in groups["Tracks"]} == {"willpower", "humanity"}


def test_a_mortal_has_no_disciplines_and_no_checks_of_the_blood() -> None:
    found = offered(draft(being="mortal"), auspex())
    assert "Disciplines" not in dict(found.traits)
    assert found.checks == ("remorse",)


def test_specialties_say_what_they_are_of() -> None:
    (found,) = offered(None, clinch()).specialties
    assert (found.label, found.skill) == ("Clinch (Brawl)", "brawl")


def test_dice_of_remorse() -> None:
    assert offered().remorse_dice == 0
    assert offered(draft({"humanity": {"value": 7, "stains": 2, "max": 10}})).remorse_dice == 1
    assert offered(draft({"humanity": {"value": 4, "stains": 3, "max": 10}})).remorse_dice == 3


def test_levels_that_are_roused_for_twice() -> None:
    assert list(offered(draft(blood_potency=5)).levels) == [1, 2, 3]


def test_the_mark_is_another_one_when_something_else_can_be_rolled() -> None:
    before = offered(None, auspex()).mark
    assert offered(None, auspex()).mark == before
    other = [offered(draft(brawl=1), auspex()), offered(None, auspex(3)), offered(None, auspex(), clinch())]
    assert before not in {each.mark for each in other} and len({each.mark for each in other}) == 3


def test_the_mark_minds_no_tracks() -> None:
    hurt = {"willpower": {"max": 5, "superficial": 3, "aggravated": 0}, "hunger": {"value": 4, "max": 5}}
    assert offered(draft(hurt)).mark == offered().mark


def test_faces_say_what_they_are() -> None:
    found = pools.faces({"normal": [10, 6, 5, 1], "special": [10, 7, 2, 1]})
    assert [sort for _face, sort in found["normal"]] == ["ten", "hit", "miss", "miss"]
    assert [sort for _face, sort in found["special"]] == ["ten", "hit", "miss", "one"]
