"""Storages and endpoints that fail, each in its own way."""

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from django.core.files.storage import FileSystemStorage

LONG = 60  # seconds


class FaultyStorage(FileSystemStorage):
    """`fault` strikes from the `after`-th file on."""

    fault: ClassVar[str] = ""
    after: ClassVar[int] = 0
    released: ClassVar[threading.Event] = threading.Event()
    saved: ClassVar[int] = 0

    def _save(self, name: str, content: Any) -> str:
        FaultyStorage.saved += 1
        if FaultyStorage.saved > self.after:
            self._strike(name)
        return str(super()._save(name, content))  # type: ignore[misc]

    def _strike(self, name: str) -> None:
        if self.fault == "refused":
            raise ConnectionRefusedError
        if self.fault == "full":
            super()._save(name, _half())  # type: ignore[misc]
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.fault == "slow":
            self.released.wait(LONG)


def _half() -> Any:
    from django.core.files.base import ContentFile

    return ContentFile(b"half")


HANG = b""
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CUT = b"HTTP/1."


@contextmanager
def endpoint(answer: bytes) -> Iterator[str]:
    """A server that reads something and then says this; with HANG it never says anything."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            held.append(client)
            if answer != HANG:
                with suppress(OSError):
                    client.recv(4096)
                    client.sendall(answer)
                    client.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    for client in held:
        client.close()


def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
