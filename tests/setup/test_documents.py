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


def test_commands_that_the_readme_names_exist():
    named = set(re.findall(r"python3 dev\.py (\w+)", (BASE_DIR / "README.md").read_text()))
    assert named and named <= commands.COMMANDS.keys()


def test_management_commands_that_the_readme_names_exist():
    from django.core.management import get_commands

    named = set(re.findall(r"(?:dev\.py manage|manage\.py) (\w+)", (BASE_DIR / "README.md").read_text()))
    assert named and named <= get_commands().keys()
