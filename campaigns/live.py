"""After commit: poke the live stream. The only module that calls `group_send`.

A poke carries the ready text for each audience, serialised once here however many people watch. It may be lost:
writing never fails for it, and every server process compares its head with the database every few seconds.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from campaigns import messages
from campaigns.models import Campaign, Event

logger = logging.getLogger(__name__)

POKE = "campaign.poke"


def group(campaign_id: Any) -> str:
    return f"campaign.{campaign_id}"


def serialised(message: messages.Message) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def frames(event: Event, epoch: str) -> dict[str, str]:
    """The text of one event for each audience."""
    return {audience: serialised(messages.message(event, audience, epoch)) for audience in messages.AUDIENCES}


def tell(campaign: Campaign, recorded: Sequence[Event]) -> None:
    """Send the recorded events, in order, to every process that has viewers of this campaign."""
    layer = get_channel_layer()
    if layer is None:
        return
    poke = {
        "type": POKE,
        "campaign": str(campaign.pk),
        "epoch": campaign.epoch,
        "seq": recorded[0].seq,
        "frames": [frames(event, campaign.epoch) for event in recorded],
    }
    try:
        async_to_sync(layer.group_send)(group(campaign.pk), poke)
    except Exception:
        # Whatever the broker's trouble is, the write is done and the viewers find out by themselves.
        logger.warning("The live stream of campaign %s was not poked at %s", campaign.pk, campaign.seq, exc_info=True)
