"""Every exception leaves as the one error shape, with the headers of its status, and says nothing of ours."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ValidationError as DjangoValidationError
from django.test import Client
from rest_framework import exceptions as drf

from contract import errors
from contract.errors import flatten, refusal_for
from contract.middleware import RequestIDFilter
from contract.refusals import MAX_DETAILS, default_message, error_body
from tests.contract.unit.envelope import fields_of, refused
from tests.contract.unit.toy_urls import EXPECTED

SECRETS = ("secret", "internal words", "10.0.0.1", "Traceback", "could not connect")


@pytest.mark.parametrize("root", ["toy", "plain"])
@pytest.mark.parametrize(("name", "status"), EXPECTED.items())
def test_what_is_raised_becomes_its_answer(client: Client, root: str, name: str, status: int) -> None:
    response = client.get(f"/api/{root}/raise/{name}")
    refused(response, status)
    assert not any(secret in response.content.decode() for secret in SECRETS)


def test_outside_the_api_django_answers_as_ever(client: Client) -> None:
    assert not client.get("/page/raise/http404")["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("unavailable", "Retry-After", "7"),
        ("operational", "Retry-After", "2"),
        ("too-many", "Retry-After", "1"),
        ("scope", "WWW-Authenticate", 'Bearer error="insufficient_scope"'),
    ],
)
def test_headers_that_a_client_acts_on(client: Client, name: str, header: str, value: str) -> None:
    assert client.get(f"/api/toy/raise/{name}")[header] == value


def test_conflict_carries_what_a_read_would_answer(client: Client) -> None:
    body = refused(client.get("/api/toy/raise/conflict"), 409)
    assert body["current"] == {"name": "Mara", "version": 4}
    assert fields_of(body) == {"name"}


def test_every_404_is_the_same_to_the_byte(client: Client) -> None:
    """A01: not visible, not existing and no such route are told apart by nobody."""
    addresses = ["raise/not-visible", "raise/http404", "raise/drf404", "nowhere", "names/%00"]
    answers = [client.get(f"/api/toy/{address}") for address in addresses]
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(set(answer.headers) - {"X-Request-ID"})) for answer in answers}) == 1


def test_a_fault_is_logged_with_trace_and_request_id(client: Client, caplog: Any) -> None:
    caplog.handler.addFilter(RequestIDFilter())
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/toy/raise/bug")
    record = next(record for record in caplog.records if record.name == "contract.errors")
    assert record.request_id == response["X-Request-ID"]
    of_django = [record for record in caplog.records if record.name == "django.request"]
    assert {record.request_id for record in of_django} == {response["X-Request-ID"]}
    assert record.exc_info[0] is ValueError


def test_a_fault_still_reaches_the_test_client() -> None:
    """So that no test of the project passes over a 500 unseen."""
    with pytest.raises(ValueError, match="a secret"):
        Client().get("/api/toy/raise/bug")


def test_no_credential_is_401_with_every_scheme(client: Client) -> None:
    response = client.post("/api/toy/session", {}, content_type="application/json")
    refused(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"
    assert refused(client.post("/api/toy/heroes"), 401)


def test_bad_credential_is_401_without_the_words_of_the_scheme(client: Client) -> None:
    response = client.post("/api/toy/heroes", {}, content_type="application/json", headers={"X-Token": "bad"})
    body = refused(response, 401)
    assert response["WWW-Authenticate"] == "X-Token"
    assert body["details"] == []


def test_authentication_code_becomes_a_detail() -> None:
    refusal = refusal_for(drf.AuthenticationFailed("…", code="token_reused"))
    assert refusal.body()["details"] == [{"field": "credential", "message": "token_reused"}]


def test_throttled_says_when(client: Client) -> None:
    response = client.post("/api/toy/throttled", {}, content_type="application/json")
    refused(response, 429)
    assert response["Retry-After"] == "13"


def test_nested_details_are_dotted() -> None:
    nested = {
        "stats": {"hp": {"current": ["a"], "non_field_errors": ["b"]}},
        "entries": [{}, {}, {"tier": ["c"]}],
        "tags": {1: ["d"]},
        "non_field_errors": ["e"],
    }
    assert set(flatten(nested)) == {
        ("stats.hp.current", "a"),
        ("stats.hp", "b"),
        ("entries.2.tier", "c"),
        ("tags.1", "d"),
        ("", "e"),
    }


def test_validation_of_a_model_is_422() -> None:
    refusal = refusal_for(DjangoValidationError({"slug": ["taken"], "__all__": ["both"]}))
    assert refusal.status_code == 422
    assert set(refusal.details) == {("slug", "taken"), ("", "both")}
    assert refusal_for(DjangoValidationError("alone")).details == [("", "alone")]


def test_permission_words_of_drf_are_kept() -> None:
    assert refusal_for(drf.PermissionDenied("CSRF Failed: token missing.")).message.startswith("CSRF")


@pytest.mark.parametrize("status", [402, 410, 451])
def test_other_statuses_have_a_sentence(status: int) -> None:
    assert default_message(status).endswith("again.")


def test_details_are_bounded_and_printable() -> None:
    body = error_body(422, "No.", [("a\ud800b" * 500, "bad\x00")] * 1000)
    assert len(body["details"]) == MAX_DETAILS
    assert body["details"][0]["field"].startswith("a\ufffdb")
    assert len(body["details"][0]["field"]) == 200
    assert body["details"][0]["message"] == "bad\ufffd"


def test_refusals_are_plain_exceptions() -> None:
    with pytest.raises(errors.Refusal, match="is full"):
        raise errors.Conflict("The roster is full.", {"size": 8})
