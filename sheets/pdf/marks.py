"""Dots, boxes and diamonds as small drawings of our own, so that no font has to have them. Pure.

A document names one by an address such as "mark:dots/3/5"; the press (sheets.pdf.press) draws it from that alone.
"""

SCHEME = "mark:"
MOST = 40  # marks in a row
STEP, SIZE, GAP = 12, 10, 6  # a mark with its distance, without; more after every fifth


class Unknown(ValueError):
    """No address of a mark."""


def dots(value: int, most: int) -> str:
    return f"{SCHEME}dots/{'o' * value}{'-' * (most - value)}"


def boxes(letters: str) -> str:
    """Of `page.Boxes.letters`: x aggravated, / superficial or a stain, o filled, - empty."""
    return f"{SCHEME}boxes/{letters.replace('/', 's')}"


def diamonds(letters: str) -> str:
    return f"{SCHEME}diamonds/{letters}"


def svg(address: str) -> str:
    """The drawing. Raises Unknown."""
    kind, _, letters = address.removeprefix(SCHEME).partition("/")
    shape = {"dots": _dot, "boxes": _box, "diamonds": _diamond}.get(kind)
    if not address.startswith(SCHEME) or shape is None or not 0 < len(letters) <= MOST or set(letters) - set("osx-"):
        raise Unknown(address)
    places = [n * STEP + n // 5 * GAP + 1 for n in range(len(letters))]
    drawn = "".join(shape(left, letter) for left, letter in zip(places, letters, strict=True))
    width = places[-1] + SIZE + 1
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {STEP}" width="{width}" height="{STEP}" '
        f'fill="none" stroke="#111" stroke-width="1">{drawn}</svg>'
    )


def _fill(letter: str) -> str:
    return ' fill="#111"' if letter == "o" else ""


def _dot(left: int, letter: str) -> str:
    return f'<circle cx="{left + SIZE / 2:g}" cy="6" r="4.4"{_fill(letter)}/>'


def _diamond(left: int, letter: str) -> str:
    middle = left + SIZE / 2
    return f'<path d="M{middle:g} 1l5 5-5 5-5-5z"{_fill(letter)}/>'


def _box(left: int, letter: str) -> str:
    square = f'<rect x="{left}" y="1" width="{SIZE}" height="{SIZE}" rx="1.5"{_fill(letter)}/>'
    right = left + SIZE
    rising = f'<path d="M{left} 11L{right} 1" stroke-width="1.4"/>' if letter in "sx" else ""
    falling = f'<path d="M{left} 1L{right} 11" stroke-width="1.4"/>' if letter == "x" else ""
    return square + rising + falling
