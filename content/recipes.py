"""Which files are made of a picture for which purpose, and where each lies.

A first upload lies where the layout of the storage says, `…/{stem}.webp`; the n-th lies beside it, `…/{stem}.n.webp`,
so that nothing is ever overwritten that a page may still show, or that a failed upload would leave half replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from content.workshop.orders import Output

MEDIA_TYPES = {"PNG": "image/png", "WEBP": "image/webp", "AVIF": "image/avif", "JPEG": "image/jpeg"}


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
# What others show of a page: drawn by us, in the format that all of them read.
POSTER: Recipe = {"poster": Part(".jpg", Output("JPEG", 1200, 86))}

# What is made of the original in the background, by the longest side; none that would be as large as the main file.
SIDES = {"portrait": (320, 640), "background": (640, 1280)}
OTHER_SIDES = (320, 640)
AVIF_QUALITY = 60  # looks like WebP at 82


def further(purpose: str, main_side: int) -> dict[str, Part]:
    """By name. `main_side` is the longest side of the main file."""
    sides = [side for side in SIDES.get(purpose, OTHER_SIDES) if side < main_side]
    narrower = {f"w_{side}": Part(f"_w{side}.webp", Output("WEBP", side)) for side in sides}
    avif = {f"avif_{side}": Part(f"_w{side}.avif", Output("AVIF", side, AVIF_QUALITY)) for side in sides}
    return {**narrower, **avif, "avif": Part(".avif", Output("AVIF", main_side, AVIF_QUALITY))}


def key(stem: str, number: int, part: Part) -> str:
    return f"{numbered(stem, number)}{part.suffix}"


def numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}.{number}"
