"""A line: what one audience of one campaign is sent, in order, and the sockets that are sent it.

An event goes out at once when the line was quiet; what follows within 20 ms goes out together. A lone event is never
held back, and a burst costs one write per socket and window instead of one per event.
"""

import asyncio
import time
from collections import deque
from itertools import islice
from typing import Protocol

from overlay.live import frames
from overlay.live.frames import Outgoing, Told
from overlay.live.sockets import Socket

WINDOW = 0.02  # seconds
REMEMBERED = 256  # messages
REMEMBERED_SIZE = 4_000_000  # characters, all of them together
CHECK_AFTER = 64 * 1024  # bytes written to each socket between two looks for stuck ones
HEARTBEAT_AFTER = 16.0  # seconds of silence; looked at every two, so a client hears something every 20
# The message after which a viewer may no longer be told what was public before.
NARROWING = ('{"type":"CHAR_UPDATED"', '{"type":"CHAR_DELETED"')


class Care(Protocol):
    """Who looks after sockets that a line lets go."""

    def stuck(self, socket: Socket) -> None:
        """It does not read."""

    def lost(self, line: "Line", socket: Socket) -> None:
        """It waits at a place that the ring does not reach back to."""


class Line:
    """`seq` is what the line was fed, `sent` what its sockets have; the ring remembers the last messages.

    A socket that is not at the head yet waits among the `arriving` and is brought up when the window closes. It may
    also be ahead: its snapshot was read from the database while the news was still on its way here.
    """

    def __init__(self, audience: str, epoch: str, seq: int, care: Care) -> None:
        self.audience = audience
        self.epoch = epoch
        self.seq = self.sent = seq
        self.sockets: dict[Socket, None] = {}
        self.arriving: dict[Socket, None] = {}
        self.forgotten = 0  # how often the ring was emptied
        self._care = care
        self._ring: deque[Told] = deque()
        self._ring_size = 0
        self._pending: list[Told] = []
        self._window: asyncio.TimerHandle | None = None
        self._unchecked = 0
        self._last_write = time.monotonic()

    def __len__(self) -> int:
        return len(self.sockets) + len(self.arriving)

    def everybody(self) -> list[Socket]:
        return [*self.sockets, *self.arriving]

    def feed(self, told: Told) -> None:
        """The next message; `told.seq` is one more than `seq`."""
        self.seq = told.seq
        if told.text.startswith(NARROWING):
            self.forget()
        self._remember(told)
        self._pending.append(told)
        if self._window is None:
            self._flush()

    def since(self, seq: int) -> list[Told] | None:
        """What was told after `seq`, or None when that is not remembered from there on."""
        if seq >= self.seq:
            return [] if seq == self.seq else None
        if not self._ring or self._ring[0].seq > seq + 1:
            return None
        return list(islice(self._ring, seq + 1 - self._ring[0].seq, None))

    def remember(self, earlier: list[Told]) -> None:
        """Fill the ring backwards with messages read from the ledger."""
        for told in reversed(earlier):
            oldest = self._ring[0].seq if self._ring else self.seq + 1
            if told.seq == oldest - 1 and len(self._ring) < REMEMBERED and self._ring_size < REMEMBERED_SIZE:
                self._ring.appendleft(told)
                self._ring_size += len(told.text)

    def forget(self) -> None:
        self._ring.clear()
        self._ring_size = 0
        self.forgotten += 1

    def _remember(self, told: Told) -> None:
        self._ring.append(told)
        self._ring_size += len(told.text)
        while len(self._ring) > REMEMBERED or self._ring_size > REMEMBERED_SIZE:
            self._ring_size -= len(self._ring.popleft().text)

    def arrive(self, socket: Socket) -> None:
        """Take the socket in; it has been brought to `socket.seq`."""
        if socket.closed:
            return
        socket.line = self
        self.arriving[socket] = None
        if not self._pending:
            self._settle()

    def leave(self, socket: Socket) -> None:
        self.sockets.pop(socket, None)
        self.arriving.pop(socket, None)

    def position(self, socket: Socket) -> int:
        """The seq that the socket has been brought to."""
        return self.sent if socket in self.sockets else socket.seq

    def write(self, text: str) -> None:
        out = Outgoing(text)
        for socket in self.sockets:
            try:
                socket.write(out)
            except Exception:  # one broken connection must not cost the others the message
                socket.closed = True
        self._last_write = time.monotonic()
        self._unchecked += len(out.frame)
        if self._unchecked > CHECK_AFTER:
            self.let_stuck_go()

    def beat(self) -> None:
        """Now and then: a heartbeat where it was quiet, and a look at who does not read."""
        if self.sockets and time.monotonic() - self._last_write >= HEARTBEAT_AFTER:
            self.write(self.heartbeat(self.sent))
        self.let_stuck_go()

    def heartbeat(self, seq: int) -> str:
        return frames.heartbeat(seq, self.epoch, int(time.time() * 1000))

    def let_stuck_go(self) -> None:
        self._unchecked = 0
        for socket in [one for one in self.sockets if one.is_stuck()]:
            self.leave(socket)
            self._care.stuck(socket)

    def restart(self, epoch: str, seq: int) -> list[Socket]:
        """Begin anew at another place; returns the sockets, which are at none now."""
        gone = self.everybody()
        self.stop()
        self.epoch, self.seq, self.sent = epoch, seq, seq
        self.sockets, self.arriving = {}, {}
        self.forget()
        return gone

    def stop(self) -> None:
        self._pending = []
        if self._window is not None:
            self._window.cancel()
            self._window = None

    def _flush(self) -> None:
        """Write what is pending and wait for more; when nothing came the line is quiet again."""
        self._window = None
        if not self._pending:
            return
        pending, self._pending = self._pending, []
        if self.sockets:
            self.write(frames.together(pending, self.epoch))
        self.sent = pending[-1].seq
        self._settle()
        self._window = asyncio.get_running_loop().call_later(WINDOW, self._flush)

    def _settle(self) -> None:
        """Bring those who arrived up to the head and let them join; those who are ahead of it go on waiting."""
        for socket in [one for one in self.arriving if one.seq <= self.seq]:
            del self.arriving[socket]
            missed = self.since(socket.seq)
            if missed is None:
                self._care.lost(self, socket)
                continue
            if missed:
                socket.write(Outgoing(frames.together(missed, self.epoch)))
            socket.seq = self.seq
            self.sockets[socket] = None
            if socket.wants_answer:
                socket.wants_answer = False
                socket.write(Outgoing(self.heartbeat(self.seq)))


