"""What a benchmark says: ratios with their bars, the raw figures, and its section of RESULTS.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench import machine

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Results\n\nWritten by `python3 dev.py bench NAME --write`; see docs/benchmarks.md for what each measures.\n"
SIZE_WORDS = {"full": "", "small": " (small: a tenth of the load)", "tiny": " (tiny: proves only that it runs)"}


@dataclass(frozen=True)
class Ratio:
    """A figure with its bar: at most, unless `at_least`."""

    name: str
    value: float
    bar: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def cells(self) -> list[str]:
        sign = "≥" if self.at_least else "≤"
        return [self.name, shown(self.value), f"{sign} {shown(self.bar)}", "yes" if self.holds else "**no**"]


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


@dataclass
class Outcome:
    ratios: list[Ratio] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return all(ratio.holds for ratio in self.ratios)


def shown(value: object) -> str:
    """Three significant digits for a measured figure; anything else as it is."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"


def rendered(name: str, size: str, outcome: Outcome) -> str:
    """Markdown, from the heading `## NAME` on."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    load = f"Load average at the start {machine.load_at_start:.1f}"
    parts = [f"## {name}\n\n{when}{SIZE_WORDS[size]}. {machine.description()}. {load}.\n"]
    if outcome.ratios:
        parts.append(table("", ["ratio", "measured", "bar", "holds"], [ratio.cells() for ratio in outcome.ratios]))
    parts += [table(one.title, one.columns, one.rows) for one in outcome.tables]
    parts += [f"{note}\n" for note in outcome.notes]
    return "\n".join(parts)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [f"{title}\n"] if title else []
    lines += [_row(columns), _row(["---"] * len(columns)), *(_row([shown(cell) for cell in row]) for row in rows)]
    return "\n".join(lines) + "\n"


def write(name: str, size: str, outcome: Outcome, path: Path = RESULTS) -> None:
    """Put the section in place of the earlier one of this benchmark, or at the end."""
    text = path.read_text() if path.exists() else HEAD
    section = rendered(name, size, outcome).rstrip() + "\n"
    earlier = re.compile(rf"^## {name}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    whole, renewed = earlier.subn(lambda _: section + "\n", text)
    text = whole if renewed else f"{text.rstrip()}\n\n{section}"
    path.write_text(text.rstrip() + "\n")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
