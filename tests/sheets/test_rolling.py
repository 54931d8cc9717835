"""What is asked for becomes dice: the pool of a sheet, what its tracks take and add, and the words for what fell."""

from typing import Any

import pytest

from sheets import chronicle, dice, rolling
from sheets.lines import hunter, vampire
from sheets.lines.shape import Draft
from tests.sheets.drafts import WOLVES, a_hunter_draft, a_vampire_draft
from tests.sheets.test_dice import falling

CHRONICLE = chronicle.merged({})
CELERITY, GRAPPLING = "5e8b3c1e-0000-4000-8000-000000000001", "5e8b3c1e-0000-4000-8000-000000000002"
ROWS: dict[str, Any] = {
    CELERITY: (vampire.LINE.kinds_by_name["disciplines"], {"discipline": "celerity", "rating": 2, "origin": ""}),
    GRAPPLING: (vampire.LINE.kinds_by_name["specialties"], {"skill": "brawl", "name": "Grappling"}),
}
WELL = {"max": 5, "superficial": 0, "aggravated": 0}


def tracks(**changes: Any) -> dict[str, Any]:
    begun = {"health": WELL, "willpower": WELL, "hunger": {"value": 2, "max": 5}}
    return {**begun, "humanity": {"value": 7, "stains": 0, "max": 10}, **changes}


def vampire_draft(live: Any = None, **fields: Any) -> Draft:
    return a_vampire_draft(tracks=live or tracks(), **{"strength": 3, "brawl": 2, "blood_potency": 2, **fields})


def planned(draft: Draft | None = None, surge: bool = False, line: Any = vampire.LINE, **asked: Any) -> rolling.Plan:
    whole = {"difficulty": 1, **asked}
    return rolling.plan(line, draft or vampire_draft(), CHRONICLE, whole, ROWS, surge=surge)


def parts(plan: rolling.Plan) -> dict[str, int]:
    return {part.label: part.dice for part in plan.parts}


def test_two_traits_with_hunger_dice_in_the_place_of_others() -> None:
    plan = planned(traits=["strength", "brawl"], difficulty=3)
    assert (plan.label, plan.pool, plan.special, plan.rerolls) == ("Strength + Brawl", 5, 2, True)
    thrown = plan.thrown(falling(9, 8, 2, 10, 1))
    assert (thrown.normal, thrown.special, thrown.difficulty) == ((9, 8, 2), (10, 1), 3)


def test_what_comes_on_top() -> None:
    plan = planned(traits=["strength", "brawl"], specialty=GRAPPLING, modifier=-1, surge=True)
    assert parts(plan) == {"Strength": 3, "Brawl": 2, "Grappling": 1, "Modifier": -1, "Blood surge": 2}


def test_a_discipline_is_rolled_with_the_bonus_of_the_blood() -> None:
    assert parts(planned(traits=["strength", CELERITY])) == {"Strength": 3, "Celerity": 2, "Blood potency": 1}
    assert "Blood potency" not in parts(planned(traits=["strength", "brawl"]))


FULL = {"max": 5, "superficial": 3, "aggravated": 2}


@pytest.mark.parametrize(
    ("live", "traits", "lost"),
    [
        ({"health": FULL}, ["strength", "brawl"], -2),
        ({"health": FULL}, ["wits", "politics"], None),
        ({"health": FULL}, ["wits", "brawl"], -2),
        ({"willpower": FULL}, ["charisma", "politics"], -2),
        ({"willpower": FULL}, ["strength", "brawl"], None),
        ({"willpower": FULL, "health": FULL}, ["strength", "politics"], -4),
    ],
)
def test_full_tracks_take_dice(live: Any, traits: list[str], lost: int | None) -> None:
    assert parts(planned(vampire_draft(tracks(**live)), traits=traits)).get("Impaired") == lost


def test_a_number_of_dice_is_rolled_as_it_is() -> None:
    plan = planned(vampire_draft(tracks(health=FULL)), dice=7, label="The old lock")
    assert (plan.label, plan.pool, plan.special) == ("The old lock", 7, 2)
    assert planned(dice=0).pool == 1


