"""docs/sheets-promises.md names no module and no test that is not there."""

import re

import pytest

from config.settings import BASE_DIR

TABLE = (BASE_DIR / "docs/sheets-promises.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/.-]+/[\w.-]+)(?:::([\w:]+))?`", TABLE)))
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| defect"))]


def test_every_row_names_a_test() -> None:
    assert len(ROWS) > 50
    assert [row for row in ROWS if "`tests/" not in row.rpartition(" | ")[2]] == []


@pytest.mark.parametrize("path", sorted({path for path, _name in NAMED if not path.startswith("/")}))
def test_what_is_named_is_there(path: str) -> None:
    file = BASE_DIR / path
    assert file.exists()
    text = file.read_text() if file.suffix == ".py" else ""
    wanted = [name.split("::") for named, name in NAMED if named == path and name]
    missing = [parts for parts in wanted if not all(_defines(text, part) for part in parts)]
    assert missing == []


def _defines(text: str, name: str) -> bool:
    return re.search(rf"^\s*(?:def|class) {name}\b", text, re.MULTILINE) is not None
