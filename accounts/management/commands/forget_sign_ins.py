from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations import refresh

KEPT_DAYS = 7


class Command(BaseCommand):
    help = f"Delete sign-ins of programs that ended more than {KEPT_DAYS} days ago. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = refresh.forget(timezone.now() - timedelta(days=KEPT_DAYS))
        self.stdout.write(f"{deleted} sign-ins deleted.")
