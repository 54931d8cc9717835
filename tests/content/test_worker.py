"""A real worker on a real Redis: it does the work, again where it died of it, and ends what takes too long."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from characters.models import Character
from content import background
from content.models import Job, JobState, StoredFile
from content.operations import jobs
from devtools import processes
from tests.actors import api_as
from tests.asgi_server import ROOT, server_environment
from tests.content.pictures import a_picture
from tests.factories import a_table

pytestmark = pytest.mark.django_db(transaction=True)
COMMAND = ["-m", "celery", "--app", "tests.content.worker_app", "worker", "--concurrency", "1", "--loglevel", "INFO"]


@pytest.fixture(scope="module")
def worker(
    redis_url: str, django_db_setup: None, static_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Its log."""
    log = tmp_path_factory.mktemp("worker") / "celery.log"
    environment = {**server_environment(static_root), "TASKS": "worker", "LOG_LEVEL": "INFO"}
    options = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = processes.start([sys.executable, *COMMAND, *options], log=log, env=environment, cwd=ROOT)
    try:
        processes.wait_until(lambda: " ready." in log.read_text(), process, seconds=60, name="celery")
        yield log
    finally:
        processes.stop(process, signal.SIGTERM)


@pytest.fixture
def app(worker: Path, settings: Any) -> Any:
    """The application as a server uses it to send tasks."""
    settings.TASKS = "worker"
    from tests.content.worker_app import app

    return app


def until(holds: Callable[[], Any], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.05)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_after_an_upload_it_makes_the_rest_once(app: Any, worker: Path) -> None:
    table = a_table()
    part = {"file": SimpleUploadedFile("x.png", a_picture(width=700, height=500))}
    gm = api_as(table, "gm")
    address = gm._address(f"/campaigns/{table.campaign.slug}/characters/{table.hero.pk}/portrait")
    assert gm.client.post(address, part, headers=gm._all({})).status_code == 201
    until(lambda: Job.objects.get().state == JobState.DONE, worker)
    widths = [each["width"] for each in Character.objects.get(pk=table.hero.pk).pictures["portrait"]["srcset"]]
    assert widths == [320, 640, 700]
    stored = set(StoredFile.objects.values_list("key", "digest"))
    Job.objects.update(state=JobState.QUEUED)
    background.send(jobs.FINISH, str(Job.objects.get().version_id))
    until(lambda: Job.objects.get().state == JobState.DONE, worker)
    assert set(StoredFile.objects.values_list("key", "digest")) == stored
    assert Job.objects.get().attempts == 2


def test_the_task_of_a_process_that_died_is_taken_again(app: Any, worker: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    app.tasks["test.again"].apply_async((str(notes), "50"))
    until(lambda: lines(notes), worker)
    os.kill(int(lines(notes)[0].split()[1]), signal.SIGKILL)
    until(lambda: "done" in lines(notes), worker)
    first, second, done = lines(notes)
    assert first != second
    assert done == "done"


def test_a_task_that_takes_too_long_is_ended_and_says_so(app: Any, worker: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    app.tasks["test.short"].apply_async((str(notes), "50"))
    until(lambda: len(lines(notes)) == 2, worker)
    assert lines(notes)[1] == background.TOOK_TOO_LONG


def test_beat_knows_the_clean_ups(app: Any) -> None:
    from django.core.management import get_commands

    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named <= app.tasks.keys()
    assert {name.removeprefix("clean_up.") for name in named} <= get_commands().keys()


def test_a_worker_takes_a_clean_up(app: Any, worker: Path) -> None:
    app.tasks["clean_up.resume_jobs"].apply_async()
    until(lambda: re.search(r"clean_up\.resume_jobs\[\S+\] succeeded", worker.read_text()), worker)


def test_the_procfile_s_options_are_known() -> None:
    told = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(told["worker"].split()) >= {"celery", "config.celery", "worker"}
    command = [sys.executable, "-m", *told["beat"].split(), "--help"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