def test_willpower_and_humanity_have_no_hunger_dice_and_are_not_rolled_again() -> None:
    plan = planned(vampire_draft(tracks(willpower={**WELL, "superficial": 2})), traits=["willpower", "humanity"])
    assert (plan.pool, plan.special, plan.rerolls) == (10, 0, False)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "traits"),
        ({"traits": ["strength"], "dice": 4}, "traits"),
        ({"traits": ["clan"]}, "traits"),
        ({"traits": ["hunger"]}, "traits"),
        ({"traits": [GRAPPLING]}, "traits"),
        ({"traits": ["strength"], "specialty": GRAPPLING}, "specialty"),
        ({"traits": ["strength"], "specialty": CELERITY}, "specialty"),
        ({"dice": 40, "modifier": 1}, "modifier"),
        ({"dice": 4, "desperation": True}, "desperation"),
    ],
)
def test_what_cannot_be_rolled_names_its_field(asked: Any, field: str) -> None:
    with pytest.raises(rolling.NotRolled) as refused:
        planned(**asked)
    assert refused.value.field == field


def hunter_plan(despair: int = 0, **asked: Any) -> rolling.Plan:
    live = tracks(desperation={"value": 3, "max": 5}, despair={"value": despair, "max": 1})
    draft = Draft(a_hunter_draft(strength=2, brawl=2).fields, live)
    return planned(draft, line=hunter.LINE, traits=["strength", "brawl"], **asked)


def test_desperation_dice_come_on_top_and_only_where_they_are_asked_for() -> None:
    plain, desperate = hunter_plan(), hunter_plan(desperation=True)
    assert (plain.special, desperate.special, desperate.pool) == (0, 3, 4)
    thrown = desperate.thrown(falling(6, 7, 2, 3, 1, 9, 9))
    assert (len(thrown.normal), len(thrown.special), thrown.outcome) == (4, 3, dice.CHOICE)


def test_in_despair_there_are_no_desperation_dice() -> None:
    with pytest.raises(rolling.NotRolled, match="despair"):
        hunter_plan(despair=1, desperation=True)
    assert hunter_plan(despair=1).pool == 4


def test_a_line_that_says_nothing_of_dice_rolls_plain_ones() -> None:
    draft = Draft({**WOLVES.blank(), "name": "Asena", "stamina": 3}, {"rage": {"value": 2, "max": 5}})
    plan = rolling.plan(WOLVES, draft, CHRONICLE, {"traits": ["stamina"], "difficulty": 1}, {})
    assert (plan.pool, plan.special) == (3, 0)


def told(normal: list[int], special: list[int], difficulty: int) -> dict[str, Any]:
    return dice.told(dice.judged(normal, special, difficulty, dice.DESPERATION), dice.DESPERATION)


def test_overreach_keeps_the_win_and_despair_does_not() -> None:
    won, lost = told([10, 2], [10, 1], 4), told([3, 2], [1, 5], 1)
    assert (rolling.choices(won), rolling.choices(lost)) == (("overreach", "despair"), ("despair",))
    assert rolling.settled(won, "overreach")["outcome"] == dice.CRITICAL
    assert rolling.settled(told([8, 3], [1], 1), "overreach")["outcome"] == dice.SUCCESS
    assert rolling.settled(won, "despair")["outcome"] == dice.DESPAIR
    assert rolling.choices(told([6, 7], [2], 2)) == ()


@pytest.mark.parametrize(
    ("kind", "result", "words"),
    [
        ("rouse", {"outcome": "passed", "hunger": 2, "frenzy": 0}, "no more hunger"),
        ("rouse", {"outcome": "failed", "hunger": 3, "frenzy": 0}, "hunger rises to 3"),
        ("rouse", {"outcome": "failed", "hunger": 5, "frenzy": 4}, "hunger stays at 5"),
        ("remorse", {"outcome": "passed", "humanity": 7}, "the stains are cleared"),
        ("remorse", {"outcome": "failed", "humanity": 6}, "humanity falls to 6"),
        ("frenzy", {"outcome": "success", "total": 3, "difficulty": 2}, "frenzy resisted, 3 successes against 2"),
        ("frenzy", {"outcome": "failure", "total": 1, "difficulty": 2}, "frenzy, 1 success against 2"),
        ("frenzy", {"outcome": "critical", "total": 4, "difficulty": 2}, "frenzy resisted, no turn lost, 4 successes"),
        ("pool", {"outcome": "messy_critical", "total": 5, "difficulty": 4}, "messy critical, 5 successes against 4"),
        ("pool", {"outcome": "success", "choice": "overreach", "total": 1, "difficulty": 1}, "success, overreach, 1"),
    ],
)
def test_in_words(kind: str, result: dict[str, Any], words: str) -> None:
    assert rolling.summary(kind, result).startswith(words)
