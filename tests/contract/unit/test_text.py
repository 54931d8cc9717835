"""Row A34: what a name may hold, and what it is stored as."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.text import TextRefused, clean, is_blank

ACCEPTED = [
    "Mara",
    "Ünal Ødegård",
    "עברית",
    "العربية",
    "می\u200cخواهم",  # Persian: ZWNJ between letters
    "क्\u200dष",  # Devanagari: virama, ZWJ
    "👩\u200d🚀",
    "👩🏽\u200d🚀",
    "🏳\ufe0f\u200d🌈",
    "👨\u200d👩\u200d👧\u200d👦",
    "❤\ufe0f\u200d🔥",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "🇩🇪",
    "ก็",
    "ệ",
    "' OR 1=1 --",
    "{{7*7}} %s {0.__class__} ${x}",
    "<b>bold</b>",
    "a\u00a0b",
]
REFUSED = [
    "a\x00b", "a\nb", "a\tb", "a\rb", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\u2029b",
    "a\u202eb", "a\u202ab", "a\u2066b", "a\u2069b",
    "a\u200bb", "a\u200db", "a\u200cb", "a\u2060b", "a\ufeffb", "a\u00adb", "a\u200fb", "\u200d", "🚀\u200d",
    "\u200d🚀", "🚀\u200d\u200d🚀", "a\u3164b", "a\U000e0041b", "\ufdd0", "\uffff", "\ud800",
    "e" + "\u0301" * 10, "e" + "\u0316\u0301" * 100, "a\ufff9b",
]  # fmt: skip


@pytest.mark.parametrize("typed", ACCEPTED)
def test_taken_as_typed(typed: str) -> None:
    assert clean(typed) == unicodedata.normalize("NFC", typed)


@pytest.mark.parametrize("typed", REFUSED)
def test_refused(typed: str) -> None:
    with pytest.raises(TextRefused, match=r"\.$"):
        clean(typed)


@pytest.mark.parametrize("typed", ["", " ", "   ", "\u00a0", "\u3000 \u2003", "\u2800", "\u034f", "\ufe0f"])
def test_what_shows_nothing_is_blank(typed: str) -> None:
    assert clean(typed) == ""
    assert is_blank(typed)


def test_ends_are_trimmed_and_letters_composed() -> None:
    assert clean("  Mara\u00a0 ") == "Mara"
    assert clean("e\u0301") == "é"


def test_length_is_counted_after_composing() -> None:
    assert clean("e\u0301" * 10, max_length=10) == "é" * 10
    with pytest.raises(TextRefused, match="11 characters"):
        clean("é" * 11, max_length=10)


def test_prose_keeps_its_lines() -> None:
    assert clean("a\r\n\tb\rc\n", multiline=True) == "a\n\tb\nc\n"
    assert clean("\n \n", multiline=True) == ""
    assert clean("שלום\u200f!", multiline=True)
    for typed in ("a\x00", "a\x0b", "a\u202eb", "a\u200bb", "a\u2028b"):
        with pytest.raises(TextRefused):
            clean(typed, multiline=True)


@given(st.text(st.characters()), st.booleans())
def test_cleaning_twice_changes_nothing(typed: str, multiline: bool) -> None:
    try:
        once = clean(typed, multiline=multiline)
    except TextRefused:
        return
    assert clean(once, multiline=multiline) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    once.encode()
