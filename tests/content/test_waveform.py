"""A waveform as a drawing."""

import re

from content.waveform import HEIGHT, outline


def heights(path: str) -> list[int]:
    return [int(found) for found in re.findall(r"v(\d+)h-1z", path)]


def test_the_loudest_of_each_stretch_is_drawn_and_the_loudest_of_all_fills_the_height() -> None:
    assert heights(outline([5, 10, 20, 1, 0, 0], 6)) == [50, 100, 2]
    assert outline([40], 2) == f"M0 0h1v{HEIGHT}h-1z"


def test_fewer_peaks_than_bars_and_none() -> None:
    assert len(heights(outline([3, 7], 80))) == 40
    assert outline([], 80) == ""
    assert set(heights(outline([0] * 1000, 80))) == {2}
