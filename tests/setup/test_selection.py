"""Which tests belong to the data layer, and what happens where something is not there."""

import asyncio
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import ROOT, absent, belongs_to_data_layer


def item(path: str, *, marked: bool = False, fixtures: tuple[str, ...] = (), **parameters: str) -> SimpleNamespace:
    marker = pytest.mark.django_db if marked else None
    made = SimpleNamespace(path=ROOT / "tests" / path, fixturenames=fixtures, get_closest_marker=lambda name: marker)
    if parameters:
        made.callspec = SimpleNamespace(params=parameters)
    return made


@pytest.mark.parametrize(
    "belongs",
    [
        item("characters/test_x.py", marked=True),
        item("campaigns/deep/test_x.py", fixtures=("transactional_db",)),
        item("overlay/test_x.py", fixtures=("something", "db")),
        item("content/test_x.py", marked=True, files="disk"),
    ],
)
def test_database_tests_of_the_apps_belong_to_the_data_layer(belongs):
    assert belongs_to_data_layer(belongs)


@pytest.mark.parametrize(
    "other",
    [
        item("characters/test_x.py"),
        item("e2e/test_x.py", marked=True),
        item("test_x.py", marked=True),
        item("campaigns/test_admin_x.py", marked=True),
        item("campaigns/test_x.py", fixtures=("db", "redis_url")),
        item("content/test_x.py", marked=True, files="s3"),
        SimpleNamespace(path=Path("/elsewhere/characters/test_x.py"), fixturenames=("db",)),
    ],
)
def test_others_do_not(other):
    assert not belongs_to_data_layer(other)


def test_what_is_absent_skips_and_in_ci_fails(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no lute"):
        absent("no lute")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no lute"):
        absent("no lute")


def test_a_test_process_has_its_own_place_in_redis(redis_url):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    assert redis_url.endswith(f"/{number}")


def test_the_test_database_is_not_the_one_of_the_server(db):
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    assert "test" in Path(name).name
    assert name != ":memory:"


async def test_asynchronous_tests_run_after_a_browser_too():
    """Fails when the browser's event loop outlives its folder (pytest-django puts this test after it)."""
    assert asyncio.get_running_loop().is_running()
