"""What is done in the background with what was uploaded (content.background tells by whom)."""

from uuid import UUID

from django.conf import settings

from content.background import Task, register
from content.models import Kind, Version
from content.operations import exposure, further, jobs, recordings

MAKERS = {Kind.IMAGE: further.make, Kind.AUDIO: recordings.make, Kind.VIDEO: recordings.make}


def finish(version_id: str) -> None:
    jobs.carry_on(UUID(version_id), _make)


def _make(version: Version, report: jobs.Report) -> None:
    MAKERS[Kind(version.asset.kind)](version, report)


def not_finished(version_id: str, reason: str) -> None:
    jobs.give_up(UUID(version_id), reason)


def _nothing(key: str, reason: str) -> None:
    """Nobody waits for it: manage.py resume_jobs begins it again."""


def register_all() -> None:
    register(Task(exposure.REVIEW, lambda space: exposure.review(UUID(space)), _nothing, lambda: settings.TASK_SECONDS))
    register(Task(exposure.WITHDRAW, lambda key: exposure.withdraw(UUID(key)), _nothing, lambda: settings.TASK_SECONDS))
    register(Task(jobs.FINISH, finish, not_finished, lambda: settings.TASK_SECONDS))