class DelayedLine(Line):
    """Runs behind by `delay` seconds: what is fed is held until it is that old."""

    def __init__(self, audience: str, epoch: str, seq: int, care: Care, delay: float) -> None:
        super().__init__(audience, epoch, seq, care)
        self.delay = delay
        self._held: deque[Told] = deque()
        self._complete = False
        self._timer: asyncio.TimerHandle | None = None

    def feed(self, told: Told) -> None:
        self._held.append(told)
        self.release()

    def complete(self, earlier: list[Told]) -> None:
        """Put the messages in front that were told between `seq` and the first that was fed; until then none is."""
        first = self._held[0].seq if self._held else None
        self._held.extendleft(reversed([told for told in earlier if first is None or told.seq < first]))
        self._complete = True
        self.release()

    def release(self) -> None:
        """Tell what is due, and come back for the rest."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._complete:
            return
        while self._held and self._due_in(self._held[0]) <= 0:
            super().feed(self._held.popleft())
        if self._held:
            self._timer = asyncio.get_running_loop().call_later(self._due_in(self._held[0]), self.release)

    @property
    def held(self) -> int:
        return len(self._held)

    def stop(self) -> None:
        super().stop()
        self._held.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due_in(self, told: Told) -> float:
        return told.ts / 1000 + self.delay - time.time()
