"""The published schema, its page, and the checker that holds every answer of these tests against it."""

import copy
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests import openapi
from tests.api_client import Api
from tests.factories import Table

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_served(anybody: Api) -> None:
    served = anybody.client.get("/api/v1/schema")
    document = served.json()
    assert served.headers["Content-Type"].startswith("application/")
    assert document["openapi"] == "3.1.0"
    validate(document)
    assert openapi.closed(document)["paths"] == openapi.document()["paths"]


def test_making_it_warns_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator

    GENERATOR_STATS.reset()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS


def test_every_operation_names_itself_once() -> None:
    names = [each["operationId"] for path in openapi.document()["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


def test_every_post_takes_a_key() -> None:
    for path, methods in openapi.document()["paths"].items():
        # What a sign-in answers is secret and never kept; a refresh may be repeated within its grace time.
        if "post" in methods and not path.startswith("/api/v1/auth/token"):
            names = {parameter["name"] for parameter in methods["post"]["parameters"]}
            assert "Idempotency-Key" in names, path


def test_every_refusal_has_the_one_shape() -> None:
    for methods in openapi.document()["paths"].values():
        for operation in methods.values():
            assert {"401", "403", "404", "422"} <= operation["responses"].keys()
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    shape = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                    assert shape == ("Conflict" if status == "409" else "Error")


def test_the_page_runs_nothing_inline(anybody: Api) -> None:
    page = anybody.client.get("/api/v1/docs")
    html = page.content.decode()
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert "<style" not in html
    assert "style=" not in html
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize("path", ["/schema", "/docs"])
def test_both_only_answer_reads(anybody: Api, path: str) -> None:
    assert anybody.raw("POST", path, b"{}").status_code == 405


class TestChecker:
    """It must be able to say no."""

    def faults(self, table: Table, change: Any) -> list[str]:
        path = f"/api/v1/campaigns/{table.campaign.slug}/characters/{table.hero.pk}"
        body = copy.deepcopy(Api().client.get(path).json())
        change(body)
        return openapi.response_faults("GET", path, 200, body)

    def test_what_is_served_conforms(self, table: Table) -> None:
        assert self.faults(table, lambda body: None) == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda body: body.pop("name"),
            lambda body: body.update(secret=1),
            lambda body: body.update(level="7"),
            lambda body: body.update(status="asleep"),
            lambda body: body["stats"]["hp"].update(current=-1),
            lambda body: body["stats"]["hp"].pop("temp"),
            lambda body: body["stats"]["tracks"].update(luck={"value": 1}),
            lambda body: body["focal"].update(z=1),
            lambda body: body.update(id="no uuid"),
        ],
    )
    def test_what_differs_does_not(self, table: Table, change: Any) -> None:
        assert self.faults(table, change)

    def test_other_statuses_and_addresses_do_not(self) -> None:
        assert openapi.response_faults("GET", "/api/v1/campaigns", 202, {})
        assert openapi.response_faults("GET", "/api/v1/elsewhere", 200, {})
        assert openapi.response_faults("GET", "/api/v1/campaigns", 404, {"error": "x"})

    def test_bodies_that_are_sent(self) -> None:
        path = "/api/v1/campaigns/x/events"
        good = {"type": "roll", "label": "A", "total": 3}
        assert openapi.request_faults("POST", path, good) == []
        assert openapi.request_faults("POST", path, {**good, "sum": 3})
        assert openapi.request_faults("POST", path, {**good, "type": "hp_change"})
