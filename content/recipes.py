"""Which files are made of a picture for which purpose, and where each lies.

A first upload lies where the layout of the storage says, `…/{stem}.webp`; the n-th lies beside it, `…/{stem}.n.webp`,
so that nothing is ever overwritten that a page may still show, or that a failed upload would leave half replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from content.workshop.orders import Output

MEDIA_TYPES = {"PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif"}


@dataclass(frozen=True)
class Part:
    suffix: str
    output: Output

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.output.format]


Recipe = Mapping[str, Part]

# The original is our clean re-encoding, scaled down to what a stream of 1440 lines can show.
ORIGINAL = Part("_original.png", Output("PNG", 2560))
PORTRAIT: Recipe = {
    "original": ORIGINAL,
    "thumb": Part("_thumb.png", Output("PNG", 256)),
    "webp": Part(".webp", Output("WEBP", 1024)),
}
BACKGROUND: Recipe = {
    "original": ORIGINAL,
    "optimized": Part("_optimized.png", Output("PNG", 1920)),
    "webp": Part(".webp", Output("WEBP", 1920)),
}
PICTURE: Recipe = {
    "original": ORIGINAL,
    "thumb": Part("_thumb.png", Output("PNG", 256)),
    "webp": Part(".webp", Output("WEBP", 1280)),
}


def key(stem: str, number: int, part: Part) -> str:
    return f"{stem}{'' if number == 1 else f'.{number}'}{part.suffix}"
