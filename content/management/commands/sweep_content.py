"""manage.py sweep_content: see content/operations/sweeping.py. To be run every hour, by beat or by cron."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError

from content.operations import exposure
from content.operations.sweeping import WrongStorage, sweep

AN_HOUR = 3600


class Command(BaseCommand):
    help = "Remove stored files that no row names, rows whose file is gone, and pictures that nothing shows any more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--older-than", type=int, default=AN_HOUR, help="seconds; what is younger is left alone")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be removed")
        parser.add_argument("--force", action="store_true", help="also when most of the files are missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dry_run"]:
            self.stdout.write(f"{exposure.review_all()} files were open or closed otherwise than was written down")
        age = timedelta(seconds=options["older_than"])
        try:
            found = sweep(older_than=age, dry_run=options["dry_run"], force=options["force"])
        except WrongStorage as error:
            raise CommandError(f"{error} Is this the right folder or bucket? If it is: --force") from error
        for name, keys in (("without a row", found.orphans), ("missing", found.missing)):
            for key in keys:
                self.stdout.write(f"{name}: {key}")
        self.stdout.write(
            f"{len(found.orphans)} objects without a row, {len(found.missing)} files missing, "
            f"{found.unfinished} uploads unfinished, {found.unclaimed} versions that nothing shows"
        )
