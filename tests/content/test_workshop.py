"""Pictures through the workshop: what comes out is right and clean, and nothing that goes in does any harm."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil
import pytest
from PIL import Image, ImageCms

from config.settings import BASE_DIR
from content.workshop import painting
from content.workshop.orders import Output
from content.workshop.painting import NotPainted
from content.workshops import KEEP_MEMORY, Made, NotTaken, Workshop
from contract.refusals import Unavailable
from tests.content import pictures
from tests.content.pictures import FULL_OF_MARKERS, MARKERS, a_flood, a_picture, corners, opened, quarters, saved

ORIGINAL = Output("PNG", 4000)
ALL = [ORIGINAL, Output("PNG", 16), Output("WEBP", 48), Output("AVIF", 32)]
UPRIGHT = ["red", "green", "blue", "white"]


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.close()


def make(shop: Workshop, raw: bytes, outputs: list[Output] | None = None, **options: Any) -> Made:
    with tempfile.TemporaryFile() as file:
        file.write(raw)
        file.flush()
        return shop.make(file, outputs or ALL, **options)


def first(shop: Workshop, raw: bytes, **options: Any) -> Image.Image:
    return opened(make(shop, raw, [ORIGINAL], **options).files[0])


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_every_output_is_the_picture(shop: Workshop, format_: str) -> None:
    made = make(shop, a_picture(format_, 64, 48))
    assert (made.width, made.height) == (64, 48)
    shown = [opened(file) for file in made.files]
    assert [image.format for image in shown] == ["PNG", "PNG", "WEBP", "AVIF"]
    assert [image.size for image in shown] == [(64, 48), (16, 12), (48, 36), (32, 24)]
    assert [(each.width, each.height) for each in made.painted] == [image.size for image in shown]
    assert all(corners(image) == UPRIGHT for image in shown)
    for file, painted in zip(made.files, made.painted, strict=True):
        assert os.fstat(file.fileno()).st_size == painted.size


def test_two_of_the_same_have_the_same_digest(shop: Workshop) -> None:
    one, other = make(shop, a_picture()), make(shop, a_picture())
    assert [each.digest for each in one.painted] == [each.digest for each in other.painted]
    assert make(shop, a_picture(width=65)).painted[0].digest != one.painted[0].digest


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a42_it_stands_upright(shop: Workshop, format_: str, orientation: int) -> None:
    turned: dict[int, Any] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,  # stored so that it has to be turned back by as much
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = image.transpose(turned[orientation]) if orientation > 1 else image
    shown = first(shop, saved(stored, format_, exif=exif))
    assert shown.size == (64, 48)
    assert corners(shown) == UPRIGHT


@pytest.mark.parametrize("format_", FULL_OF_MARKERS)
def test_a39_a42_nothing_but_pixels_comes_through(shop: Workshop, format_: str) -> None:
    raw = FULL_OF_MARKERS[format_]()
    hidden = [word for word in MARKERS if word.encode() in raw]
    assert len(hidden) >= 5
    made = make(shop, raw)
    for file in made.files:
        found = file.read()
        for word in (*MARKERS, *(each.upper() for each in MARKERS)):
            assert word.encode() not in found
            assert word.encode("utf-16-be") not in found
        image = opened(found)
        assert not image.getexif()
        assert not set(image.info) & {"exif", "xmp", "comment", "icc_profile", "photoshop", "a", "b", "c", "XML"}


def test_the_markers_are_where_they_are_looked_for() -> None:
    seen = [word for word in MARKERS if any(word.encode() in make_() for make_ in FULL_OF_MARKERS.values())]
    assert set(MARKERS) - set(seen) == {"marker-of-png-ztxt"}  # compressed: Pillow reads it
    assert opened(pictures.a_png_full_of_markers()).info["b"] == "marker-of-png-ztxt"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("1", "RGB"), ("L", "RGB"), ("LA", "RGBA"), ("P", "RGB"), ("RGB", "RGB"), ("RGBA", "RGBA"), ("I;16", "RGB")],
)
def test_a41_modes_of_png(shop: Workshop, mode: str, expected: str) -> None:
    image = Image.new("I;16", (16, 16), 40_000) if mode == "I;16" else quarters(16, 16).convert(mode)
    if mode in ("LA", "RGBA"):
        image.putalpha(128)
    shown = first(shop, saved(image))
    assert shown.mode == expected
    if mode == "I;16":
        assert shown.getpixel((4, 4)) == (156, 156, 156)
    if mode in ("P", "RGB"):
        assert corners(shown) == UPRIGHT


def test_a41_a_palette_with_transparency(shop: Workshop) -> None:
    image = quarters(16, 16).quantize(8)
    image.info["transparency"] = image.getpixel((0, 0))
    shown = first(shop, saved(image, transparency=image.info["transparency"]))
    assert shown.mode == "RGBA"
    assert [shown.getpixel(place)[3] for place in ((2, 2), (12, 2))] == [0, 255]  # type: ignore[index]


def test_an_opaque_alpha_channel_is_dropped(shop: Workshop) -> None:
    assert first(shop, saved(quarters().convert("RGBA"))).mode == "RGB"


def test_cmyk(shop: Workshop) -> None:
    assert corners(first(shop, saved(quarters().convert("CMYK"), "JPEG"))) == UPRIGHT


def swapped_primaries() -> bytes:
    """A profile whose red is sRGB's green, and the other way round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_colours_become_those_of_srgb(shop: Workshop, format_: str) -> None:
    shown = first(shop, saved(quarters(), format_, icc_profile=swapped_primaries()))
    assert corners(shown) == ["green", "red", "blue", "white"]
    assert "icc_profile" not in shown.info


