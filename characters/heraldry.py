"""Coats of arms, drawn from a seed: what stands under the arch while a character has no portrait.

Pure: the same seed gives the same SVG for ever, so it may be cached for a year. The tinctures keep the old
rule (metal on colour, colour on metal), which is what makes arms legible from afar.
"""

import hashlib
from dataclasses import dataclass

METALS = ("#e9c46a", "#e8e2d6")
COLOURS = ("#8f2d36", "#274c77", "#2f5d50", "#5b3a6e", "#3b3548", "#8a4b1f")
SHIELD = "M50 96h150v96c0 52-38 84-75 104-37-20-75-52-75-104z"
FIELDS = {
    "plain": "",
    "pale": "M125 96h75v96c0 52-38 84-75 104z",
    "fess": "M50 164h150v34q-2 20-9 36H59q-7-16-9-36z",
    "bend": "M50 96h44l106 118q-6 24-20 42L50 148z",
    "chief": "M50 96h150v52H50z",
    "chevron": "M125 158l75 70q-6 18-18 33l-57-53-57 53q-12-15-18-33z",
    "quarterly": "M125 96h75v88h-75zM50 184h75v112c-37-20-75-52-75-104z",
}
CHARGES = {
    "star": "M125 132l12 33 35 1-28 22 10 34-29-20-29 20 10-34-28-22 35-1z",
    "tower": "M97 226v-52h-7v-34h14v12h12v-12h18v12h12v-12h14v34h-7v52h-18v-24q-10-12-20 0v24z",
    "crescent": "M157 146a44 44 0 1 1-64 0 36 36 0 1 0 64 0z",
    "key": "M125 132a20 20 0 1 1-6 39v40h-16v-14h8v-26a20 20 0 0 1 14-39zm0 12a8 8 0 1 0 .1 0z",
    "tree": "M125 130c22 0 36 16 30 32 16 6 14 30-6 32h-18v34h-12v-34h-18c-20-2-22-26-6-32-6-16 8-32 30-32z",
    "flame": "M128 130c4 26 34 34 28 66-4 22-18 32-31 32s-29-10-31-30c-2-16 8-24 12-36 4 6 6 8 8 16 10-10 16-26 14-48z",
    "wave": "M92 164q16-18 33 0t33 0v18q-16 18-33 0t-33 0zM92 196q16-18 33 0t33 0v18q-16 18-33 0t-33 0z",
    "diamond": "M125 130l34 50-34 50-34-50zM125 158l-15 22 15 22 15-22z",
}


@dataclass(frozen=True)
class Arms:
    field: str
    division: str
    charge: str
    under: str
    over: str
    metal: str


def arms(seed: str) -> Arms:
    """What the seed bears. `under` and `over` are the field's tinctures, `metal` the charge's."""
    digest = hashlib.sha256(seed.encode()).digest()
    under = COLOURS[digest[0] % len(COLOURS)]
    others = [colour for colour in COLOURS if colour != under]
    return Arms(
        field=list(FIELDS)[digest[1] % len(FIELDS)],
        division=list(FIELDS.values())[digest[1] % len(FIELDS)],
        charge=list(CHARGES.values())[digest[2] % len(CHARGES)],
        under=under,
        over=others[digest[3] % len(others)],
        metal=METALS[digest[4] % len(METALS)],
    )


def crest(seed: str) -> str:
    """The arms on a dim stage, 250 by 350 units: the arch's own proportions."""
    drawn = arms(seed)
    division = f'<path d="{drawn.division}" fill="{drawn.over}"/>' if drawn.division else ""
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 250 350" role="img" aria-label="Coat of arms">
<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2b2639"/>\
<stop offset="1" stop-color="#14111c"/></linearGradient>\
<radialGradient id="l" cx=".5" cy=".38" r=".6"><stop offset="0" stop-color="{drawn.metal}" stop-opacity=".22"/>\
<stop offset="1" stop-color="{drawn.metal}" stop-opacity="0"/></radialGradient></defs>
<rect width="250" height="350" fill="url(#g)"/><rect width="250" height="350" fill="url(#l)"/>
<g transform="translate(-12.5 -38) scale(1.1)">
<path d="{SHIELD}" fill="{drawn.under}"/>{division}
<path d="{drawn.charge}" fill="{drawn.metal}" fill-rule="evenodd" stroke="#14111c" stroke-opacity=".35" \
stroke-width="1.5"/>
<path d="{SHIELD}" fill="none" stroke="{drawn.metal}" stroke-width="5" stroke-linejoin="round"/>
</g>
</svg>
"""
