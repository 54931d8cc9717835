"""manage.py demo: the demo campaign, and (with --write) a file with its addresses and credentials."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts import tokens
from campaigns.models import Campaign, CampaignToken
from overlay.demo import stage


class Command(BaseCommand):
    help = "Set up the demo campaign. Doing it again keeps it as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", type=Path, help="write addresses, tokens and log-ins to this file (mode 600)")
        parser.add_argument("--base-url", default="http://localhost:8000", help="where the server answers")

    def handle(self, *args: Any, write: Path | None, base_url: str, **options: Any) -> None:
        campaign = stage.set_up(lambda part: self.stdout.write(f"  {part}…"))
        stage.hang_poster(campaign)
        if write is not None:
            _write_once(write, campaign, base_url.rstrip("/"))
        self.stdout.write(f"Demo campaign: {base_url}/campaigns/{campaign.slug}")


def _write_once(path: Path, campaign: Campaign, base_url: str) -> None:
    """Keep credentials that still work, so that an overlay that is open in OBS goes on through a restart."""
    known = _read(path)
    still_good = known.get("campaign", {}).get("id") == str(campaign.pk) and _works(known["tokens"]["control"])
    kept = {key: known[key] for key in ("tokens", "users")} if still_good else stage.credentials(campaign)
    document = {"base_url": base_url, "campaign": {"id": str(campaign.pk), "slug": campaign.slug}, **kept}
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        os.fchmod(file.fileno(), 0o600)  # a file that was there keeps its own mode otherwise
        json.dump(document, file, indent=2)


def _read(path: Path) -> dict[str, Any]:
    """What an earlier run wrote; nothing where the file is not one of ours."""
    try:
        known = json.loads(path.read_text())
        return known if known["campaign"]["id"] and known["tokens"]["control"] and known["users"] else {}
    except (OSError, ValueError, TypeError, LookupError):
        return {}


def _works(token: str) -> bool:
    return CampaignToken.objects.filter(digest=tokens.digest(token), revoked_at=None).exists()
