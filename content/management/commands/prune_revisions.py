from typing import Any

from django.core.management.base import BaseCommand

from content.operations import revisions


class Command(BaseCommand):
    help = (
        f"Delete what saved itself more than {revisions.KEPT_DAYS} days ago; what somebody saved stays. Run it daily."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{revisions.prune()} autosaves deleted.")
