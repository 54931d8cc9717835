"""Work in the background, by each of the three who may do it; Celery's own worker is in test_worker.py."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from content import background
from content.background import Again, Task


class Played:
    """A task that fails as often as it is told to."""

    def __init__(self) -> None:
        self.fails: list[Exception] = []
        self.runs: list[tuple[str, ...]] = []
        self.given_up: list[str] = []
        self.thread = ""
        self.over = threading.Event()

    def run(self, *arguments: str) -> None:
        self.runs.append(arguments)
        self.thread = threading.current_thread().name
        if self.fails:
            raise self.fails.pop(0)
        self.over.set()

    def gave_up(self, *arguments: str) -> None:
        self.given_up.append(arguments[-1])
        self.over.set()


@pytest.fixture
def played(monkeypatch: Any) -> Iterator[Played]:
    play = Played()
    task = Task("test.play", play.run, play.gave_up, lambda: 60)
    monkeypatch.setitem(background._tasks, task.name, task)
    monkeypatch.setattr(background, "FIRST_PAUSE", 0.001)
    yield play


@pytest.mark.django_db
def test_it_begins_after_the_commit(played: Played, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        background.after_commit("test.play", "a", "b")
        assert played.runs == []
    assert played.runs == [("a", "b")]


@pytest.mark.django_db
def test_its_faults_are_not_those_of_the_request(played: Played, django_capture_on_commit_callbacks: Any) -> None:
    played.fails = [ValueError("x")]
    with django_capture_on_commit_callbacks(execute=True):
        background.after_commit("test.play")
    assert played.given_up == [background.BROKE]


def test_at_once_tries_once(played: Played) -> None:
    played.fails = [Again("The storage is away.")]
    background.send("test.play", "a")
    assert (len(played.runs), played.given_up) == (1, ["The storage is away."])


def test_a_thread_tries_again_and_never_in_the_caller(played: Played, settings: Any) -> None:
    settings.TASKS = "thread"
    played.fails = [Again("once"), Again("twice")]
    background.send("test.play", "a")
    assert played.over.wait(10)
    assert (len(played.runs), played.given_up) == (3, [])
    assert played.thread.startswith("background")


def test_a_command_waits_for_what_it_sent(played: Played, settings: Any) -> None:
    settings.TASKS = "thread"
    played.fails = [Again("once")]
    background.send("test.play", "a")
    background.send("test.play", "b")
    background.wait()
    assert len(played.runs) == 3


def test_a_thread_gives_up_at_the_end(played: Played, settings: Any) -> None:
    settings.TASKS = "thread"
    played.fails = [Again("away")] * 50
    background.send("test.play")
    assert played.over.wait(10)
    assert (len(played.runs), played.given_up) == (background.MOST_RETRIES + 1, ["away"])


@pytest.mark.django_db(transaction=True)
def test_a_thread_lets_go_of_its_connection(played: Played, settings: Any) -> None:
    settings.TASKS = "thread"
    seen: list[Any] = []

    def look(*arguments: str) -> None:
        connections["default"].ensure_connection()
        seen.append(connections["default"])
        raise ValueError

    played.run = look  # type: ignore[method-assign]
    task = background._tasks["test.play"]
    background._tasks["test.play"] = Task(task.name, look, task.gave_up, task.seconds)
    background.send("test.play")
    assert played.over.wait(10)
    background._thread().submit(lambda: None).result(10)
    assert seen[0].connection is None


def test_redis_that_is_away_costs_the_caller_nothing(played: Played, settings: Any, monkeypatch: Any) -> None:
    settings.TASKS = "worker"
    offered: list[str] = []

    class Away:
        def __getitem__(self, name: str) -> Any:
            offered.append(name)
            raise ConnectionRefusedError

    class App:
        tasks = Away()

    monkeypatch.setattr(background, "import_string", lambda path: App)
    monkeypatch.setattr(background, "_post", background.Post())
    for _ in range(5):
        background.send("test.play", "a")
    background._thread().submit(lambda: None).result(10)
    assert offered == ["test.play"]  # the others wait for resume_jobs
    assert (played.runs, played.given_up) == ([], [])


def test_pauses_grow_and_no_two_are_alike() -> None:
    pauses = [[background.pause(attempt) for _ in range(20)] for attempt in range(12)]
    assert all(len(set(same)) > 1 for same in pauses)
    assert max(map(max, pauses)) <= background.LONGEST_PAUSE
    assert min(pauses[4]) > max(pauses[1])
