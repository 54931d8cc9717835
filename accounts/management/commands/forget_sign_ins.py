from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.operations import connections, refresh, sessions

KEPT_DAYS = 7


class Command(BaseCommand):
    help = f"Delete sign-ins that ended: sessions, and {KEPT_DAYS} days later those of programs. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(days=KEPT_DAYS)
        self.stdout.write(f"{refresh.forget(before)} sign-ins deleted.")
        self.stdout.write(f"{sessions.forget()} sessions deleted.")
        self.stdout.write(f"{connections.forget(before)} leftovers of other houses deleted.")
