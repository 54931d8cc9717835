"""The tables of promises name what there is: modules that exist, and tests that hold them."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / f"docs/{name}-promises.md" for name in ("room", "content", "companion")]
HEADS = ("promise", "row")
TEST = re.compile(r"`(tests/[\w/.-]+)(?:::(\w+))?`")
MODULE = re.compile(r"`((?!tests/)[\w-]+/[\w/.-]*)`")
OPEN = re.compile(r"\bmissing\b", re.IGNORECASE)  # what is not built, or is held by no test, says so


def rows(document: Path) -> list[list[str]]:
    """The cells of each row: promise, where it is built, what holds it."""
    lines = [line.strip().strip("|") for line in document.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.split(" | ")] for line in lines]
    return [row for row in cells if not row[0].startswith("---") and row[0] not in HEADS]


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def is_there(path: str, name: str) -> bool:
    file = ROOT / path
    return file.exists() and (not name or name in functions(file))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.stem)
def document(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_every_test_that_is_named_exists(document: Path) -> None:
    named = TEST.findall(document.read_text())
    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if not is_there(path, name)] == []


def test_every_place_that_is_named_exists(document: Path) -> None:
    named = MODULE.findall("\n".join(row[1] for row in rows(document)))
    assert len(named) > 80
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_promise_is_held_or_said_to_be_missing(document: Path) -> None:
    wrong = [row[0] for row in rows(document) if len(row) != 3 or not (TEST.search(row[2]) or OPEN.search(row[2]))]
    assert wrong == []
