from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import Actor
from campaigns.models import Campaign
from characters.importers.documents import MAX_BYTES
from characters.importers.reading import Reading, read
from characters.operations.imports import Result, bring_in


class Command(BaseCommand):
    help = "Bring characters from files (Foundry dnd5e) into a campaign; known ones are brought up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--campaign", required=True, help="slug")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--replace-live", action="store_true", help="also take hit points, conditions and tracks")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']}.")
        switches = {"commit": not options["dry_run"], "keep_live": not options["replace_live"]}
        done = bring_in(campaign, self._readings(options["files"]), actor=Actor(via="command"), **switches)
        statuses = [self._say(result) for result in done]
        taken = len(statuses) - statuses.count("refused")
        self.stdout.write(
            f"{taken} taken, {statuses.count('refused')} refused{', nothing written' * options['dry_run']}."
        )
        if not taken:
            raise CommandError("No character could be taken.")

    def _readings(self, files: list[Path]) -> Iterator[Reading]:
        for number, path in enumerate(files, 1):
            self.stdout.write(f"[{number}/{len(files)}] {path.name}")
            try:
                with path.open("rb") as file:
                    yield from read(path.name, file.read(MAX_BYTES + 1))
            except OSError as error:
                yield Reading(path.name, "refused", "", None, f"This file cannot be opened: {error.strerror}.")

    def _say(self, result: Result) -> str:
        self.stdout.write(f"  {result.status:8} {result.name}")
        for finding in result.warnings:
            self.stdout.write(f"           {finding.field}: {finding.message}".replace(" : ", " "))
        return result.status
