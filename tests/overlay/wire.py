"""Viewers of a hub in this process: the real consumer, a queue in place of the network."""

import asyncio
import json
from typing import Any

from campaigns.models import Campaign
from overlay.consumers import LiveConsumer
from overlay.live import hub
from tests.live.replay import State, flat, fold

PATIENCE = 30.0
HOST = "testserver"


class Wire:
    """One connection. `state` and `messages` as in tests/live/viewers.py; `closed` is the code, once it is.

    `headers` take the place of a page's Origin.
    """

    def __init__(
        self, campaign: Campaign | str, query: str = "", address: str = "192.0.2.1", headers: Any = None
    ) -> None:
        sent = {"origin": f"http://{HOST}"} if headers is None else headers
        self.scope: dict[str, Any] = {
            "type": "websocket",
            "client": (address, 1),
            "scheme": "ws",
            "headers": [(name.encode(), value.encode()) for name, value in {"host": HOST, **sent}.items()],
            "query_string": query.removeprefix("?").encode(),
            "url_route": {"kwargs": {"campaign": str(getattr(campaign, "pk", campaign))}},
        }
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.state: State | None = None
        self.messages: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.consumer = LiveConsumer()
        self.running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Wire":
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.running = asyncio.create_task(self.consumer(self.scope, self.incoming.get, self._send))
        return self

    async def __aexit__(self, *_exc: Any) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})
        assert self.running is not None
        await asyncio.wait_for(self.running, PATIENCE)

    async def _send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if message["type"] == "websocket.close":
            self.closed = message["code"]
            self.incoming.put_nowait({"type": "websocket.disconnect", "code": message["code"]})
        self.arrived.put_nowait(message)

    async def next(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame; raises TimeoutError, or ConnectionError at the end."""
        while True:
            message = await asyncio.wait_for(self.arrived.get(), timeout)
            if message["type"] == "websocket.close":
                raise ConnectionError(message["code"])
            if message["type"] == "websocket.send":
                return self._take(json.loads(message["text"]))

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        self.messages += flat([message])
        self.state = fold(self.state, message)
        return message

    @property
    def seq(self) -> int:
        return self.state["seq"] if self.state else -1

    async def until(self, seq: int) -> None:
        while self.seq < seq:
            await self.next()

    async def hears_nothing(self, seconds: float) -> bool:
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False

    async def end(self) -> int:
        """The code that the stream is closed with."""
        try:
            while True:
                await self.next()
        except ConnectionError as closed:
            return int(str(closed))

    def say(self, **message: Any) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})


async def close_hub() -> None:
    found = hub._hubs.pop(asyncio.get_running_loop(), None)
    if found is not None:
        found.tasks.cancel()
        await asyncio.gather(*found.tasks._running, return_exceptions=True)
