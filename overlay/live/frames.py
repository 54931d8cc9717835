"""Texts of the live stream and the RFC 6455 frames that carry them. Both are made once, however many sockets follow."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings


class Told(NamedTuple):
    """One message as one audience gets it; `ts` in milliseconds since 1970."""

    seq: int
    ts: int
    text: str


class Outgoing:
    """A text with what every kind of socket needs to send it."""

    __slots__ = ("frame", "message")

    def __init__(self, text: str) -> None:
        self.frame = text_frame(text)
        self.message = {"type": "websocket.send", "text": text}


def text_frame(text: str) -> bytes:
    """One unfragmented, unmasked text frame, as a server sends it."""
    data = text.encode()
    size = len(data)
    if size < 126:
        return bytes((0x81, size)) + data
    if size < 65536:
        return bytes((0x81, 126)) + size.to_bytes(2, "big") + data
    return bytes((0x81, 127)) + size.to_bytes(8, "big") + data


def together(told: Sequence[Told], epoch: str) -> str:
    """The message itself, or a BATCH of several."""
    last = told[-1]
    if len(told) == 1:
        return last.text
    texts = ",".join(one.text for one in told)
    return f'{{"type":"BATCH","seq":{last.seq},"epoch":"{epoch}","ts":{last.ts},"messages":[{texts}]}}'


def heartbeat(seq: int, epoch: str, ts: int) -> str:
    """Carries the build too: a client that always resumes would never learn of a new one from BOOTSTRAP."""
    return _compact({"type": "HEARTBEAT", "seq": seq, "epoch": epoch, "ts": ts, "build": settings.TROUPE_BUILD})


def error(code: str, message: str) -> str:
    return _compact({"type": "ERROR", "code": code, "message": message})


def _compact(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)
