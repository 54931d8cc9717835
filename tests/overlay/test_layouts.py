from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overlay import layouts

HERO = "5b0b7c1e-6a53-4b2f-9a8e-7f0f2c1d9e11"
PLACED = {"x": 0.1, "y": 0.9, "scale": 1, "z": 0, "visible": True}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def failing(patch: Any) -> list[str]:
    with pytest.raises(layouts.InvalidLayout) as refusal:
        layouts.merged(layouts.blank(), patch)
    return sorted(path for path, _ in refusal.value.problems)


def test_a_new_badge_needs_only_its_place() -> None:
    layout = layouts.merged(layouts.blank(), {"badges": {HERO: {"x": 0.1, "y": 0.9}}})
    assert layout["badges"] == {HERO: PLACED}


def test_a_badge_moves_keeps_the_rest_and_can_be_taken_off() -> None:
    one = layouts.merged(layouts.blank(), {"badges": {HERO: {**PLACED, "scale": 2}}})
    two = layouts.merged(one, {"badges": {HERO: {"x": 0.5}}})
    assert two["badges"][HERO] == {**PLACED, "scale": 2, "x": 0.5}
    assert layouts.merged(two, {"badges": {HERO: None}})["badges"] == {}


def test_the_card_shows_what_it_is_told() -> None:
    stats = [{"key": "abilities.str", "label": "STR", "shape": "plain"}]
    card = layouts.merged(layouts.blank(), {"card": {"ac": False, "stats": stats}})["card"]
    assert card == {**layouts.blank()["card"], "ac": False, "stats": stats}


@pytest.mark.parametrize(
    ("patch", "paths"),
    [
        ([], [""]),
        ({"zoom": 1}, ["zoom"]),
        ({"badges": []}, ["badges"]),
        ({"badges": {"nobody": PLACED}}, ["badges.nobody"]),
        ({"badges": {HERO: 5}}, [f"badges.{HERO}"]),
        ({"badges": {HERO: {"x": 0.1}}}, [f"badges.{HERO}.y"]),
        ({"badges": {HERO: {**PLACED, "x": 1.01, "z": 1.5, "scale": 5, "visible": 1}}},
         [f"badges.{HERO}.{key}" for key in ("scale", "visible", "x", "z")]),
        ({"badges": {HERO: {**PLACED, "x": True}}}, [f"badges.{HERO}.x"]),
        ({"badges": {HERO: {**PLACED, "x": float("nan")}}}, [f"badges.{HERO}.x"]),
        ({"chips": {HERO: {**PLACED, "rotate": 5}}}, [f"chips.{HERO}.rotate"]),
        ({"card": {"ac": "no"}}, ["card.ac"]),
        ({"card": {"mana": True}}, ["card.mana"]),
        ({"card": {"stats": [{"key": "abilities.str"}] * 9}}, ["card.stats"]),
        ({"card": {"stats": [{"key": "hp.current"}]}}, ["card.stats.0.key"]),
        ({"card": {"stats": [{"key": "level", "label": "x" * 13, "shape": "blob"}]}},
         ["card.stats.0.label", "card.stats.0.shape"]),
    ],
)  # fmt: skip
def test_everything_that_fails_is_named(patch: Any, paths: list[str]) -> None:
    assert failing(patch) == paths


@given(st.dictionaries(st.sampled_from(["badges", "chips", "card", "other"]), JSON, max_size=3))
def test_whatever_is_sent_is_either_valid_or_refused(patch: dict[str, Any]) -> None:
    try:
        after = layouts.merged(layouts.blank(), patch)
    except layouts.InvalidLayout as refusal:
        assert refusal.problems
    else:
        assert layouts.merged(after, {}) == after


def test_a_refused_patch_changes_nothing() -> None:
    before = layouts.merged(layouts.blank(), {"badges": {HERO: PLACED}})
    with pytest.raises(layouts.InvalidLayout):
        layouts.merged(before, {"badges": {HERO: {"x": 9}}})
    assert before["badges"][HERO] == PLACED
