"""Dots, boxes and diamonds as drawings."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from sheets.pdf import marks


@pytest.mark.parametrize(
    ("address", "shapes", "filled"),
    [
        (marks.dots(3, 5), 5, 3),
        (marks.dots(0, 5), 5, 0),
        (marks.dots(10, 10), 10, 10),
        (marks.diamonds("oo---"), 5, 2),
        (marks.boxes("-----"), 5, 0),
        (marks.boxes("x//--"), 5 + 2 + 2, 0),  # a cross is two strokes, superficial damage one
        (marks.boxes("ooooooo-//"), 10 + 2, 7),
    ],
)
def test_a_row_of_marks(address: str, shapes: int, filled: int) -> None:
    drawing = ElementTree.fromstring(marks.svg(address))
    assert len(drawing) == shapes
    assert sum(shape.get("fill") == "#111" for shape in drawing) == filled


def test_there_is_more_room_after_every_fifth() -> None:
    lefts = [float(box.get("x", "")) for box in ElementTree.fromstring(marks.svg(marks.boxes("-" * 11)))]
    apart = [right - left for left, right in pairwise(lefts)]
    assert [place for place, distance in enumerate(apart) if distance != marks.STEP] == [4, 9]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mark:",
        "mark:dots/",
        "mark:dots/ooz",
        "mark:stars/ooo",
        f"mark:dots/{'o' * 41}",
        "https://example.org/a.png",
    ],
)
def test_whatever_else_is_no_mark(address: str) -> None:
    with pytest.raises(marks.Unknown):
        marks.svg(address)
