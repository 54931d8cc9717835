import json
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from overlay.geometry import SIZES, Place, clamp_place, place, unit

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors/geometry.json").read_text())
SIXTEEN_TO_NINE = [(1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)]


def party(count, tier="large"):
    return [(f"c{n}", tier) for n in range(1, count + 1)]


def boxes(items, spots, width, height):
    """Left, top, right, bottom in pixels of everything that shows."""
    one = unit(width, height)
    for key, tier in items:
        spot = spots[key]
        if spot.visible:
            w, h = (length * spot.scale * one for length in SIZES[tier])
            yield spot.x * width, spot.y * height - h, spot.x * width + w, spot.y * height


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.01 and min(a[3], b[3]) - max(a[1], b[1]) > 0.01


@pytest.mark.parametrize(("width", "height", "expected"), VECTORS["units"])
def test_unit_vectors(width, height, expected):
    assert unit(width, height) == pytest.approx(expected)


@pytest.mark.parametrize("case", VECTORS["places"], ids=lambda case: case["name"])
def test_place_vectors(case):
    spots = place(
        [tuple(item) for item in case["items"]], case["saved"], case["width"], case["height"], case.get("tall")
    )
    assert {key: asdict(spot) for key, spot in spots.items()} == {
        key: pytest.approx(expected) for key, expected in case["expect"].items()
    }


@pytest.mark.parametrize(("width", "height"), SIXTEEN_TO_NINE)
def test_a_unit_is_one_percent_of_a_wide_picture(width, height):
    assert unit(width, height) == width / 100


def test_a_unit_is_larger_where_the_picture_is_narrow():
    assert unit(1080, 1920) == pytest.approx(25.92)
    assert unit(800, 600) == pytest.approx(8.1)


def test_five_large_badges_stand_in_one_row():
    spots = place(party(5), {})
    assert [spots[f"c{n}"].x for n in range(1, 6)] == pytest.approx([0.02, 0.21, 0.40, 0.59, 0.78])
    assert [spot.y for spot in spots.values()] == pytest.approx([1 - 2.2 * 19.2 / 1080] * 5)


def test_the_sixth_wraps_upwards():
    spots = place(party(6), {})
    assert spots["c6"].x == spots["c1"].x
    assert spots["c1"].y - spots["c6"].y == pytest.approx((10.5 + 1.5) * 19.2 / 1080)


@pytest.mark.parametrize("count", [1, 2, 5, 6, 12, 20, 30])
@pytest.mark.parametrize("tier", SIZES)
@pytest.mark.parametrize(("width", "height"), [*SIXTEEN_TO_NINE, (1080, 1920), (800, 600), (3440, 1440)])
def test_the_flow_neither_overlaps_nor_leaves_the_picture(count, tier, width, height):
    items = party(count, tier)
    drawn = list(boxes(items, place(items, {}, width, height), width, height))
    assert len(drawn) == count
    assert all(x >= 0 and y >= -0.01 and right <= width + 0.01 and bottom <= height for x, y, right, bottom in drawn)
    assert not [pair for pair in combinations(drawn, 2) if overlap(*pair)]


def test_a_full_picture_keeps_everyone_inside():
    items = party(200)
    drawn = list(boxes(items, place(items, {}), 1920, 1080))
    assert all(x >= 0 and y >= -0.01 and right <= 1920.01 and bottom <= 1080 for x, y, right, bottom in drawn)


@pytest.mark.parametrize(("width", "height"), SIXTEEN_TO_NINE)
def test_the_same_shares_at_every_wide_size(width, height):
    saved = {"c2": {"x": 0.5, "y": 0.5, "scale": 1.5}}
    expected = place(party(7), saved, 1920, 1080)
    assert {key: asdict(spot) for key, spot in place(party(7), saved, width, height).items()} == {
        key: pytest.approx(asdict(spot)) for key, spot in expected.items()
    }


def test_a_saved_place_is_kept_on_a_wide_picture_even_over_another():
    saved = {"c1": {"x": 0.3, "y": 0.9}, "c2": {"x": 0.31, "y": 0.91}}
    assert place(party(2), saved) == {"c1": Place(0.3, 0.9), "c2": Place(0.31, 0.91)}


def test_the_flow_steps_over_what_is_placed():
    items = party(6)
    spots = place(items, {"c6": {"x": 0.21, "y": 0.96, "scale": 2}})
    assert not [pair for pair in combinations(boxes(items, spots, 1920, 1080), 2) if overlap(*pair)]


def test_a_hidden_badge_takes_no_room():
    spots = place(party(2), {"c1": {"x": 0.02, "y": 0.96, "visible": False}})
    assert not spots["c1"].visible
    assert spots["c2"].x == pytest.approx(0.02)


def test_a_wide_layout_is_unpiled_on_a_narrow_picture():
    items = party(5)
    saved = {f"c{n}": {"x": 0.02 + 0.19 * (n - 1), "y": 0.96, "z": n} for n in range(1, 6)}
    spots = place(items, saved, 1080, 1920)
    assert spots["c1"] == Place(0.02, 0.96, 1.0, 1)
    assert [spots[f"c{n}"].z for n in range(1, 6)] == [1, 2, 3, 4, 5]
    assert not [pair for pair in combinations(boxes(items, spots, 1080, 1920), 2) if overlap(*pair)]


def test_a_layout_made_for_a_narrow_picture_is_kept_there():
    saved = {"c1": {"x": 0.04, "y": 0.7}, "c2": {"x": 0.51, "y": 0.7}, "c3": {"x": 0.04, "y": 0.9}}
    spots = place(party(3), saved, 1080, 1920)
    assert {key: (spot.x, spot.y) for key, spot in spots.items()} == {
        "c1": (0.04, 0.7),
        "c2": (0.51, 0.7),
        "c3": (0.04, 0.9),
    }


@pytest.mark.parametrize("value", ["0.5", None, True, [], float("nan"), float("inf")])
def test_what_is_no_number_takes_the_default(value):
    assert clamp_place({"x": value, "y": value, "scale": value, "z": value}) == Place(0, 1, 1, 0)
