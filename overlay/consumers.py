"""A viewer's connection: handshake, credential, what the client says. Everything that is sent comes from the hub."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.http import parse_cookie

from campaigns.messages import GM, VIEWER
from overlay import presence
from overlay.live import codes, credentials, frames, hub, origins
from overlay.live.credentials import Denied, Grant
from overlay.live.frames import Outgoing
from overlay.live.room import Room
from overlay.live.sockets import Send, Socket, socket_for
from overlay.live.tasks import read
from overlay.operations.streaming import stream_started

logger = logging.getLogger(__name__)

AUTH_SECONDS = 10.0
MOST_BYTES = 64 * 1024
MOST_PER_SECOND = 20
RESUME_COUNTS = 4  # messages: its answer may be a whole BOOTSTRAP
STRIKES = 3


class Refusal(Exception):
    """A message of the client that is answered by an ERROR, and counts as a strike."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Query:
    """What the address asks for (docs/live-protocol.md)."""

    NAMES = ("seq", "epoch", "auth", "delay", "view")

    def __init__(self, text: bytes) -> None:
        found = parse_qs(text.decode("latin-1"), max_num_fields=20)
        self.seq = _number(found.get("seq", [""])[0])
        self.epoch = found.get("epoch", [""])[0]
        self.auth_follows = found.get("auth") == ["1"]
        self.delayed = found.get("delay") == ["1"]
        self.view = found.get("view", [""])[0]


