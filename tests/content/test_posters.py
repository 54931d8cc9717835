"""Posters as the workshop draws them."""

import io
import math
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.templatetags.static import static
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from content import recipes
from content.drawings import drawing_at
from content.workshop import posters, woodcuts
from content.workshop.posters import HEIGHT, SIZE, Figure, Poster, draw
from content.workshops import Workshop
from tests.content.pictures import a_picture, opened

OUTPUT = recipes.POSTER["poster"].output


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    made = Workshop()
    yield made
    made.close()


def area(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))


def differs(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


def test_the_child_draws_it_of_pictures_that_it_is_handed(shop: Workshop) -> None:
    document: dict[str, Any] = {"title": "The Drowned Bell", "scene": 1, "figures": [{"picture": 0}, {"letter": "B"}]}
    with tempfile.TemporaryFile() as portrait, tempfile.TemporaryFile() as scene:
        for file, size in ((portrait, (300, 400)), (scene, (1600, 900))):
            file.write(a_picture("WEBP", *size))
            file.seek(0)
        made = shop.draw(document, [("WEBP", portrait), ("WEBP", scene)], OUTPUT)
    with made.files[0] as drawn:
        shown = opened(drawn)
        assert (shown.format, shown.size) == ("JPEG", SIZE)
    assert (made.width, made.height, made.painted[0].size < 300_000) == (*SIZE, True)


def test_a_portrait_stands_under_its_arch_with_what_it_is_looked_at_for() -> None:
    portrait = Image.new("RGB", (400, 1000), "#0000ff")
    portrait.paste("#ff0000", (0, 0, 400, 300))
    above = draw(Poster("", figures=[Figure(0, (0.5, 0.0))]), [portrait])
    below = draw(Poster("", figures=[Figure(0, (0.5, 1.0))]), [portrait])

    middle = (posters.WIDTH // 2, HEIGHT - 150)
    assert above.getpixel((middle[0], HEIGHT - 250)) == (255, 0, 0)
    assert below.getpixel(middle) == (0, 0, 255)


@given(st.integers(8, 2600), st.integers(8, 2600), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=150, deadline=None)
def test_a_picture_of_any_shape_covers_its_place(width: int, height: int, x: float, y: float) -> None:
    assert posters._covering(Image.new("L", (width, height)), (172, 240), (x, y)).size == (172, 240)


def test_who_has_no_portrait_bears_arms_of_their_own() -> None:
    one = draw(Poster("", figures=[Figure(under="#8f2d36", division="pale", letter="I")]), [])
    other = draw(Poster("", figures=[Figure(under="#274c77", division="bend", letter="B")]), [])
    assert differs(one, other)
    assert not differs(area(one, 0, 0, 0.3, 1), area(other, 0, 0, 0.3, 1))  # all else is the same stage


@pytest.mark.parametrize("title", ["A", "The Drowned Bell", "Marguerite of the Ninth Procession " * 3, "x" * 120])
def test_a_title_keeps_to_the_sheet(title: str) -> None:
    bare = draw(Poster(""), [])
    billed = draw(Poster(title), [])

    box = ImageChops.difference(bare, billed).point(lambda level: 255 if level > 60 else 0).getbbox()
    assert box is not None
    assert box[0] > 30
    assert box[2] < posters.WIDTH - 30


def test_what_the_type_cannot_write_is_left_out_and_not_shown_as_boxes() -> None:
    assert not differs(draw(Poster("鐘", figures=[Figure(letter="鐘")]), []), draw(Poster("", figures=[Figure()]), []))


def test_a_see_through_portrait_stands_before_the_dark() -> None:
    sheet = draw(Poster("", figures=[Figure(0)]), [Image.new("RGBA", (100, 140), (0, 0, 0, 0))])
    assert sheet.getpixel((posters.WIDTH // 2, HEIGHT - 150)) == posters.NIGHT


# --- drawings of the house ---

SHEET = '<svg viewBox="0 0 100 140"><rect width="100" height="140" fill="#101820"/>{}</svg>'


def drawn(inside: str, side: int = 140) -> Image.Image:
    return woodcuts.picture(io.BytesIO(SHEET.format(inside).encode()), side)


def test_shapes_stand_where_a_browser_would_put_them() -> None:
    shown = drawn(
        '<path fill="#ff0000" d="M10 10l30 0l0 30l-30 0z"/><circle cx="70" cy="100" r="20" fill="#00ff00"/>'
        '<circle cx="70" cy="30" r="16" fill="none" stroke="#0000ff" stroke-width="6"/>'
        '<circle cx="20" cy="110" r="10" fill="#ffffff" opacity=".5"/>'
    )
    assert shown.size == (100, 140)
    wanted = {
        (25, 25): (255, 0, 0),
        (70, 100): (0, 255, 0),
        (70, 14): (0, 0, 255),
        (70, 30): (16, 24, 32),
        (20, 110): (136, 140, 144),
    }
    found = {at: shown.getpixel(at) for at in wanted}
    assert all(is_near(found[at], colour) for at, colour in wanted.items()), found


def is_near(one: Any, other: tuple[int, int, int]) -> bool:
    return all(abs(level - wanted) < 4 for level, wanted in zip(one, other, strict=True))


def test_a_curve_passes_through_its_points() -> None:
    """Four quarters of a circle, in the compact numbers that are written."""
    found = woodcuts.outline("M50 30c11 0 20 9 20 20c0 11-9 20-20 20c-11 0-20-9-20-20c0-11 9-20 20-20z")
    assert all(abs(math.hypot(x - 50, y - 50) - 20) < 0.3 for x, y in found)
    assert woodcuts.outline("M1 2l.5-.5l-1.5 3z") == [(1, 2), (1.5, 1.5), (0, 4.5)]


@pytest.mark.parametrize("text", ["", "GIF89a", "<svg>", '<svg viewBox="0 0 0 9">', '<svg viewBox="0 0 9999 1">'])
def test_what_is_no_drawing_of_the_house_is_refused(text: str) -> None:
    with pytest.raises(woodcuts.NotDrawn):
        woodcuts.picture(io.BytesIO(text.encode()), 100)


def test_the_demo_s_people_stand_on_a_poster(shop: Workshop) -> None:
    address = static("demo/portraits/grale.svg")
    drawing = drawing_at(address)
    assert drawing is not None
    with drawing.path.open("rb") as file:
        made = shop.draw({"title": "", "figures": [{"picture": 0}]}, [("SVG", file)], OUTPUT)
    with made.files[0] as stored:
        shown = opened(stored).convert("RGB")
    limelight = shown.getpixel((posters.WIDTH // 2 + 60, HEIGHT - 200))
    assert isinstance(limelight, tuple)
    assert limelight[2] > limelight[0] + 40  # his is blue


@pytest.mark.parametrize("address", ["/media/a.svg", "https://example.org/a.svg", "/static/no.svg", "/static/../x.svg"])
def test_no_other_picture_is_taken_for_a_drawing(address: str) -> None:
    assert drawing_at(address) is None
