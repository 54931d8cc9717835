"""After commit: poke the live stream. The only module that calls `group_send_now`.

A poke carries the ready text for each audience, serialised once here however many people watch. It may be lost:
writing never fails for it, and every server process compares its head with the database every few seconds.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from channels.layers import get_channel_layer

from campaigns import messages
from campaigns.models import Campaign, Event

logger = logging.getLogger(__name__)

POKE = "campaign.poke"
REST_SECONDS = 3.0

Frame = dict[str, Any]  # {"viewer": text, "gm": text, "ts": milliseconds since 1970}


class Breaker:
    """Keeps a dead broker from costing every write a timeout: after a failure, one attempt per `rest` seconds."""

    def __init__(self, rest: float = REST_SECONDS) -> None:
        self.rest = rest
        self._resumes = 0.0  # monotonic; 0 while all is well

    @property
    def rests(self) -> bool:
        return time.monotonic() < self._resumes

    def succeeded(self) -> None:
        self._resumes = 0.0

    def failed(self) -> bool:
        """Rest. True when this is news."""
        news = not self._resumes
        self._resumes = time.monotonic() + self.rest
        return news


breaker = Breaker()
_one_at_a_time = threading.Lock()  # keeps the order, and of many that meet a dead broker at once one tries


def group(campaign_id: Any) -> str:
    return f"campaign.{campaign_id}"


def serialised(message: messages.Message) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def frames(event: Event, epoch: str) -> Frame:
    """The text of one event for each audience, and when it happened."""
    return frame([messages.message(event, audience, epoch) for audience in messages.AUDIENCES])


def frame(told: Sequence[messages.Message]) -> Frame:
    """One event's messages, one for each of `messages.AUDIENCES`, made ready."""
    texts = {audience: serialised(message) for audience, message in zip(messages.AUDIENCES, told, strict=True)}
    return {**texts, "ts": told[0]["ts"]}


def tell(campaign: Campaign, recorded: Sequence[Event]) -> None:
    """Send the recorded events, in order, to every process that has viewers of this campaign. Never raises."""
    _poke(
        campaign.pk,
        lambda: {
            "epoch": campaign.epoch,
            "seq": recorded[0].seq,
            "frames": [frames(event, campaign.epoch) for event in recorded],
        },
    )


def whisper(campaign_id: Any, message: messages.Message) -> None:
    """Tell whoever watches as GM just now what is no event: it has no seq, and nobody hears it later. Never raises."""
    _poke(campaign_id, lambda: {"whisper": serialised(message)})


def _poke(campaign_id: Any, content: Callable[[], dict[str, Any]]) -> None:
    if breaker.rests:
        return
    try:
        poke = {"type": POKE, "campaign": str(campaign_id), **content()}
    except Exception:
        logger.exception("An event cannot be told; viewers lag by seconds")
        return
    with _one_at_a_time:
        if not breaker.rests:  # else another has found out meanwhile
            send(group(campaign_id), poke)


def send(name: str, poke: dict[str, Any]) -> None:
    """Whatever the broker's trouble is, the write is done and the viewers find out by themselves."""
    try:
        layer: Any = get_channel_layer()
        layer.group_send_now(name, poke)
    except Exception:
        if breaker.failed():
            logger.warning("The live stream cannot be poked; viewers lag by seconds until it can", exc_info=True)
    else:
        breaker.succeeded()
