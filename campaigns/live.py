"""After commit: poke the live stream. The only module that calls `group_send`.

A poke carries the ready text for each audience, serialised once here however many people watch. It may be lost:
writing never fails for it, and every server process compares its head with the database every few seconds.
"""

import asyncio
import atexit
import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from channels.layers import get_channel_layer

from campaigns import messages
from campaigns.models import Campaign, Event

logger = logging.getLogger(__name__)

POKE = "campaign.poke"
SEND_SECONDS = 0.5
REST_SECONDS = 3.0
MOST_WAITING = 10_000

Frame = dict[str, Any]  # {"viewer": text, "gm": text, "ts": milliseconds since 1970}


class Breaker:
    """Keeps a dead broker from costing every write a timeout: after a failure, one attempt per `rest` seconds."""

    def __init__(self, rest: float = REST_SECONDS) -> None:
        self.rest = rest
        self._lock = threading.Lock()
        self._resumes = 0.0  # monotonic; 0 while all is well

    def admits(self) -> bool:
        """May the caller try? While resting nobody; then the first who asks tries for all."""
        with self._lock:
            now = time.monotonic()
            if self._resumes and now < self._resumes:
                return False
            if self._resumes:
                self._resumes = now + self.rest
            return True

    def succeeded(self) -> None:
        self._resumes = 0.0

    def failed(self) -> bool:
        """Rest. True when this is news."""
        with self._lock:
            news = not self._resumes
            self._resumes = time.monotonic() + self.rest
            return news


class Publisher:
    """Sends from an event loop in a thread of its own: who writes waits for nobody, and all share one connection.

    (A loop for each write, which is what async_to_sync makes in a command or a test, costs a new connection each; to
    wait for the answer cost a quarter of a millisecond of CPU and two changes of thread.)
    """

    def __init__(self) -> None:
        self._idle = threading.Condition()
        self._busy = False
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque(maxlen=MOST_WAITING)
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, name: str, poke: dict[str, Any]) -> None:
        """Soon, and in this order."""
        self._waiting.append((name, poke))
        with self._idle:
            if not self._busy:
                self._busy = True
                asyncio.run_coroutine_threadsafe(self._send_waiting(), self._running())

    def flush(self, seconds: float) -> bool:
        """Wait until all is sent or given up, at most so long. Did that happen?"""
        with self._idle:
            return self._idle.wait_for(lambda: not self._busy, seconds)

    async def _send_waiting(self) -> None:
        while not self._is_done():
            name, poke = self._waiting.popleft()
            if not await _sent(name, poke):
                self._waiting.clear()

    def _is_done(self) -> bool:
        with self._idle:
            if self._waiting:
                return False
            self._busy = False
            self._idle.notify_all()
            return True

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, name="live-publisher", daemon=True).start()
            atexit.register(self.flush, SEND_SECONDS)  # a command ends right after its last write
        return self._loop


async def _sent(name: str, poke: dict[str, Any]) -> bool:
    """Whatever the broker's trouble is, the write is done and the viewers find out by themselves."""
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await _send(name, poke)
    except Exception:
        if breaker.failed():
            logger.warning("The live stream cannot be poked; viewers lag by seconds until it can", exc_info=True)
        return False
    breaker.succeeded()
    return True


async def _send(name: str, poke: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is not None:
        await layer.group_send(name, poke)


breaker = Breaker()
publisher = Publisher()


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
    if not breaker.admits():
        return
    try:
        publisher.send(group(campaign_id), {"type": POKE, "campaign": str(campaign_id), **content()})
    except Exception:
        logger.exception("An event cannot be told; viewers lag by seconds")
