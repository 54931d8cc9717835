"""The load: many WebSocket clients in one process, on raw sockets and epoll, cheap enough to watch 10,000 of them.

What all clients get is the same bytes, so a payload is understood once however many receive it.
"""

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from bench import websocket

CONNECTING, GREETING, OPEN = range(3)
MOST_REMEMBERED = 20_000  # payloads
SMALL_BUFFER = 4096


class Seen(NamedTuple):
    """A frame understood: the seqs it carries, and when each event was sent (nanoseconds since 1970)."""

    first: int
    last: int
    stamps: tuple[int, ...]
    boot: bool
    whole: bool  # no seq is left out between first and last
    messages: list[dict[str, Any]]

    @property
    def events(self) -> int:
        return 0 if self.boot or not self.last else self.last - self.first + 1


def understood(payload: bytes) -> Seen:
    message = json.loads(payload)
    inner = message["messages"] if message["type"] == "BATCH" else [message]
    if message["type"] == "BOOTSTRAP":
        return Seen(message["seq"], message["seq"], (), True, True, inner)
    told = [one for one in inner if one["type"] not in ("HEARTBEAT", "ERROR")]
    if not told:
        return Seen(0, 0, (), False, True, [])
    seqs = [one["seq"] for one in told]
    whole = seqs == list(range(seqs[0], seqs[0] + len(seqs)))
    return Seen(seqs[0], seqs[-1], tuple(_stamp(one) for one in told), False, whole, told)


def _stamp(message: dict[str, Any]) -> int:
    kind = message.get("data", {}).get("kind", "")
    return int(kind) if kind.isdigit() else 0


class Client:
    """`seq` is what it holds, None before the first message; `kept` are its messages where the crowd keeps them."""

    __slots__ = ("boots", "buffer", "connection", "epoch", "fd", "got", "kept", "path", "phase", "seq", "started")

    def __init__(self, path: str) -> None:
        self.connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.connection.setblocking(False)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fd = self.connection.fileno()
        self.path = path
        self.phase = CONNECTING
        self.buffer = b""
        self.seq: int | None = None
        self.epoch = ""
        self.got = self.boots = 0
        self.kept: list[dict[str, Any]] = []
        self.started = time.time_ns()


