"""Every answer has an id of ours, and Django's own refusals leave the API as JSON: WSGI and ASGI alike."""

from typing import Any
from unittest import mock

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.db import OperationalError
from django.http import HttpResponse
from django.test import AsyncClient, Client, override_settings

from contract.middleware import request_id
from tests.contract.unit.conftest import TOY_SETTINGS
from tests.contract.unit.envelope import refused


def test_request_id_is_ours(client: Client) -> None:
    sent = "f" * 32
    ids = {client.get("/api/plain/ok", headers={"X-Request-ID": sent})["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3
    assert sent not in ids
    assert request_id.get() == "-"


@pytest.mark.parametrize("status", [400, 402, 403, 404, 405, 413, 418, 431, 500, 502, 503])
def test_pages_of_django_become_json(client: Client, status: int) -> None:
    refused(client.get(f"/api/plain/page/{status}"), status)


@pytest.mark.parametrize("status", [200, 204, 302, 304])
def test_answers_that_are_no_refusal_pass(client: Client, status: int) -> None:
    assert client.get(f"/api/plain/page/{status}")["Content-Type"].startswith("text/html")


def test_unknown_address_is_json_also_in_debug(client: Client) -> None:
    with override_settings(DEBUG=True):
        refused(client.get("/api/nowhere"), 404)
        refused(client.get("/api/plain/raise/bug"), 500)


def test_unknown_host(client: Client) -> None:
    refused(client.get("/api/plain/ok", headers={"Host": "evil.example"}), 400)


def test_csrf_failure_is_json() -> None:
    refused(Client(enforce_csrf_checks=True).post("/api/plain/csrf", {"name": "x"}), 403)


def test_graphql_transport_is_covered(client: Client) -> None:
    refused(client.get("/graphql"), 500)
    assert client.get("/graphqlish").status_code == 404
    assert not client.get("/graphqlish")["Content-Type"].startswith("application/json")


class BrokenSessions:
    """A middleware whose database is gone."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        raise OperationalError("connection refused to 10.0.0.1")


def test_database_lost_in_another_middleware_is_503(client: Client) -> None:
    broken = [*TOY_SETTINGS["MIDDLEWARE"][:2], f"{__name__}.BrokenSessions"]
    with override_settings(MIDDLEWARE=broken):
        response = client.get("/api/plain/ok")
    refused(response, 503)
    assert response["Retry-After"] == "2"


@pytest.mark.parametrize(
    "segment",
    ["%00", "a%00b", "..%2f", "..%2f..%2fetc", "9" * 40, "a" * 201, "%0a", "%c2%85"],
)
def test_odd_paths_reach_no_view(client: Client, segment: str) -> None:
    assert client.get("/api/plain/ok/a..b").status_code == 200
    refused(client.get(f"/api/plain/ok/{segment}"), 404)


async def test_the_same_under_asgi() -> None:
    client = AsyncClient(raise_request_exception=False)
    first, second = await client.get("/api/plain/ok"), await client.get("/api/plain/ok")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    refused(await client.get("/api/nowhere"), 404)
    refused(await client.get("/api/toy/names/%00"), 404)
    refused(await client.get("/api/plain/raise/bug"), 500)
    refused(await client.get("/api/plain/raise/operational"), 503)
    refused(await client.get("/api/toy/raise/conflict"), 409)


async def test_middleware_takes_no_thread_under_asgi() -> None:
    """Django adapts a middleware that is not async with a thread per request."""
    handler = ASGIHandler()
    with mock.patch("django.core.handlers.base.logger.debug") as adapted:
        handler.load_middleware(is_async=True)
    assert not any("contract" in str(call) for call in adapted.call_args_list)
