"""Layouts as files: what is written is read again, and nothing else is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.refusals import Malformed, Refusal
from overlay import exchange, layouts

HERO = "5b0b7c1e-6a53-4b2f-9a8e-7f0f2c1d9e11"
OTHER = "0c9a4a6e-58a1-4f0b-8d0c-3b8a0a3f9a52"
THERE = "11111111-58a1-4f0b-8d0c-3b8a0a3f9a52"
PLACE = {"x": 0.1, "y": 0.9, "scale": 1, "z": 0, "visible": True}
NAMES = {HERO: "Isaura Vane", OTHER: "Bram"}


def document(**parts: Any) -> dict[str, Any]:
    return layouts.merged(layouts.blank(), parts)


def a_file(**changes: Any) -> dict[str, Any]:
    parts = document(
        badges={HERO: PLACE, OTHER: {**PLACE, "locked": True}},
        tall={"chips": {HERO: PLACE}},
        cards={HERO: {"colours": {"hp": "#112233"}}},
    )
    return {**exchange.written({"large": parts, "compact": document()}, NAMES), **changes}


def read(file: Any, here: dict[str, str]) -> exchange.Reading:
    return exchange.read(json.dumps(file).encode(), here)


def failing(file: Any) -> list[str]:
    with pytest.raises(Refusal) as refused:
        read(file, NAMES)
    return sorted(path for path, _ in refused.value.details)


def test_what_is_written_is_read_again() -> None:
    file = a_file()
    assert read(file, NAMES) == exchange.Reading(file["layouts"], [])
    assert list(file["layouts"]) == ["large", "compact"]
    assert file["characters"] == NAMES


def test_in_another_campaign_people_are_found_by_name() -> None:
    reading = read(a_file(), {THERE: "isaura vane"})
    large = reading.documents["large"]
    assert (large["badges"], large["tall"]["chips"]) == ({THERE: PLACE}, {THERE: PLACE})
    assert large["cards"] == {THERE: {"colours": {"hp": "#112233"}}}
    assert reading.left_out == ["Bram"]


def test_a_name_that_two_have_is_nobody_s() -> None:
    reading = read(a_file(), {THERE: "Isaura Vane", OTHER: "Isaura Vane"})
    assert reading.documents["large"]["badges"].keys() == {OTHER}
    assert reading.left_out == ["Isaura Vane"]


def test_the_first_version_is_still_read() -> None:
    old = {"badges": {HERO: PLACE}, "chips": {}, "card": {"ac": False}}
    reading = read({"format": "troupe-layout", "version": 1, "layouts": {"medium": old}}, NAMES)
    assert reading.documents == {"medium": document(badges={HERO: PLACE}, card={"ac": False})}


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"format": "obs-scene"}, ["format"]),
        ({"version": 3}, ["version"]),
        ({"version": True}, ["version"]),
        ({"author": "me"}, ["author"]),
        ({"characters": {HERO: 5}}, ["characters"]),
        ({"layouts": {}}, ["layouts"]),
        ({"layouts": {"huge": {}}}, ["layouts.huge"]),
        ({"layouts": {"large": []}}, ["layouts.large"]),
        ({"layouts": {"large": {"badges": {HERO: {**PLACE, "x": 2}}, "cards": {HERO: {"glow": True}}}}},
         [f"layouts.large.badges.{HERO}.x", f"layouts.large.cards.{HERO}.glow"]),
        ({"layouts": {"large": {"badges": 5, "tall": {"cards": {}}, "zoom": 2}}},
         ["layouts.large.badges", "layouts.large.tall.cards", "layouts.large.zoom"]),
        ({"version": 1, "layouts": {"large": {"badges": {}, "cards": {}}}}, ["layouts.large.cards"]),
    ],
)  # fmt: skip
def test_which_field_is_wrong_is_said(changes: dict[str, Any], paths: list[str]) -> None:
    assert failing(a_file(**changes)) == paths


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 5000])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        exchange.read(raw, NAMES)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from([HERO, "x", "stats", "badges"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["badges", "chips", "tall", "card", "cards"]), JSON))
def test_whatever_a_layout_holds_is_taken_or_refused(part: dict[str, Any]) -> None:
    try:
        reading = read({"format": "troupe-layout", "version": 2, "layouts": {"large": part}}, NAMES)
    except Refusal as refused:
        assert refused.details
    else:
        assert layouts.merged(reading.documents["large"], {}) == reading.documents["large"]