def test_a_profile_that_is_none_is_left_aside(shop: Workshop) -> None:
    assert corners(first(shop, saved(quarters(), "PNG", icc_profile=b"no profile at all"))) == UPRIGHT


@pytest.mark.parametrize("format_", ["PNG", "WEBP"])
def test_of_what_moves_the_first_frame_is_kept(shop: Workshop, format_: str) -> None:
    frames = [quarters().transpose(Image.Transpose.ROTATE_180)] * 3
    raw = saved(quarters(), format_, save_all=True, append_images=frames, duration=40)
    made = make(shop, raw)
    for file in made.files:
        shown = opened(file)
        assert corners(shown) == UPRIGHT
        assert getattr(shown, "n_frames", 1) == 1


def test_a41_ten_thousand_frames(shop: Workshop) -> None:
    """Nobody looks at more than the first."""
    raw = pictures.a_long_film(10_000)
    assert opened(raw).n_frames == 10_000  # type: ignore[attr-defined]
    begun = time.process_time()
    shown = first(shop, raw)
    assert (corners(shown), shown.size) == (UPRIGHT, (64, 48))
    assert time.process_time() - begun < 5


@pytest.fixture
def _own_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is painted in this process leaves Pillow's cap as it was."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


@pytest.mark.usefixtures("_own_cap")
@pytest.mark.parametrize("format_", ["GIF", "BMP", "TIFF", "JPEG2000"])
def test_no_other_reader_of_pillow_is_asked(format_: str) -> None:
    """Whatever the header was taken for: only the reader that it names looks at the file."""
    with pytest.raises(NotPainted, match="damaged"):
        painting.clean(io.BytesIO(a_picture(format_)), "PNG", 10_000, None)


@pytest.mark.usefixtures("_own_cap")
def test_a_picture_that_grew_since_it_was_measured_is_refused() -> None:
    with pytest.raises(NotPainted, match="damaged"):
        painting.clean(io.BytesIO(a_picture()), "PNG", 64 * 48 - 1, None)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_cut_picture_is_refused(shop: Workshop, format_: str, share: float) -> None:
    noise = Image.effect_noise((200, 200), 60).convert("RGB")
    raw = saved(noise, format_)
    with pytest.raises(NotTaken):
        make(shop, raw[: int(len(raw) * share)])


def test_a_wrong_checksum_is_refused(shop: Workshop) -> None:
    raw = bytearray(a_picture("PNG"))
    raw[-20] ^= 0xFF
    with pytest.raises(NotTaken):
        make(shop, bytes(raw))


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt"])
def test_a41_what_inflates_to_much_costs_little(shop: Workshop, kind: bytes) -> None:
    bomb = pictures.chunk(kind, b"name\0\0" + zlib.compress(bytes(60_000_000), 9))
    raw = a_picture("PNG")
    begun = time.process_time()
    with suppress(NotTaken):
        make(shop, raw[:33] + bomb + raw[33:])
    assert time.process_time() - begun < 5
    assert corners(first(shop, raw)) == UPRIGHT


