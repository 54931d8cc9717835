from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters import tracks

HEALTH = {"max": 7, "superficial": 2, "aggravated": 0}
HUNGER = {"value": 2, "max": 5}
HUMANITY = {"value": 7, "stains": 0, "max": 10}


@st.composite
def damage_rows(draw: st.DrawFn) -> tracks.Track:
    most = draw(st.integers(1, 20))
    aggravated = draw(st.integers(0, most))
    return {"max": most, "superficial": draw(st.integers(0, most - aggravated)), "aggravated": aggravated}


@st.composite
def pip_rows(draw: st.DrawFn) -> tracks.Track:
    most = draw(st.integers(1, 20))
    value = draw(st.integers(0, most))
    row = {"value": value, "max": most}
    return {**row, "stains": draw(st.integers(0, most))} if draw(st.booleans()) else row


STEPS = st.integers(-30, 30)


@pytest.mark.parametrize(
    ("row", "steps", "after"),
    [
        (HEALTH, {"superficial": 1}, {"max": 7, "superficial": 3, "aggravated": 0}),
        (HEALTH, {"superficial": -1}, {"max": 7, "superficial": 1, "aggravated": 0}),
        (HEALTH, {"superficial": -9}, {"max": 7, "superficial": 0, "aggravated": 0}),
        (HEALTH, {"superficial": 5}, {"max": 7, "superficial": 7, "aggravated": 0}),
        # the row is full: each further point turns a superficial box into an aggravated one
        (HEALTH, {"superficial": 7}, {"max": 7, "superficial": 5, "aggravated": 2}),
        (HEALTH, {"superficial": 30}, {"max": 7, "superficial": 0, "aggravated": 7}),
        (HEALTH, {"aggravated": 2}, {"max": 7, "superficial": 2, "aggravated": 2}),
        # no free box: aggravated damage displaces superficial
        (HEALTH, {"aggravated": 6}, {"max": 7, "superficial": 1, "aggravated": 6}),
        (HEALTH, {"aggravated": 30}, {"max": 7, "superficial": 0, "aggravated": 7}),
    ],
)
def test_damage_fills_the_boxes(row: tracks.Track, steps: dict[str, int], after: tracks.Track) -> None:
    assert tracks.hurt(row, **steps) == after


@pytest.mark.parametrize(
    ("row", "steps", "after"),
    [
        (HUNGER, {"delta": 1}, {"value": 3, "max": 5}),
        (HUNGER, {"delta": 9}, {"value": 5, "max": 5}),
        (HUNGER, {"delta": -9}, {"value": 0, "max": 5}),
        (HUMANITY, {"stains": 2}, {"value": 7, "stains": 2, "max": 10}),
        (HUMANITY, {"stains": 9}, {"value": 7, "stains": 9, "max": 10}),
        (HUMANITY, {"stains": 12}, {"value": 7, "stains": 10, "max": 10}),
        ({"value": 7, "stains": 3, "max": 10}, {"delta": 1}, {"value": 8, "stains": 3, "max": 10}),
    ],
)
def test_pips_move_within_the_row(row: tracks.Track, steps: dict[str, int], after: tracks.Track) -> None:
    assert tracks.moved(row, **steps) == after


@given(damage_rows(), STEPS, STEPS)
def test_damage_never_leaves_the_row(row: tracks.Track, superficial: int, aggravated: int) -> None:
    assert tracks.problems(tracks.hurt(row, superficial=superficial, aggravated=aggravated)) == []


@given(pip_rows(), STEPS, STEPS)
def test_pips_never_leave_the_row(row: tracks.Track, delta: int, stains: int) -> None:
    assert tracks.problems(tracks.moved(row, delta=delta, stains=stains)) == []


@given(damage_rows(), STEPS, STEPS)
def test_a_difference_takes_the_damage_back(row: tracks.Track, superficial: int, aggravated: int) -> None:
    after = tracks.hurt(row, superficial=superficial, aggravated=aggravated)
    assert tracks.taken_back(after, tracks.difference(row, after)) == row


@given(pip_rows(), STEPS, STEPS)
def test_a_difference_takes_the_move_back(row: tracks.Track, delta: int, stains: int) -> None:
    after = tracks.moved(row, delta=delta, stains=stains)
    assert tracks.taken_back(after, tracks.difference(row, after)) == row


@given(damage_rows(), damage_rows())
def test_taking_back_keeps_within_a_row_that_has_changed_since(row: tracks.Track, added: tracks.Track) -> None:
    assert tracks.problems(tracks.taken_back(row, {**added, "max": 0})) == []


@pytest.mark.parametrize(
    ("track", "keys"),
    [
        ("five", [""]),
        ({}, ["max", "value"]),
        ({"value": 2}, ["max"]),
        ({"value": "2", "max": 5}, ["value"]),
        ({"value": True, "max": 5}, ["value"]),
        ({"value": 6, "max": 5}, ["value"]),
        ({"value": -1, "max": 5}, ["value"]),
        ({"value": 1, "max": 31}, ["max"]),
        ({"value": 0, "max": 0}, ["max"]),
        ({"value": 1, "max": 5, "colour": 3}, ["colour"]),
        ({"superficial": 4, "aggravated": 4, "max": 7}, ["superficial"]),
        ({"superficial": 4, "max": 7}, ["aggravated"]),
        ({"value": 8, "stains": 11, "max": 10}, ["stains"]),
        ({"superficial": 1, "aggravated": 1, "max": 7, "stains": 1}, ["stains"]),
    ],
)
def test_what_is_no_track_is_named(track: Any, keys: list[str]) -> None:
    assert [key for key, _ in tracks.problems(track)] == keys
