"""Declared query parameters and pages: row A36 and the unknown parameters of A10."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from contract.paging import MAX_PAGE
from contract.query import Integer, Ordering, Text, read
from contract.refusals import Invalid
from tests.contract.unit.envelope import fields_of, refused
from tests.contract.unit.toy_urls import ListView

LIST = "/api/toy/list"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"), ("page=-1", "page"), ("page=x", "page"), ("page=", "page"), ("page=1.0", "page"),
        ("page=1000000000", "page"), ("page=%D9%A1", "page"), ("page=01", "page"), ("page=%2B1", "page"),
        ("page=" + "9" * 5000, "page"), ("page=1&page=2", "page"), ("page=1_0", "page"), ("page=%201", "page"),
        ("page_size=0", "page_size"), ("page_size=-1", "page_size"), ("page_size=x", "page_size"),
        ("ordering=owner__password", "ordering"), ("ordering=--name", "ordering"), ("ordering=name,seen", "ordering"),
        ("ordering=?", "ordering"), ("fields=password", "fields"), ("expand=owner.email", "expand"),
        ("owner=1", "owner"), ("format=xml", "format"), ("token=good", "token"), ("__proto__=1", "__proto__"),
        ("status=Active", "status"), ("roster=1", "roster"), ("roster=on", "roster"), ("since=-0", "since"),
        ("campaign=1", "campaign"), ("search=" + "a" * 10_000, "search"), ("search=%00", "search"),
        ("search=a%E2%80%AEb", "search"),
    ],
)  # fmt: skip
def test_bad_values_are_refused_by_name(client: Client, query: str, field: str) -> None:
    assert fields_of(refused(client.get(f"{LIST}?{query}"), 422)) == {field}


@pytest.mark.parametrize("typed", ["%", "'", "' OR 1=1 --", "a & !b | (c", "(a+)+$", "{{7*7}}", "\\", "_", "a" * 200])
def test_searches_are_text(client: Client, typed: str) -> None:
    answer = client.get(f"{LIST}?search={quote(typed)}")
    assert answer.status_code == 200
    assert answer.json()["params"]["search"] == typed


def test_all_faults_at_once(client: Client) -> None:
    body = refused(client.get(f"{LIST}?page=0&status=x&y=1&roster=no"), 422)
    assert fields_of(body) == {"page", "status", "y", "roster"}


def test_values_reach_the_view(client: Client) -> None:
    shown = client.get(f"{LIST}?ordering=-seen&roster=true&since=7&status=dead").json()["params"]
    assert shown["ordering"] == "('-last_seen', 'pk')"
    assert (shown["roster"], shown["since"], shown["status"]) == ("True", "7", "dead")


def test_too_many_parameters_are_malformed(client: Client) -> None:
    refused(client.get(f"{LIST}?" + "&".join(f"a{n}=1" for n in range(1001))), 400)


def test_required_parameter() -> None:
    with pytest.raises(Invalid):
        read(QueryDict(""), [Text(name="search", required=True)])


def test_default_ordering_is_total() -> None:
    assert read(QueryDict(""), [Ordering(fields={"name": "name"}, default="-name")]) == {"ordering": ("-name", "pk")}


def test_integer_at_its_ends() -> None:
    number = Integer(name="n", minimum=-2, maximum=9, cap=5)
    assert [number.parse(raw) for raw in ("-2", "0", "5", "9")] == [-2, 0, 5, 5]


def page(client: Client, query: str) -> Any:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_first_page(client: Client) -> None:
    body = page(client, "")
    assert set(body) == {"count", "next", "previous", "results", "params"}
    assert (body["count"], body["results"], body["previous"]) == (60, list(range(25)), None)
    assert body["next"] == "http://testserver/api/toy/list?page=2"


def test_walking_by_next_sees_each_row_once_and_keeps_the_filters(client: Client) -> None:
    seen, address = [], f"{LIST}?page_size=7&search=a%26b"
    while address:
        body = client.get(address).json()
        assert body["params"]["search"] == "a&b"
        seen += body["results"]
        address = body["next"]
    assert seen == list(range(60))


def test_size_is_capped(client: Client) -> None:
    for size in (100, 101, 10**6):
        assert len(page(client, f"page_size={size}")["results"]) == 60
        assert page(client, f"page_size={size}")["params"]["page_size"] == "100"


def test_page_after_the_last_is_empty(client: Client) -> None:
    body = page(client, "page=9")
    assert (body["results"], body["next"]) == ([], None)
    assert page(client, "page=3")["next"] is None
    assert body["previous"] == "http://testserver/api/toy/list?page=3"
    assert page(client, f"page={MAX_PAGE}")["results"] == []


def test_writes_declare_their_own(client: Client) -> None:
    assert fields_of(
        refused(client.post("/api/toy/heroes?x=1", {"name": "A"}, "application/json", headers={"X-Token": "good"}), 422)
    ) == {"x"}


@given(st.text(max_size=60))
def test_any_query_is_answered(raw: str) -> None:
    try:
        json.dumps({name: str(value) for name, value in read(QueryDict(raw), ListView.parameters).items()})
    except Invalid as refusal:
        assert refusal.details
