"""The contract as OpenAPI says it."""

from typing import Any

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.validation import validate_schema

from contract.paging import PAGING
from contract.query import Choice
from contract.schema import paged_schema
from contract.views import ContractView
from tests.contract.unit.toy_urls import Hero


class Listed(ContractView):
    parameters = (*PAGING, Choice(name="status", choices=("active",), required=True))

    @extend_schema(responses=paged_schema(Hero), operation_id="heroes")
    def get(self, request: Any) -> None: ...

    @extend_schema(request=Hero, responses=Hero, operation_id="enlist")
    def post(self, request: Any) -> None: ...


class Replaced(ContractView):
    credential_free = True
    extra_error_statuses = (410,)

    @extend_schema(request=Hero, responses=Hero, operation_id="replace")
    def put(self, request: Any) -> None: ...

    @extend_schema(responses={204: None}, operation_id="dismiss")
    def delete(self, request: Any) -> None: ...


@pytest.fixture(scope="module")
def schema() -> Any:
    patterns = [path("api/listed", Listed.as_view()), path("api/replaced", Replaced.as_view())]
    generated = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    validate_schema(generated)
    return generated


def statuses(operation: Any) -> set[int]:
    return {int(status) for status in operation["responses"]}


def test_error_answers_are_documented(schema: Any) -> None:
    listed, replaced = schema["paths"]["/api/listed"], schema["paths"]["/api/replaced"]
    assert statuses(listed["get"]) == {200, 400, 401, 403, 404, 406, 422, 429, 503}
    assert statuses(listed["post"]) >= {200, 409, 413, 415, 422}
    assert statuses(replaced["put"]) >= {200, 410, 428}
    assert not statuses(replaced["put"]) & {401, 403}
    assert statuses(replaced["delete"]) >= {204, 409}


def test_error_shape_is_a_component(schema: Any) -> None:
    answers = schema["paths"]["/api/listed"]["post"]["responses"]
    assert answers["422"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
    assert answers["409"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Conflict"}
    error = schema["components"]["schemas"]["Error"]
    assert set(error["properties"]) == set(error["required"]) == {"error", "status_code", "details"}


def test_parameters_come_from_the_declaration(schema: Any) -> None:
    parameters = {each["name"]: each for each in schema["paths"]["/api/listed"]["get"]["parameters"]}
    assert set(parameters) == {"page", "page_size", "status"}
    assert parameters["page"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1}
    assert parameters["status"]["required"] is True
    assert "parameters" not in schema["paths"]["/api/listed"]["post"]


def test_pages_have_a_schema(schema: Any) -> None:
    page = schema["components"]["schemas"]["PagedHero"]
    assert set(page["properties"]) == {"count", "next", "previous", "results"}
