"""Themes: a closed grammar of named tokens, so that nothing a GM types can become CSS of its own."""

import re
from typing import Any

TOKENS = ("accent", "border", "text", "plate", "hp", "hp_ground", "temp", "ac", "ac_text", "chip", "chip_text")
PRESETS: dict[str, dict[str, str]] = {
    "limelight": {},
    "crypt": {"accent": "#e5484d", "plate": "#120b0d", "hp": "#b3282f"},
    "verdigris": {"accent": "#6cc5b0", "plate": "#0d1716", "hp": "#3fa58b"},
    "hoarfrost": {"accent": "#9ad0ff", "plate": "#0c1420", "hp": "#4a8fd6"},
}
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def problems(theme: Any) -> list[tuple[str, str]]:
    """What is wrong with a theme `{"preset": name, "<token>": "#rrggbb"}`: (key, sentence)."""
    if not isinstance(theme, dict):
        return [("", "An object is expected.")]
    found = []
    for key, value in theme.items():
        if key == "preset":
            if not isinstance(value, str) or value not in PRESETS:
                found.append((key, f"One of: {', '.join(PRESETS)}."))
        elif key not in TOKENS:
            found.append((str(key)[:40], f"Unknown token; there are: preset, {', '.join(TOKENS)}."))
        elif not isinstance(value, str) or not _COLOUR.fullmatch(value):
            found.append((key, "A colour such as #f0bd4f."))
    return found


def resolved(theme: dict[str, str]) -> dict[str, str]:
    """The preset's colours with the campaign's own on top."""
    preset = PRESETS.get(theme.get("preset", ""), {})
    return {**preset, **{key: value for key, value in theme.items() if key != "preset"}}
