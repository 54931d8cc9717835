""".env.example names every variable that the settings read, and no other; filled in, it passes Django's own checks."""

import ast
import base64
import itertools
import os
import re
import subprocess
import sys

from config.settings import BASE_DIR

LINES = (BASE_DIR / ".env.example").read_text().splitlines()
VARIABLE = re.compile(r"(# )?(?P<name>[A-Z][A-Z0-9_]*)=(?P<value>.*)")


def names_read_by_settings() -> set[str]:
    """First arguments of env(…), env.str(…), env.bool(…) and so on."""
    tree = ast.parse((BASE_DIR / "config/settings.py").read_text())
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    firsts = (call.args[0] for call in calls if _asks_env(call.func))
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant)}


def _asks_env(function: ast.expr) -> bool:
    asked = function.value if isinstance(function, ast.Attribute) else function
    return isinstance(asked, ast.Name) and asked.id == "env"


def variables() -> dict[str, str]:
    found = (VARIABLE.fullmatch(line) for line in LINES)
    return {match["name"]: match["value"] for match in found if match}


def test_every_variable_of_the_settings_is_explained():
    assert names_read_by_settings() - variables().keys() == set()


def test_every_explained_variable_is_read():
    assert variables().keys() - names_read_by_settings() == set()


def test_each_stands_once_and_below_an_explanation():
    named = [match["name"] for line in LINES if (match := VARIABLE.fullmatch(line))]
    assert len(named) == len(set(named))
    unexplained = [
        line for above, line in itertools.pairwise(LINES) if VARIABLE.fullmatch(line) and not above.startswith("# ")
    ]
    assert unexplained == []


def test_what_has_to_be_said_is_enough_for_production():
    said = {match["name"]: match["value"] for line in LINES if (match := VARIABLE.fullmatch(line)) and line[0] != "#"}
    assert said["SECRET_KEY"] == said["SEALING_KEYS"] == "", "an example of a secret gets used as one"
    sealing = "k1:" + base64.b64encode(bytes(range(32))).decode()
    secret = {"SECRET_KEY": "a-secret-for-this-test-" + "0123456789abcdefghij" * 3, "SEALING_KEYS": sealing}
    environment = {"PATH": os.environ["PATH"], **said, **secret}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
