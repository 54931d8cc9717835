import json
from pathlib import Path
from typing import Any

import pytest

from characters.plates import plate

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("plates.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_plate_is_what_the_browser_makes_of_it_too(case: dict[str, Any]) -> None:
    assert plate(case["character"]) == case["plate"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_bar_never_leaves_its_frame(case: dict[str, Any]) -> None:
    hp = plate(case["character"])["hp"]

    assert 0 <= hp["now"] <= 1
    assert 0 <= hp["temp"] <= 1
    assert hp["now"] + hp["temp"] <= 1 + 1e-9


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_track_draws_each_of_its_boxes(case: dict[str, Any]) -> None:
    tracks = case["character"]["stats"]["tracks"]

    drawn = {track["key"]: len(track["cells"]) for track in plate(case["character"])["tracks"]}

    assert drawn == {key: track["max"] for key, track in tracks.items()}
