"""Lowmere by night, 1600 by 900 units: the drained lake turned forest, the tower with its bell, mist between.

Pure. Titles stand in the middle, so what there is to see stands left and right of it.
"""

import math
from collections.abc import Iterator

from overlay.demo.woodcut import cut, dot, ring, shape

WIDTH, HEIGHT = 1600, 900
MOON = (1180, 270)
SKY = ("#12101d", "#17172a", "#1d2139", "#243049", "#2d4159")
FAR, MIDDLE, NEAR, BLACK = "#263a50", "#1a2739", "#131a29", "#0b0c14"
MIST = "#8fb0ba"
GOLD, PALE = "#f0bd4f", "#f6e6b8"


def lowmere() -> str:
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" '
        'role="img" aria-label="A bell tower among the trees of a drained lake, at night">',
        *_sky(),
        *_forest(FAR, 30, 560, 24),
        *_mist(0.10, 520, 600),
        *_tower(),
        *_forest(MIDDLE, 12, 690, 46),
        *_mist(0.12, 640, 730),
        *_ferry(),
        *_company(),
        *_roots(),
        "</svg>\n",
    ])  # fmt: skip


def _wobble(number: float, least: float, most: float) -> float:
    """A value between the two that looks like chance and is the same each time."""
    share = math.sin(number * 12.9898) * 43758.5453
    return least + (share - math.floor(share)) * (most - least)


def _points(*pairs: tuple[float, float], corner: bool = False) -> str:
    return " ".join(f"{x:.0f},{y:.0f}{'!' * corner}" for x, y in pairs)


def _sky() -> Iterator[str]:
    """Rings of night around the moon, and the rays that the gouge left."""
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{SKY[0]}"/>'
    for step, colour in enumerate(SKY[1:], 1):
        yield dot(colour, *MOON, 900 - 165 * step)
    for number in range(40):
        angle = 2 * math.pi * number / 40
        near, far = 200, 330 - 60 * (number % 2)
        reach = ((MOON[0] + math.sin(angle) * at, MOON[1] - math.cos(angle) * at) for at in (near, near + 40, far))
        yield cut("#3b5168", 7, _points(*reach))
    yield dot("#d9bd7c", *MOON, 172)
    yield dot(PALE, *MOON, 158)
    yield dot("#e8d39d", MOON[0] + 14, MOON[1] + 12, 140)
    for number in range(60):
        yield dot("#c9d6dc", _wobble(number, 0, 1600), _wobble(number + 99, 0, 330), _wobble(number + 7, 0.8, 2.2), 0.5)


def _forest(fill: str, count: int, foot: float, width: float) -> Iterator[str]:
    """Trees across the whole breadth, with a clearing before the moon."""
    for number in range(count):
        x = (number + _wobble(number * width, 0.1, 0.9)) * WIDTH / count
        if abs(x - MOON[0]) > 130 + width * 2.4:
            wide = width * _wobble(number + 3, 0.6, 1.3)
            yield from _tree(fill, x, foot + _wobble(number + width, -20, 40), wide, number)


def _tree(fill: str, x: float, foot: float, width: float, number: int) -> Iterator[str]:
    """A trunk that grew in a lake: no leaves, roots like knees."""
    lean = _wobble(number + 5, -36, 36)
    left = ((x - width * 1.3, HEIGHT), (x - width * 0.7, foot + 50), (x - width * 0.45, foot - 60))
    right = ((x + width * 0.5, foot - 60), (x + width * 0.75, foot + 50), (x + width * 1.4, HEIGHT))
    top = ((x - width * 0.3 + lean / 2, foot - 330), (x - width * 0.2 + lean, -30))
    back = ((x + width * 0.25 + lean, -30), (x + width * 0.34 + lean / 2, foot - 330))
    yield shape(fill, _points(*left, *top, *back, *right))
    for branch in range(3):
        side = 1 if (branch + number) % 2 else -1
        y = foot - 250 - branch * _wobble(number + branch, 70, 120)
        reach = side * width * _wobble(number * 3 + branch, 1.8, 3)
        start = x + lean * (foot - y) / (foot + 30)
        bend = (start + reach * 0.5, y - 14), (start + reach * 0.86, y - 64), (start + reach, y - 140)
        yield cut(fill, width * 0.36, _points((start - side * width * 0.4, y + 40), *bend))


def _mist(strength: float, top: float, bottom: float) -> Iterator[str]:
    for number in range(5):
        y = top + (bottom - top) * number / 4
        x = _wobble(number + top, 100, 1500)
        wide = _wobble(number + bottom, 520, 900)
        line = _points((x - wide, y + 8), (x - wide / 2, y - 12), (x, y + 6), (x + wide / 2, y - 10), (x + wide, y + 4))
        yield cut(MIST, 54, line, strength)
    yield shape(
        MIST,
        f"0,{bottom}! 400,{bottom - 26:.0f} 800,{bottom} 1200,{bottom - 22:.0f} 1600,{bottom}! 1600,900! 0,900!",
        strength,
    )


def _tower() -> Iterator[str]:
    """The drowned nave's tower before the moon, its bell in the open arch, roots up its sides."""
    yield from _masonry(MOON[0])
    yield from _bell(MOON[0])
    for root in (
        "1250,900 1276,760 1240,660 1264,540 1240,470",
        "1070,900 1110,780 1076,640 1096,520 1088,420",
        "1190,900 1150,800 1200,700 1260,640 1276,560",
    ):
        yield cut(BLACK, 22, root)


