"""What text people may type: NFC, visible, and unable to disturb the line it stands in.

Names stand on an overlay beside other names, so a single line holds no controls, no bidirectional overrides
or isolates, no invisible characters and no towers of combining marks. Joiners stay where they have a meaning:
inside emoji (woman + ZWJ + rocket) and between letters of the scripts that need them (Persian, Hindi).
"""

from __future__ import annotations

import re
import unicodedata

MAX_MARKS = 8  # combining marks on one base; real scripts use up to five

ZWNJ, ZWJ = "\u200c", "\u200d"
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f")
# Format characters that are seen: Arabic and Syriac number and verse signs, Kaithi number signs.
_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Letters by category, blank to the eye: Hangul fillers.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_BLANK_SYMBOLS = frozenset("\u2800")  # Braille pattern without dots
# A flag of a region: black flag, tag letters, end tag. The only place where tags mean something.
_REGION_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")
_EMOJI_MODIFIERS = frozenset("\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
_FIRST_JOINING_SCRIPT = "\u0590"  # Hebrew; before it stand Latin, Greek, Cyrillic and Armenian


class TextRefused(ValueError):
    """The message is a sentence for the person who typed."""


def clean(value: str, *, max_length: int | None = None, multiline: bool = False) -> str:
    """NFC, without blanks at the ends of a single line; "" for what shows nothing. Raises TextRefused.

    `max_length` counts code points after NFC.
    """
    _refuse_unstorable(value)
    if multiline:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    value = unicodedata.normalize("NFC", value)
    value = value if multiline else value.strip(" \u00a0\u3000")
    _refuse_characters(value, multiline)
    if is_blank(value):
        return ""
    if max_length is not None and len(value) > max_length:
        raise TextRefused(f"This has {len(value)} characters. Shorten it to {max_length}.")
    return value


def is_blank(value: str) -> bool:
    """Whether nothing of it can be seen."""
    return all(
        char.isspace()
        or char in _FILLERS
        or char in _BLANK_SYMBOLS
        or unicodedata.category(char) in ("Zs", "Mn", "Me", "Cf")
        for char in value
    )


def _refuse_unstorable(value: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise TextRefused("This holds half of a surrogate pair. Type the character again.")


def _refuse_characters(value: str, multiline: bool) -> None:
    if value.isascii() and value.isprintable():
        return
    if _BIDI.search(value):
        raise TextRefused("This holds a character that overrides the direction of text. Remove it.")
    marks = 0
    for index, char in enumerate(plain := _REGION_FLAG.sub("\U0001f3f4", value)):
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else 0
        if marks > MAX_MARKS:
            raise TextRefused(f"This has more than {MAX_MARKS} marks on one letter. Remove some.")
        if category[0] in "CZ" or char in _FILLERS:
            _refuse_invisible(plain, index, category, multiline)


def _refuse_invisible(text: str, index: int, category: str, multiline: bool) -> None:
    char = text[index]
    if category == "Cc" or category in ("Zl", "Zp"):
        if not (multiline and char in "\n\t"):
            raise TextRefused("This holds a control character or a line break. Remove it.")
    elif _is_noncharacter(char):
        raise TextRefused("This holds a code that is no character. Remove it.")
    elif (category == "Cf" or char in _FILLERS) and not _has_meaning(text, index, multiline):
        raise TextRefused("This holds an invisible character. Remove it.")


def _is_noncharacter(char: str) -> bool:
    return "\ufdd0" <= char <= "\ufdef" or ord(char) & 0xFFFE == 0xFFFE


def _has_meaning(text: str, index: int, multiline: bool) -> bool:
    char = text[index]
    if char in (ZWJ, ZWNJ):
        return _joins(text, index)
    return char in _VISIBLE_FORMATS or (multiline and char in _DIRECTION_MARKS)


def _joins(text: str, index: int) -> bool:
    """A joiner stands between two emoji, or between two letters of a script that joins."""
    before = index - 1
    while before > 0 and text[before] in _EMOJI_MODIFIERS:
        before -= 1
    if before < 0 or index + 1 >= len(text):
        return False
    pair = text[before], text[index + 1]
    return all(_is_emoji(char) for char in pair) or all(_is_joining_letter(char) for char in pair)


def _is_emoji(char: str) -> bool:
    # New emoji are unassigned (Cn) to an older Unicode table.
    return unicodedata.category(char) == "So" or (char >= "\U0001f000" and unicodedata.category(char) == "Cn")


def _is_joining_letter(char: str) -> bool:
    return char >= _FIRST_JOINING_SCRIPT and unicodedata.category(char)[0] in "LM" and char not in _EMOJI_MODIFIERS