class LiveConsumer(AsyncConsumer):
    """Takes no channel of its own: the hub has one for the whole process."""

    socket: Socket
    room: Room | None = None
    deadline: asyncio.TimerHandle | None = None  # while it waits for AUTH

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Send) -> None:
        self.scope = scope
        self.base_send = send
        self.address = (scope.get("client") or ("",))[0]
        self.hub = hub.here()
        self.admitted = False
        self.strikes = 0
        self.tokens, self.refilled = float(MOST_PER_SECOND), time.monotonic()
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self.leave()

    # --- handshake ---

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As Channels does, without its visit to a thread for each message: no database connection is open here."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        elif message["type"] == "websocket.connect":
            await self.websocket_connect()
        else:
            raise StopConsumer

    async def websocket_connect(self) -> None:
        token = credentials.presented(self.scope)
        if len(token) > 1:
            await self.refuse_handshake()
        if not origins.is_allowed(self.scope) and not (token and not origins.header(self.scope, b"origin")):
            await self.refuse_handshake()
        self.query = Query(self.scope["query_string"])
        if token and not await self.token_opens(token[0]):
            await self.refuse_handshake()
        await self.base_send({"type": "websocket.accept"})
        self.socket = socket_for(self.base_send, self.address, fast=settings.LIVE_FAST_PATH)
        self.admitted = self.hub.admit(self.address)
        if not self.admitted:
            await self.close(codes.TOO_MANY, "Too many connections.")
            return
        try:
            await self.enter(token[0] if token else "")
        except Exception:
            logger.warning("The live stream of %s could not be begun", self.campaign, exc_info=True)
            await self.close(codes.TRY_LATER, "The campaign cannot be read just now.")

    async def refuse_handshake(self) -> None:
        """HTTP 403."""
        await self.base_send({"type": "websocket.close", "code": codes.NOT_ALLOWED})
        raise StopConsumer

    async def token_opens(self, token: str) -> bool:
        """Whether this token opens what is asked for: programs that send no Origin must prove who they are first."""
        room = await self.hub.room(self.campaign)
        try:
            return (
                room is not None and await read(credentials.by_token, room.head.id, token, self.query.view) is not None
            )
        except Denied:
            return False

    @property
    def campaign(self) -> str:
        address: str = self.scope["url_route"]["kwargs"]["campaign"]
        return address

    async def enter(self, token: str) -> None:
        """Start the stream, or wait for AUTH. A campaign that there is not is waited at like a private one."""
        room = await self.hub.room(self.campaign)
        is_open = room is not None and not room.head.is_private
        try:
            grant = await self.known_grant(room, token, is_open=is_open)
        except Denied as denied:
            await self.close(denied.code, denied.reason)
            return
        needs_grant = not is_open or self.query.view == GM or self.query.auth_follows
        if room is None or (grant is None and needs_grant):
            self.deadline = asyncio.get_running_loop().call_later(AUTH_SECONDS, self.give_up_waiting)
        else:
            await self.stream(room, grant, self.query.seq, self.query.epoch)

    async def known_grant(self, room: Room | None, token: str, *, is_open: bool) -> Grant | None:
        """What the handshake itself proves: a token header, or the session cookie of a page of ours."""
        if token:
            return await read(credentials.by_token, _id_of(room), token, self.query.view)
        wants_more = not is_open or self.query.view == GM
        session = self.session_key()
        if not session or self.query.auth_follows or not wants_more:
            return None
        return await read(credentials.by_session, _id_of(room), session, self.query.view)

    def session_key(self) -> str:
        if not origins.is_own(self.scope):
            return ""
        cookies = parse_cookie("; ".join(origins.header(self.scope, b"cookie")))
        return cookies.get(settings.SESSION_COOKIE_NAME, "")

    async def stream(self, room: Room, grant: Grant | None, seq: Any, epoch: Any) -> None:
        if self.room is None and not self.joins(room):
            await self.close(codes.TOO_MANY, "Too many connections to this campaign.")
            return
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None
        self.socket.grant = grant
        audience = grant.audience if grant is not None else VIEWER
        line = await room.line_for(audience, delayed=self.query.delayed)
        if self.socket.line is not None:
            self.socket.line.leave(self.socket)
        await room.place(self.socket, line, seq, epoch)

    def joins(self, room: Room) -> bool:
        """Only who may watch counts as one of the campaign's: strangers who wait take nobody's place."""
        if room.size >= settings.LIVE_SOCKETS_PER_CAMPAIGN:
            return False
        self.room = room
        room.size += 1
        return True

    def give_up_waiting(self) -> None:
        self.hub.tasks.spawn(self.socket.close(codes.NOT_VALID, "No AUTH came within ten seconds."))

    # --- what the client says ---

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if self.socket.closed:
            return
        if not self.within_rate():
            await self.close(codes.TOO_MANY, "Too many messages.")
            return
        text = message.get("text")
        if text is None:
            await self.close(codes.UNSUPPORTED, "Text frames only.")
            return
        if len(text) > MOST_BYTES:
            await self.close(codes.TOO_BIG, "At most 64 KiB.")
            return
        try:
            await self.obey(_parsed(text))
        except Refusal as refusal:
            await self.strike(refusal)
        except Denied as denied:
            await self.close(denied.code, denied.reason)

    async def obey(self, message: dict[str, Any]) -> None:
        type_ = message.get("type")
        if type_ != "AUTH" and self.room is None:
            raise Refusal("auth_first", "Send AUTH first.")
        handler = HANDLERS.get(type_) if isinstance(type_, str) else None
        if handler is None:
            raise Refusal("not_accepted", f"The live stream takes {', '.join(HANDLERS)}; write through the API.")
        await handler(self, message)

    async def authenticate(self, message: dict[str, Any]) -> None:
        token = message.get("token")
        if not isinstance(token, str):
            raise Refusal("invalid", "AUTH needs a token.")
        room = self.room or await self.hub.room(self.campaign)
        grant = await read(credentials.by_auth, _id_of(room), token, self.query.view)
        if room is None:  # and nobody has a grant for what is not there
            return
        seq, epoch = message.get("seq", self.query.seq), message.get("epoch", self.query.epoch)
        if self.socket.line is not None:  # it has been shown something already, perhaps as another audience
            seq, epoch = message.get("seq"), message.get("epoch")
        await self.stream(room, grant, seq, epoch)

    async def resume(self, message: dict[str, Any]) -> None:
        self.tokens -= RESUME_COUNTS - 1
        line = self.socket.line
        if line is not None and self.room is not None:
            await self.room.place(self.socket, line, message.get("seq"), message.get("epoch"), answer=True)

    async def note_status(self, message: dict[str, Any]) -> None:
        """Told on by the hub's next beat."""
        before, self.socket.status = self.socket.status, presence.read(message)
        self.socket.reported = int(time.time() * 1000)
        if self.room is not None:
            self.room.reporters.add(self.socket)
        began = before.get("streaming") is False and self.socket.status.get("streaming") is True
        grant = self.socket.grant
        if began and grant is not None and grant.token_id is not None:
            self.hub.tasks.spawn(read(stream_started, grant.campaign_id, grant.token_id))

    async def answer_ping(self, _message: dict[str, Any]) -> None:
        line = self.socket.line
        if line is not None:
            self.socket.write(Outgoing(line.heartbeat(line.position(self.socket))))

    async def strike(self, refusal: Refusal) -> None:
        self.strikes += 1
        self.socket.write(Outgoing(frames.error(refusal.code, refusal.message)))
        if self.strikes >= STRIKES:
            await self.close(codes.PROTOCOL, "Three messages were refused.")

    def within_rate(self) -> bool:
        now = time.monotonic()
        self.tokens = min(self.tokens + (now - self.refilled) * MOST_PER_SECOND, MOST_PER_SECOND)
        self.refilled = now
        self.tokens -= 1
        return self.tokens >= 0

    # --- the end ---

    async def close(self, code: int, reason: str) -> None:
        if self.socket.line is not None:
            self.socket.line.leave(self.socket)
        await self.socket.close(code, reason)

    def leave(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
        if self.room is not None:
            self.room.size -= 1
            self.room.reporters.discard(self.socket)
            self.socket.closed = True
            if self.socket.line is not None:
                self.socket.line.leave(self.socket)
        if self.admitted:
            self.hub.dismiss(self.address)


# What a client may say (docs/live-protocol.md).
HANDLERS: dict[str, Callable[[LiveConsumer, dict[str, Any]], Awaitable[None]]] = {
    "AUTH": LiveConsumer.authenticate,
    "RESUME": LiveConsumer.resume,
    "STATUS": LiveConsumer.note_status,
    "PING": LiveConsumer.answer_ping,
}


def _id_of(room: Room | None) -> UUID:
    return room.head.id if room is not None else credentials.NOWHERE


def _parsed(text: str) -> dict[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed", "Messages are JSON objects.") from error
    if not isinstance(message, dict):
        raise Refusal("malformed", "Messages are JSON objects.")
    return message


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
