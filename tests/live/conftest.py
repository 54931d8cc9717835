import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accounts.actors import SYSTEM
from campaigns.models import Campaign
from characters.models import Character
from characters.operations import vitals
from devtools import services
from tests.asgi_server import AsgiServer, server_environment
from tests.conftest import absent
from tests.factories import a_campaign, a_character, a_private_campaign, on_stage

ELSEWHERE = "https://stream.example"


@pytest.fixture(scope="session")
def _stepped_server(
    django_db_setup: None, static_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsgiServer]:
    log = tmp_path_factory.mktemp("stepped") / "uvicorn.log"
    variables = {"LIVE_FAST_PATH": "0", "LIVE_ALLOWED_ORIGINS": ELSEWHERE}
    server = AsgiServer({**server_environment(static_root), **variables}, log)
    yield server
    server.stop()


@pytest.fixture
def stepped_server(transactional_db: None, _stepped_server: AsgiServer) -> AsgiServer:
    """One that writes by the plain ASGI `send`, and lets pages of another origin in."""
    if not _stepped_server.is_running:
        _stepped_server.start()
    return _stepped_server


@pytest.fixture(params=["fast", "stepped"])
def server(request: pytest.FixtureRequest, transactional_db: None) -> AsgiServer:
    """The application, writing to sockets by uvicorn's transport and by the plain ASGI `send`."""
    found: AsgiServer = request.getfixturevalue("asgi_server" if request.param == "fast" else "stepped_server")
    return found


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    return a_campaign(name="Saltmarsh Nights")


@pytest.fixture
def private(transactional_db: None) -> Campaign:
    return a_private_campaign()


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    """On stage with 500 of 500 hit points; seq is 2 then."""
    made = a_character(campaign, hp=500, name="Isaura Vane")
    on_stage(campaign, made)
    return made


@pytest.fixture
def wound(campaign: Campaign, hero: Character) -> Callable[..., int]:
    """`wound()` takes one hit point; returns the new seq."""

    def strike(amount: int = 1) -> int:
        return vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-amount).seq

    return strike


@pytest.fixture
def own_redis() -> Iterator[services.Service]:
    environ = {key: value for key, value in os.environ.items() if key != "TEST_REDIS_URL"}
    with services.running(["redis"], environ=environ) as found:
        if "redis" in found.missing:
            absent(found.missing["redis"])
        yield found.service("redis")
