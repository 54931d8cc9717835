"""Clients of the live stream for tests: real sockets, and a fold of everything they are told."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.live.replay import State, flat, fold

PATIENCE = 30.0  # seconds; a loaded machine with two cores may need some of them


class Viewer:
    """`state` is what a page would show; `messages` is everything that came, batches taken apart."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.state: State | None = None
        self.messages: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []

    @property
    def seq(self) -> int:
        return self.state["seq"] if self.state else -1

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages]

    def next(self, timeout: float = PATIENCE) -> dict[str, Any]:
        """The next frame; raises TimeoutError, or ConnectionClosed."""
        message = json.loads(self.connection.recv(timeout))
        self.frames.append(message)
        self.messages += flat([message])
        self.state = fold(self.state, message)
        return message

    def until(self, seq: int, timeout: float = PATIENCE) -> State:
        """Read on until the state has come to `seq`."""
        ends = time.monotonic() + timeout
        while self.seq < seq:
            self.next(max(ends - time.monotonic(), 0.01))
        assert self.state is not None
        return self.state

    def hears_nothing(self, seconds: float) -> bool:
        try:
            self.next(seconds)
        except TimeoutError:
            return True
        return False

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def close_code(self, timeout: float = PATIENCE) -> int:
        """Read to the end; the code that the server closed with."""
        ends = time.monotonic() + timeout
        try:
            while True:
                self.next(max(ends - time.monotonic(), 0.01))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


@contextmanager
def viewer(server: Any, campaign: Any, query: str = "", headers: dict[str, str] | None = None) -> Iterator[Viewer]:
    """A page of the server's own origin that watches; `campaign` is a row, an id or a slug."""
    with socket(server, campaign, query, {"Origin": server.url, **(headers or {})}) as connection:
        yield Viewer(connection)


def socket(server: Any, campaign: Any, query: str = "", headers: Any = None) -> ClientConnection:
    address = getattr(campaign, "pk", campaign)
    url = f"{server.ws_url}/campaigns/{address}/ws{query}"
    return connect(url, additional_headers=headers, compression=None, open_timeout=PATIENCE, close_timeout=1)
