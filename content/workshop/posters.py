"""A poster for the pages of others, 1200 by 630: a title over a stage, and pictures under arches. Runs in the child of
the workshop only: Pillow, no Django. The type is the one that Pillow carries in itself, as no file can be opened here.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIZE = WIDTH, HEIGHT = 1200, 630
INK, NIGHT, PARCHMENT, LIMELIGHT = (16, 14, 23), (33, 26, 50), (244, 238, 227), (240, 189, 79)
FINE = 2  # shapes are drawn so much larger, and scaled down: Pillow's own edges are jagged
ARCH = (172, 240)
GAP = 26
LONGEST_LINE = 1040
LARGEST, SMALLEST = 92, 44  # sizes of the title
MISSING = "\U0010ffff"  # shown as what the type has not

Colour = tuple[int, int, int]
# Parts of a shield one unit wide and 1.2 high, by the names of heraldry.
DIVISIONS: dict[str, list[tuple[float, float]]] = {
    "plain": [],
    "pale": [(0.5, 0), (1, 0), (1, 1.2), (0.5, 1.2)],
    "fess": [(0, 0.42), (1, 0.42), (1, 0.78), (0, 0.78)],
    "bend": [(0, 0), (0.3, 0), (1, 0.72), (1, 1.05), (0, 0.34)],
    "chief": [(0, 0), (1, 0), (1, 0.34), (0, 0.34)],
    "chevron": [(0.5, 0.42), (1, 0.88), (1, 1.16), (0.5, 0.72), (0, 1.16), (0, 0.88)],
    "quarterly": [(0.5, 0), (1, 0), (1, 0.58), (0, 0.58), (0, 1.2), (0.5, 1.2)],
}


@dataclass(frozen=True)
class Figure:
    """Who stands under an arch: the picture with this number, or arms with a letter. `focus` is a share of it."""

    picture: int | None = None
    focus: tuple[float, float] = (0.5, 0.3)
    under: str = "#3b3548"
    over: str = "#5b3a6e"
    metal: str = "#e9c46a"
    division: str = "plain"
    letter: str = ""


@dataclass(frozen=True)
class Poster:
    title: str
    line: str = ""
    accent: str = "#5b3a6e"
    scene: int | None = None
    figures: list[Figure] = field(default_factory=list)


def read(document: dict[str, Any]) -> Poster:
    return Poster(**{**document, "figures": [Figure(**each) for each in document.get("figures", [])]})


def rehearse() -> None:
    """Load the type, which needs a library that cannot be opened any more in the child."""
    _has("T")


def draw(poster: Poster, pictures: list[Image.Image]) -> Image.Image:
    sheet = _ground(pictures[poster.scene] if poster.scene is not None else None, _rgb(poster.accent))
    top = _figures(sheet, poster.figures, pictures)
    _words(sheet, poster, top)
    return sheet


def _rgb(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _ground(scene: Image.Image | None, accent: Colour) -> Image.Image:
    """The stage in the dark, or the campaign's own scene behind it, far away; light falls from above."""
    if scene is None:
        sheet = Image.new("RGB", SIZE, _mixed(INK, _mixed(NIGHT, accent, 0.35), 0.8))
        _curtains(sheet, accent)
    else:
        sheet = _covering(scene.convert("RGB"), SIZE, (0.5, 0.4)).filter(ImageFilter.GaussianBlur(5))
        sheet = Image.blend(sheet, Image.new("RGB", SIZE, INK), 0.5)
    beam = Image.new("L", SIZE, 0)
    ImageDraw.Draw(beam).polygon([(520, -10), (680, -10), (1010, HEIGHT), (190, HEIGHT)], fill=46)
    beam = beam.filter(ImageFilter.GaussianBlur(46))
    sheet.paste((255, 233, 184), mask=beam)
    fall = Image.linear_gradient("L").resize(SIZE).point(lambda level: int(max(0, level - 90) * 1.35))
    sheet.paste(INK, mask=fall)
    return sheet


