"""Type and size from the header alone, whatever the file says of itself otherwise."""

import io
import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from content.measuring import LONGEST_SIDE, SMALLEST_SIDE, Measured, NotMeasured, measure, refuse_size
from tests.content.pictures import a_flood, a_picture, quarters, saved

SIDES = st.integers(1, 40)


def measured(raw: bytes) -> Measured:
    return measure(io.BytesIO(raw))


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), SIDES, SIDES)
@settings(deadline=None, max_examples=60)
def test_it_agrees_with_pillow(format_: str, width: int, height: int) -> None:
    raw = saved(Image.new("RGB", (width, height)), format_)
    assert measured(raw) == Measured(format_, width, height)


@pytest.mark.parametrize("options", [{"lossless": True}, {"exact": True, "quality": 10}, {"save_all": True}])
def test_every_kind_of_webp(options: dict[str, object]) -> None:
    raw = saved(quarters(33, 21).convert("RGBA"), "WEBP", **options)
    assert measured(raw) == Measured("WEBP", 33, 21)


@pytest.mark.parametrize("options", [{"progressive": True}, {"exif": b"Exif\0\0" + bytes(60_000)}, {"comment": b"x"}])
def test_jpegs_with_much_before_the_frame(options: dict[str, object]) -> None:
    assert measured(saved(quarters(33, 21), "JPEG", **options)) == Measured("JPEG", 33, 21)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X"]))
@settings(max_examples=150)
def test_any_bytes_are_measured_or_refused_in_words(raw: bytes, head: bytes) -> None:
    try:
        found = measured(head + raw)
    except NotMeasured as refusal:
        assert str(refusal).endswith(".")
    else:
        assert head
        assert found.pixels >= 0


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.integers(0, 20))
@settings(deadline=None, max_examples=60)
def test_a_cut_header_is_refused(format_: str, length: int) -> None:
    with pytest.raises(NotMeasured):
        measured(a_picture(format_)[:length])


@pytest.mark.parametrize(
    "raw",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"GIF89a/*\x01\x00*/=1;alert(1)",
        b"PK\x03\x04" + bytes(40),
        b"MZ" + bytes(60),
        b"\0\0\0\x1cftypavif" + bytes(40),
    ],
    ids=["svg", "html", "pdf", "eps", "gif", "zip", "exe", "avif"],
)
def test_a38_other_files_are_no_pictures(raw: bytes) -> None:
    with pytest.raises(NotMeasured, match="no JPEG, PNG or WebP"):
        measured(raw)


def test_nothing_is_told_apart() -> None:
    with pytest.raises(NotMeasured, match="empty"):
        measured(b"")


def test_a_loop_of_markers_ends() -> None:
    with pytest.raises(NotMeasured):
        measured(b"\xff\xd8" + b"\xff\xe1\x00\x02" * 100_000)
    with pytest.raises(NotMeasured):
        measured(b"\xff\xd8\xff\xe1\x00\x02" + bytes(1_000_000))


def test_a_segment_is_skipped_unread() -> None:
    raw = io.BytesIO(saved(quarters(), "JPEG", exif=b"Exif\0\0" + bytes(60_000)))
    tracemalloc.start()
    measure(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (9400, 9400, "25 megapixels"),
        (13_300, 13_300, "25 megapixels"),
        (65_500, SMALLEST_SIDE, str(LONGEST_SIDE)),
        (65_500, 1, str(SMALLEST_SIDE)),
        (0, 0, str(SMALLEST_SIDE)),
        (1, 1, str(SMALLEST_SIDE)),
    ],
)
def test_a40_sizes_that_are_refused(width: int, height: int, words: str) -> None:
    found = measured(a_flood(width, height, compressed=False))
    assert (found.width, found.height) == (width, height)
    with pytest.raises(NotMeasured, match=words):
        refuse_size(found, 25_000_000)


def test_sizes_that_are_taken() -> None:
    for size in ((SMALLEST_SIDE, SMALLEST_SIDE), (5000, 5000), (LONGEST_SIDE, 1500)):
        refuse_size(Measured("PNG", *size), 25_000_000)


def test_the_canvas_of_a_webp_is_what_counts() -> None:
    """An extended file may claim a canvas that its first frame does not have."""
    raw = bytearray(saved(quarters(), "WEBP", save_all=True, append_images=[quarters().rotate(180)]))
    assert raw[12:16] == b"VP8X"
    raw[24:30] = struct.pack("<I", 16_000)[:3] + struct.pack("<I", 15_999)[:3]
    assert measured(bytes(raw)).pixels == 16_001 * 16_000
