"""Order and recovery: every socket sees seq + 1 each time, and whoever was cut off ends with what REST says.

First eight processes write through the operations as fast as they can while sockets watch; then viewers are cut off at
random moments while the table plays on, come back with what they hold, and are compared with REST at the end.
"""

import contextlib
import json
import random
import select
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import machine, seed
from bench.crowd import Client, Crowd
from bench.report import Outcome, Ratio, Table
from bench.servers import ROOT, Server, serving
from bench.stage import Stage
from campaigns.models import Campaign
from devtools.steps import step
from tests.live.replay import OutOfStep, comparable, replay


@dataclass(frozen=True)
class Size:
    writers: int
    events: int
    sockets: int
    disconnects: int
    events_meanwhile: int


SIZES = {
    "full": Size(8, 20_000, 200, 1000, 1600),
    "small": Size(8, 2000, 50, 200, 400),
    "tiny": Size(2, 20, 5, 10, 10),
}
Writers = list[subprocess.Popen[str]]

HEROES = 6
PAUSE = 0.02  # seconds between two events of one writer while viewers are cut off
AWAY = 2.0  # seconds at most
LIMIT = 30.0  # seconds for the last message to arrive


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    with serving(stage.product()) as server:
        # Writers first: a client that waits for them without reading would be taken for dead.
        name = f"{size.writers} writers, {size.events:,} events, {size.sockets} sockets"
        with _ready_writers(stage, size.writers) as writers:
            with step(name):
                order, watched = _watched(writers, server, size)
            with step(f"{size.disconnects:,} disconnects"):
                recovery, cut_off = _cut_off(writers, server, size)
    return Outcome([*order, *recovery], [watched, cut_off])


# --- order ---


def _watched(writers: Writers, server: Server, size: Size) -> tuple[list[Ratio], Table]:
    campaign = seed.campaigns(1, HEROES)[0]
    crowd = Crowd(server.port)
    crowd.join([f"/campaigns/{campaign.pk}/ws"] * size.sockets, booted=True)
    begun = time.monotonic()
    _order(writers, campaign, size.events, 0)
    for _ in _at_work(writers):
        crowd.pump(0.2)
    seconds = time.monotonic() - begun
    crowd.expect(size.events * size.sockets - crowd.delivered, LIMIT)
    campaign.refresh_from_db()
    behind = sum(client.seq != campaign.seq for client in crowd.clients.values())
    crowd.close()
    ratios = [
        Ratio("events that the ledger lacks", size.events - campaign.seq, 0),
        Ratio("seqs that a socket did not see", size.events * size.sockets - crowd.delivered + crowd.lost, 0),
        Ratio("messages out of order or seen twice", crowd.reordered, 0),
        Ratio("sockets not at the last seq, or closed", behind + crowd.closed, 0),
    ]
    row = [size.writers, size.events, size.sockets, crowd.delivered, seconds, size.events / seconds]
    columns = ["writers", "events", "sockets", "deliveries", "seconds", "events/s"]
    return ratios, Table("Order", columns, [row])


@contextlib.contextmanager
def _ready_writers(stage: Stage, count: int) -> Iterator[Writers]:
    """Processes that wait for their order, on any CPU."""
    command = [sys.executable, "-m", "bench.writer"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    writers = [subprocess.Popen(command, cwd=ROOT, env=stage.environment(), text=True, **pipes) for _ in range(count)]
    try:
        for writer in writers:
            machine.give_any_cpu(writer.pid)
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        yield writers
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def _order(writers: Writers, campaign: Campaign, events: int, pause: float) -> None:
    characters = [str(pk) for pk in campaign.characters.values_list("pk", flat=True)]
    share, rest = divmod(events, len(writers))
    for number, writer in enumerate(writers):
        count = share + (number < rest)
        order = {"campaign": str(campaign.pk), "characters": characters, "count": count, "pause": pause}
        assert writer.stdin is not None
        writer.stdin.write(json.dumps(order) + "\n")
        writer.stdin.flush()


def _at_work(writers: Writers) -> Iterator[None]:
    """Again and again until each has said that it is done. Raises RuntimeError when one has failed."""
    busy = [writer.stdout for writer in writers if writer.stdout]
    while busy:
        yield
        said, _, _ = select.select(busy, [], [], 0)
        if not all(one.readline() for one in said):
            raise RuntimeError("a writer failed")
        busy = [one for one in busy if one not in said]


# --- recovery ---


def _cut_off(writers: Writers, server: Server, size: Size) -> tuple[list[Ratio], Table]:
    campaign = seed.campaigns(1, HEROES)[0]
    crowd = Crowd(server.port, keeps=True)
    path = f"/campaigns/{campaign.pk}/ws"
    crowd.join([path] * size.disconnects, booted=True)
    _order(writers, campaign, size.events_meanwhile, PAUSE)
    back = _shaken(crowd, path, size.events_meanwhile / size.writers * PAUSE)
    for _ in _at_work(writers):
        crowd.pump(0.2)
    _await_head(crowd, campaign)
    outcomes = Counter(_compared(crowd, _rest(server, campaign)))
    resumed = sum(client.boots == 0 for client in back)
    crowd.close()
    ratios = [
        Ratio("disconnects that do not end equal to REST", size.disconnects - outcomes["equal"], 0),
        Ratio("connections that the server closed", crowd.closed, 0),
    ]
    row = [len(back), outcomes["equal"], resumed, len(back) - resumed, campaign.seq]
    columns = ["disconnects", "equal to REST", "resumed", "given a BOOTSTRAP", "events meanwhile"]
    return ratios, Table("Recovery", columns, [row])


def _shaken(crowd: Crowd, path: str, seconds: float) -> list[Client]:
    """Cut each client off once, at a random moment, and let it come back a little later; those who came back."""
    begun = time.monotonic()
    cuts = sorted(((random.uniform(0, seconds), client) for client in crowd.clients.values()), key=lambda one: one[0])
    away: list[tuple[float, Client]] = []
    back: list[Client] = []
    while cuts or away:
        crowd.pump(0.01)
        now = time.monotonic() - begun
        while cuts and cuts[0][0] <= now:
            client = cuts.pop(0)[1]
            crowd.leave(client)
            away.append((now + random.uniform(0, AWAY), client))
        due = [client for moment, client in away if moment <= now]
        away = [(moment, client) for moment, client in away if moment > now]
        back += [_come_back(crowd, path, client) for client in due]
    return back


def _come_back(crowd: Crowd, path: str, left: Client) -> Client:
    client = crowd.start(f"{path}?seq={left.seq}&epoch={left.epoch}")
    client.seq, client.epoch, client.kept = left.seq, left.epoch, left.kept
    return client


def _await_head(crowd: Crowd, campaign: Campaign) -> None:
    campaign.refresh_from_db()
    end = time.monotonic() + LIMIT
    while time.monotonic() < end and any(client.seq != campaign.seq for client in crowd.clients.values()):
        crowd.pump(0.2)


def _rest(server: Server, campaign: Campaign) -> dict[str, Any]:
    with urllib.request.urlopen(f"{server.url}/api/v1/campaigns/{campaign.pk}/live", timeout=30) as answer:  # noqa: S310
        state: dict[str, Any] = json.load(answer)
        return state


def _compared(crowd: Crowd, rest: dict[str, Any]) -> Iterator[str]:
    for client in crowd.clients.values():
        try:
            yield "equal" if comparable(replay(None, client.kept)) == comparable(rest) else "different"
        except OutOfStep:
            yield "out of step"