def _masonry(x: float) -> Iterator[str]:
    wall = ((100, 322), (100, 300), (92, 296))
    left = [(x - right, down) for right, down in ((96, 900), (88, 330), *wall)]
    right = [(x + right, down) for right, down in (*reversed(wall), (88, 330), (96, 900))]
    yield shape("#1c2537", _points(*left, (x, 96), *right, corner=True))
    yield shape("#111827", _points((x + 18, 900), (x + 16, 140), *right, corner=True))
    for y in range(345, 860, 46):
        yield cut("#36445a", 4, _points((x - 84, y), (x - 70, y - 3), (x - 52, y)))
    for y in range(560, 860, 46):
        yield cut("#36445a", 3, _points((x - 40, y), (x - 16, y + 2), (x + 6, y)))
    for side in (-46, 34):
        sill = (x + side + 12, 650), (x + side, 650)
        yield shape(PALE, _points((x + side, 612), (x + side + 6, 598), (x + side + 12, 612), *sill, corner=True))


def _bell(x: float) -> Iterator[str]:
    arch = ((-58, 410), (-42, 366), (0, 346), (42, 366), (58, 410))
    yield shape(PALE, f"{x - 58},520! {_points(*((x + right, down) for right, down in arch))} {x + 58},520!")
    yield shape("#2c2216", _points((x - 62, 392), (x + 62, 392), (x + 62, 402), (x - 62, 402), corner=True))
    side = ((14, 404), (24, 440), (30, 470), (44, 492))
    flare = [(x + right, down) for right, down in side]
    yield shape("#9a6a1e", _points((x, 398), *flare, *((2 * x - right, down) for right, down in reversed(flare))))
    yield shape(GOLD, f"{x - 3},400 {x - 14},406 {x - 22},440 {x - 28},470 {x - 40},489! {x - 14},489! {x - 10},450")
    yield shape("#4a3110", _points((x - 44, 492), (x + 44, 492), (x + 40, 501), (x - 40, 501), corner=True))
    yield dot("#4a3110", x, 506, 9)


def _ferry() -> Iterator[str]:
    """The ferry, where the water left it: in the arms of a tree."""
    yield from _tree(NEAR, 330, 720, 74, 2)
    yield cut(NEAR, 50, "340,520 440,440 560,430 640,380")
    yield cut(NEAR, 44, "320,540 220,450 140,430 70,370")
    yield shape("#3b2a22", "176,352! 250,366 400,368 500,344! 478,404 440,432 260,436 208,408")
    yield shape("#5d4030", "176,352! 250,366 400,368 500,344! 497,356! 400,380 250,378 180,364!")
    for step in range(3):
        ends = (196 + step * 4, 384 + step * 17), (330, 394 + step * 16), (486 - step * 8, 376 + step * 18)
        yield cut("#22180f", 4, _points(*ends))
    yield shape("#2b2028", "330,372! 336,150! 342,150! 344,372!")
    yield shape("#4a4450", "346,170! 400,200 440,270 436,330! 400,316 370,330 346,322!")
    yield cut("#6d6672", 4, "350,190 392,216 420,280")
    yield cut("#a58b5a", 4, "212,404 216,470 206,540 214,600")
    yield ring("#a58b5a", 4, 214, 612, 12)


def _company() -> Iterator[str]:
    """Six debtors and one lantern, on the lake bed."""
    for number, (x, tall) in enumerate(((640, 58), (676, 42), (708, 60), (742, 50), (774, 64), (806, 56))):
        foot = 800 - number * 2
        hip, neck = foot - tall * 0.6, foot - tall * 0.8
        cloak = (x - 9, hip), (x - 6, neck), (x + 6, neck), (x + 9, hip)
        yield shape(BLACK, f"{x - 13},{foot}! {_points(*cloak)} {x + 14},{foot}!")
        yield dot(BLACK, x + 1, foot - tall * 0.88, 7.5)
    for radius, strength in ((64, 0.1), (36, 0.16), (16, 0.35)):
        yield dot(GOLD, 834, 742, radius, strength)
    yield cut(BLACK, 5, "810,756 824,744 834,728")
    yield dot(PALE, 834, 742, 6)


def _roots() -> Iterator[str]:
    """The frame: ground and the roots that hang into it from both wings."""
    yield shape(BLACK, "-10,910! -10,800 160,786 420,812 700,800 960,816 1240,792 1460,806 1610,780 1610,910!")
    wings = (
        "-30,-20 40,180 20,420 70,640 30,900",
        "-20,-30 120,90 90,260 130,400 96,520",
        "60,-40 210,20 300,40 380,110 372,170",
        "-20,540 90,620 130,740 240,850",
    )
    for number, wing in enumerate(wings):
        yield cut(BLACK, (150, 56, 40, 70)[number], wing)
        other = " ".join(f"{WIDTH - float(x) * 0.86:.0f},{y}" for x, y in (pair.split(",") for pair in wing.split()))
        yield cut(BLACK, (170, 50, 34, 80)[number], other)
    yield from (
        cut("#24314a", 4, line)
        for line in (
            "36,80 66,220 52,360",
            "60,420 88,560 74,680",
            "150,60 240,62 320,100",
            "1500,120 1540,260 1526,420",
        )
    )
