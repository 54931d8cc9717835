"""The floor: plain TCP sockets, a fixed handshake, and a frame made once and handed to each transport.

`python -m bench.peers.floor PORT`. A socket on /publish says what goes out: {"campaign", "message"} as JSON.
"""

import asyncio
import json
import socket
import sys
from typing import Any

import uvloop

from bench import websocket

GREETING = (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {websocket.ACCEPT}\r\n\r\n"
).encode()

viewers: dict[str, dict[asyncio.Transport, None]] = {}


def broadcast(campaign: str, message: Any) -> None:
    data = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()
    frame = bytes((0x81, 126)) + len(data).to_bytes(2, "big") + data
    for transport in viewers.get(campaign, ()):
        transport.write(frame)


class Viewer(asyncio.Protocol):
    campaign = ""
    transport: asyncio.Transport

    def __init__(self) -> None:
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        if not self.campaign:
            path = data.split(b" ", 2)[1].decode().split("/")
            self.campaign = path[2] if len(path) > 2 else path[1]
            self.transport.write(GREETING)
            viewers.setdefault(self.campaign, {})[self.transport] = None
        elif self.campaign == "publish":
            self.publish(self.buffer + data)

    def publish(self, data: bytes) -> None:
        end = 0
        for _opcode, payload, end in websocket.take_frames(data):  # noqa: B007  `end` is where the rest begins
            told = json.loads(payload)
            broadcast(told["campaign"], told["message"])
        self.buffer = data[end:]

    def connection_lost(self, error: Exception | None) -> None:
        viewers.get(self.campaign, {}).pop(self.transport, None)


async def serve(port: int) -> None:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    server = await asyncio.get_running_loop().create_server(Viewer, sock=listening, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