def _curtains(sheet: Image.Image, accent: Colour) -> None:
    folds = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(folds)
    for x in range(WIDTH):
        light = 0.5 + 0.5 * math.sin(x / WIDTH * math.tau * 15)
        pen.line([(x, 0), (x, HEIGHT)], fill=_mixed(INK, _mixed(accent, NIGHT, 0.3), 0.3 + 0.55 * light))
    cut = Image.new("L", SIZE, 0)
    shape = ImageDraw.Draw(cut)
    for mirror in (False, True):
        edge = [(300 - 250 * (y / HEIGHT) ** 2.2, y) for y in range(0, HEIGHT + 1, 10)]
        points = [(0, 0), *edge, (0, HEIGHT)]
        shape.polygon([(WIDTH - x, y) if mirror else (x, y) for x, y in points], fill=235)
    sheet.paste(folds, mask=cut.filter(ImageFilter.GaussianBlur(1.2)))


def _covering(image: Image.Image, size: tuple[int, int], focus: tuple[float, float]) -> Image.Image:
    """As much of it as fills `size`, with the focus as near to the middle as it can be."""
    scale = max(size[0] / image.width, size[1] / image.height)
    # Of two numbers that are equal one may be a hair larger; Pillow refuses a box that is beyond the picture by that.
    width, height = min(size[0] / scale, image.width), min(size[1] / scale, image.height)
    left = max(min(focus[0] * image.width - width / 2, image.width - width), 0.0)
    upper = max(min(focus[1] * image.height - height / 2, image.height - height), 0.0)
    return image.resize(size, Image.Resampling.LANCZOS, box=(left, upper, left + width, upper + height))


