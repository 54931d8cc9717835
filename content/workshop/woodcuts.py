"""Drawings of the house as pixels, for posters: the part of SVG that `overlay.demo.woodcut` writes, and no more.

Shapes filled with one colour, each maybe see-through: rect, circle, and path of M, l, c and z. What else a file may
hold is not drawn. Runs in the workshop's child: Pillow, no Django.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image, ImageDraw

FORMAT = "SVG"
FINE = 2  # drawn so much larger: Pillow's own edges are jagged
CHORDS = 6  # straight pieces of one curve
LARGEST_FILE = 512 * 1024  # bytes
LARGEST_SIDE = 4000  # of the drawing, in its own units

Point = tuple[float, float]

_ELEMENT = re.compile(r"<(rect|circle|path)\b([^<>]*)/>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_COMMAND = re.compile(r"([Mlcz])([^Mlcz]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
_BOX = re.compile(r'viewBox="0 0 (\d{1,4}) (\d{1,4})"')


class NotDrawn(ValueError):
    """It is none of ours."""


def picture(file: BinaryIO, side: int) -> Image.Image:
    """As large as fits into a square of `side` pixels. Raises NotDrawn."""
    file.seek(0)
    drawing = file.read(LARGEST_FILE).decode("utf-8", "replace")
    box = _BOX.search(drawing)
    if box is None or not 0 < max(size := (int(box[1]), int(box[2]))) <= LARGEST_SIDE or not min(size):
        raise NotDrawn("This is no drawing of the house.")
    scale = side * FINE / max(size)
    sheet = Image.new("RGB", (round(size[0] * scale), round(size[1] * scale)))
    for kind, told in _ELEMENT.findall(drawing):
        _put(sheet, kind, dict(_ATTRIBUTE.findall(told)), scale)
    return sheet.resize((max(sheet.width // FINE, 1), max(sheet.height // FINE, 1)), Image.Resampling.LANCZOS)


def _put(sheet: Image.Image, kind: str, told: dict[str, str], scale: float) -> None:
    share = float(told.get("opacity", 1))
    if share == 1:
        _shape(ImageDraw.Draw(sheet), kind, told, scale, told.get("fill"), told.get("stroke"))
        return
    veil = Image.new("L", sheet.size)
    _shape(ImageDraw.Draw(veil), kind, told, scale, round(255 * share), None)
    sheet.paste(told["fill"], (0, 0, *sheet.size), veil)


def _shape(
    pen: ImageDraw.ImageDraw, kind: str, told: dict[str, str], scale: float, fill: str | int | None, stroke: str | None
) -> None:
    if kind == "rect":
        pen.rectangle((0, 0, float(told["width"]) * scale, float(told["height"]) * scale), fill=fill)
    elif kind == "circle":
        x, y, radius = (float(told[name]) * scale for name in ("cx", "cy", "r"))
        reach = radius + float(told.get("stroke-width", 0)) * scale / 2
        around = (x - reach, y - reach, x + reach, y + reach)
        if stroke:
            pen.ellipse(around, outline=stroke, width=max(round((reach - radius) * 2), 1))
        else:
            pen.ellipse(around, fill=fill)
    else:
        pen.polygon([(x * scale, y * scale) for x, y in outline(told["d"])], fill=fill)


def outline(path: str) -> list[Point]:
    """The closed line of a path, its curves in straight pieces."""
    found: list[Point] = []
    for command, text in _COMMAND.findall(path):
        steps = _pairs(text)
        if command == "M":
            found += steps
        elif command == "l":
            for right, down in steps:
                found.append((found[-1][0] + right, found[-1][1] + down))
        elif command == "c":
            for index in range(0, len(steps) - 2, 3):
                found += _curve(found[-1], *steps[index : index + 3])
    return found


def _pairs(text: str) -> list[Point]:
    numbers = [float(each) for each in _NUMBER.findall(text)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def _curve(start: Point, leaving: Point, arriving: Point, end: Point) -> Iterator[Point]:
    """Points of a Bézier curve whose other three are told from its start."""
    for number in range(1, CHORDS + 1):
        share = number / CHORDS
        rest = 1 - share
        a, b, c = 3 * rest**2 * share, 3 * rest * share**2, share**3
        yield (
            start[0] + a * leaving[0] + b * arriving[0] + c * end[0],
            start[1] + a * leaving[1] + b * arriving[1] + c * end[1],
        )
