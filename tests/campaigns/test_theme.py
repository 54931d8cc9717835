from typing import Any

import pytest

from campaigns import theme


@pytest.mark.parametrize(
    ("given", "failing"),
    [
        ({}, []),
        ({"preset": "crypt"}, []),
        ({"accent": "#f0bd4f", "hp": "#112233"}, []),
        ("red", [""]),
        ({"preset": "neon"}, ["preset"]),
        ({"preset": ["crypt"]}, ["preset"]),
        ({"accent": "red"}, ["accent"]),
        ({"accent": "#F0BD4F"}, ["accent"]),
        ({"accent": "#f0bd4f;}"}, ["accent"]),
        ({"accent": "red;}</style><script>alert(1)</script>"}, ["accent"]),
        ({"accent": "url(//c)"}, ["accent"]),
        ({"accent": None}, ["accent"]),
        ({"font": "#112233"}, ["font"]),
    ],
)
def test_only_named_colours_pass(given: Any, failing: list[str]) -> None:
    assert [key for key, _ in theme.problems(given)] == failing


@pytest.mark.parametrize("preset", theme.PRESETS)
def test_every_preset_is_a_valid_theme(preset: str) -> None:
    assert theme.problems(theme.PRESETS[preset]) == []


def test_own_colours_lie_over_the_preset() -> None:
    assert theme.resolved({"preset": "crypt", "hp": "#112233"}) == {**theme.PRESETS["crypt"], "hp": "#112233"}
