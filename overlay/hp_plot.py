"""Hit points over an evening: one lane a character, as SVG paths.

A lane is 1000 wide (the whole evening) and 40 high (all hit points). Pure: samples in, drawing out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WIDTH = 1000
HEIGHT = 40
STEPS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2))
MOST_MARKS = 6
TIMES = {1: "down once", 2: "down twice"}


@dataclass(frozen=True)
class Sample:
    """One character's hit points after an event; `before` is what they were, `most` the maximum (1 or more)."""

    character: str
    at: datetime
    before: int
    current: int
    most: int


@dataclass
class Lane:
    most: int
    lowest: int
    last: int
    line: str
    area: str
    outs: list[dict[str, float]] = field(default_factory=list)

    @property
    def low_words(self) -> str:
        if self.outs:
            return TIMES.get(len(self.outs), f"down {len(self.outs)} times")
        return f"low {self.lowest}"


def plot(samples: Iterable[Sample], started: datetime, ended: datetime) -> dict[str, Any]:
    """{"lanes": {character id: Lane}, "hours": [{"x", "percent", "label"}]}; samples in order of time."""
    span = max(ended - started, timedelta(seconds=1))
    rows: dict[str, list[Sample]] = {}
    for sample in samples:
        rows.setdefault(sample.character, []).append(sample)
    lanes = {character: _lane(row, started, span) for character, row in rows.items()}
    return {"lanes": lanes, "hours": marks(span)}


def _lane(row: list[Sample], started: datetime, span: timedelta) -> Lane:
    steps = [(0.0, row[0].before, row[0].most)]
    steps += [(_x(sample.at, started, span), sample.current, sample.most) for sample in row]
    heights = [(x, _y(current, most)) for x, current, most in steps]
    line = f"M0 {heights[0][1]:g}" + "".join(f"H{x:g}V{y:g}" for x, y in heights[1:]) + f"H{WIDTH}"
    values = [current for _x, current, _most in steps]
    outs = _outs([(x, current) for x, current, _most in steps])
    return Lane(row[-1].most, min(values), values[-1], line, f"{line}V{HEIGHT}H0Z", outs)


def _outs(steps: list[tuple[float, int]]) -> list[dict[str, float]]:
    """The stretches at 0 hit points."""
    found = []
    since: float | None = None
    for x, current in [*steps, (float(WIDTH), 1)]:
        if current == 0 and since is None:
            since = x
        elif current > 0 and since is not None:
            found.append({"x": since, "width": max(round(x - since, 1), 2.0)})
            since = None
    return found


def marks(span: timedelta) -> list[dict[str, Any]]:
    """Where hours (or fewer minutes, on a short evening) are marked."""
    step = next((step for step in STEPS if span / step <= MOST_MARKS), STEPS[-1])
    count = int(span / step)
    return [_mark(step * number, span) for number in range(count + 1) if step * number < span * 0.97]


def _mark(at: timedelta, span: timedelta) -> dict[str, Any]:
    share = at / span
    minutes = round(at.total_seconds() / 60)
    label = f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes // 60}:{minutes % 60:02d}"
    return {"x": round(share * WIDTH, 1), "percent": f"{share * 100:.2f}%", "label": label}


def _x(at: datetime, started: datetime, span: timedelta) -> float:
    return round(min(max((at - started) / span, 0), 1) * WIDTH, 1)


def _y(current: int, most: int) -> float:
    return round(HEIGHT * (1 - min(current / most, 1)), 1)
