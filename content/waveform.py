"""A waveform as the path of a drawing. Pure."""

from collections.abc import Sequence

HEIGHT = 100
LOWEST = 2  # silence is a line


def outline(peaks: Sequence[int], columns: int) -> str:
    """`d` of bars, as wide as their gap, in a box of `columns` by `HEIGHT`; "" where there are no peaks. The loudest
    fills the height: what is played is as loud as everything else.
    """
    if not peaks:
        return ""
    bars, most = max(1, columns // 2), max(peaks) or 1
    return "".join(_bar(index * 2, _loudest(peaks, index, bars) / most) for index in range(bars))


def _loudest(peaks: Sequence[int], index: int, bars: int) -> int:
    start = index * len(peaks) // bars
    return max(peaks[start : max(start + 1, (index + 1) * len(peaks) // bars)])


def _bar(x: int, share: float) -> str:
    height = max(LOWEST, round(share * HEIGHT))
    return f"M{x} {(HEIGHT - height) / 2:g}h1v{height}h-1z"
