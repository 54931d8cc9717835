"""The settings of a test run: config.settings, read from the environment made here.

Database and Redis come from TEST_DATABASE_URL and TEST_REDIS_URL, which `dev.py test` sets. Without them
the run is on SQLite and in memory.
"""

import os
import tempfile
from pathlib import Path

from tests.redis_share import share_of_worker

# Made and removed by tests/conftest.py: mypy reads these settings too, and neither it nor a process of
# pytest-xdist would clean up at its exit.
DIRECTORY = Path(tempfile.gettempdir()) / f"troupe-test-{os.getpid()}"

os.environ |= {
    "DEBUG": "1",
    "SECRET_KEY": "only-for-the-tests-" + "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{DIRECTORY}/db.sqlite3",
    "REDIS_URL": share_of_worker(os.environ.get("TEST_REDIS_URL", ""), os.environ.get("PYTEST_XDIST_WORKER", "")),
    "REDIS_PREFIX": f"test-{os.getpid()}",
    "MEDIA_ROOT": str(DIRECTORY / "media"),
    "STATIC_ROOT": str(DIRECTORY / "static"),
    "TASKS": "at_once",
    "RATE_LIMITS": "off",  # tests of limits switch them on
}

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES  # noqa: E402

# A file, not SQLite's memory: threads and other processes of a test open the same database. The number
# keeps two runs on one PostgreSQL server apart; pytest-django appends the worker.
DATABASES["default"]["TEST"] = {
    "NAME": f"test_troupe_{os.getpid()}" if os.environ.get("TEST_DATABASE_URL") else str(DIRECTORY / "test.sqlite3")
}
PASSWORD_HASHERS = ["tests.hashing.QuickHasher"]
