"""A campaign that has viewers in this process: its events in order, and its lines.

Events come as pokes, possibly late, twice, out of order or never. What does not follow waits 50 ms for what is
between; then the ledger is asked. Sockets see every seq once, one after another.
"""

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from typing import Any

from campaigns.live import Frame
from campaigns.messages import GM, VIEWER
from contract.refusals import NotVisible
from overlay import presence
from overlay.live import codes, frames, reads
from overlay.live.bootstraps import Bootstraps
from overlay.live.frames import Outgoing, Told
from overlay.live.lines import REMEMBERED, DelayedLine, Line
from overlay.live.reads import Head
from overlay.live.sockets import Socket
from overlay.live.tasks import Tasks, read
from overlay.presence import Entry

logger = logging.getLogger(__name__)

PATIENCE = 0.05  # seconds to wait for what is missing before the ledger is asked
RESUMABLE = 300  # messages
RESUMABLE_AGE = 600.0  # seconds
MOST_WAITING = 2000  # frames out of order; beyond that they are read again
MOST_HELD = 20_000  # messages of a delayed line

DELAYED = "delayed"  # the line of viewers who asked for the campaign's delay
CAMPAIGN_UPDATED = '{"type":"CAMPAIGN_UPDATED"'


class Room:
    def __init__(self, head: Head, tasks: Tasks) -> None:
        self.head = head
        self.epoch = head.epoch
        self.seq = head.seq
        self.gone = False
        self.joined = False  # the process's channel is in the campaign's group
        self.open = False
        self.idle_since = time.monotonic()
        self.stale = False  # something about the campaign itself has changed: look again
        self.size = 0
        self.lines: dict[str, Line] = {}
        self.reporters: set[Socket] = set()  # overlays; there are few of them among the viewers
        self._tasks = tasks
        self._boots: dict[Line, Bootstraps] = {}
        self._waiting: dict[int, Frame] = {}
        self._patience: asyncio.TimerHandle | None = None
        self._catching: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._backfills: dict[Line, asyncio.Task[None]] = {}
        self._delayed: asyncio.Task[Line] | None = None
        self._restarts = 0

    @property
    def serves(self) -> bool:
        return self.open and not self.gone

    def learn(self, head: Head) -> None:
        """What the campaign itself is now; its events come another way."""
        self.head = head
        self._change_delay(head.delay)

    # --- events ---

    def begin(self, head: Head) -> None:
        """The campaign's head, read after the group was joined: from here on nothing is missed."""
        self.head, self.epoch, self.seq = head, head.epoch, head.seq
        self.open = True
        self._advance()

    def hear(self, poke: dict[str, Any]) -> None:
        if "whisper" in poke:
            if GM in self.lines:
                self.lines[GM].write(poke["whisper"])
            return
        if poke["epoch"] != self.epoch:
            self.stale = True
            return
        for seq, frame in enumerate(poke["frames"], poke["seq"]):
            if seq > self.seq and len(self._waiting) < MOST_WAITING:
                self._waiting[seq] = frame
        self._advance()

    def _advance(self) -> None:
        """Tell what follows, as far as it is there; when something is missing, ask for it in a moment."""
        if not self.open:
            return
        while (frame := self._waiting.pop(self.seq + 1, None)) is not None:
            self._tell(self.seq + 1, frame)
        if self._waiting:
            self._waiting = {seq: frame for seq, frame in self._waiting.items() if seq > self.seq}
        if self._waiting and self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        self._patience = None
        if self._waiting and not self.gone:
            self._tasks.spawn(self.catch_up())

    def _tell(self, seq: int, frame: Frame) -> None:
        told = [(line, Told(seq, frame["ts"], frame[line.audience])) for line in self.lines.values()]
        self.seq = seq
        for line, one in told:
            line.feed(one)
        if frame[GM].startswith(CAMPAIGN_UPDATED):
            self.stale = True
            self._change_delay(float(json.loads(frame[VIEWER])["data"]["viewerDelay"]))

    async def catch_up(self) -> None:
        """Read from the ledger what is missing; one at a time, however many ask."""
        if self._catching is None:
            self._catching = self._tasks.spawn(self._catch_up())
        await asyncio.shield(self._catching)

    async def _catch_up(self) -> None:
        since = self.seq
        try:
            missed = await read(reads.missed, self.head.id, since, RESUMABLE)
            if missed is None:
                self.vanish()
            elif missed.epoch != self.epoch or missed.seq < since or missed.frames is None:
                await self.restart(missed.epoch, missed.seq)
            else:
                self._waiting |= {seq: frame for seq, frame in missed.frames.items() if seq > self.seq}
                self._advance()
        finally:
            self._catching = None

    async def look(self) -> None:
        """Be where the ledger stands after this was asked; one read for all who ask meanwhile.

        What was hidden a moment ago may not have been heard of here, and ring and BOOTSTRAP would still tell it.
        """
        begun_before = self._looking
        if begun_before is not None and not begun_before.done():
            await asyncio.wait([begun_before])
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.spawn(self._look())
        await asyncio.shield(self._looking)

    async def _look(self) -> None:
        now = await read(reads.standing, self.head.id)
        if now is None:
            raise NotVisible
        if not self._has_come_to(*now):
            await asyncio.sleep(PATIENCE)  # the poke is on its way, as a rule
        if not self._has_come_to(*now):
            await self.catch_up()

    def _has_come_to(self, epoch: str, seq: int) -> bool:
        return self.epoch == epoch and self.seq >= seq

    async def restart(self, epoch: str, seq: int) -> None:
        """Another history, or too far behind for messages: everybody gets a BOOTSTRAP."""
        self._restarts += 1
        self.epoch, self.seq = epoch, seq
        self._waiting.clear()
        moved = [(name, line, line.restart(epoch, seq)) for name, line in self.lines.items()]
        self._advance()
        for name, line, sockets in moved:
            if name == DELAYED:
                self._end_delayed(sockets)
            elif sockets:
                await self._bring_back(line, sockets)

    async def _bring_back(self, line: Line, sockets: list[Socket]) -> None:
        try:
            boot = await self._boots[line].get()
        except Exception:
            logger.exception("No BOOTSTRAP for the viewers of campaign %s", self.head.id)
            self._dismiss(sockets, codes.RESTART)
            return
        for socket in sockets:
            socket.write(boot.out)
            socket.seq = boot.seq
            line.arrive(socket)

    def vanish(self) -> None:
        """The campaign is gone."""
        self.gone = True
        self.close_all(codes.NOT_FOUND)

    # --- sockets ---

    def sockets(self) -> list[Socket]:
        return [socket for line in self.lines.values() for socket in line.everybody()]

    async def line_for(self, audience: str, *, delayed: bool) -> Line:
        if delayed and audience == VIEWER:
            if self._delayed is None or (self._delayed.done() and DELAYED not in self.lines):
                self._delayed = self._tasks.spawn(self._open_delayed())
            return await asyncio.shield(self._delayed)
        if audience not in self.lines:
            self._add(audience, Line(audience, self.epoch, self.seq, self))
        return self.lines[audience]

    async def place(
        self, socket: Socket, line: Line, seq: Any = None, epoch: Any = None, *, answer: bool = False
    ) -> None:
        """Bring a socket to the line's head, by what it missed after `seq` or by a BOOTSTRAP, and keep it there."""
        if socket.placing:
            return
        socket.placing = True
        try:
            line.leave(socket)
            if line.audience != GM:
                await self.look()
            restarts = -1
            while restarts != self._restarts:
                restarts = self._restarts
                resumed = await self._resume(socket, line, seq, epoch)
                socket.wants_answer = answer and resumed
                if not resumed:
                    await self._bootstrap(socket, line)
        except NotVisible:
            self.vanish()
        finally:
            socket.placing = False
        if line in self.lines.values() and not self.gone:
            line.arrive(socket)
        else:
            await socket.close(codes.NOT_FOUND if self.gone else codes.RESTART)

    async def _resume(self, socket: Socket, line: Line, seq: Any, epoch: Any) -> bool:
        if type(seq) is not int or seq < 0 or epoch != self.epoch:
            return False
        if seq > line.seq and not await self._reaches(line, seq):
            return False
        missed = line.since(seq) if seq <= line.seq else []
        if missed is None:
            missed = await self._from_ledger(line, seq)
        if missed is None or (missed and _age(missed[0]) > RESUMABLE_AGE + _delay(line)):
            return False
        socket.seq = seq
        if line.since(seq) is None and missed:
            socket.write(Outgoing(frames.together(missed, self.epoch)))
            socket.seq = missed[-1].seq
        return True

    async def _reaches(self, line: Line, seq: int) -> bool:
        """Whether the campaign is at `seq` already: the page that knows it may be quicker than the poke."""
        if isinstance(line, DelayedLine):
            return False
        await self.catch_up()
        return seq <= line.seq

    async def _from_ledger(self, line: Line, seq: int) -> list[Told] | None:
        if line.seq - seq > RESUMABLE:
            return None
        if line.seq - seq <= REMEMBERED:
            await self._backfill(line)
            return line.since(seq)
        missed = await read(reads.told, self.head.id, self.epoch, line.audience, seq, line.seq)
        return missed if missed and missed[0].seq == seq + 1 else None

    async def _backfill(self, line: Line) -> None:
        """Fill the line's ring from the ledger, once for all who come back."""
        if line not in self._backfills:
            self._backfills[line] = self._tasks.spawn(self._fill(line))
        await asyncio.shield(self._backfills[line])

    async def _fill(self, line: Line) -> None:
        try:
            forgotten = line.forgotten
            since = max(line.seq - REMEMBERED, 0)
            earlier = await read(reads.told, self.head.id, self.epoch, line.audience, since, line.seq)
            if line.forgotten == forgotten:  # else it may tell what has been hidden while we read
                line.remember(earlier)
        finally:
            del self._backfills[line]

    async def _bootstrap(self, socket: Socket, line: Line) -> None:
        boots = self._boots.get(line)
        if boots is None:  # a delayed line that has ended meanwhile: `place` sees to it
            return
        boot = await boots.get()
        if boot.epoch != self.epoch:
            await self.catch_up()
        socket.write(boot.out)
        socket.seq = boot.seq

    def _add(self, name: str, line: Line) -> None:
        self.lines[name] = line
        self._boots[line] = Bootstraps(self.head.id, line, self._tasks)

    # --- delay ---

    async def _open_delayed(self) -> Line:
        delay = self.head.delay
        behind = await read(reads.seq_behind, self.head.id, delay) if delay else self.seq
        behind = min(behind, self.seq)
        line = DelayedLine(VIEWER, self.epoch, behind, self, delay)
        self._add(DELAYED, line)
        try:
            earlier = await read(reads.told, self.head.id, self.epoch, VIEWER, behind, self.seq)
        except Exception:
            self._end_delayed(line.restart(self.epoch, self.seq))
            raise
        line.complete(earlier)
        return line

    def _change_delay(self, delay: float) -> None:
        line = self.lines.get(DELAYED)
        if isinstance(line, DelayedLine) and line.delay != delay:
            line.delay = delay
            line.release()

    def _end_delayed(self, sockets: Iterable[Socket]) -> None:
        line = self.lines.pop(DELAYED, None)
        if line is not None:
            del self._boots[line]
        self._dismiss(sockets, codes.RESTART)

    # --- upkeep ---

    def beat(self) -> None:
        for line in list(self.lines.values()):
            line.beat()
        delayed = self.lines.get(DELAYED)
        if isinstance(delayed, DelayedLine) and delayed.held > MOST_HELD:
            self._end_delayed(delayed.restart(self.epoch, self.seq))

    def reported(self, since: int) -> list[Entry]:
        """What overlays have said of themselves since that moment, those in OBS before others."""
        found = [
            presence.entry(
                socket.status,
                id_=f"{id(socket):x}",
                head=socket.line.seq if socket.line is not None else self.seq,
                keyed=socket.grant is not None and socket.grant.token_id is not None,
                at=socket.reported,
            )
            for socket in self.reporters
            if socket.reported >= since
        ]
        return presence.merged((), found, int(time.time() * 1000))

    def stuck(self, socket: Socket) -> None:
        """Let go of a socket that does not read, saying why if it can still be told."""
        logger.info("A viewer of campaign %s does not read and is let go", self.head.id)
        self._tasks.spawn(_evict(socket))

    def lost(self, line: Line, socket: Socket) -> None:
        self._tasks.spawn(self.place(socket, line, socket.seq, self.epoch))

    def close_all(self, code: int) -> None:
        self._dismiss(self.sockets(), code)
        self.stop()

    def stop(self) -> None:
        for line in self.lines.values():
            line.restart(self.epoch, self.seq)
        if self._patience is not None:
            self._patience.cancel()

    def _dismiss(self, sockets: Iterable[Socket], code: int) -> None:
        for socket in sockets:
            self._tasks.spawn(socket.close(code))


async def _evict(socket: Socket) -> None:
    if socket.transport is not None:
        socket.abort()
    else:
        await socket.close(codes.TOO_SLOW, "Too far behind.")


def _age(told: Told) -> float:
    return time.time() - told.ts / 1000


def _delay(line: Line) -> float:
    return line.delay if isinstance(line, DelayedLine) else 0.0
