"""The application that worker and beat run: `celery --app config.celery worker`, `celery --app config.celery beat`.

Tasks are those that apps registered with content.background, and the clean-ups of `CLEAN_UPS`. docs/background.md.
"""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup(set_prefix=False)

from celery import Celery  # noqa: E402  apps must be loaded first
from celery.exceptions import SoftTimeLimitExceeded  # noqa: E402
from celery.schedules import crontab  # noqa: E402
from django.core.management import call_command  # noqa: E402

from content import background  # noqa: E402
from content.background import Task  # noqa: E402

GRACE_SECONDS = 30  # between being asked to end and being ended
CLEAN_UP_SECONDS = 600
CLEAN_UPS = {
    "forget_replies": crontab(hour="4", minute="10"),
    "forget_sign_ins": crontab(hour="4", minute="20"),
    "prune_revisions": crontab(hour="4", minute="30"),
    "sweep_content": crontab(minute="40"),
    "resume_jobs": crontab(minute="*/10"),
}

app = Celery("troupe")
app.config_from_object("django.conf:settings", namespace="CELERY")


def add(task: Task) -> None:
    seconds = task.seconds()
    limits = {"soft_time_limit": seconds, "time_limit": seconds + GRACE_SECONDS}

    @app.task(name=task.name, bind=True, max_retries=background.MOST_RETRIES, **limits)
    def run(self: Any, *arguments: str) -> None:
        try:
            task.run(*arguments)
        except background.Again as error:
            if self.request.retries >= self.max_retries:
                task.gave_up(*arguments, str(error))
                return
            raise self.retry(countdown=background.pause(self.request.retries), exc=error) from error
        except SoftTimeLimitExceeded:
            task.gave_up(*arguments, background.TOOK_TOO_LONG)
        except Exception:
            task.gave_up(*arguments, background.BROKE)
            raise


def add_clean_up(command: str) -> None:
    @app.task(name=f"clean_up.{command}", soft_time_limit=CLEAN_UP_SECONDS, time_limit=CLEAN_UP_SECONDS + GRACE_SECONDS)
    def run() -> None:
        call_command(command)


for each in background.registered():
    add(each)
for name in CLEAN_UPS:
    add_clean_up(name)
# One that no worker took within the hour is dropped: the next one does the same.
app.conf.beat_schedule = {
    name: {"task": f"clean_up.{name}", "schedule": when, "options": {"expires": 3600}}
    for name, when in CLEAN_UPS.items()
}
