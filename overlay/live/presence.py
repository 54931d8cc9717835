"""Which overlays are open, in all processes: kept in the cache some minutes, told to the GM's pages, never recorded.

Each process adds its own to what is there, every few seconds while they report. Two that write at once may lose each
other's for that long; the next report brings them back.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from campaigns import live
from overlay import presence
from overlay.presence import Entry

logger = logging.getLogger(__name__)


def overlays(campaign_id: UUID) -> list[Entry]:
    """The overlays of a campaign as the GM sees them (`overlay.presence.judged`); none while the cache is away."""
    try:
        known = cache.get(_key(campaign_id)) or []
    except Exception:
        logger.info("What overlays report cannot be read", exc_info=True)
        return []
    now = _now()
    return [presence.judged(one, now, settings.TROUPE_BUILD) for one in presence.merged(known, (), now)]


def tell(reported: Mapping[UUID, list[Entry]]) -> None:
    """Keep what the overlays of this process have reported, and tell the GM's pages. Never raises."""
    for campaign_id, entries in reported.items():
        try:
            _keep(campaign_id, entries)
        except Exception:
            logger.info("What overlays report cannot be kept", exc_info=True)
        live.whisper(campaign_id, message(campaign_id))


def message(campaign_id: UUID) -> dict[str, Any]:
    return {"type": "OVERLAYS", "ts": _now(), "data": {"overlays": overlays(campaign_id)}}


def _keep(campaign_id: UUID, entries: list[Entry]) -> None:
    known = cache.get(_key(campaign_id)) or []
    cache.set(_key(campaign_id), presence.merged(known, entries, _now()), presence.FORGOTTEN_AFTER)


def _key(campaign_id: UUID) -> str:
    return f"presence:{campaign_id}"


def _now() -> int:
    return int(time.time() * 1000)
