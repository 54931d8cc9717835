"""The demo's pictures: what the code draws is what the pages serve."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from overlay.demo import lowmere, portraits, woodcut

STATIC = settings.BASE_DIR / "static/demo"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "rect", "path", "circle"}


@pytest.fixture(scope="module")
def drawings() -> dict[str, str]:
    return portraits.drawings()


def test_committed_files_are_what_the_code_draws(drawings):
    served = {str(path.relative_to(STATIC)): path.read_text() for path in STATIC.rglob("*.svg")}
    assert served.keys() == drawings.keys()
    stale = [name for name, drawing in drawings.items() if served[name] != drawing]
    assert stale == [], "run manage.py draw_portraits"


def test_everybody_of_the_demo_with_a_portrait_has_sat_for_it():
    assert {row["portrait"] for row in lowmere.ON_STAGE} == portraits.SITTERS.keys()
    assert {row["portrait"]: row["name"] for row in lowmere.ON_STAGE} == {
        slug: sitter.name for slug, sitter in portraits.SITTERS.items()
    }


def test_the_limelight_has_the_accent_of_the_character():
    assert {row["portrait"]: row["accent"] for row in lowmere.ON_STAGE} == {
        slug: sitter.light for slug, sitter in portraits.SITTERS.items()
    }


def test_drawings_are_surfaces_only(drawings):
    """No script, style, text or address: they pass the strict policy also when opened by themselves."""
    for drawing in drawings.values():
        root = ElementTree.fromstring(drawing)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= DRAWN
        assert root.get("role") == "img" and root.get("aria-label")
        assert not re.search(r"nan|inf|e-\d|style|url\(", drawing)


def test_drawings_are_small(drawings):
    assert max(len(drawing) for name, drawing in drawings.items() if name.startswith("portraits")) < 50_000


def test_portraits_have_the_proportions_of_the_arch(drawings):
    boxes = {ElementTree.fromstring(drawings[f"portraits/{slug}.svg"]).get("viewBox") for slug in portraits.SITTERS}
    assert boxes == {"0 0 250 350"}


@pytest.mark.parametrize(("share", "colour"), [(0, "#102030"), (1, "#f0a050"), (0.5, "#806040")])
def test_mix(share, colour):
    assert portraits.mix("#102030", "#f0a050", share) == colour


def test_corners_are_joined_by_straight_lines():
    assert woodcut.shape("#fff", "0,0! 10,0! 10,10!") == '<path fill="#fff" d="M0 0l10 0l0 10l-10-10z"/>'


def test_mirrored_twice_is_the_same():
    assert woodcut.mirrored(woodcut.mirrored("10,20! 30.5,40")) == "10,20! 30.5,40"


def test_a_cut_is_thin_at_its_ends_and_as_wide_as_asked_for_in_the_middle():
    path = woodcut.cut("#fff", 8, "0,0 30,0 60,0")
    heights, down = set(), 0.0
    for numbers in re.findall(r"[Mc]([^Mcz\"]*)", path.split('d="')[1]):
        down = round(down + float(re.findall(r"-?\d*\.?\d+", numbers)[-1]), 1)
        heights.add(down)
    assert {0, 4, -4} <= heights and max(map(abs, heights)) == 4


@given(st.lists(st.tuples(st.integers(0, 250), st.integers(0, 350), st.booleans()), min_size=3, max_size=9))
def test_every_outline_comes_back_to_where_it_began(points):
    text = " ".join(f"{x},{y}{'!' * corner}" for x, y, corner in points)
    path = woodcut.shape("#fff", text)
    ends = [0.0, 0.0]
    for command, numbers in re.findall(r"([Mlc])([^Mlcz\"]*)", path.split('d="')[1]):
        *_, right, down = (float(number) for number in re.findall(r"-?\d*\.?\d+", numbers))
        ends = [right, down] if command == "M" else [ends[0] + right, ends[1] + down]
    assert ends == pytest.approx(points[0][:2], abs=0.01)