def _figures(sheet: Image.Image, figures: list[Figure], pictures: list[Image.Image]) -> int:
    """Where the arches begin, in pixels from above; the foot of the sheet without any."""
    if not figures:
        return HEIGHT
    whole = len(figures) * ARCH[0] + (len(figures) - 1) * GAP
    top = HEIGHT - ARCH[1] - 46
    for number, figure in enumerate(figures):
        _arch(sheet, figure, pictures, ((WIDTH - whole) // 2 + number * (ARCH[0] + GAP), top))
    return top


def _arch(sheet: Image.Image, figure: Figure, pictures: list[Image.Image], corner: tuple[int, int]) -> None:
    if figure.picture is None:
        inside = _arms(figure)
    else:
        ground = Image.new("RGB", pictures[figure.picture].size, NIGHT)
        own = pictures[figure.picture].convert("RGBA")
        ground.paste(own, mask=own.getchannel("A"))
        inside = _covering(ground, ARCH, figure.focus)
    sheet.paste(inside, corner, _arch_mask(0))
    frame = ImageChops.subtract(_arch_mask(0), _arch_mask(4))
    sheet.paste(_rgb(figure.metal), (*corner, corner[0] + ARCH[0], corner[1] + ARCH[1]), frame)


def _arch_mask(inset: int) -> Image.Image:
    width, height, edge = ARCH[0] * FINE, ARCH[1] * FINE, inset * FINE
    mask = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse([edge, edge, width - edge - 1, width - edge - 1], fill=255)
    pen.rounded_rectangle([edge, width // 2, width - edge - 1, height - edge - 1], radius=10 * FINE, fill=255)
    pen.rectangle([edge, width // 2, width - edge - 1, height // 2 + width // 4], fill=255)
    return mask.resize(ARCH, Image.Resampling.LANCZOS)


def _arms(figure: Figure) -> Image.Image:
    large = ARCH[0] * FINE, ARCH[1] * FINE
    ground = Image.new("RGB", large, NIGHT)
    unit = large[0] * 0.62
    left, upper = (large[0] - unit) / 2, large[1] * 0.27

    def placed(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(left + x * unit, upper + y * unit) for x, y in points]

    shield = placed(_shield())
    field_ = Image.new("RGB", large, _rgb(figure.under))
    if DIVISIONS.get(figure.division):
        ImageDraw.Draw(field_).polygon(placed(DIVISIONS[figure.division]), fill=_rgb(figure.over))
    mask = Image.new("L", large, 0)
    ImageDraw.Draw(mask).polygon(shield, fill=255)
    ground.paste(field_, mask=mask)
    pen = ImageDraw.Draw(ground)
    pen.line([*shield, shield[0], shield[1]], fill=_rgb(figure.metal), width=5 * FINE, joint="curve")
    if _has(figure.letter):
        type_ = ImageFont.load_default(unit * 0.62)
        pen.text((left + unit / 2, upper + unit * 0.54), figure.letter, _rgb(figure.metal), type_, anchor="mm")
    return ground.resize(ARCH, Image.Resampling.LANCZOS)


def _shield() -> list[tuple[float, float]]:
    """Straight above, round below, to a point."""
    turns = [math.pi / 2 * step / 12 for step in range(13)]
    right = [(0.5 + 0.5 * math.cos(turn), 0.6 + 0.6 * math.sin(turn)) for turn in turns]
    return [(0, 0), (1, 0), *right, *((1 - x, y) for x, y in reversed(right))]


def _words(sheet: Image.Image, poster: Poster, top: int) -> None:
    """The title on one line or two, as large as there is room; nothing where the type cannot write it."""
    if not _has(poster.title):
        return
    type_, lines = _fitting(poster.title)
    step = int(type_.size * 1.12)
    line = poster.line if _has(poster.line) else ""
    block = step * len(lines) + (48 if line else 0)
    y = max(40, (top - 34 - block) // 2)
    shadow = Image.new("L", SIZE, 0)
    for pen, fill in ((ImageDraw.Draw(shadow), 235), (None, PARCHMENT)):
        if pen is None:
            sheet.paste((6, 5, 10), mask=shadow.filter(ImageFilter.GaussianBlur(9)))
            pen = ImageDraw.Draw(sheet)
        at = y
        if line:
            muted = LIMELIGHT if fill == PARCHMENT else fill
            pen.text((WIDTH / 2, at + 16), line, muted, ImageFont.load_default(30), anchor="mm")
            at += 48
        for words in lines:
            pen.text((WIDTH / 2, at + step / 2), words, fill, type_, anchor="mm")
            at += step
    _ornament(ImageDraw.Draw(sheet), at + 20)


def _ornament(pen: ImageDraw.ImageDraw, y: float) -> None:
    middle = WIDTH / 2
    pen.line([(middle - 190, y), (middle - 16, y)], fill=LIMELIGHT, width=2)
    pen.line([(middle + 16, y), (middle + 190, y)], fill=LIMELIGHT, width=2)
    pen.polygon([(middle, y - 7), (middle + 7, y), (middle, y + 7), (middle - 7, y)], fill=LIMELIGHT)


def _fitting(title: str) -> tuple[Any, list[str]]:
    for size in range(LARGEST, SMALLEST - 1, -4):
        type_: Any = ImageFont.load_default(size)
        for lines in _breaks(title, 1 if size > 64 else 2):
            if all(type_.getlength(line) <= LONGEST_LINE for line in lines):
                return type_, lines
    return type_, [_cut(title, type_)]


def _breaks(title: str, most: int) -> list[list[str]]:
    """On one line, or on two of about the same length."""
    words = title.split()
    if most == 1 or len(words) < 2:
        return [[title]]
    halves = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return [[title], min(halves, key=lambda pair: abs(len(pair[0]) - len(pair[1])))]


def _cut(title: str, type_: Any) -> str:
    while len(title) > 1 and type_.getlength(f"{title}…") > LONGEST_LINE:
        title = title[:-1]
    return f"{title.rstrip()}…"


def _has(text: str) -> bool:
    """Whether there is something to write, and the type has all of it."""
    type_: Any = ImageFont.load_default(24)
    missing = bytes(type_.getmask(MISSING))
    return bool(text.strip()) and all(bytes(type_.getmask(one)) != missing for one in set(text) if not one.isspace())
