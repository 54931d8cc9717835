"""ETags: 304 before any work, by weak comparison."""

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from contract.conditional import conditional, etag_of, matches
from tests.contract.unit.toy_urls import StateView

STATE = "/api/toy/state"


def test_known_answer_costs_no_work(client: Client) -> None:
    first = client.get(STATE)
    assert first.json() == {"seq": 7}
    built = StateView.built
    again = client.get(STATE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, StateView.built) == (304, b"", built)
    assert "Content-Type" not in again
    for answer in (first, again):
        assert answer["ETag"] == first["ETag"]
        assert answer["Cache-Control"] == "public, no-cache"
        assert answer["Vary"] == "Cookie, Authorization, X-Token"


@pytest.mark.parametrize("header", ['"other"', "", "garbage", 'W/"', '"*"'])
def test_other_tags_get_the_answer(client: Client, header: str) -> None:
    assert client.get(STATE, headers={"If-None-Match": header}).status_code == 200


def test_head_is_conditional_and_a_write_is_not(client: Client) -> None:
    tag = client.head(STATE)["ETag"]
    assert client.head(STATE, headers={"If-None-Match": tag}).status_code == 304
    post = RequestFactory().post("/", headers={"If-None-Match": "*"})
    assert conditional(post, tag, HttpResponse).status_code == 200


def test_comparison() -> None:
    tag = etag_of("c", 1)
    strong = tag.removeprefix("W/")
    assert all(matches(header, tag) for header in ("*", " * ", tag, strong, f'"a,b", {tag}', f'W/"x",{strong}'))
    assert matches(strong, etag_of("c", 1, weak=False))
    assert not matches(etag_of("c", 2), tag)


def test_each_part_counts_and_keeps_its_border() -> None:
    tags = {etag_of("a", "bc"), etag_of("ab", "c"), etag_of("abc"), etag_of("a", "b", "c"), etag_of("a", 'b","c')}
    assert len(tags) == 5
    assert etag_of("c", 1) == etag_of("c", 1)
    assert etag_of("c", 1, weak=False).startswith('"')
