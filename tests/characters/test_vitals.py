import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from characters import vitals
from characters.stats import Stats, blank, merged


def body(current: int = 35, most: int = 45, temp: int = 0, **more: Any) -> Stats:
    return merged(blank(), {"hp": {"current": current, "max": most, "temp": temp}, **more})


def hp(stats: Stats) -> tuple[int, int]:
    return stats["hp"]["current"], stats["hp"]["temp"]


def saves(stats: Stats) -> tuple[int, int]:
    return stats["death_saves"]["success"], stats["death_saves"]["failure"]


@st.composite
def bodies(draw: st.DrawFn) -> Stats:
    most = draw(st.integers(1, 300))
    current = draw(st.integers(0, most))
    fallen = {"success": draw(st.integers(0, 3)), "failure": draw(st.integers(0, 3))}
    return body(
        current,
        most,
        draw(st.integers(0, 30)),
        death_saves=fallen if current == 0 else {"success": 0, "failure": 0},
        conditions=draw(st.lists(st.sampled_from(["prone", "poisoned", "concentrating"]), unique=True)),
        tracks={"hunger": {"value": draw(st.integers(0, 5)), "max": 5}},
    )


class TestWounding:
    def test_takes_hit_points(self) -> None:
        assert hp(vitals.wounded(body(35), 7).stats) == (28, 0)

    def test_temporary_hit_points_go_first(self) -> None:
        assert hp(vitals.wounded(body(35, temp=5), 3).stats) == (35, 2)
        assert hp(vitals.wounded(body(35, temp=5), 8).stats) == (32, 0)

    def test_stops_at_zero(self) -> None:
        assert hp(vitals.wounded(body(5), 9).stats) == (0, 0)

    def test_at_zero_already_is_a_failed_death_save(self) -> None:
        assert saves(vitals.wounded(body(0), 3).stats) == (0, 1)
        assert saves(vitals.wounded(body(0), 3, critical=True).stats) == (0, 2)

    def test_temporary_hit_points_spare_the_death_save(self) -> None:
        assert saves(vitals.wounded(body(0, temp=5), 3).stats) == (0, 0)

    def test_left_over_damage_of_the_maximum_kills_outright(self) -> None:
        assert vitals.state(vitals.wounded(body(5, 20), 24).stats) == "down"
        assert vitals.state(vitals.wounded(body(5, 20), 25).stats) == "dead"

    @pytest.mark.parametrize(("amount", "dc"), [(1, 10), (21, 10), (22, 11), (45, 22), (90, 30)])
    def test_reminds_of_concentration(self, amount: int, dc: int) -> None:
        change = vitals.wounded(body(200, 200, conditions=["concentrating"]), amount)
        assert change.notes["concentration_dc"] == dc

    def test_does_not_remind_who_does_not_concentrate(self) -> None:
        assert vitals.wounded(body(), 7).notes == {}

    def test_says_when_somebody_falls(self) -> None:
        assert vitals.wounded(body(5), 6).notes == {"outcome": "down"}

    def test_leaves_the_old_document_alone(self) -> None:
        before = body()
        copied = copy.deepcopy(before)
        vitals.wounded(before, 7)
        assert before == copied


class TestHealing:
    def test_gives_hit_points_up_to_the_maximum(self) -> None:
        assert hp(vitals.healed(body(35), 7).stats) == (42, 0)
        assert hp(vitals.healed(body(35), 70).stats) == (45, 0)

    def test_leaves_temporary_hit_points_alone(self) -> None:
        assert hp(vitals.healed(body(35, temp=4), 1).stats) == (36, 4)

    def test_ends_dying(self) -> None:
        dying = body(0, death_saves={"success": 1, "failure": 2})
        assert saves(vitals.healed(dying, 1).stats) == (0, 0)

    def test_by_nothing_does_not(self) -> None:
        dying = body(0, death_saves={"success": 1, "failure": 2})
        assert saves(vitals.healed(dying, 0).stats) == (1, 2)


@pytest.mark.parametrize(("old", "given_", "new"), [(0, 8, 8), (5, 8, 8), (8, 5, 8), (8, 0, 0)])
def test_temporary_hit_points_do_not_add_up(old: int, given_: int, new: int) -> None:
    assert hp(vitals.given_temporary(body(temp=old), given_).stats) == (35, new)


@pytest.mark.parametrize("to", [-1, 46])
def test_hit_points_cannot_be_put_outside_their_range(to: int) -> None:
    with pytest.raises(vitals.Impossible, match="0 to the maximum of 45"):
        vitals.set_to(body(), to)


class TestDeathSaves:
    @pytest.mark.parametrize(
        ("result", "after"),
        [
            ("success", (0, 2, 1)),
            ("failure", (0, 1, 2)),
            ("critical_failure", (0, 1, 3)),
            ("critical_success", (1, 0, 0)),
        ],
    )
    def test_are_counted(self, result: str, after: tuple[int, int, int]) -> None:
        stats = vitals.death_saved(body(0, death_saves={"success": 1, "failure": 1}), result).stats
        assert (stats["hp"]["current"], *saves(stats)) == after

    @pytest.mark.parametrize(("success", "failure", "outcome"), [(2, 0, "stable"), (0, 2, "down")])
    def test_say_how_it_ended(self, success: int, failure: int, outcome: str) -> None:
        dying = body(0, death_saves={"success": success, "failure": failure})
        assert vitals.death_saved(dying, "success").notes["outcome"] == outcome

    def test_are_for_the_dying_only(self) -> None:
        with pytest.raises(vitals.Impossible, match="at 0 hit points"):
            vitals.death_saved(body(1), "success")

    @pytest.mark.parametrize("decided", [{"success": 3, "failure": 0}, {"success": 0, "failure": 3}])
    def test_end_when_they_are_decided(self, decided: dict[str, int]) -> None:
        with pytest.raises(vitals.Impossible, match="decided"):
            vitals.death_saved(body(0, death_saves=decided), "success")


