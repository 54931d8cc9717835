"""Our end of bench.publisher."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence

from bench.servers import ROOT


class Teller:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.outlet, self.port = "tell", 0

    def through(self, outlet: str, port: int) -> None:
        self.outlet, self.port = outlet, port

    def tell(self, campaigns: Sequence[str], count: int = 1, interval: float = 0.0) -> None:
        """Begin to send `count` events to each campaign in turn, one every `interval` seconds."""
        assert self.process.stdin is not None
        order = {
            "outlet": self.outlet,
            "port": self.port,
            "campaigns": list(campaigns),
            "count": count,
            "interval": interval,
        }
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def wait(self) -> None:
        """Returns when the order is carried out. Raises RuntimeError when the publisher is dead."""
        assert self.process.stdout is not None
        if not self.process.stdout.readline():
            raise RuntimeError("the publisher ended")


@contextlib.contextmanager
def telling(environment: Mapping[str, str]) -> Iterator[Teller]:
    command = [sys.executable, "-m", "bench.publisher"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen(command, env=dict(environment), cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]
    teller = Teller(process)
    try:
        teller.wait()
        yield teller
    finally:
        process.kill()
        process.wait()