class Crowd:
    """`lost` counts seqs that a client never saw, `reordered` messages that came after a later one or twice."""

    def __init__(self, port: int, *, keeps: bool = False, quiet: float = 0.3) -> None:
        self.port = port
        self.quiet = quiet  # seconds of silence that count as the end
        self.keeps = keeps
        self.clients: dict[int, Client] = {}
        self.arrivals: list[tuple[int, Seen]] = []
        self.first_times: list[float] = []  # milliseconds from the attempt to connect to the first message
        self.opened = self.booted = self.closed = self.delivered = self.lost = self.reordered = 0
        self.refusals: list[str] = []
        self.on_close: Callable[[Client], None] = lambda _client: None
        self._epoll = select.epoll()
        self._buffer = bytearray(262_144)
        self._view = memoryview(self._buffer)
        self._memory: dict[bytes, Seen] = {}

    # --- what a benchmark asks for ---

    def join(
        self,
        paths: Sequence[str],
        *,
        window: int = 256,
        booted: bool = False,
        holding: int | None = None,
        seconds: float = 600,
    ) -> float:
        """Connect a client per path, at most `window` at a time, until all are open (or booted); the seconds taken.

        `holding` is the seq that they have already.
        """
        begun, started = time.monotonic(), 0
        opened, boots, closed = self.opened, self.booted, self.closed
        while time.monotonic() - begun < seconds:
            failed = self.closed - closed
            while started < len(paths) and started - (self.opened - opened) - failed < window:
                self.start(paths[started]).seq = holding
                started += 1
            done = (self.booted - boots) if booted else (self.opened - opened)
            if done + failed >= len(paths):
                break
            self.pump(0.5)
        return time.monotonic() - begun

    def start(self, path: str, *, small_buffer: bool = False) -> Client:
        client = Client(path)
        if small_buffer:
            client.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        with contextlib.suppress(BlockingIOError):
            client.connection.connect(("127.0.0.1", self.port))
        self.clients[client.fd] = client
        self._epoll.register(client.fd, select.EPOLLIN | select.EPOLLOUT)
        return client

    def stall(self, path: str) -> Client:
        """A client that completes the handshake and then stops reading."""
        client = self.start(path, small_buffer=True)
        while client.phase != OPEN and client.fd in self.clients:
            self.pump(0.2)
        self._epoll.unregister(client.fd)
        del self.clients[client.fd]
        return client

    def expect(self, deliveries: int, seconds: float) -> int:
        """Wait for so many deliveries; how many came."""
        before, end = self.delivered, time.monotonic() + seconds
        while self.delivered - before < deliveries and time.monotonic() < end:
            self.pump(0.2)
        return self.delivered - before

    def settle(self, seconds: float = 10) -> None:
        """Read until it is quiet."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.pump(self.quiet):
            pass

    def forget_arrivals(self) -> None:
        self.arrivals = []

    def latencies(self) -> list[float]:
        """Milliseconds from sending to arrival, one for each delivery since the arrivals were forgotten."""
        return [(now - stamp) / 1e6 for now, seen in self.arrivals for stamp in seen.stamps if stamp]

    def leave(self, client: Client) -> None:
        """Cut a connection without a word."""
        self._forget(client)
        client.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.connection.close()

    def close(self) -> None:
        for client in list(self.clients.values()):
            self._forget(client)
            client.connection.close()
        self._epoll.close()

    # --- the loop ---

    def pump(self, timeout: float) -> int:
        """One round of epoll; the number of sockets that had something."""
        ready = self._epoll.poll(timeout, 16_384)
        for fd, events in ready:
            client = self.clients.get(fd)
            if client is None:
                continue
            if client.phase == CONNECTING:
                self._greet(client, events)
            else:
                self._read(client)
        return len(ready)

    def _greet(self, client: Client, events: int) -> None:
        if events & (select.EPOLLERR | select.EPOLLHUP):
            self._drop(client)
            return
        client.connection.send(websocket.handshake(client.path, self.port))
        client.phase = GREETING
        self._epoll.modify(client.fd, select.EPOLLIN)

    def _read(self, client: Client) -> None:
        try:
            size = client.connection.recv_into(self._buffer)
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size == 0:
            self._drop(client)
            return
        now, buffer = time.time_ns(), self._buffer
        if not client.buffer and buffer[0] == 0x81 and buffer[1] == 126 and size == 4 + (buffer[2] << 8 | buffer[3]):
            self._take(client, bytes(self._view[4:size]), now)  # exactly one text frame: nearly always so
        else:
            self._take_apart(client, client.buffer + bytes(self._view[:size]), now)

    def _take_apart(self, client: Client, data: bytes, now: int) -> None:
        if client.phase == GREETING:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                client.buffer = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.refusals.append(head[:200].decode("latin1"))
                self._drop(client)
                return
            client.phase = OPEN
            self.opened += 1
        end = 0
        for opcode, payload, end in websocket.take_frames(data):  # noqa: B007  `end` is where the rest begins
            self._take_frame(client, opcode, payload, now)
        client.buffer = data[end:]

    def _take_frame(self, client: Client, opcode: int, payload: bytes, now: int) -> None:
        if opcode == websocket.TEXT:
            self._take(client, payload, now)
        elif opcode == websocket.PING:
            client.connection.send(websocket.client_frame(websocket.PONG, payload))
        elif opcode == websocket.CLOSE:
            self.refusals.append(f"closed with {int.from_bytes(payload[:2], 'big')}")
            self._drop(client)

    def _take(self, client: Client, payload: bytes, now: int) -> None:
        seen = self._memory.get(payload)
        if seen is None:
            if len(self._memory) > MOST_REMEMBERED:
                self._memory.clear()
            seen = self._memory[payload] = understood(payload)
        if seen.boot:
            self._boot(client, seen, now)
        elif seen.last:
            self._count(client, seen, now)

    def _boot(self, client: Client, seen: Seen, now: int) -> None:
        self.booted += 1
        self._note_first(client, now)
        client.boots += 1
        client.seq = seen.last
        client.epoch = seen.messages[0]["epoch"]
        if self.keeps:
            client.kept = list(seen.messages)

    def _count(self, client: Client, seen: Seen, now: int) -> None:
        held = client.seq
        if held is None or (seen.first == held + 1 and seen.whole):
            client.seq = seen.last
        else:
            self._count_faulty(client, seen, held)
        if self.keeps:
            client.kept += seen.messages
        self._note_first(client, now)
        client.got += seen.events
        self.delivered += seen.events
        self.arrivals.append((now, seen))

    def _note_first(self, client: Client, now: int) -> None:
        if not client.boots and not client.got:
            self.first_times.append((now - client.started) / 1e6)

    def _count_faulty(self, client: Client, seen: Seen, held: int) -> None:
        for message in seen.messages:
            seq = message["seq"]
            if seq > held:
                self.lost += seq - held - 1
                held = seq
            else:
                self.reordered += 1
        client.seq = held

    def _drop(self, client: Client) -> None:
        self.closed += 1
        self._forget(client)
        client.connection.close()
        self.on_close(client)

    def _forget(self, client: Client) -> None:
        if self.clients.pop(client.fd, None) is not None:
            self._epoll.unregister(client.fd)


def hung_up(clients: Iterable[Client], seconds: float = 1.0) -> int:
    """How many of these stalled clients the server has let go, once they read what is left."""
    return sum(_is_over(client.connection, seconds) for client in clients)


def _is_over(connection: socket.socket, seconds: float) -> bool:
    connection.settimeout(seconds)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True
