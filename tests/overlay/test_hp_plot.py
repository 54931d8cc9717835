from datetime import UTC, datetime, timedelta

import pytest

from overlay.hp_plot import HEIGHT, WIDTH, Sample, marks, plot

START = datetime(2026, 11, 14, 19, tzinfo=UTC)
END = START + timedelta(hours=4)


def at(hours: float, before: int, current: int, character: str = "a", most: int = 40) -> Sample:
    return Sample(character, START + timedelta(hours=hours), before, current, most)


def test_a_lane_starts_at_what_was_and_steps_to_what_is() -> None:
    lane = plot([at(1, 40, 20), at(2, 20, 30)], START, END)["lanes"]["a"]

    assert lane.line == "M0 0H250V20H500V10H1000"
    assert lane.area == lane.line + "V40H0Z"
    assert (lane.most, lane.lowest, lane.last, lane.low_words) == (40, 20, 30, "low 20")


def test_each_character_has_a_lane() -> None:
    lanes = plot([at(1, 40, 20), at(1, 10, 5, "b", 10)], START, END)["lanes"]

    assert list(lanes) == ["a", "b"]
    assert lanes["b"].lowest == 5


def test_the_stretches_at_0() -> None:
    lane = plot([at(1, 40, 0), at(2, 0, 9), at(3, 9, 0)], START, END)["lanes"]["a"]

    assert lane.outs == [{"x": 250.0, "width": 250.0}, {"x": 750.0, "width": 250.0}]
    assert lane.low_words == "down twice"


def test_hit_again_while_down_is_one_stretch() -> None:
    lane = plot([at(1, 40, 0), at(2, 0, 0)], START, END)["lanes"]["a"]

    assert len(lane.outs) == 1
    assert lane.low_words == "down once"


def test_who_starts_the_evening_down_is_down_from_the_left_edge() -> None:
    lane = plot([at(2, 0, 12)], START, END)["lanes"]["a"]

    assert lane.outs == [{"x": 0.0, "width": 500.0}]


@pytest.mark.parametrize("hours", [-1, 0, 9])
def test_what_happened_outside_the_evening_is_drawn_at_its_edge(hours: float) -> None:
    lane = plot([at(hours, 40, 60, most=40)], START, END)["lanes"]["a"]

    x, y = lane.line.split("H")[1].split("V")
    assert 0 <= float(x) <= WIDTH
    assert 0 <= float(y) <= HEIGHT


def test_an_evening_without_length() -> None:
    assert plot([at(0, 40, 20)], START, START)["lanes"]["a"].lowest == 20


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(hours=3, minutes=41), ["0 h", "1 h", "2 h", "3 h"]),
        (timedelta(hours=1), ["0 h", "0:15", "0:30", "0:45"]),
        (timedelta(minutes=20), ["0 h", "0:05", "0:10", "0:15"]),
        (timedelta(hours=11), ["0 h", "2 h", "4 h", "6 h", "8 h", "10 h"]),
    ],
)
def test_marks(length: timedelta, labels: list[str]) -> None:
    assert [mark["label"] for mark in marks(length)] == labels
