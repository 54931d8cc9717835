"""What the documents of the repository point at is there."""

import re
from pathlib import Path

import pytest

from config.settings import BASE_DIR
from devtools import commands

DOCUMENTS = [
    BASE_DIR / "README.md",
    BASE_DIR / "CONTRIBUTING.md",
    BASE_DIR / "SECURITY.md",
    *BASE_DIR.glob("docs/*.md"),
]
MOST_BYTES = 400_000
APPS = ("accounts", "campaigns", "characters", "config", "content", "contract", "devtools", "overlay", "sheets")
FOLDERS = (*APPS, "bench", "docs", "static", "templates", "tests")


def links(document: Path) -> list[str]:
    """Without those that lead out of the repository, and without anchors."""
    found = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    return [link.partition("#")[0] for link in found if not link.startswith(("http", "#", "mailto:"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(BASE_DIR)))
def test_links_lead_somewhere(document):
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


def test_every_picture_is_shown_and_small():
    shown = {(BASE_DIR / link).resolve() for link in links(BASE_DIR / "README.md")}
    pictures = set((BASE_DIR / "docs/pictures").iterdir())
    assert pictures and pictures - shown == set()
    assert max(picture.stat().st_size for picture in pictures) <= MOST_BYTES


def test_every_document_is_in_the_index():
    listed = {(BASE_DIR / "docs" / link).resolve() for link in links(BASE_DIR / "docs/README.md")}
    assert set(BASE_DIR.glob("docs/*.md")) - listed == {BASE_DIR / "docs/README.md"}


def text_of_all() -> str:
    return "\n".join(document.read_text() for document in (*DOCUMENTS, *BASE_DIR.glob("docs/decisions/*.md")))


def test_commands_that_are_named_exist():
    named = set(re.findall(r"(?:python3 |`)dev\.py ([a-z]\w+)", text_of_all()))
    assert len(named) > 5 and named - commands.COMMANDS.keys() == set()


def test_management_commands_that_are_named_exist():
    from django.core.management import get_commands

    text = f"{text_of_all()}\n{(BASE_DIR / 'Procfile').read_text()}\n{(BASE_DIR / '.env.example').read_text()}"
    named = set(re.findall(r"(?:dev\.py manage|manage\.py) ([a-z]\w+)", text))
    assert len(named) > 8 and named - get_commands().keys() == set()


def test_own_management_commands_are_told_of():
    own = {path.stem for path in BASE_DIR.glob("*/management/commands/[a-z]*.py")}
    assert len(own) > 5 and {name for name in own if not re.search(rf"\b{name}\b", text_of_all())} == set()


def sources() -> str:
    """The code, that of the tests' fixtures too."""
    files = [path for app in APPS for path in (BASE_DIR / app).rglob("*.py")]
    files += [*(BASE_DIR / "static").rglob("*.js"), *(BASE_DIR / "tests").glob("*.py")]
    return "\n".join(path.read_text() for path in files)


def test_settings_and_messages_that_are_named_exist():
    named = set(re.findall(r"`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`", text_of_all()))
    text = sources()
    known = re.compile(rf"\b(?:{'|'.join(sorted(named))})\b", re.IGNORECASE)  # a type of the ledger is told in capitals
    found = {name.upper() for name in known.findall(text)}
    assert len(named) > 20 and named - found == {"FORWARDED_ALLOW_IPS"}  # which is uvicorn's


def test_files_that_are_named_exist():
    named = set(re.findall(r"`([\w.-]+(?:/[\w.-]+)+)`", text_of_all()))
    here = {name for name in named if name.split("/")[0] in FOLDERS}
    assert len(here) > 100 and {name for name in here if not (BASE_DIR / name).exists()} == set()
