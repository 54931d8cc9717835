"""What kind of picture some bytes are and how large it says it is: from its header alone, before anything decodes it.

Pure, and only ever reads and seeks: an announced billion of pixels costs what ten do.
"""

from dataclasses import dataclass
from typing import BinaryIO

JPEG, PNG, WEBP = "JPEG", "PNG", "WEBP"
FORMATS = (JPEG, PNG, WEBP)

SMALLEST_SIDE = 8  # pixels; less is nobody's portrait
LONGEST_SIDE = 16_383  # pixels; what WebP can hold

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_MARKERS = 4096  # of a JPEG before its frame header; cameras write about twenty
_MOST_JUNK = 1 << 16  # bytes between two of them
# SOF0 to SOF15 without DHT, JPG and DAC, which have numbers of the same row.
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


class NotMeasured(ValueError):
    """The message is a sentence for the person who sent the file."""


@dataclass(frozen=True)
class Measured:
    """`width` and `height` in pixels as stored, before the orientation is applied."""

    format: str
    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


NO_PICTURE = "This is no JPEG, PNG or WebP picture. Save it as one of these and send it again."
BROKEN = "This picture is damaged: its header cannot be read. Save it anew and send it again."


def is_picture(head: bytes) -> bool:
    """Whether a file that begins so is one of those that we read."""
    return head.startswith((b"\xff\xd8\xff", _PNG_SIGNATURE)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def measure(file: BinaryIO) -> Measured:
    """By content, whatever name and type came with it. Raises NotMeasured."""
    file.seek(0)
    head = file.read(32)
    if not head:
        raise NotMeasured("The file is empty.")
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith(_PNG_SIGNATURE):
        return _png(head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(head)
    raise NotMeasured(NO_PICTURE)


def refuse_size(found: Measured, most_pixels: int) -> None:
    """Raises NotMeasured for what is too small, too long, or more than `most_pixels`."""
    shown = f"{found.width} × {found.height} pixels"
    if min(found.width, found.height) < SMALLEST_SIDE:
        raise NotMeasured(f"This picture has {shown}. Each side needs {SMALLEST_SIDE} or more.")
    if max(found.width, found.height) > LONGEST_SIDE:
        raise NotMeasured(f"This picture has {shown}. A side has at most {LONGEST_SIDE}.")
    if found.pixels > most_pixels:
        raise NotMeasured(f"This picture has {shown}. Scale it down to {most_pixels / 1_000_000:g} megapixels.")


def _png(head: bytes) -> Measured:
    if len(head) < 26 or head[12:16] != b"IHDR":
        raise NotMeasured(BROKEN)
    return Measured(PNG, _big(head[16:20]), _big(head[20:24]))


def _webp(head: bytes) -> Measured:
    """The canvas of an extended file, else the one frame: container specification of RFC 9649."""
    kind = head[12:16]
    if len(head) < 30:
        raise NotMeasured(BROKEN)
    if kind == b"VP8X":
        return Measured(WEBP, _little(head[24:27]) + 1, _little(head[27:30]) + 1)
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = _little(head[21:25])
        return Measured(WEBP, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return Measured(WEBP, _little(head[26:28]) & 0x3FFF, _little(head[28:30]) & 0x3FFF)
    raise NotMeasured(BROKEN)


def _jpeg(file: BinaryIO) -> Measured:
    """Walks from marker to marker; what a segment holds is skipped unread."""
    file.seek(2)
    for _ in range(_MOST_MARKERS):
        marker = _next_marker(file)
        if marker in _ALONE:
            continue
        length = _big(file.read(2))
        if marker in _FRAME_HEADERS:
            frame = file.read(5)
            if length < 8 or len(frame) < 5:
                break
            return Measured(JPEG, _big(frame[3:5]), _big(frame[1:3]))
        if length < 2 or marker in (0xD9, 0xDA):
            break
        file.seek(length - 2, 1)
    raise NotMeasured(BROKEN)


def _next_marker(file: BinaryIO) -> int:
    """The code after the next 0xFF that is no filling; bytes that belong to nothing are passed over, as readers do."""
    skipped = 0
    while skipped < _MOST_JUNK:
        byte = file.read(1)
        while byte == b"\xff":
            byte = file.read(1)
            if byte not in (b"\xff", b"\x00", b""):
                return byte[0]
        if not byte:
            break
        skipped += 1
    raise NotMeasured(BROKEN)


def _big(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _little(raw: bytes) -> int:
    return int.from_bytes(raw, "little")
