"""The design system holds its own promises: one light theme, readable pairs, nothing inline."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOKENS = (ROOT / "static/common/css/tokens.css").read_text()
PAGES = sorted(
    path
    for folder in ("common", "campaigns", "characters", "accounts", "overlay", "sheets")
    for path in (ROOT / "templates" / folder).rglob("*.html")
) + sorted((ROOT / "templates").glob("*.html"))
SCRIPTS = sorted(
    [
        *(ROOT / "static/pages").rglob("*.js"),
        *(ROOT / "static/common").rglob("*.js"),
        *(ROOT / "static/sheets").rglob("*.js"),
    ]
)


def block(selector: str) -> dict[str, str]:
    found = re.search(re.escape(selector) + r"\s*\{(.*?)\}", TOKENS, re.DOTALL)
    assert found is not None, selector
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", found[1])}


NIGHT = block(":root")
PAPER = {**NIGHT, **block('[data-theme="light"]')}


def luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_system_s_light_theme_is_the_chosen_one() -> None:
    assert block('[data-theme="auto"]') == block('[data-theme="light"]')


@pytest.mark.parametrize("theme", [NIGHT, PAPER], ids=["night", "paper"])
@pytest.mark.parametrize("ground", ["--ground-0", "--ground-1", "--ground-2", "--ground-3"])
@pytest.mark.parametrize("ink", ["--text", "--text-2", "--text-3", "--limelight", "--wound-text", "--heal"])
def test_text_is_readable_on_every_ground(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [NIGHT, PAPER], ids=["night", "paper"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("--limelight-ink", "--limelight"),
        ("--chip-ink", "--chip"),
        ("--chip-bad-ink", "--chip-bad"),
        ("--chip-good-ink", "--chip-good"),
        ("--chip-temp-ink", "--chip-temp"),
    ],
)
def test_words_on_colours_are_readable(theme: dict[str, str], ink: str, ground: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [NIGHT, PAPER], ids=["night", "paper"])
@pytest.mark.parametrize("ground", ["--hp-fill", "--hp-trough", "--hp-temp", "--hp-temp-2"])
def test_the_number_on_the_bar_is_readable(theme: dict[str, str], ground: str) -> None:
    assert contrast("#ffffff", theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [NIGHT, PAPER], ids=["night", "paper"])
@pytest.mark.parametrize("ground", ["--ground-0", "--ground-1", "--ground-2"])
def test_the_focus_ring_stands_out(theme: dict[str, str], ground: str) -> None:
    assert contrast(theme["--focus"], theme[ground]) >= 3


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT / "static")))
def test_scripts_never_parse_markup(path: Path) -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", path.read_text())
