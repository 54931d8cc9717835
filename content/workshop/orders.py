"""What is asked of the workshop and what comes back, without Pillow: the web process has no use for that."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """One file to be made: no side longer than `side` pixels."""

    format: str  # PNG, WEBP, AVIF or JPEG
    side: int
    quality: int = 82


@dataclass(frozen=True)
class Painted:
    """What was written to one output. `size` in bytes; `digest` is its SHA-256."""

    width: int
    height: int
    size: int
    digest: str
