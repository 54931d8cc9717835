"""Nothing of the desk is without a key: what is new here fails until tests/overlay/desk/keyboard.py drives it."""

import re
from pathlib import Path

from overlay.desk import deeds
from overlay.desk.shortcuts import SHORTCUTS
from tests.overlay.desk.keyboard import CASES, ELSEWHERE

SCRIPT = Path("static/desk/js/desk.js").read_text()
COVERED = {word for case in CASES for word in case.covers.split()} | ELSEWHERE


def keys_of_the_script() -> set[str]:
    found = re.search(r"#shortcuts\(\) \{.*?return \{\n(.*?)\n    \};", SCRIPT, re.DOTALL)
    assert found
    return set(re.findall(r'^      "?([\w?]+)"?: ', found[1], re.MULTILINE))


def taps_of_the_script() -> set[str]:
    found = re.search(r"#clicked\(event\) \{\n(.*?)\n  \}", SCRIPT, re.DOTALL)
    assert found
    by_id = re.findall(r'button\.id === "(\w+)"', found[1])
    by_data = re.findall(r"if \(button\.dataset\.(\w+)\)", found[1]) + re.findall(
        r'"(\w+)" in button\.dataset', found[1]
    )
    return {*by_id, *by_data}


def test_every_button_has_a_case():
    assert set(deeds._DEEDS) <= COVERED


def test_every_shortcut_has_a_case():
    assert {f"key:{key}" for key in keys_of_the_script()} <= COVERED


def test_every_tap_of_the_script_has_a_case():
    taps = taps_of_the_script()
    assert {"for", "clear"} <= taps
    assert {f"tap:{tap}" for tap in taps} <= COVERED


def test_no_case_covers_what_there_is_not():
    known = {
        *deeds._DEEDS,
        *(f"key:{key}" for key in keys_of_the_script()),
        *(f"tap:{tap}" for tap in taps_of_the_script()),
    }
    assert known == COVERED


def test_the_list_of_keys_names_them_all():
    named = {key for keys, _words in SHORTCUTS for key in re.findall(r"[A-Z?](?![a-z])|Esc", keys)}
    obeyed = keys_of_the_script() - {"choose"}
    assert named == {"Esc" if key == "Escape" else key.upper() for key in obeyed}
