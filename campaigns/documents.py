"""The JSON documents of this app's rows as the live stream, the API and the ledger show them."""

from typing import Any

from campaigns import theme
from campaigns.models import Campaign, Episode

MOST_DELAY = 600  # seconds that viewers may be behind the table
DEFAULT_SETTINGS: dict[str, Any] = {
    "viewer_delay": 0,
    "low_power": False,
    "players_change_live": False,
    "episode_with_stream": False,
}


def settings_of(campaign: Campaign) -> dict[str, Any]:
    return {**DEFAULT_SETTINGS, **campaign.settings}


def campaign_document(campaign: Campaign) -> dict[str, Any]:
    """What every audience of the stream knows of the campaign."""
    settings = settings_of(campaign)
    return {
        "id": str(campaign.pk),
        "slug": campaign.slug,
        "name": campaign.name,
        "gameSystem": campaign.game_system,
        "theme": theme.resolved(campaign.theme),
        "viewerDelay": settings["viewer_delay"],
        "lowPower": settings["low_power"],
    }


def episode_document(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    started = episode.started_at.isoformat().replace("+00:00", "Z") if episode.started_at else None
    return {
        "id": str(episode.pk),
        "season": episode.season,
        "number": episode.number,
        "title": episode.title,
        "startedAt": started,
    }
