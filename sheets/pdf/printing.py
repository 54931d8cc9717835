"""The web process's end of the press (sheets.pdf.press): a document goes in, a PDF comes out, within limits."""

import json
import subprocess
import sys
import tempfile
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, BinaryIO

from django.conf import settings

from content.waiting import hand_back_connection
from contract.refusals import Unavailable
from sheets.pdf.press import ABSENT

MEMORY = 1024 * 1024 * 1024  # bytes of address space; a full sheet takes 140 MB in truth
LARGEST = 16 * 1024 * 1024  # bytes of a PDF
CPU_SECONDS = 45
WALL_SECONDS = 60
WAIT_SECONDS = 8.0  # for a free place
AT_ONCE = 2
HOUR = 3600.0
PAPERS = {"a4": "A4", "letter": "letter"}
NOT_HERE = "This server cannot make PDFs: it lacks Pango (see docs/sheets.md). Print the sheet's page instead."
TOO_MUCH = "This sheet takes too long or too much memory to draw. Print its page instead."


@dataclass(frozen=True)
class Printed:
    """`size` is that of the text, in points; `peak` what the child used of memory, in bytes."""

    content: bytes
    pages: int
    size: float
    peak: int


def printed(html: str, css: str, paper: str, pictures: Mapping[str, bytes] = MappingProxyType({})) -> Printed:
    """On paper "a4" or "letter"; `pictures` are PNGs by the address that the document has for them.

    Raises Unavailable where there is no free place, no Pango, or the limits are met.
    """
    packed = {address: b64encode(content).decode() for address, content in pictures.items()}
    order = json.dumps({"html": html, "css": css, "paper": PAPERS[paper], "pictures": packed}).encode()
    hand_back_connection()
    if not _places().acquire(timeout=WAIT_SECONDS):
        raise Unavailable(5)
    try:
        with tempfile.TemporaryFile() as made:
            answer = _answer(order, made)
            made.seek(0)
            return Printed(made.read(), answer["pages"], answer["size"], answer["peak"])
    finally:
        _places().release()


def _answer(order: bytes, made: BinaryIO) -> dict[str, Any]:
    limits = json.dumps({"memory": MEMORY, "file": LARGEST, "cpu": CPU_SECONDS})
    code = f"import sys; sys.path.insert(0, {str(settings.BASE_DIR)!r}); from sheets.pdf import press; press.main()"
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", "-c", code, str(made.fileno()), limits],
            input=order,
            pass_fds=[made.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Nothing of ours, least of all a secret; fontconfig wants a place for its cache, and gets none.
            env={"LANG": "C.UTF-8", "HOME": "/nonexistent"},
            cwd="/",
            timeout=WALL_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Unavailable(HOUR, TOO_MUCH) from error
    answer: dict[str, Any] = json.loads(done.stdout)
    if ABSENT in answer:
        raise Unavailable(HOUR, NOT_HERE)
    return answer


@cache
def _places() -> threading.BoundedSemaphore:
    return threading.BoundedSemaphore(AT_ONCE)
