import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import TransactionTestCase

from devtools import chromium, services
from tests import emptying
from tests.asgi_server import AsgiServer, server_environment
from tests.collected_static import collect_once
from tests.leftovers import end_leftovers
from tests.settings import DIRECTORY
from tests.table_copies import Original

ROOT = Path(__file__).resolve().parent.parent
# The apps whose tests run on PostgreSQL and again on SQLite, as far as they use the database.
DATA_LAYER = ("accounts", "campaigns", "characters", "content", "overlay", "sheets")
# Its pages write by the operations and read by Django's lists; tests/campaigns/test_admin_cost.py opens those on both.
BACK_OFFICE = "test_admin"
# Of ffmpeg, WeasyPrint, the worker, drawn pictures and storages that fail; what they write is written the same on
# either database.
ELSEWHERE = {
    "test_further.py",
    "test_pdf.py",
    "test_pictures_on_pages.py",
    "test_posters.py",
    "test_ranges.py",
    "test_recordings.py",
    "test_storage_faults.py",
    "test_worker.py",
}
LONGEST = "test_bench.py"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}


def pytest_configure() -> None:
    shutil.rmtree(DIRECTORY, ignore_errors=True)  # a killed process had the same number
    DIRECTORY.mkdir(mode=0o700)
    (DIRECTORY / "static").mkdir()  # WhiteNoise warns of a folder that is not there


def pytest_unconfigure() -> None:
    shutil.rmtree(DIRECTORY, ignore_errors=True)


def uses_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(
        getattr(item, "fixturenames", ())
    )


def belongs_to_data_layer(item: pytest.Item) -> bool:
    folders = item.path.relative_to(ROOT / "tests").parts if item.path.is_relative_to(ROOT / "tests") else ()
    if not folders or folders[0] not in DATA_LAYER or item.path.name.startswith(BACK_OFFICE):
        return False
    if item.path.name in ELSEWHERE:
        return False
    # What runs on both kinds of storage runs on each of the databases once, not four times.
    parameters: Any = getattr(getattr(item, "callspec", None), "params", {})
    other_storage = parameters.get("files") == "s3"
    return uses_database(item) and "redis_url" not in getattr(item, "fixturenames", ()) and not other_storage


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Ended after every server that was on the database, and before the database goes."""
    yield
    with django_db_blocker.unblock():
        end_leftovers()


@pytest.fixture(scope="session")
def original_table(django_db_setup: None, django_db_blocker: Any) -> Original:
    with django_db_blocker.unblock():
        return Original()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is about files on both kinds of storage says so; the rest of what a worker does is the same on either."""
    if "files" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("each_storage") is not None
        metafunc.parametrize("files", ["disk", "s3"] if both else ["disk"], indirect=True)


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if belongs_to_data_layer(item):
            item.add_marker(pytest.mark.data_layer)
    # A minute in one piece: begun last, it would leave one of two processes alone with it.
    items.sort(key=lambda item: item.path.name != LONGEST)


def pytest_collection_finish() -> None:
    """What was loaded stays: six thousand tests are not gone through again and again for something to throw away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def absent(reason: str) -> None:
    """Skip a test that lacks something outside the project; in CI nothing may be lacking."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.fixture_teardown)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input files, beside the checkout or at TROUPE_SHARED_DATA."""
    path = Path(os.environ.get("TROUPE_SHARED_DATA", ROOT.parent / "shared/data"))
    if not path.is_dir():
        absent(f"no real input: {path} is not there (TROUPE_SHARED_DATA names another place)")
    return path


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The Redis database of this test process, which the settings use too."""
    if not settings.REDIS_URL:
        absent("no Redis: run by `dev.py test`, or set TEST_REDIS_URL")
    return str(settings.REDIS_URL)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """An empty S3 service; any credential will do."""
    with services.running(["s3"]) as found:
        if not found.s3_url:
            absent(found.missing["s3"])
        yield found.s3_url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    path = chromium.find_chromium()
    if path is None:
        absent(chromium.NOT_FOUND)
    assert path is not None
    return path


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files under hashed names, as production serves them."""
    folder = tmp_path_factory.getbasetemp()
    return collect_once(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def _shared_server(
    django_db_setup: None, static_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AsgiServer]:
    log = tmp_path_factory.mktemp("server") / "uvicorn.log"
    server = AsgiServer(server_environment(static_root), log)
    yield server
    server.stop()


@pytest.fixture
def asgi_server(transactional_db: None, _shared_server: AsgiServer) -> AsgiServer:
    """The running application as a process of its own: `url`, `ws_url`, `stop()`, `kill()`, `start()`.

    uvicorn serves config.asgi with production settings (DEBUG off, hashed static files, no HTTPS) on the
    test database and Redis of this test process. What the test writes is committed and seen by the server;
    the tables are emptied after the test. All tests of a process share the server; one that a test has
    stopped is started again for the next. Without Redis, only what is changed through the server's own
    API reaches its sockets.
    """
    if not _shared_server.is_running:
        _shared_server.start()
    return _shared_server


@pytest.fixture
def start_server(
    transactional_db: None, django_db_setup: None, static_root: Path, tmp_path: Path
) -> Iterator[Callable[..., AsgiServer]]:
    """`start_server(NAME="value", …)` starts one more process like `asgi_server` with these variables.

    Each call starts another, on a port of its own. They end with the test.
    """
    servers: list[AsgiServer] = []

    def start(**variables: str) -> AsgiServer:
        server = AsgiServer({**server_environment(static_root), **variables}, tmp_path / f"uvicorn-{len(servers)}.log")
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
