from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters.stats import InvalidStats, blank, leaves, merged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PATCHES = st.dictionaries(st.sampled_from([*blank(), "other"]), JSON, max_size=4)


def problems(patch: Any) -> list[str]:
    with pytest.raises(InvalidStats) as refusal:
        merged(blank(), patch)
    return sorted(path for path, _ in refusal.value.problems)


def test_a_patch_changes_only_what_it_names() -> None:
    before = merged(blank(), {"hp": {"max": 45, "current": 40}, "abilities": {"str": 16}})
    after = merged(before, {"hp": {"current": 35}})
    assert after == {**before, "hp": {"current": 35, "max": 45, "temp": 0}}
    assert before["hp"]["current"] == 40


@pytest.mark.parametrize(
    ("patch", "failing"),
    [
        ([], [""]),
        ({"mana": 5}, ["mana"]),
        ({"hp": 5}, ["hp"]),
        ({"hp": {"currant": 5}}, ["hp.currant"]),
        ({"hp": {"current": "5"}}, ["hp.current"]),
        ({"hp": {"current": 5.0, "max": 9}}, ["hp.current"]),
        ({"hp": {"current": True, "max": 9}}, ["hp.current"]),
        ({"hp": {"current": None}}, ["hp.current"]),
        ({"hp": {"current": -1}}, ["hp.current"]),
        ({"hp": {"current": 6, "max": 5}}, ["hp.current"]),
        ({"hp": {"max": 2**31}}, ["hp.max"]),
        ({"ac": -5}, ["ac"]),
        ({"ac": 10**6}, ["ac"]),
        ({"abilities": {"str": 100, "luck": 3}}, ["abilities.luck"]),
        ({"abilities": {"str": 100, "dex": "x"}}, ["abilities.dex", "abilities.str"]),
        ({"death_saves": {"success": 4}}, ["death_saves.success"]),
        ({"inspiration": "on"}, ["inspiration"]),
        ({"conditions": "prone"}, ["conditions"]),
        ({"conditions": ["prone", 5, "", "Prone"]}, ["conditions.1", "conditions.2", "conditions.3"]),
        ({"condition_rounds": {"prone": 3}}, ["condition_rounds.prone"]),
        ({"conditions": ["prone"], "condition_rounds": {"prone": 0}}, ["condition_rounds.prone"]),
        ({"tracks": {"Bad Name": {"value": 1, "max": 5}}}, ["tracks.Bad Name"]),
        ({"tracks": {"hunger": {"value": 6, "max": 5}}}, ["tracks.hunger.value"]),
        ({"tracks": {"hunger": 3}}, ["tracks.hunger"]),
        ({"tracks": {f"t{n}": {"value": 1, "max": 5} for n in range(13)}}, ["tracks"]),
    ],
)
def test_everything_that_fails_is_named(patch: Any, failing: list[str]) -> None:
    assert problems(patch) == failing


def test_conditions_are_kept_in_one_form() -> None:
    after = merged(blank(), {"conditions": ["  Prone ", "Hunter's  Mark"]})
    assert after["conditions"] == ["prone", "hunter's mark"]


def test_a_track_is_merged_and_removed_by_name() -> None:
    one = merged(blank(), {"tracks": {"hunger": {"value": 1, "max": 5}, "rage": {"value": 0, "max": 5}}})
    two = merged(one, {"tracks": {"hunger": {"value": 3}, "rage": None}})
    assert two["tracks"] == {"hunger": {"value": 3, "max": 5}}


def test_rounds_leave_with_their_condition() -> None:
    one = merged(blank(), {"conditions": ["bless"], "condition_rounds": {"bless": 10}})
    assert merged(one, {"conditions": []})["condition_rounds"] == {}


@given(PATCHES)
def test_whatever_is_sent_is_either_valid_or_refused_with_its_fields(patch: dict[str, Any]) -> None:
    try:
        after = merged(blank(), patch)
    except InvalidStats as refusal:
        assert refusal.problems
    else:
        assert merged(after, {}) == after


def test_leaves_are_the_fields_that_can_be_edited_one_by_one() -> None:
    stats = merged(blank(), {"conditions": ["prone"], "tracks": {"hunger": {"value": 1, "max": 5}}})
    flat = leaves({"stats": stats})
    assert flat["stats.hp.current"] == 0
    assert flat["stats.conditions"] == ["prone"]
    assert flat["stats.tracks.hunger"] == {"value": 1, "max": 5}