class TestConditions:
    def test_come_and_go(self) -> None:
        stats = vitals.with_condition(body(), "prone", 3).stats
        assert (stats["conditions"], stats["condition_rounds"]) == (["prone"], {"prone": 3})
        stats = vitals.without_condition(stats, "prone").stats
        assert (stats["conditions"], stats["condition_rounds"]) == ([], {})

    def test_named_again_change_their_length(self) -> None:
        stats = vitals.with_condition(body(conditions=["prone"]), "prone", 3).stats
        assert (stats["conditions"], stats["condition_rounds"]) == (["prone"], {"prone": 3})

    def test_are_not_had_twice_nor_lost_twice(self) -> None:
        with pytest.raises(vitals.Impossible, match="already prone"):
            vitals.with_condition(body(conditions=["prone"]), "prone")
        with pytest.raises(vitals.Impossible, match="is not prone"):
            vitals.without_condition(body(), "prone")

    def test_are_limited(self) -> None:
        crowded = body(conditions=[f"odd {n}" for n in range(20)])
        with pytest.raises(vitals.Impossible, match="At most 20"):
            vitals.with_condition(crowded, "prone")


class TestTracks:
    def test_of_pips_move_by_delta(self) -> None:
        stats = vitals.with_track(body(tracks={"hunger": {"value": 1, "max": 5}}), "hunger", delta=2).stats
        assert stats["tracks"]["hunger"]["value"] == 3

    def test_of_boxes_take_damage(self) -> None:
        row = {"health": {"max": 7, "superficial": 0, "aggravated": 0}}
        stats = vitals.with_track(body(tracks=row), "health", superficial=2, aggravated=1).stats
        assert stats["tracks"]["health"] == {"max": 7, "superficial": 2, "aggravated": 1}

    def test_that_nobody_has_are_named(self) -> None:
        with pytest.raises(vitals.Impossible, match=r"no such track \(it has: hunger\)"):
            vitals.with_track(body(tracks={"hunger": {"value": 1, "max": 5}}), "rage", delta=1)

    def test_refuse_the_other_kind_of_step(self) -> None:
        with pytest.raises(vitals.Impossible, match="delta and stains"):
            vitals.with_track(body(tracks={"hunger": {"value": 1, "max": 5}}), "hunger", superficial=1)


@pytest.mark.parametrize(
    ("current", "failure", "success", "state"),
    [(1, 0, 0, "up"), (0, 2, 2, "down"), (0, 0, 3, "stable"), (0, 3, 0, "dead"), (0, 3, 3, "dead")],
)
def test_state(current: int, failure: int, success: int, state: str) -> None:
    assert vitals.state(body(current, death_saves={"success": success, "failure": failure})) == state


def test_somebody_without_hit_points_is_up_but_cannot_be_wounded() -> None:
    assert vitals.state(body(0, 0)) == "up"
    with pytest.raises(vitals.Impossible, match="no hit points"):
        vitals.wounded(body(0, 0), 1)


@pytest.mark.parametrize(
    ("current", "band"),
    [(40, "unhurt"), (39, "hurt"), (21, "hurt"), (20, "bloodied"), (11, "bloodied"), (10, "critical"), (0, "down")],
)
def test_band(current: int, band: str) -> None:
    assert vitals.band(body(current, 40)) == band


CHANGES = st.one_of(
    st.tuples(st.just("wounded"), st.integers(1, 700)),
    st.tuples(st.just("healed"), st.integers(0, 700)),
    st.tuples(st.just("given_temporary"), st.integers(0, 60)),
)


@given(bodies(), st.lists(CHANGES, max_size=6))
def test_no_change_leaves_the_ranges(stats: Stats, changes: list[tuple[str, int]]) -> None:
    for name, amount in changes:
        stats = getattr(vitals, name)(stats, amount).stats
    assert merged(stats, {}) == stats


@given(bodies(), CHANGES)
def test_taking_back_at_once_restores_everything(stats: Stats, change: tuple[str, int]) -> None:
    name, amount = change
    done = getattr(vitals, name)(stats, amount)
    assert vitals.reverted(done.stats, done.applied) == stats


@given(bodies(), CHANGES, st.lists(CHANGES, max_size=4))
def test_taking_back_later_keeps_the_ranges(stats: Stats, first: tuple[str, int], later: list[tuple[str, int]]) -> None:
    done = getattr(vitals, first[0])(stats, first[1])
    after = done.stats
    for name, amount in later:
        after = getattr(vitals, name)(after, amount).stats
    after = vitals.reverted(after, done.applied)
    assert merged(after, {}) == after


def test_taking_back_an_old_wound_keeps_later_ones() -> None:
    first = vitals.wounded(body(35, temp=3), 10)
    second = vitals.wounded(first.stats, 6)
    assert hp(vitals.reverted(second.stats, first.applied)) == (29, 3)


def test_taking_back_a_heal_brings_the_death_saves_back() -> None:
    dying = body(0, death_saves={"success": 1, "failure": 2})
    healed = vitals.healed(dying, 5)
    assert vitals.reverted(healed.stats, healed.applied) == dying
