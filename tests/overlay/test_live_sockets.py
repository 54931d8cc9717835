"""Sockets: frames on the wire, the stepped `send`, and finding the server's transport."""

import asyncio
import functools
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from overlay.live import sockets
from overlay.live.frames import Outgoing, text_frame
from overlay.live.sockets import MOST_BEHIND, MOST_UNSENT, FastSocket, SteppedSocket, socket_for, uvicorn_protocol


@pytest.mark.parametrize("text", ["", "x" * 125, "x" * 126, "ä" * 200, "x" * 65_535, "x" * 65_536, "✓" * 40_000])
def test_a_frame_is_what_the_protocol_says(text: str) -> None:
    reader = StreamReader()
    reader.feed_data(text_frame(text))
    parsing = Frame.parse(reader.read_exact, mask=False)
    with pytest.raises(StopIteration) as parsed:
        next(parsing)
    assert parsed.value.value == Frame(Opcode.TEXT, text.encode(), fin=True)
    assert reader.buffer == b""


class Wire:
    """An ASGI `send` that blocks while `open` is not set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.sent: list[dict[str, Any]] = []
        self.broken = False

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        if self.broken:
            raise ConnectionError
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.sent if message["type"] == "websocket.send"]


class TestStepped:
    async def test_what_does_not_block_is_sent_at_once_and_takes_no_task(self):
        wire = Wire()
        socket = SteppedSocket(wire.send)
        tasks = len(asyncio.all_tasks())
        socket.write(Outgoing("one"))
        assert (wire.texts, len(asyncio.all_tasks())) == (["one"], tasks)

    async def test_what_blocks_is_sent_later_in_order(self):
        wire = Wire()
        socket = SteppedSocket(wire.send)
        wire.open.clear()
        for text in ("one", "two", "three"):
            socket.write(Outgoing(text))
        await asyncio.sleep(0)
        assert wire.texts == []
        wire.open.set()
        await asyncio.sleep(0.01)
        assert wire.texts == ["one", "two", "three"]
        socket.write(Outgoing("four"))
        assert wire.texts[-1] == "four"

    async def test_too_far_behind_is_stuck_and_holds_no_more(self):
        wire = Wire()
        socket = SteppedSocket(wire.send)
        wire.open.clear()
        for number in range(MOST_BEHIND + 1):
            socket.write(Outgoing(str(number)))
        assert not socket.is_stuck()
        for number in range(100):
            socket.write(Outgoing(str(number)))
        assert socket.is_stuck()
        assert socket._behind is not None
        assert len(socket._behind) == MOST_BEHIND + 1
        socket.abort()

    async def test_a_broken_connection_is_closed_quietly(self):
        wire = Wire()
        wire.broken = True
        now, later = SteppedSocket(wire.send), SteppedSocket(wire.send)
        now.write(Outgoing("one"))
        wire.open.clear()
        later.write(Outgoing("one"))
        wire.open.set()
        await asyncio.sleep(0.01)
        assert now.closed
        assert later.closed

    async def test_closing_says_why_once_and_nothing_follows(self):
        wire = Wire()
        socket = SteppedSocket(wire.send)
        await socket.close(4404, "gone")
        await socket.close(4401)
        socket.write(Outgoing("late"))
        assert wire.sent == [{"type": "websocket.close", "code": 4404, "reason": "gone"}]

    async def test_closing_does_not_wait_for_who_does_not_read(self, monkeypatch):
        monkeypatch.setattr(sockets, "GOODBYE_SECONDS", 0.05)
        wire = Wire()
        socket = SteppedSocket(wire.send)
        wire.open.clear()
        socket.write(Outgoing("one"))
        await asyncio.wait_for(socket.close(4408), 1)
        assert socket.closed


class Transport:
    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.unsent = 0
        self.closing = self.aborted = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.closing

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.aborted = True

    def get_extra_info(self, _name: str) -> None:
        return None


class TestFast:
    def a_socket(self) -> tuple[FastSocket, Transport]:
        transport = Transport()
        return FastSocket(Wire().send, "", transport), transport  # type: ignore[arg-type]

    async def test_the_ready_frame_is_written(self):
        socket, transport = self.a_socket()
        socket.write(Outgoing("one"))
        assert transport.written == [text_frame("one")]

    async def test_nothing_is_written_after_the_closing_handshake_began(self):
        socket, transport = self.a_socket()
        transport.closing = True
        socket.write(Outgoing("one"))
        closed, other = self.a_socket()
        await closed.close(4401)
        closed.write(Outgoing("one"))
        assert transport.written == other.written == []

    async def test_too_much_unsent_is_stuck(self):
        socket, transport = self.a_socket()
        transport.unsent = MOST_UNSENT
        assert not socket.is_stuck()
        transport.unsent += 1
        assert socket.is_stuck()

    async def test_one_long_message_is_not_falling_behind(self):
        socket, transport = self.a_socket()
        socket.write(Outgoing("x" * MOST_UNSENT * 2))
        transport.unsent = MOST_UNSENT * 2 + 10
        assert not socket.is_stuck()
        transport.unsent = 0
        assert not socket.is_stuck()
        transport.unsent = MOST_UNSENT * 2
        assert socket.is_stuck()


class TestFinding:
    @pytest.fixture
    async def protocol(self):
        async def application(scope, receive, send):
            pass

        config = Config(application, ws="websockets-sansio", lifespan="off")
        config.load()
        made = WebSocketsSansIOProtocol(config, ServerState(), {}, asyncio.get_running_loop())
        made.transport = Transport()  # type: ignore[assignment]
        return made

    async def test_the_transport_is_found_through_wrappers(self, protocol):
        async def wrapped(message):
            await protocol.send(message)

        class Middleware:
            def __init__(self, send):
                self._send = send

            async def send(self, message):
                await self._send(message)

        async def twice(message):
            await wrapped(message)

        ways = [protocol.send, wrapped, twice, Middleware(protocol.send).send, functools.partial(protocol.send)]
        assert [uvicorn_protocol(send) for send in ways] == [protocol] * len(ways)
        assert isinstance(socket_for(twice, "", fast=True), FastSocket)

    async def test_without_leave_or_with_compression_the_plain_way_is_taken(self, protocol):
        slow = socket_for(protocol.send, "", fast=False)
        protocol.conn.extensions = ["deflate"]
        compressed = socket_for(protocol.send, "", fast=True)
        assert isinstance(slow, SteppedSocket)
        assert isinstance(compressed, SteppedSocket)

    async def test_any_other_server_is_served_the_plain_way(self):
        assert isinstance(socket_for(Wire().send, "", fast=True), SteppedSocket)

    async def test_what_only_looks_like_it_is_not_taken(self):
        class Imitation(Wire):
            transport = Transport()
            conn = None

        assert uvicorn_protocol(Imitation().send) is None
