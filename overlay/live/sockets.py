"""One viewer's end of the stream. Writing never blocks and never waits: whoever falls too far behind is let go.

`FastSocket` writes the ready frame to uvicorn's transport; `SteppedSocket` runs the ASGI `send()` by hand and takes
a task only while that blocks. Which one is taken is a matter of speed alone (11 against 16 µs per delivery).
"""

import asyncio
import contextlib
import functools
import socket as sockets
import types
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Iterator
from typing import TYPE_CHECKING, Any

from overlay.live.frames import Outgoing

if TYPE_CHECKING:
    from overlay.live.credentials import Grant
    from overlay.live.lines import Line

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

MOST_UNSENT = 256 * 1024  # bytes in the transport's buffer
MOST_BEHIND = 64  # messages of a stepped socket
KERNEL_BUFFER = 128 * 1024  # bytes; the kernel doubles it, and grows to 4 MB when not told
GOODBYE_SECONDS = 1.0


class Socket:
    """What the hub knows of a connection; `seq` is what it was brought to while it waits to join its line."""

    __slots__ = (
        "address",
        "closed",
        "grant",
        "line",
        "placing",
        "reported",
        "send",
        "seq",
        "status",
        "transport",
        "wants_answer",
    )

    def __init__(self, send: Send, address: str = "", transport: asyncio.Transport | None = None) -> None:
        self.send = send
        self.address = address
        self.transport = transport
        self.line: Line | None = None
        self.grant: Grant | None = None
        self.seq = 0
        self.placing = False
        self.wants_answer = False
        self.closed = False
        self.status: dict[str, Any] = {}
        self.reported = 0  # milliseconds since 1970

    def write(self, out: Outgoing) -> None:
        raise NotImplementedError

    def is_stuck(self) -> bool:
        raise NotImplementedError

    def abort(self) -> None:
        """Let go at once, whatever is unsent."""
        self.closed = True
        if self.transport is not None:
            self.transport.abort()

    async def close(self, code: int, reason: str = "") -> None:
        """Say why and close; a peer that does not even take that is cut off."""
        if self.closed:
            return
        self.closed = True
        try:
            message = {"type": "websocket.close", "code": code, "reason": reason}
            await asyncio.wait_for(self.send(message), GOODBYE_SECONDS)
        except TimeoutError:
            self.abort()
        except Exception:
            return  # gone already: each server says so in its own way


class FastSocket(Socket):
    """Writes ready frames to the transport of uvicorn's websockets-sansio protocol, deflate being off.

    Safe because that protocol flushes whatever it makes at once and never fragments; once a closing handshake has
    begun, from either side, the transport is closing or this socket is closed, and no frame may follow.
    """

    __slots__ = ("_allowance",)

    transport: asyncio.Transport

    def __init__(self, send: Send, address: str, transport: asyncio.Transport) -> None:
        super().__init__(send, address, transport)
        self._allowance = 0

    def write(self, out: Outgoing) -> None:
        if self.closed or self.transport.is_closing():
            return
        if len(out.frame) > self._allowance:
            # One long message, such as a BOOTSTRAP, must not look like falling behind.
            self._allowance = len(out.frame)
        self.transport.write(out.frame)

    def is_stuck(self) -> bool:
        unsent = self.transport.get_write_buffer_size()
        if unsent <= MOST_UNSENT:
            self._allowance = 0
        return unsent > MOST_UNSENT + self._allowance


class SteppedSocket(Socket):
    __slots__ = ("_behind", "_draining")

    def __init__(self, send: Send, address: str = "", transport: asyncio.Transport | None = None) -> None:
        super().__init__(send, address, transport)
        self._behind: deque[dict[str, Any]] | None = None
        self._draining: asyncio.Task[None] | None = None

    def write(self, out: Outgoing) -> None:
        if self.closed:
            return
        if self._behind is not None:
            if len(self._behind) <= MOST_BEHIND:
                self._behind.append(out.message)
            return
        coroutine = self.send(out.message)
        try:
            blocked_by = coroutine.send(None)
        except StopIteration:
            return
        except Exception:
            self.closed = True  # gone; the consumer is told by its receive()
            return
        self._behind = deque()
        self._draining = asyncio.get_running_loop().create_task(self._drain(coroutine, blocked_by))

    def is_stuck(self) -> bool:
        return self._behind is not None and len(self._behind) > MOST_BEHIND

    def abort(self) -> None:
        super().abort()
        if self._draining is not None:
            self._draining.cancel()

    async def close(self, code: int, reason: str = "") -> None:
        if (draining := self._draining) is not None and not self.closed:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(draining, GOODBYE_SECONDS)  # which cancels it
        await super().close(code, reason)

    async def _drain(self, coroutine: Coroutine[Any, Any, None], blocked_by: Any) -> None:
        try:
            await _continued(coroutine, blocked_by)  # type: ignore[misc]  # types.coroutine makes it awaitable
            while self._behind:
                await self.send(self._behind.popleft())
        except Exception:
            self.closed = True
        self._behind = None
        self._draining = None


@types.coroutine
def _continued(coroutine: Coroutine[Any, Any, None], blocked_by: Any) -> Generator[Any, Any, None]:
    """Drive on a coroutine that has been started by hand and waits for the future `blocked_by`."""
    while True:
        yield blocked_by
        try:
            blocked_by = coroutine.send(None)
        except StopIteration:
            return


def socket_for(send: Send, address: str, *, fast: bool) -> Socket:
    """The quickest kind of socket that this connection allows. Call after the handshake."""
    protocol = uvicorn_protocol(send)
    if protocol is None:
        return SteppedSocket(send, address)
    transport = protocol.transport
    _cap_kernel_buffer(transport)
    if fast and not protocol.conn.extensions:
        return FastSocket(send, address, transport)
    return SteppedSocket(send, address, transport)


def uvicorn_protocol(send: Any) -> Any:
    """uvicorn's websockets-sansio protocol object behind `send`, through middleware that wraps it; else None."""
    try:
        from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
    except ImportError:
        return None
    for owner in _owners(send):
        if isinstance(owner, WebSocketsSansIOProtocol) and owner.transport is not None:
            return owner
    return None


def _owners(send: Any, depth: int = 8) -> Iterator[Any]:
    """The objects that a callable is bound to or closes over, and theirs."""
    if depth == 0 or not callable(send):
        return
    owner = getattr(send, "__self__", None)
    if owner is not None:
        yield owner
    inner = [cell.cell_contents for cell in getattr(send, "__closure__", None) or () if _is_set(cell)]
    inner += [send.func] if isinstance(send, functools.partial) else []
    inner += [getattr(owner, name, None) for name in ("send", "_send", "base_send")] if owner is not None else []
    for one in inner:
        if one is not send:
            yield one
            yield from _owners(one, depth - 1)


def _is_set(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _cap_kernel_buffer(transport: Any) -> None:
    """A stuck viewer would hold 4 MB in the kernel besides what we count."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, KERNEL_BUFFER)