def test_a40_a_flood_is_refused_from_its_header(shop: Workshop) -> None:
    raw = a_flood(9400, 9400)
    assert len(raw) < 400_000
    before = psutil.Process().memory_info().rss
    begun = time.process_time()
    with pytest.raises(NotTaken, match="megapixels"):
        make(shop, raw)
    assert time.process_time() - begun < 0.2
    assert psutil.Process().memory_info().rss - before < 30 * 2**20


def test_what_needs_too_much_memory_is_refused_and_the_next_is_made(settings: Any) -> None:
    settings.CONTENT_MEMORY = 120 * 2**20
    shop = Workshop()
    try:
        with pytest.raises(NotTaken):
            make(shop, a_flood(4900, 4900))
        assert corners(first(shop, a_picture())) == UPRIGHT
    finally:
        shop.close()


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("content.workshops.WALL_SECONDS", 0.2)
    shop = Workshop()
    try:
        with pytest.raises(NotTaken, match="too long"):
            make(shop, saved(Image.effect_noise((2600, 2600), 90), "PNG"))
    finally:
        shop.close()


def test_a_workshop_that_was_killed_is_started_again(shop: Workshop) -> None:
    make(shop, a_picture())
    assert shop._process is not None
    shop._process.kill()
    shop._process.wait()
    assert corners(first(shop, a_picture())) == UPRIGHT


def test_many_at_once(shop: Workshop) -> None:
    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(lambda size: first(shop, a_picture(width=size)).size, range(40, 72)))
    assert shown == [(size, 48) for size in range(40, 72)]


def test_no_place_for_one_more(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CONTENT_WORKERS = 1
    monkeypatch.setattr("content.workshops.WAIT_SECONDS", 0.05)
    shop = Workshop()
    assert shop._places.acquire()
    with pytest.raises(Unavailable):
        make(shop, a_picture())


def test_a_crop_is_of_the_upright_picture(shop: Workshop) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = saved(quarters().transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    shown = first(shop, turned, crop=(0.5, 0.0, 0.5, 0.5))
    assert shown.size == (32, 24)
    assert set(corners(shown)) == {"green"}


def test_the_child_has_no_environment_and_no_memory_of_ours(shop: Workshop) -> None:
    make(shop, a_picture())
    assert shop._process is not None
    process = psutil.Process(shop._process.pid)
    assert set(process.environ()) <= {"LANG", "LC_CTYPE", *KEEP_MEMORY}
    assert "django" not in " ".join(each.path for each in process.memory_maps())


def test_the_kernel_holds_the_child_to_its_limits() -> None:
    """Asked of a process that took them upon itself, as each child does before it looks at a picture."""
    script = """if True:
        import json, resource, signal, sys
        sys.path.insert(0, sys.argv[1])
        from content.workshop import zygote
        zygote._limit({"memory": 768 * 2**20, "file": 1000, "cpu": 15, "wall": 20})
        names = ("AS", "FSIZE", "CPU", "CORE", "NOFILE")
        held = [resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names]
        print(json.dumps([held, signal.getitimer(signal.ITIMER_REAL)[0]]))
    """
    command = [sys.executable, "-I", "-c", script, str(BASE_DIR)]
    held, wall = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert held == [[768 * 2**20] * 2, [1000] * 2, [15] * 2, [0] * 2, [0] * 2]
    assert 15 < wall <= 20


def test_colour_and_blur(shop: Workshop) -> None:
    made = make(shop, saved(Image.new("RGB", (40, 30), (240, 189, 79))))
    assert made.colour == "#f0bd4f"
    assert made.blur.startswith("data:image/webp;base64,")
    assert len(made.blur) < 400


def test_no_descriptor_is_left_open(shop: Workshop) -> None:
    process = psutil.Process()
    make(shop, a_picture())
    before = process.num_fds()
    for raw in (a_picture(), b"no picture", a_picture()[:60]):
        with suppress(NotTaken):
            for file in make(shop, raw).files:
                file.close()
    assert process.num_fds() == before
