"""The photographs: no page without one, and one that is asked for by name. The browser is not asked."""

import pytest

from devtools.commands import parse
from devtools.photographs.__main__ import main, wanted
from devtools.photographs.album import ADMINISTRATOR, ALBUM, GM, NEWCOMER, NOT_TAKEN, VISITOR
from devtools.photographs.steps import STEPS
from tests.contract.matrix.table import ROWS
from tests.e2e.test_axe import ADMINISTRATORS_OWN, NO_PAGES

TAKEN = {each.route for each in ALBUM}
OURS = {"photographs/500", "photographs/429"}  # which fail on purpose


def test_every_page_has_a_photograph_or_a_reason_for_none():
    pages = {row.route for row in ROWS if row.method == "GET"}
    # A row's own address shows its form.
    forms = {route for route in pages if f"{route}change/" in pages}
    nobodys = {
        row.route for row in ROWS if 200 not in row.open.values() and not row.route.startswith(ADMINISTRATORS_OWN)
    }
    assert pages - TAKEN - set(NOT_TAKEN) - forms - nobodys == set()


def test_only_what_there_is_is_listed():
    assert TAKEN - OURS | set(NOT_TAKEN) <= {row.route for row in ROWS}
    assert not TAKEN & set(NOT_TAKEN)


def test_what_axe_reads_is_photographed():
    assert [route for route in NO_PAGES if route in TAKEN] == ["overlay/<slug:slug>"]


def test_each_has_a_name_of_its_own_and_steps_that_there_are():
    names = [each.name for each in ALBUM]
    assert len(names) == len(set(names))
    assert {each.step for each in ALBUM} - {""} == set(STEPS)


def test_rows_that_only_administrators_see_are_taken_as_one():
    for each in ALBUM:
        if each.route.startswith("admin/accounts/"):
            assert each.who == ADMINISTRATOR, each.name
    assert {GM, VISITOR, NEWCOMER} <= {each.who for each in ALBUM}


def test_those_whose_names_begin_so_are_chosen():
    names = ["offline", "error-400", "error-403", "error-404", "error-429"]
    assert [each.name for each in wanted("error-4,offline")] == names
    assert wanted("") == list(ALBUM)


def test_none_of_a_name_says_so(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM_PATH", "/bin/true")
    assert main(["--only", "nowhere", "--out", str(tmp_path / "out")]) == 1
    assert "begins with nowhere" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [["--only", "desk"], ["--out", "/elsewhere"]])
def test_its_arguments_are_handed_on(words):
    arguments, rest = parse(["photographs", *words])
    assert (arguments.command, rest) == ("photographs", words)
