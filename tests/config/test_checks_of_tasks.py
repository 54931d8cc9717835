from typing import Any

import pytest

from config.checks import background_work, production


def ids(found: Any) -> set[str]:
    return {each.id for each in found}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"TASKS": "worker", "REDIS_URL": "redis://somewhere"}, set()),
        ({"TASKS": "thread", "REDIS_URL": ""}, set()),
        ({"TASKS": "worker", "REDIS_URL": ""}, {"troupe.E013"}),
        ({"TASKS": "later"}, {"troupe.E012"}),
        ({"TASK_SECONDS": 5}, {"troupe.E014"}),
        ({"TASK_WORKERS": 0}, {"troupe.E014"}),
        ({"TASK_MEMORY": 1}, {"troupe.E014"}),
    ],
)
def test_settings_that_contradict_each_other(settings: Any, changes: dict[str, Any], expected: set[str]) -> None:
    settings.TASKS = "thread"
    for name, value in changes.items():
        setattr(settings, name, value)
    assert ids(background_work(None)) == expected


@pytest.mark.parametrize(("tasks", "is_told"), [("at_once", True), ("thread", False)])
def test_in_production_nobody_waits(settings: Any, tasks: str, is_told: bool) -> None:
    settings.TASKS = tasks
    assert ("troupe.W005" in ids(production(None))) is is_told
