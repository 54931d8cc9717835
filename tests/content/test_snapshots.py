"""Canonical texts and differences, by properties: whatever the documents are."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import snapshots
from content.snapshots import DoesNotApply, NotCanonical, applied, canonical, difference, digest

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6)
names = st.one_of(st.sampled_from(["id", "a", "b", "", "/", "~", "~1", "0", "-"]), texts)
numbers = st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=6), st.dictionaries(names, inner, max_size=5)),
    max_leaves=25,
)
lists_of_rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 6), "x": st.integers(0, 2)}),
    max_size=8,
    unique_by=lambda row: row["id"],
)


@given(documents, documents)
@settings(max_examples=150, deadline=None)
def test_a_difference_leads_from_one_to_the_other(old: Any, new: Any) -> None:
    assert canonical(applied(difference(old, new), old)) == canonical(new)


@given(lists_of_rows, lists_of_rows)
@settings(max_examples=100, deadline=None)
def test_rows_come_go_move_and_change(old: Any, new: Any) -> None:
    assert applied(difference(old, new), old) == new


@given(documents)
@settings(max_examples=60, deadline=None)
def test_nothing_differs_from_itself(document: Any) -> None:
    assert difference(document, json.loads(json.dumps(document))) == []


@given(documents)
@settings(max_examples=60, deadline=None)
def test_a_round_trip_changes_no_digest(document: Any) -> None:
    text = canonical(document)
    assert canonical(json.loads(text)) == text
    assert digest(canonical(json.loads(json.dumps(document, indent=2)))) == digest(text)


@given(documents, documents)
@settings(max_examples=60, deadline=None)
def test_the_same_text_is_no_difference(one: Any, other: Any) -> None:
    assert (canonical(one) == canonical(other)) is (difference(one, other) == [])


@given(documents, documents)
@settings(max_examples=60, deadline=None)
def test_what_is_compared_stays_as_it_is(old: Any, new: Any) -> None:
    before = json.dumps([old, new])
    applied(difference(old, new), old)
    assert json.dumps([old, new]) == before


@pytest.mark.parametrize(
    ("one", "other"), [({"a": 1, "b": 2}, {"b": 2.0, "a": 1}), ([0.0], [-0.0]), ({"a": (1, 2)}, {"a": [1, 2]})]
)
def test_what_is_the_same(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), ("1", 1), (None, False), ([], {}), ("é", "e\u0301")])
def test_what_is_not_the_same(one: Any, other: Any) -> None:
    assert canonical(one) != canonical(other)
    assert difference([one], [other]) != []


def test_a_change_is_small_and_readable() -> None:
    old = {"title": "Tide", "passages": [{"id": "a", "text": "x"}, {"id": "b", "text": "y"}, {"id": "c", "text": "z"}]}
    new = {"title": "Tide", "passages": [{"id": "b", "text": "Y"}, {"id": "c", "text": "z"}, {"id": "d", "text": ""}]}
    assert difference(old, new) == [
        {"op": "remove", "path": "/passages/0"},
        {"op": "replace", "path": "/passages/0/text", "value": "Y"},
        {"op": "add", "path": "/passages/2", "value": {"id": "d", "text": ""}},
    ]


def test_long_lists_are_compared_by_position() -> None:
    old = list(range(snapshots.MOST_ALIGNED + 10))
    new = [*old[:50], -1, *old[51:-3]]
    changes = difference(old, new)
    assert len(changes) == 4
    assert applied(changes, old) == new


def deep(levels: int) -> Any:
    return [deep(levels - 1)] if levels else 0


@pytest.mark.parametrize(
    "document",
    [float("nan"), [float("inf")], {1: 2}, {"a": object()}, b"x", "\ud800", {"\x00": 1}, 2**53 + 1, deep(61), {1, 2}],
)
def test_what_is_no_document(document: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical(document)


def test_what_is_too_large() -> None:
    assert len(canonical("x" * (snapshots.MOST_BYTES - 2))) == snapshots.MOST_BYTES
    with pytest.raises(NotCanonical, match="4 MB"):
        canonical("é" * (snapshots.MOST_BYTES // 2))
    canonical(deep(60))


@pytest.mark.parametrize(
    "change",
    [
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/a/2", "value": 0},
        {"op": "replace", "path": "/a/-1", "value": 0},
        {"op": "add", "path": "/a/3", "value": 0},
        {"op": "add", "path": "/a/x", "value": 0},
        {"op": "add", "path": "/a/0/deeper", "value": 0},
        {"op": "move", "path": "/a"},
        {"path": "/a"},
    ],
)
def test_changes_of_another_document(change: Any) -> None:
    with pytest.raises(DoesNotApply):
        applied([change], {"a": [1, 2]})
