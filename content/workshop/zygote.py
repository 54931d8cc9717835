"""The workshop: a small process that has Pillow loaded and makes a child of itself for every picture.

    python -I -c "…; zygote.main(fd)"        # content.workshops starts it

A child waits for one picture, makes it and ends. It has little: so much memory, processor time and time, no file that
it was not handed, no environment. What a decoder is tricked into ends with it. To start Python and Pillow for each
picture would cost more than most pictures do.

Orders come through a socket, each with descriptors: where to report, the picture, and a file for each output.
"""

import gc
import json
import os
import resource
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO

from content.workshop import painting, posters, woodcuts
from content.workshop.orders import Output, Painted

MOST_OUTPUTS = 12
LONGEST_ORDER = 8192
TAKEN, GONE = b"t", b"g"
SAMPLE = 128  # pixels; enough to see a colour and a blur in
AT_HAND = 4 * 1024 * 1024  # bytes that a child has fetched from the kernel before a picture comes


def main(control_fd: int) -> None:
    """Serve until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for the server, which then leaves us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for
    painting.rehearse()
    posters.rehearse()
    gc.freeze()
    with socket.socket(fileno=control_fd) as control:
        while _one_more(control) != GONE:
            pass


def _one_more(control: socket.socket) -> bytes:
    """Has a child ready before there is an order for it; returns when it has taken one (or died, or is not needed)."""
    heard, told = os.pipe()
    if os.fork() == 0:
        os.close(heard)
        _serve(control, told)
    os.close(told)
    with os.fdopen(heard, "rb", buffering=0) as word:
        return word.read(1) or b""


def _serve(control: socket.socket, told: int) -> None:
    """In the child; never returns."""
    gc.disable()  # nothing lives long enough here
    # While nobody waits: what a child writes to for the first time is copied from its parent, page by page, and that is
    # a tenth of the time of a small picture.
    painting.rehearse()
    _fetch_memory()
    raw, fds, _, _ = socket.recv_fds(control, LONGEST_ORDER, MOST_OUTPUTS + 2)
    with suppress(OSError):  # nobody hears it any more: the workshop itself was ended
        os.write(told, TAKEN if raw else GONE)
    os.close(told)
    control.close()
    if not raw:
        os._exit(0)
    _work(json.loads(raw), fds)


def _fetch_memory() -> None:
    """What is freed here stays at hand: content.workshops.KEEP_MEMORY."""
    touched = bytearray(b"\1") * AT_HAND
    del touched


def _work(order: dict[str, Any], fds: list[int]) -> None:
    """In the child; never returns."""
    try:
        with socket.socket(fileno=fds[0]) as channel:
            _limit(order["limits"])
            answer = (_draw if "poster" in order else _paint)(
                order, [os.fdopen(fd, "r+b" if index else "rb") for index, fd in enumerate(fds[1:])]
            )
            channel.sendall(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _limit(limits: dict[str, int]) -> None:
    """Bytes of address space and of a written file, seconds of processor and of wall. The kernel ends who exceeds."""
    memory, size = limits["memory"], limits["file"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # those that are open stay so; there will be no other
    signal.setitimer(signal.ITIMER_REAL, limits["wall"])
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def _paint(order: dict[str, Any], files: list[BinaryIO]) -> dict[str, Any]:
    source, *targets = files
    outputs = [Output(**each) for each in order["outputs"]]
    try:
        side = max((output.side for output in outputs), default=1)
        clean = painting.clean(source, order["format"], order["most_pixels"], order.get("crop"), side)
        sampled, made = _written(clean.image, outputs, targets)
        for target in targets:
            target.flush()
    except painting.NotPainted as refusal:
        return {"refused": str(refusal)}
    return _answer(clean.width, clean.height, sampled, made)


def _draw(order: dict[str, Any], files: list[BinaryIO]) -> dict[str, Any]:
    """A poster out of several pictures of our own making, each handed in with its format; the result comes last."""
    *sources, target = files
    try:
        found = zip(sources, order["formats"], strict=True)
        pictures = [_of_ours(file, kind, order["most_pixels"]) for file, kind in found]
        sheet = posters.draw(posters.read(order["poster"]), pictures)
        sampled, made = _written(sheet, [Output(**each) for each in order["outputs"]], [target])
        target.flush()
    except (painting.NotPainted, woodcuts.NotDrawn) as refusal:
        return {"refused": str(refusal)}
    return _answer(sheet.width, sheet.height, sampled, made)


def _of_ours(file: BinaryIO, kind: str, most_pixels: int) -> Any:
    if kind == woodcuts.FORMAT:
        return woodcuts.picture(file, posters.WIDTH // 2)  # a portrait is smaller there, and a scene is blurred
    return painting.clean(file, kind, most_pixels, None, posters.WIDTH).image


def _written(image: Any, outputs: list[Output], targets: list[BinaryIO]) -> tuple[dict[str, str], list[Painted]]:
    """What it looks like from afar is found out while its files are written."""
    with ThreadPoolExecutor(1) as clerk:
        sampled = clerk.submit(_sampled, image)
        made = list(painting.write(image, outputs, targets, clerk))
        return sampled.result(), made


def _sampled(image: Any) -> dict[str, str]:
    sample = painting.fitted(image, SAMPLE)
    return {"colour": painting.colour(sample), "blur": painting.blur(sample)}


def _answer(width: int, height: int, sampled: dict[str, str], made: list[Painted]) -> dict[str, Any]:
    return {
        "width": width,
        "height": height,
        **sampled,
        "made": [vars(each) for each in made],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
