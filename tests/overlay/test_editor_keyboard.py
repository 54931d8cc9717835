"""Nothing of the editor is without a key: what is new fails until tests/overlay/editor_keyboard.py drives it."""

import re
from pathlib import Path

from tests.overlay.editor_keyboard import BY_POINTER, CASES, LOOKS

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "static/editor/js"
COVERED = {word for case in CASES for word in case.covers.split()}


def keys() -> set[str]:
    text = (SCRIPTS / "keys.js").read_text()
    deeds = re.search(r"const DEEDS = \{\n(.*?)\n\};", text, re.DOTALL)
    assert deeds
    with_command = re.findall(r'key === "(\w+)"', text)
    return {*re.findall(r'^  "?([^\s":]+)"?:', deeds[1], re.MULTILINE), *with_command}


def deeds() -> set[str]:
    """The element's methods from "selecting" to "drawing"."""
    text = (SCRIPTS / "editor.js").read_text()
    part = text[text.index("// --- selecting ---") : text.index("// --- drawing ---")]
    return set(re.findall(r"^  (\w+)\(", part, re.MULTILINE))


def buttons() -> set[str]:
    skeleton = (ROOT / "templates/admin/overlay/layout/_skeleton.html").read_text()
    return set(re.findall(r'data-do="([\w-]+)"', skeleton))


def test_every_key_has_a_case():
    assert {"ArrowLeft", "]", "Escape", "z"} <= keys()
    assert {f"key:{key}" for key in keys()} <= COVERED


def test_every_deed_has_a_case():
    assert {"nudge", "setTheme", "toFormat"} <= deeds()
    assert deeds() - BY_POINTER - LOOKS <= COVERED


def test_every_button_has_a_case():
    assert "flow-all" in buttons()
    assert {f"do:{name}" for name in buttons()} <= COVERED


def test_no_case_covers_what_there_is_not():
    known = {*deeds(), *(f"key:{key}" for key in keys()), *(f"do:{name}" for name in buttons())}
    assert known >= COVERED
