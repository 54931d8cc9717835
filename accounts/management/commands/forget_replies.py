from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts.idempotency import KEPT_HOURS, forget


class Command(BaseCommand):
    help = f"Delete answers kept for an Idempotency-Key longer than {KEPT_HOURS} hours. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        deleted = forget(timezone.now() - timedelta(hours=KEPT_HOURS))
        self.stdout.write(f"{deleted} kept answers deleted.")
