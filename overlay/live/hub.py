"""The hub: all viewers of one server process (one event loop), on a single channel of the channel layer.

One loop receives pokes and hands them to the rooms; one compares the rooms with the database, in a single query, and
withdraws what may no longer be seen; one keeps the lines alive. None of them ends for a fault of broker or database.
"""

import asyncio
import logging
import time
from collections import Counter
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings

from campaigns.layers import OneProcessChannelLayer
from campaigns.live import group
from overlay.live import codes, credentials, presence, reads
from overlay.live.reads import Head
from overlay.live.room import Room
from overlay.live.sockets import Socket
from overlay.live.tasks import Tasks, read

logger = logging.getLogger(__name__)

LAYER_SECONDS = 0.5  # for one request to the broker
PAUSE_AFTER_FAULT = 1.0
CHECK_EVERY = 2.0
CHECK_EVERY_IN_MEMORY = 1.0  # other processes (a command) cannot poke us
BEAT_EVERY = 2.0
FRESH = 0.25  # seconds that an address need not be looked up again: a herd shares one query
LINGER = 30.0  # seconds that an empty room is kept
DEAF_AFTER = 3  # checks in a row that found news no poke had told


class Hub:
    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.tasks = Tasks()
        self.layer = get_channel_layer()
        self.sockets = 0
        self.addresses: Counter[str] = Counter()
        self._found: dict[str, tuple[Room, float]] = {}  # by id or slug, and when that was looked up
        self._opening: dict[Any, asyncio.Task[Room | None]] = {}
        self._channel = ""
        self._deaf = 0
        self._look = asyncio.Event()
        self._started = False
        self._presence_told = 0
        self._listener: asyncio.Task[None]

    # --- who comes and goes ---

    def admit(self, address: str) -> bool:
        """Count a connection in, unless the process or the address has too many."""
        if self.sockets >= settings.LIVE_SOCKETS_PER_PROCESS:
            return False
        if self.addresses[address] >= settings.LIVE_SOCKETS_PER_ADDRESS:
            return False
        self.sockets += 1
        self.addresses[address] += 1
        return True

    def dismiss(self, address: str) -> None:
        self.sockets -= 1
        self.addresses[address] -= 1
        if not self.addresses[address]:
            del self.addresses[address]

    async def room(self, address: str) -> Room | None:
        """The open room of a campaign by id or slug; None when there is no such campaign."""
        self._start()
        address = str(_as_id(address) or address)
        room, looked = self._found.get(address, (None, 0.0))
        if room is None or not room.serves or time.monotonic() - looked >= FRESH:
            room = await self._once(address, self._find(address))
        if room is not None:
            room.idle_since = time.monotonic()  # who asked is about to come in
        return room

    async def _find(self, address: str) -> Room | None:
        """Look the address up: since the last time a campaign may have come, gone, or changed its slug."""
        try:
            head = await read(reads.head_at, address)
        except Exception:
            room, _looked = self._found.get(address, (None, 0.0))
            if room is not None and room.serves:
                return room  # what it shows is all there is while the database is away
            raise
        room = None if head is None else await self._once(head.id, self._open(head))
        if room is None:
            self._found.pop(address, None)
        else:
            self._found[address] = (room, time.monotonic())
        return room

    async def _once(self, key: Any, opening: Any) -> Room | None:
        """One opening at a time for each key; the others wait for it."""
        if key in self._opening:
            opening.close()
        else:
            task = self._opening[key] = self.tasks.spawn(opening)
            task.add_done_callback(lambda _: self._opening.pop(key, None))
        return await asyncio.shield(self._opening[key])

    async def _open(self, head: Head) -> Room | None:
        room = self.rooms.get(head.id)
        if room is not None and room.open:
            room.learn(head)
            return room
        room = self.rooms[head.id] = Room(head, self.tasks)
        # Join first, then read: what happens in between comes as a poke and waits in the room.
        await self._join(room)
        try:
            fresh = (await read(reads.heads, [head.id])).get(head.id)
        except Exception:
            await self._discard(room)
            raise
        if fresh is None:
            await self._discard(room)
            return None
        room.begin(fresh)
        return room

    # --- the channel layer ---

    def _start(self) -> None:
        if not self._started:
            self._started = True
            self._listener = self.tasks.spawn(self._listen())
            self.tasks.spawn(self._watch())
            self.tasks.spawn(self._beat())

    async def _listen(self) -> None:
        failing = False
        while True:
            try:
                await self._connect()
                poke = await self.layer.receive(self._channel)
            except Exception:
                if not failing:
                    logger.warning("The channel layer fails; viewers lag by seconds until it is back", exc_info=True)
                failing = True
                await asyncio.sleep(PAUSE_AFTER_FAULT)
                self._forget_channel()
                continue
            failing = False
            self.hear(poke)

    def hear(self, poke: dict[str, Any]) -> None:
        room = self.rooms.get(UUID(poke["campaign"]))
        if room is None or room.gone:
            return
        self._deaf = 0
        try:
            room.hear(poke)
        except Exception:
            logger.exception("A poke of campaign %s could not be used", poke["campaign"])
            room.stale = True
        if room.stale:
            self._look.set()

    async def _connect(self) -> None:
        if not self._channel:
            self._channel = await asyncio.wait_for(self.layer.new_channel(), LAYER_SECONDS)
            await self._join_all()

    def _forget_channel(self) -> None:
        self._channel = ""
        for room in self.rooms.values():
            room.joined = False

    async def _join_all(self) -> None:
        for room in [room for room in self.rooms.values() if not room.joined]:
            if not await self._join(room):
                return  # the broker does not answer: not one timeout for each room

    async def _join(self, room: Room) -> bool:
        """Join the campaign's group, now or with the next look: pokes are quicker, but the ledger is enough."""
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                if not self._channel:
                    return False
                await self.layer.group_add(group(room.head.id), self._channel)
        except Exception:
            return False
        room.joined = True
        return True

    async def _discard(self, room: Room) -> None:
        self.rooms.pop(room.head.id, None)
        self._found = {address: found for address, found in self._found.items() if found[0] is not room}
        room.stop()
        if room.joined:
            try:
                async with asyncio.timeout(LAYER_SECONDS):
                    await self.layer.group_discard(group(room.head.id), self._channel)
            except Exception:
                logger.info("The group of campaign %s was not left", room.head.id)

    # --- the database ---

    async def _watch(self) -> None:
        every = CHECK_EVERY_IN_MEMORY if isinstance(self.layer, OneProcessChannelLayer) else CHECK_EVERY
        while True:
            try:
                async with asyncio.timeout(every):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            try:
                await self.check()
            except Exception:
                logger.warning("The database could not be compared with what viewers see", exc_info=True)
                await asyncio.sleep(PAUSE_AFTER_FAULT)

    async def check(self) -> None:
        """Compare every open room with the database: one query for the heads, and few for the credentials."""
        rooms = [room for room in self.rooms.values() if room.open]
        if not rooms:
            return
        for room in rooms:
            room.stale = False
        heads = await read(reads.heads, [room.head.id for room in rooms])
        news = await asyncio.gather(*(self._compare(room, heads.get(room.head.id)) for room in rooms))
        self._deaf = self._deaf + 1 if any(news) else 0
        await self._withdraw(heads)
        await self._listen_again_if_deaf()
        await self._join_all()

    async def _compare(self, room: Room, head: Head | None) -> bool:
        """Bring the room to the database's state; True when there was news."""
        if head is None:
            room.vanish()
            await self._discard(room)
            return False
        room.learn(head)
        news = head.epoch != room.epoch or head.seq > room.seq
        if news or head.seq < room.seq:
            await room.catch_up()
        return news

    async def _withdraw(self, heads: dict[UUID, Head]) -> None:
        """Close the sockets whose credential is no longer good, or whose campaign is no longer open to everybody."""
        sockets = [(head, socket) for head in heads.values() for socket in self._sockets_of(head.id)]
        grants = {socket.grant for _head, socket in sockets if socket.grant is not None}
        withdrawn = await read(credentials.withdrawn, grants, heads) if grants else {}
        for head, socket in sockets:
            code = withdrawn.get(socket.grant, 0) if socket.grant else codes.NOT_VALID if head.is_private else 0
            if code:
                self.expel(socket, code)

    def _sockets_of(self, campaign_id: UUID) -> list[Socket]:
        room = self.rooms.get(campaign_id)
        return room.sockets() if room is not None else []

    def expel(self, socket: Socket, code: int) -> None:
        if socket.line is not None:
            socket.line.leave(socket)
        self.tasks.spawn(socket.close(code))

    async def _listen_again_if_deaf(self) -> None:
        """Subscribe anew when news comes by the database only: a connection may be dead without telling."""
        if self._deaf < DEAF_AFTER or not self._channel or isinstance(self.layer, OneProcessChannelLayer):
            return
        self._deaf = 0
        logger.warning("No pokes arrive; subscribing to the channel layer anew")
        async with asyncio.timeout(LAYER_SECONDS):
            await self.layer.flush()
        self._listener.cancel()
        self._forget_channel()
        self._listener = self.tasks.spawn(self._listen())

    # --- upkeep ---

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            await self._tell_presence()
            for room in list(self.rooms.values()):
                room.beat()
                if await self._is_abandoned(room):
                    await self._discard(room)

    async def _tell_presence(self) -> None:
        """What overlays have reported since the last beat, in one go and off the loop."""
        since, self._presence_told = self._presence_told, int(time.time() * 1000)
        reported = {room.head.id: found for room in self.rooms.values() if (found := room.reported(since))}
        if reported:
            await read(presence.tell, reported)

    async def _is_abandoned(self, room: Room) -> bool:
        now = time.monotonic()
        if room.size or not room.open:
            room.idle_since = now
        return now - room.idle_since > LINGER


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def here() -> Hub:
    """The hub of the running event loop."""
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = Hub()
    return hub


def _as_id(address: str) -> UUID | None:
    try:
        return UUID(address)
    except ValueError:
        return None
