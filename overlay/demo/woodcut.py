"""The cutter's tools: filled shapes, tapered cuts and dots, given as points and handed back as SVG.

Points are written as on squared paper, "73,120 90,86 125,78!", and joined by a smooth line; `!` makes a corner.
"""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Knot = tuple[float, float, bool]

# How far a curve swings out at a point: one sixth of the way between its neighbours is Catmull and Rom's measure.
SWING = 1 / 6
SAMPLES = 2


def knots(text: str) -> list[Knot]:
    """x, y and whether it is a corner."""
    found = []
    for word in text.split():
        x, y = word.rstrip("!").split(",")
        found.append((float(x), float(y), word.endswith("!")))
    return found


def mirrored(text: str, axis: float = 125) -> str:
    """The same points on the other side of an upright line."""
    return " ".join(f"{_number(2 * axis - x)},{_number(y)}{'!' * corner}" for x, y, corner in knots(text))


def shape(fill: str, points: str, opacity: float = 1) -> str:
    """A closed surface."""
    return _path(fill, _outline(knots(points)), opacity)


def cut(fill: str, width: float, points: str, opacity: float = 1) -> str:
    """A stroke of the gouge along the points: thin where it goes in and comes out, `width` in the middle."""
    spine = _spine(knots(points))
    last = len(spine) - 1
    left, right = [], []
    for index, (x, y) in enumerate(spine):
        across, along = _normal(spine, index)
        reach = width / 2 * math.sin(math.pi * index / last) ** 0.7
        corner = index in {0, last}
        left.append((x + across * reach, y + along * reach, corner))
        right.append((x - across * reach, y - along * reach, corner))
    return _path(fill, _outline(left + right[-2:0:-1]), opacity)


def dot(fill: str, x: float, y: float, radius: float, opacity: float = 1) -> str:
    return f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}" fill="{fill}"{_faded(opacity)}/>'


def ring(stroke: str, width: float, x: float, y: float, radius: float) -> str:
    place = f'cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"'
    return f'<circle {place} fill="none" stroke="{stroke}" stroke-width="{_number(width)}"/>'


def _path(fill: str, outline: str, opacity: float) -> str:
    return f'<path fill="{fill}"{_faded(opacity)} d="{outline}"/>'


def _faded(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{_number(opacity)}"'


def _number(value: float) -> str:
    shown = f"{value:.1f}".removesuffix(".0")
    return shown.replace("0.", ".", 1) if abs(value) < 1 else shown


def _outline(points: Sequence[Knot]) -> str:
    """The closed curve through the points, in steps from each to the next: a third shorter than whole coordinates."""
    count = len(points)
    steps = [_segment(*(points[(index + step) % count] for step in (-1, 0, 1, 2))) for index in range(count)]
    return f"M{_steps((0, 0), points[0])}{''.join(steps)}z"


def _segment(before: Knot, start: Knot, end: Knot, after: Knot) -> str:
    if start[2] and end[2]:
        return f"l{_steps(start, end)}"
    leaving = start if start[2] else _swung(start, before, end, SWING)
    arriving = end if end[2] else _swung(end, start, after, -SWING)
    return f"c{_steps(start, leaving, arriving, end)}"


def _swung(point: Knot, before: Knot, after: Knot, swing: float) -> Knot:
    return (point[0] + (after[0] - before[0]) * swing, point[1] + (after[1] - before[1]) * swing, False)


def _steps(origin: Sequence[float], *points: Sequence[float]) -> str:
    """From the origin to each point, counted in tenths so that roundings do not add up."""
    tenths = (round(point[axis] * 10) - round(origin[axis] * 10) for point in points for axis in (0, 1))
    return " ".join(_number(number / 10) for number in tenths).replace(" -", "-")


def _spine(points: Sequence[Knot]) -> list[Point]:
    """Points close together along the open curve through the given ones."""
    found: list[Point] = []
    last = len(points) - 1
    for index in range(last):
        before, start, end, after = (points[min(max(index + step, 0), last)] for step in (-1, 0, 1, 2))
        found += [_between(before, start, end, after, step / SAMPLES) for step in range(SAMPLES)]
    return [*found, (points[-1][0], points[-1][1])]


def _between(before: Knot, start: Knot, end: Knot, after: Knot, share: float) -> Point:
    def on(axis: int) -> float:
        a, b, c, d = (float(knot[axis]) for knot in (before, start, end, after))
        bend = 2 * a - 5 * b + 4 * c - d
        twist = 3 * (b - c) + d - a
        return b + (share * (c - a) + share**2 * bend + share**3 * twist) / 2

    return on(0), on(1)


def _normal(spine: Sequence[Point], index: int) -> Point:
    before, after = spine[max(index - 1, 0)], spine[min(index + 1, len(spine) - 1)]
    right, down = after[0] - before[0], after[1] - before[1]
    length = math.hypot(right, down) or 1
    return -down / length, right / length
