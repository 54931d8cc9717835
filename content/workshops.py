"""The web process's end of the workshop (content.workshop): pictures go in and come out as open files, never as bytes
in this process's memory.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from django.conf import settings

from content.measuring import NotMeasured, measure, refuse_size
from content.waiting import hand_back_connection
from content.workshop.orders import Output, Painted
from contract.refusals import Unavailable

Crop = tuple[float, float, float, float]

WALL_SECONDS = 20
CPU_SECONDS = 15
LARGEST_OUTPUT = 128 * 1024 * 1024  # bytes
WAIT_SECONDS = 8.0  # for a free place
# What a child frees stays at hand for its next step: to fetch it from the kernel again, page by page, takes longer than
# a small picture's other fixed costs. One arena, because a second would reserve 64 MB of the little that it may have.
KEEP_MEMORY = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024 * 1024),
    "MALLOC_TRIM_THRESHOLD_": str(128 * 1024 * 1024),
}
TOO_MUCH = "This picture takes too long or too much memory to read. Save it anew and send it again."


class NotTaken(ValueError):
    """The file is no picture for us; the message is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Made:
    """`files` stand at their beginning, one for each of `painted`. The caller closes them. `peak` is what the child
    used of memory, in bytes.
    """

    width: int
    height: int
    colour: str
    blur: str
    peak: int
    painted: list[Painted]
    files: list[BinaryIO]


class Workshop:
    """One warm process for all threads of this one; started with the first picture, and again should it be gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(settings.CONTENT_WORKERS)
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0

    def make(self, file: BinaryIO, outputs: Sequence[Output], crop: Crop | None = None) -> Made:
        """Raises NotTaken for what is no picture within the limits, Unavailable when there is no free place."""
        try:
            found = measure(file)
            refuse_size(found, settings.CONTENT_MOST_PIXELS)
        except NotMeasured as error:
            raise NotTaken(str(error)) from error
        return self._ordered({"format": found.format, "crop": crop}, [file], outputs)

    def draw(self, poster: dict[str, Any], pictures: Sequence[tuple[str, BinaryIO]], output: Output) -> Made:
        """A poster (content.workshop.posters) out of our own pictures, each with its format. Raises as `make`."""
        order = {"poster": poster, "formats": [format_ for format_, _file in pictures]}
        return self._ordered(order, [file for _format, file in pictures], [output])

    def _ordered(self, order: dict[str, Any], sources: Sequence[BinaryIO], outputs: Sequence[Output]) -> Made:
        order |= {
            "most_pixels": settings.CONTENT_MOST_PIXELS,
            "outputs": [asdict(output) for output in outputs],
            "limits": {
                "memory": settings.CONTENT_MEMORY,
                "file": LARGEST_OUTPUT,
                "cpu": CPU_SECONDS,
                "wall": WALL_SECONDS,
            },
        }
        hand_back_connection()
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise Unavailable(5)
        try:
            return self._made(sources, order)
        finally:
            self._places.release()

    def _made(self, sources: Sequence[BinaryIO], order: dict[str, Any]) -> Made:
        with ExitStack() as stack:
            files: list[BinaryIO] = [stack.enter_context(tempfile.TemporaryFile()) for _ in order["outputs"]]
            answer = self._answer(order, sources, files)
            if answer is None:
                raise NotTaken(TOO_MUCH)
            if "refused" in answer:
                raise NotTaken(answer["refused"])
            painted = [Painted(**each) for each in answer.pop("made")]
            for each in files:
                each.seek(0)  # the child, which shares the position, read its digest to the end
            stack.pop_all()
        return Made(**answer, painted=painted, files=files)

    def _answer(
        self, order: dict[str, Any], sources: Sequence[BinaryIO], files: list[BinaryIO]
    ) -> dict[str, Any] | None:
        """What the child said; None when it was ended by its limits."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                self._send(order, [theirs.fileno(), *(each.fileno() for each in (*sources, *files))])
            ours.settimeout(WALL_SECONDS + 5)
            with suppress(TimeoutError, OSError):
                received = b"".join(iter(lambda: ours.recv(65536), b""))
                return json.loads(received) if received else None
        return None

    def _send(self, order: dict[str, Any], fds: list[int]) -> None:
        message = [json.dumps(order).encode()]
        with self._lock:
            if self._control is None or self._pid != os.getpid():
                self._start()
            try:
                socket.send_fds(self._control, message, fds)  # type: ignore[arg-type]
            except OSError:
                self._start()
                socket.send_fds(self._control, message, fds)  # type: ignore[arg-type]

    def _start(self) -> None:
        self._forget()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            root = repr(str(settings.BASE_DIR))
            code = f"import sys; sys.path.insert(0, {root}); from content.workshop import zygote; "
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-I", "-c", f"{code}zygote.main({theirs.fileno()})"],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8", **KEEP_MEMORY},  # nothing of ours, least of all a secret
                cwd="/",
            )
        self._control, self._pid = ours, os.getpid()

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None and self._pid == os.getpid():
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=1)
        self._control = self._process = None

    def close(self) -> None:
        """End the process; the next picture starts another."""
        with self._lock:
            self._forget()


_workshop: Workshop | None = None
_making = threading.Lock()


def workshop() -> Workshop:
    global _workshop
    with _making:
        if _workshop is None:
            _workshop = Workshop()
        return _workshop
