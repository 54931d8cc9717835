"""HP events through REST, against the same transaction as bare SQL on the same PostgreSQL with as many connections.

Server and bare SQL are as many processes as there are CPUs, in turn, and share them with database and load. The
database waits for the disk at each commit, as it does where one plays.
"""

import contextlib
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import machine, seed
from bench.report import Outcome, Ratio, Table
from bench.servers import ROOT, Server, serving
from bench.stage import Stage
from campaigns.models import Campaign
from devtools.steps import step

SECONDS = {"full": 15.0, "small": 4.0, "tiny": 0.5}
CONNECTIONS = 8
PROCESSES = os.cpu_count() or 1
HP = 9999
BAR = 1 / 3
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    campaign: str
    character: str
    token: str

    def request(self) -> bytes:
        body = json.dumps({"type": "hp_change", "character_id": self.character, "delta": -1, "kind": "fire"})
        head = (
            f"POST /api/v1/campaigns/{self.campaign}/events HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            f"X-Token: {self.token}",
        )
        return "\r\n".join((*head, "", body)).encode()


@dataclass
class Rates:
    rest: float  # events a second
    bare: float
    p50: float  # milliseconds of one request
    p99: float
    cpu: float  # milliseconds of the server's CPU per event
    refused: int

    COLUMNS = ("", "REST, events/s", "bare, transactions/s", "ratio", "REST p50, ms", "REST p99, ms",
               "server CPU per event, ms", "refused")  # fmt: skip

    def cells(self, name: str) -> list[object]:
        return [name, self.rest, self.bare, self.rest / self.bare, self.p50, self.p99, self.cpu, self.refused]


def run(stage: Stage, size: str) -> Outcome:
    apart = [_target(campaign) for campaign in seed.campaigns(CONNECTIONS, 6, hp=HP)]
    together = [apart[0]] * CONNECTIONS
    found: dict[str, Rates] = {}
    with _serving(stage) as servers:
        for name, targets in (("a campaign for each connection", apart), ("all on one campaign", together)):
            with step(name):
                found[name] = _rates(stage, servers, targets, SECONDS[size])
    return Outcome(
        ratios=[
            *(Ratio(f"REST to bare, {name}", rates.rest / rates.bare, BAR, at_least=True)
              for name, rates in found.items()),
            Ratio("refused", sum(rates.refused for rates in found.values()), 0),
        ],
        tables=[
            Table(f"{CONNECTIONS} connections", Rates.COLUMNS, [rates.cells(name) for name, rates in found.items()])
        ],
    )  # fmt: skip


@contextlib.contextmanager
def _serving(stage: Stage) -> Iterator[list[Server]]:
    """A web process for each CPU, as one deploys it."""
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(serving(stage.product())) for _ in range(PROCESSES)]
        for server in servers:
            machine.give_any_cpu(server.pid)
        yield servers


def _target(campaign: Campaign) -> Target:
    hero = campaign.characters.order_by("name")[0]
    return Target(str(campaign.pk), str(hero.pk), seed.control_token(campaign))


def _rates(stage: Stage, servers: list[Server], targets: Sequence[Target], seconds: float) -> Rates:
    _through_rest(servers, targets, 0.5)
    cpu = _cpu_seconds(servers)
    times, refused = _through_rest(servers, targets, seconds)
    cpu = _cpu_seconds(servers) - cpu
    return Rates(
        rest=len(times) / seconds,
        bare=_bare(stage, targets, seconds),
        p50=machine.percentile(times, 50),
        p99=machine.percentile(times, 99),
        cpu=cpu / max(len(times), 1) * 1000,
        refused=refused,
    )


def _cpu_seconds(servers: list[Server]) -> float:
    return sum(server.cpu_seconds() for server in servers)


def _through_rest(servers: list[Server], targets: Sequence[Target], seconds: float) -> tuple[list[float], int]:
    """(milliseconds of each event, requests that were not answered 201)."""
    times: list[float] = []
    refused: list[int] = []
    end = time.monotonic() + seconds
    work = zip(itertools.cycle(servers), targets, strict=False)
    threads = [threading.Thread(target=_post_until, args=(*one, end, times, refused)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(refused)


def _post_until(server: Server, target: Target, end: float, times: list[float], refused: list[int]) -> None:
    """Bare sockets: the CPUs are for the server, and http.client would take a tenth of them."""
    request = target.request()
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        while time.monotonic() < end:
            begun = time.perf_counter()
            connection.sendall(request)
            status = _status_of_answer(connection)
            if status == 201:
                times.append((time.perf_counter() - begun) * 1000)
            else:
                refused.append(status)


def _status_of_answer(connection: socket.socket) -> int:
    """Reads one whole answer. Raises ConnectionError when the server hangs up."""
    taken = b""
    while (split := taken.find(b"\r\n\r\n")) < 0:
        taken += _more(connection)
    length = LENGTH.search(taken, 0, split)
    end = split + 4 + int(length[1] if length else 0)
    while len(taken) < end:
        taken += _more(connection)
    return int(taken[9:12])


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionError("The server hung up.")
    return part


def _bare(stage: Stage, targets: Sequence[Target], seconds: float) -> float:
    """Transactions a second of all processes together."""
    url = stage.database_url.replace("postgres://", "postgresql://", 1)
    started = [_start_bare(url, targets[number::PROCESSES], seconds) for number in range(PROCESSES)]
    rates = [process.communicate(timeout=seconds + 60)[0] for process in started]
    return sum(map(float, rates))


def _start_bare(url: str, targets: Sequence[Target], seconds: float) -> subprocess.Popen[str]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-m", "bench.peers.bare"], cwd=ROOT, text=True, **pipes)
    machine.give_any_cpu(process.pid)
    order = {"url": url, "seconds": seconds, "pairs": [(one.campaign, one.character) for one in targets]}
    assert process.stdin is not None
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    return process
