"""Pictures made for a test."""

import io
import itertools
import struct
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

RED, GREEN, BLUE, WHITE = (200, 30, 30), (20, 160, 60), (30, 60, 200), (250, 250, 250)


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green / blue, white: what is turned or mirrored shows it."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height))
    image.paste(BLUE, (0, height // 2, width, height))
    image.paste(WHITE, (width // 2, height // 2, width, height))
    return image


def saved(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, format_, **options)
    return stream.getvalue()


def a_picture(format_: str = "PNG", width: int = 64, height: int = 48) -> bytes:
    return saved(quarters(width, height), format_)


def opened(file: Any) -> Image.Image:
    image = Image.open(io.BytesIO(file) if isinstance(file, bytes) else file)
    image.load()
    return image


def corners(image: Image.Image) -> list[str]:
    """The colours at the middle of the four quarters, in words: top left, top right, bottom left, bottom right."""
    named = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE}
    shown = image.convert("RGB")
    places = [(x * image.width // 4, y * image.height // 4) for y in (1, 3) for x in (1, 3)]
    return [_nearest(shown.getpixel(place), named) for place in places]


def _nearest(pixel: Any, named: dict[str, tuple[int, int, int]]) -> str:
    def distance(name: str) -> int:
        return sum((one - other) ** 2 for one, other in zip(pixel, named[name], strict=True))

    return min(named, key=distance)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def a_flood(width: int, height: int, *, compressed: bool = True) -> bytes:
    """A PNG of transparent nothing: many pixels, few bytes."""
    row = bytes(1 + width * 4)
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush() if compressed else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def a_long_film(frames: int) -> bytes:
    """A PNG that moves: its first frame is the quarters, all others are one pixel."""
    plain, pixel = a_picture("PNG"), zlib.compress(bytes(4))
    number = itertools.count()

    def control(width: int, height: int) -> bytes:
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", next(number), width, height, 0, 0, 1, 25, 0, 0))

    begun = plain[:33] + chunk(b"acTL", struct.pack(">II", frames, 0)) + control(64, 48)
    rest = [control(1, 1) + chunk(b"fdAT", struct.pack(">I", next(number)) + pixel) for _ in range(frames - 1)]
    return begun + plain[33:-12] + b"".join(rest) + plain[-12:]


# Words that are hidden wherever a picture can hold some; none may be in anything that is stored.
MARKERS = tuple(
    f"marker-of-{place}"
    for place in (
        "exif-gps",
        "exif-camera",
        "exif-thumbnail",
        "xmp",
        "iptc",
        "icc",
        "jpeg-comment",
        "png-text",
        "png-ztxt",
        "png-itxt",
        "webp-chunk",
        "trailer",
    )
)


def marker(place: str) -> bytes:
    found = f"marker-of-{place}"
    assert found in MARKERS
    return found.encode()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = marker("exif-camera").decode()
    exif.get_ifd(0x8825)[0x1D] = marker("exif-gps").decode()
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes() + marker("exif-thumbnail")


def _icc() -> bytes:
    from PIL import ImageCms

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = profile.find(b"sRGB built-in".decode().encode("utf-16-be"))
    words = marker("icc").decode()[:13].encode("utf-16-be")
    if at >= 0:
        profile[at : at + len(words)] = words
    return bytes(profile) + marker("icc")


def a_jpeg_full_of_markers() -> bytes:
    options: dict[str, Any] = {"exif": _exif(), "comment": marker("jpeg-comment"), "icc_profile": _icc()}
    plain = saved(quarters(), "JPEG", xmp=b"<x:xmpmeta>" + marker("xmp") + b"</x:xmpmeta>", **options)
    resource = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", 20) + marker("iptc")
    segment = b"\xff\xed" + struct.pack(">H", len(resource) + 2) + resource
    return plain[:2] + segment + plain[2:] + marker("trailer")


def a_png_full_of_markers() -> bytes:
    info = PngInfo()
    info.add_text("a", marker("png-text").decode())
    info.add_text("b", marker("png-ztxt").decode(), zip=True)
    info.add_itxt("c", marker("png-itxt").decode())
    info.add_itxt("XML:com.adobe.xmp", marker("xmp").decode())
    plain = saved(quarters(), "PNG", pnginfo=info, exif=_exif(), icc_profile=_icc())
    return plain + b"<html><script>" + marker("trailer") + b"</script></html>"


def a_webp_full_of_markers() -> bytes:
    plain = saved(quarters(), "WEBP", exif=_exif(), xmp=marker("xmp"), icc_profile=_icc())
    word = marker("webp-chunk")
    word += b" " * (len(word) % 2)
    body = plain[8:] + b"TEST" + struct.pack("<I", len(word)) + word
    return b"RIFF" + struct.pack("<I", len(body)) + body + marker("trailer")


FULL_OF_MARKERS = {
    "JPEG": a_jpeg_full_of_markers,
    "PNG": a_png_full_of_markers,
    "WEBP": a_webp_full_of_markers,
}
