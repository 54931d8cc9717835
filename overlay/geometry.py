"""Where badges stand.

Pure, and the same rule as static/overlay/js/geometry.js: tests/overlay/vectors/geometry.json binds both.
Lengths are in units of the overlay (see `unit`); x and y that go out are shares of the viewport, of the
bottom left corner.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

# Nominal room of a badge at scale 1, in units: what the flow reserves, not what a badge happens to fill just
# now, so that a new condition on one badge never moves another.
SIZES: Mapping[str, tuple[float, float]] = {
    "large": (17.5, 10.5),
    "medium": (12.6, 7.5),
    "compact": (9.6, 3.4),
}
MARGIN_X = 2.0
MARGIN_BOTTOM = 2.2
GAP = 1.5
SHRINK = (1.0, 0.85, 0.7, 0.55, 0.4)
SLACK = 1e-6
# Neighbours of a layout may touch a little; from this share of the smaller one on, one hides the other.
COVERED = 0.06


@dataclass(frozen=True, slots=True)
class Place:
    """x, y: bottom left corner, 0 to 1 from the viewport's left and top; scale 0.25 to 4, less if full."""

    x: float
    y: float
    scale: float = 1.0
    z: int = 0
    visible: bool = True


class Size(NamedTuple):
    w: float
    h: float


class Box(NamedTuple):
    """Left, top, width and height in units."""

    x: float
    y: float
    w: float
    h: float


class Flowing(NamedTuple):
    id: str
    tier: str
    scale: float = 1.0
    z: int = 0


class Room(NamedTuple):
    """The viewport in units."""

    wide: float
    high: float

    @property
    def narrow(self) -> bool:
        return self.wide < 100 - SLACK


def unit(width: float, height: float) -> float:
    """One unit in pixels: 1 % of the width, more where it is narrower than 4:3, up to 2.4 % at 9:16."""
    return max(width / 100, min(width * 0.024, height * 0.0135))


def _number(value: object, fallback: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return fallback
    return float(value)


def _clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def clamp_place(saved: Mapping[str, Any]) -> Place:
    """A saved place with every field inside its range."""
    return Place(
        x=_clamp(_number(saved.get("x"), 0), 0, 1),
        y=_clamp(_number(saved.get("y"), 1), 0, 1),
        scale=_clamp(_number(saved.get("scale"), 1), 0.25, 4),
        z=int(_clamp(_number(saved.get("z"), 0), -1000, 1000)),
        visible=saved.get("visible") is not False,
    )


def _size(tier: str, scale: float) -> Size:
    width, height = SIZES.get(tier, SIZES["large"])
    return Size(width * scale, height * scale)


def _intersects(a: Box, b: Box, share: float) -> bool:
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    down = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return across > min(a.w, b.w) * share + SLACK and down > min(a.h, b.h) * share + SLACK


def _box(left: float, bottom: float, size: Size) -> Box:
    return Box(left, bottom - size.h, size.w, size.h)


def _keep_inside(spot: Place, size: Size, room: Room) -> Place:
    x = _clamp(spot.x, 0, max(0, 1 - size.w / room.wide))
    y = _clamp(spot.y, min(1, size.h / room.high), 1)
    return Place(x, y, spot.scale, spot.z, spot.visible)


class _Row:
    """The flow's pen: along the bottom from the left, wrapping upwards, stepping over what is placed."""

    def __init__(self, boxes: list[Box], room: Room) -> None:
        self.boxes = boxes
        self.right = room.wide - MARGIN_X
        self.left = MARGIN_X
        self.bottom = room.high - MARGIN_BOTTOM
        self.tallest = 0.0

    def seek(self, size: Size) -> bool:
        """Moves to the next free spot for this size; False when the picture is full."""
        while self.bottom - size.h >= -SLACK:
            if self.left > MARGIN_X and self.left + size.w > self.right + SLACK:
                self._wrap(size)
                continue
            here = _box(self.left, self.bottom, size)
            blocker = next((box for box in self.boxes if _intersects(here, box, 0)), None)
            if blocker is None:
                return True
            self.left = blocker.x + blocker.w + GAP
            self.tallest = max(self.tallest, size.h)
        return False

    def squeeze(self, size: Size) -> None:
        """Back inside the picture, over others if it must be."""
        self.bottom = max(size.h, self.bottom)
        self.left = min(self.left, max(MARGIN_X, self.right - size.w))

    def advance(self, size: Size) -> None:
        self.left += size.w + GAP
        self.tallest = max(self.tallest, size.h)

    def _wrap(self, size: Size) -> None:
        self.left = MARGIN_X
        self.bottom -= (self.tallest or size.h) + GAP
        self.tallest = 0.0


def _flow(items: list[Flowing], boxes: list[Box], room: Room, factor: float) -> dict[str, Place] | None:
    row = _Row(boxes, room)
    out: dict[str, Place] = {}
    for item in items:
        scale = item.scale * factor
        size = _size(item.tier, scale)
        if not row.seek(size):
            if factor != SHRINK[-1]:
                return None
            row.squeeze(size)
        out[item.id] = Place(row.left / room.wide, row.bottom / room.high, scale, item.z)
        row.advance(size)
    return out


def _flow_to_fit(items: list[Flowing], boxes: list[Box], room: Room) -> dict[str, Place]:
    laid = (_flow(items, boxes, room, factor) for factor in SHRINK)
    return next((places for places in laid if places is not None), {})


def place(
    items: Iterable[tuple[str, str]],
    saved: Mapping[str, Mapping[str, Any]],
    width: float = 1920,
    height: float = 1080,
    tall: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Place]:
    """Places (id, tier) pairs in roster order by the saved layout, and lets the others flow.

    On 16:9 and wider a saved place is kept to the digit, and so is one of `tall`, which is drawn for upright pictures.
    Where the unit is larger than 1 % of the width, a layout drawn for a wide picture would push badges over each
    other: they are kept inside, and the covering one joins the flow.
    """
    size = unit(width, height)
    room = Room(width / size, height / size)
    items = list(items)
    drawn = tall or {}
    stage = _Stage(room)
    for key, tier in items:
        if key in drawn:
            stage.put(key, tier, clamp_place(drawn[key]), exactly=True)
    for key, tier in items:
        if key not in drawn:
            stage.put(key, tier, clamp_place(saved[key]) if key in saved else None)
    return stage.spots | _flow_to_fit(stage.flowing, stage.boxes, room)


class _Stage:
    """What stands already, and who is left to flow."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.spots: dict[str, Place] = {}
        self.boxes: list[Box] = []
        self.flowing: list[Flowing] = []

    def put(self, key: str, tier: str, spot: Place | None, *, exactly: bool = False) -> None:
        if spot is None:
            self.flowing.append(Flowing(key, tier))
            return
        badge = _size(tier, spot.scale)
        adapts = self.room.narrow and not exactly
        if adapts:
            spot = _keep_inside(spot, badge, self.room)
        box = _box(spot.x * self.room.wide, spot.y * self.room.high, badge)
        if adapts and spot.visible and any(_intersects(box, other, COVERED) for other in self.boxes):
            self.flowing.append(Flowing(key, tier, spot.scale, spot.z))
            return
        self.spots[key] = spot
        if spot.visible:
            self.boxes.append(box)
