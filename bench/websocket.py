"""The client's side of RFC 6455, as little of it as a load generator needs."""

from collections.abc import Iterator

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # the answer to KEY

TEXT = 1
CLOSE = 8
PING = 9
PONG = 10


def handshake(path: str, port: int) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n\r\n"
    ).encode()


def client_frame(opcode: int, data: bytes = b"") -> bytes:
    """Masked with zeros: legal on the wire and free to compute."""
    size = len(data)
    if size < 126:
        head = bytes((0x80 | opcode, 0x80 | size))
    elif size < 65536:
        head = bytes((0x80 | opcode, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 0xFF)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + data


def take_frames(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(opcode, payload, end) of every whole frame; masks are zeros or absent."""
    position = 0
    while (bounds := _bounds(data, position)) is not None:
        start, end = bounds
        if end > len(data):
            return
        yield data[position] & 15, data[start:end], end
        position = end


def _bounds(data: bytes, position: int) -> tuple[int, int] | None:
    """Where the payload of the frame at `position` starts and ends; None while its head is incomplete."""
    if len(data) - position < 2:
        return None
    size, start = data[position + 1] & 127, position + 2
    wide = {126: 2, 127: 8}.get(size, 0)
    if len(data) < start + wide:
        return None
    if wide:
        size = int.from_bytes(data[start : start + wide], "big")
    start += wide + (4 if data[position + 1] & 128 else 0)
    return start, start + size
