"""manage.py rehearse: play the scripted fight on the demo campaign, to see overlay and pages move."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import Actor
from campaigns.messages import GM
from campaigns.models import Campaign
from characters import queries
from characters.operations import lifecycle
from contract.refusals import Refusal
from overlay.demo import fight, lowmere, stage

FRESH = {"conditions": [], "condition_rounds": {}, "death_saves": {"success": 0, "failure": 0}}


class Command(BaseCommand):
    help = "Play a scripted fight on the demo campaign; never on another unless you name it with --campaign."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", default=lowmere.SLUG, help="slug; needs characters named as in the demo")
        parser.add_argument("--speed", type=float, default=1.0, help="2 plays twice as fast, 0 without waiting")
        parser.add_argument("--rounds", type=int, default=1, help="how often to play it")

    def handle(self, *args: Any, campaign: str, speed: float, rounds: int, **options: Any) -> None:
        found = Campaign.objects.filter(slug=campaign).first()
        if found is None:
            raise CommandError(f"There is no campaign {campaign}. Set the demo up first: manage.py demo")
        cast = stage.cast_of(found)
        missing = sorted({step.who for step in fight.STEPS} - cast.keys())
        if missing:
            raise CommandError(f"The fight needs characters that {campaign} does not have: {', '.join(missing)}")
        actor = Actor(via="command")
        for _ in range(rounds):
            self._rest(found, actor)
            self._play(found, cast, actor, speed)

    def _rest(self, campaign: Campaign, actor: Actor) -> None:
        """Everybody on stage starts unhurt, and as hungry as at the beginning."""
        tracks_at_first = {row["name"]: row["stats"].get("tracks", {}) for row in lowmere.ON_STAGE}
        for entry in queries.roster(campaign.pk):
            character = queries.character(campaign, entry["id"], GM)
            full = {"current": character.stats["hp"]["max"], "temp": 0}
            tracks = tracks_at_first.get(character.name, {})
            lifecycle.update(character, {"stats": {"hp": full, "tracks": tracks, **FRESH}}, actor=actor)

    def _play(self, campaign: Campaign, cast: dict[str, Any], actor: Actor, speed: float) -> None:
        before = 0
        for number, step in enumerate(fight.STEPS, 1):
            if speed:
                time.sleep((step.at - before) / speed)
            before = step.at
            try:
                fight.play(step, campaign.pk, cast, actor)
                said = f"{step.who}: {step.does} {step.facts}"
            except Refusal as refusal:
                said = f"{step.who}: {refusal.message} {refusal.details}"
            self.stdout.write(f"[{number}/{len(fight.STEPS)}] {said}")
