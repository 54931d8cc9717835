"""What is done in the background with what was uploaded (content.background tells by whom)."""

from uuid import UUID

from django.conf import settings

from content.background import Task, register
from content.models import Kind, Version
from content.operations import further, jobs, recordings

MAKERS = {Kind.IMAGE: further.make, Kind.AUDIO: recordings.make, Kind.VIDEO: recordings.make}


def finish(version_id: str) -> None:
    jobs.carry_on(UUID(version_id), _make)


def _make(version: Version, report: jobs.Report) -> None:
    MAKERS[Kind(version.asset.kind)](version, report)


def not_finished(version_id: str, reason: str) -> None:
    jobs.give_up(UUID(version_id), reason)


def register_all() -> None:
    register(Task(jobs.FINISH, finish, not_finished, lambda: settings.TASK_SECONDS))
