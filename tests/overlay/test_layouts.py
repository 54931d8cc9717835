from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overlay import layouts

HERO = "5b0b7c1e-6a53-4b2f-9a8e-7f0f2c1d9e11"
OTHER = "0c9a4a6e-58a1-4f0b-8d0c-3b8a0a3f9a52"
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
        ({"badges": {HERO: {**PLACED, "locked": 1}}}, [f"badges.{HERO}.locked"]),
        ({"tall": {"badges": 5, "card": {}}}, ["tall.badges", "tall.card"]),
        ({"tall": {"chips": {HERO: {**PLACED, "y": 2}}}}, [f"tall.chips.{HERO}.y"]),
        ({"cards": {HERO: 5, "nobody": {}}}, [f"cards.{HERO}", "cards.nobody"]),
        ({"cards": {HERO: {"ac": 1, "ac_shape": "plain", "stats": 5, "colours": {"hp": "red", "preset": "crypt"}}}},
         [f"cards.{HERO}.{key}" for key in ("ac", "ac_shape", "colours", "stats")]),
        ({"cards": {HERO: {"colours": {"hp": "red", "glow": "#ffffff"}}}},
         [f"cards.{HERO}.colours.{key}" for key in ("glow", "hp")]),
        ({"card": {"colours": {}}}, ["card.colours"]),
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


def test_upright_pictures_have_places_of_their_own() -> None:
    one = layouts.merged(layouts.blank(), {"badges": {HERO: PLACED}, "tall": {"badges": {HERO: {"x": 0.5, "y": 0.5}}}})
    two = layouts.merged(one, {"tall": {"badges": {HERO: {"scale": 2}}}})
    assert two["badges"] == {HERO: PLACED}
    assert two["tall"] == {"badges": {HERO: {**PLACED, "x": 0.5, "y": 0.5, "scale": 2}}, "chips": {}}
    assert layouts.merged(two, {"tall": {"badges": {HERO: None}}}) == layouts.merged(
        one, {"tall": {"badges": {HERO: None}}}
    )


def test_a_lock_stands_in_a_place_only_while_it_is_locked() -> None:
    one = layouts.merged(layouts.blank(), {"badges": {HERO: {**PLACED, "locked": True}}})
    assert layouts.merged(one, {"badges": {HERO: {"x": 0.5}}})["badges"][HERO]["locked"] is True
    assert layouts.merged(one, {"badges": {HERO: {"locked": False}}})["badges"] == {HERO: PLACED}


def test_a_character_s_card_comes_and_goes_as_a_whole() -> None:
    one = layouts.merged(layouts.blank(), {"cards": {HERO: {"ac": False, "colours": {"hp": "#112233"}}}})
    two = layouts.merged(one, {"cards": {HERO: {"ac_shape": "circle"}}})
    assert two["cards"] == {HERO: {"ac_shape": "circle"}}
    assert layouts.merged(two, {"cards": {HERO: None}}) == layouts.blank()


def test_a_document_of_old_is_whole_again() -> None:
    old = {"badges": {HERO: PLACED}, "chips": {}, "card": {"ac": False, "stats": []}}
    assert layouts.whole(old) == {
        **layouts.blank(),
        "badges": {HERO: PLACED},
        "card": {**layouts.blank()["card"], "ac": False},
    }
    assert layouts.merged(old, {}) == layouts.whole(old)


@pytest.mark.parametrize("group", ["badges", "chips", "tall.badges", "tall.chips", "cards"])
def test_whoever_is_hidden_is_named_nowhere(group: str) -> None:
    part: dict[str, Any] = {HERO: {} if group == "cards" else PLACED, OTHER: {} if group == "cards" else PLACED}
    for key in reversed(group.split(".")):
        part = {key: part}
    layout = layouts.merged(layouts.blank(), part)
    assert layouts.ids(layout) == {HERO, OTHER}
    assert layouts.ids(layouts.without(layout, {HERO})) == {OTHER}


@given(st.dictionaries(st.sampled_from(["badges", "chips", "tall", "card", "cards", "other"]), JSON, max_size=3))
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
