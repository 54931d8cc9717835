"""The plan of the house is kept: imports point down, nothing goes in circles, one module speaks to the groups of the
live stream, and rows are written by operations.
"""

import ast
from typing import Any

import pytest

from tests.setup import house

# Where rows are written outside of operations, and why.
WRITERS = {
    "accounts.audit": "adds entries inside the operations' transactions",
    "accounts.credentials": "notes when a key was last used",
    "accounts.idempotency": "its rows are the answers to requests, which no operation knows of",
    "accounts.invitations": "counts the uses of a link inside the operation that accepts it",
    "campaigns.authentication": "notes when a token was last used",
    "content.quotas": "makes the row that is locked",
    "overlay.demo.stage": "makes the accounts of the demo",
    "sheets.editing": "what the operations on sheets share",
}


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return house.modules()


@pytest.fixture(scope="module")
def edges(trees: Any) -> set[house.Edge]:
    return house.edges(trees)


def test_all_apps_have_a_floor(settings: Any) -> None:
    own = {name.partition(".")[0] for name in settings.INSTALLED_APPS} & {path.name for path in house.ROOT.iterdir()}
    assert own <= house.HEIGHT.keys()


def test_imports_point_down(edges: Any) -> None:
    assert len(edges) > 1000
    assert house.upward(edges) == []


def test_nothing_goes_in_circles(edges: Any) -> None:
    assert house.cycles(edges) == []


def test_one_module_speaks_to_the_groups(trees: Any) -> None:
    assert house.callers(trees, "group_send_now") == {"campaigns.live"}
    assert house.callers(trees, "group_send") == set()


def test_rows_are_written_by_operations(trees: Any) -> None:
    apart = {name: tree for name, tree in trees.items() if not {"operations", "management"} & set(name.split("."))}
    writers = {name: list(house.writes(tree)) for name, tree in apart.items()}
    assert {name for name, found in writers.items() if found} == WRITERS.keys()


def parsed(**sources: str) -> dict[str, ast.Module]:
    return {name.replace("__", "."): ast.parse(source) for name, source in sources.items()}


def test_what_points_up_or_aside_is_seen() -> None:
    trees = parsed(
        content__a="from campaigns import models",
        campaigns__models="def later():\n    import overlay.pages",
        sheets__a="from stories.b import c",
        overlay__pages="from campaigns.models import x\nfrom django import db",
        accounts__a="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from overlay import pages",
    )
    assert house.upward(house.edges(trees)) == [
        ("campaigns.models", "overlay.pages"),
        ("content.a", "campaigns.models"),
        ("sheets.a", "stories.b"),
    ]


def test_circles_are_seen() -> None:
    trees = parsed(
        content__a="from content import b",
        content__b="def later():\n    from .c import x",
        content__c="import content.a",
        content__d="from content import a",
    )
    assert house.cycles(house.edges(trees)) == [["content.a", "content.b", "content.c"]]


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("Asset.objects.filter(pk=1).update(title='')", ["update"]),
        ("Asset.objects.create()", ["create"]),
        ("asset.save()", ["save"]),
        ("asset.save(update_fields=['title'])", ["save"]),
        ("image.save(file, 'PNG')", []),
        ("form.save(commit=False)", []),
        ("{}.update(a=1)", []),
        ("Asset.objects.filter(pk=1).first()", []),
        ("writes = Writes()", ["Writes"]),
        ("field(default_factory=Writes)", []),
    ],
)
def test_what_writes_is_seen(source: str, seen: list[str]) -> None:
    assert [method for _line, method in house.writes(ast.parse(source))] == seen
