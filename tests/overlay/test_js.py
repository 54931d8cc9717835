"""The front end's own tests, which run in Node: reducer, stream, geometry, badges, motion, theme."""

import shutil
import subprocess
from pathlib import Path

import pytest

from campaigns.theme import TOKENS
from characters.conditions import BAD, GOOD
from tests.conftest import absent

ROOT = Path(__file__).resolve().parents[2]


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node")
    if program is None:
        absent("no Node: the tests of the front end's logic (tests/js) did not run")
    return subprocess.run([program or "", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_javascript():
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").glob("*.test.mjs"))
    assert files
    ran = node("--test", "--test-reporter=tap", *files)
    assert ran.returncode == 0, failures(ran.stdout) + ran.stderr


def failures(tap: str) -> str:
    """Each failed test with the lines that say why."""
    lines = tap.splitlines()
    found = [index for index, line in enumerate(lines) if line.lstrip().startswith("not ok")]
    return "\n".join("\n".join(lines[index : index + 14]) for index in found) or tap[-2000:]


@pytest.mark.parametrize(("name", "expected"), [("GOOD", GOOD), ("BAD", BAD)])
def test_both_sides_colour_conditions_alike(name, expected):
    ran = node("-e", f"import('./static/overlay/js/badge-view.js').then((m) => console.log([...m.{name}].join()))")
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.strip().split(",")) == expected


def test_both_sides_know_the_same_theme_tokens():
    ran = node("-e", "import('./static/overlay/js/theme.js').then((m) => console.log(Object.keys(m.COLOURS).join()))")
    assert ran.returncode == 0, ran.stderr
    assert set(ran.stdout.strip().split(",")) == set(TOKENS)
