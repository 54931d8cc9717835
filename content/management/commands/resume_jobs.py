from typing import Any

from django.core.management.base import BaseCommand

from content import background
from content.operations import exposure, jobs


class Command(BaseCommand):
    help = "Begin again what was to be made of a file, and was lost with a process or with Redis. Run it often."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"{jobs.resume()} jobs begun again, {exposure.resume()} files withdrawn, {background.resume()} others."
        )
        background.wait()
