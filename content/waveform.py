"""A waveform as the path of a drawing. Pure."""

from collections.abc import Sequence

HEIGHT = 100
LOWEST = 2  # silence is a line


def outline(peaks: Sequence[int], columns: int) -> str:
    """`d` of bars, as wide as their gap, in a box of `columns` by `HEIGHT`; "" where there are no peaks (0 to 100)."""
    if not peaks:
        return ""
    bars = max(1, columns // 2)
    return "".join(_bar(index * 2, _loudest(peaks, index, bars)) for index in range(bars))


def _loudest(peaks: Sequence[int], index: int, bars: int) -> int:
    start = index * len(peaks) // bars
    return max(peaks[start : max(start + 1, (index + 1) * len(peaks) // bars)])


def _bar(x: int, peak: int) -> str:
    height = max(LOWEST, peak * HEIGHT // 100)
    return f"M{x} {(HEIGHT - height) / 2:g}h1v{height}h-1z"
