"""Portraits of the demo's cast as woodcuts under one limelight, 250 by 350 units: the arch's own proportions.

Pure. `manage.py draw_portraits` writes the files below static/demo that the pages serve; a face lies between 20 and
270 from the top, which is what a round frame leaves of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from overlay.demo import scenery, sitters
from overlay.demo.woodcut import cut, dot, shape

WIDTH, HEIGHT = 250, 350
NIGHT = "#12101a"
LAMP = (125.0, 148.0)
RAYS = 26


@dataclass(frozen=True)
class Sitter:
    """`light` is the limelight, `glow` what it makes of the backdrop; `drawn` lies on that, back to front."""

    name: str
    light: str
    glow: str
    drawn: tuple[str, ...]


SITTERS: Mapping[str, Sitter] = {
    "isaura-vane": Sitter("Isaura Vane", "#f0bd4f", "#a8581c", sitters.ISAURA),
    "bram-oakhollow": Sitter("Bram Oakhollow", "#6cc5b0", "#1f6f69", sitters.BRAM),
    "sister-quill": Sitter("Sister Quill", "#c58bff", "#5d3296", sitters.QUILL),
    "tamsin-reed": Sitter("Tamsin Reed", "#ff9d6c", "#b4512c", sitters.TAMSIN),
    "grale": Sitter("Grale", "#9ad0ff", "#2c5f8a", sitters.GRALE),
    "elena-cross": Sitter("Elena Cross", "#e5484d", "#8f1a28", sitters.ELENA),
}


def drawings() -> dict[str, str]:
    """Every picture of the demo by its path below static/demo."""
    faces = {f"portraits/{slug}.svg": portrait(slug) for slug in SITTERS}
    return {**faces, "scenes/lowmere.svg": scenery.lowmere()}


def portrait(slug: str) -> str:
    sitter = SITTERS[slug]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{sitter.name}">',
        *_ground(sitter.light, sitter.glow),
        *sitter.drawn,
        "</svg>\n",
    ])  # fmt: skip


def _ground(light: str, glow: str) -> list[str]:
    """Night, the lamp's cone, its disc behind the head, and the rays that the gouge left around it."""
    return [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{mix(NIGHT, glow, 0.22)}"/>',
        shape(mix(NIGHT, glow, 0.42), "84,-4! 166,-4! 266,354! -16,354!"),
        *(_ray(mix(glow, light, 0.12), 2 * math.pi * number / RAYS, number % 2) for number in range(RAYS)),
        dot(glow, *LAMP, 104),
        dot(mix(glow, light, 0.3), *LAMP, 92),
    ]


def _ray(fill: str, angle: float, short: int) -> str:
    right, down = math.sin(angle), -math.cos(angle)
    near, far = 112, 168 - 26 * short
    ends = ((LAMP[0] + right * reach, LAMP[1] + down * reach) for reach in (near, (near + far) / 2.3, far))
    return cut(fill, 6 - 2 * short, " ".join(f"{x:.1f},{y:.1f}" for x, y in ends))


def mix(under: str, over: str, share: float) -> str:
    """The colour between two, `share` of the way to the second."""
    pairs = ((int(under[start : start + 2], 16), int(over[start : start + 2], 16)) for start in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
