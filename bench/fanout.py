"""One event to very many sockets: Troupe's live stream against plain TCP sockets, a FastAPI loop and textbook Channels.

CPU is the server's own, per delivery; the median of the rounds, each of one event to everybody. Latency runs from the
moment before the event is told to its arrival, and contains the load generator's own work, for all alike.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench import seed
from bench.crowd import Client, Crowd, hung_up
from bench.machine import percentile
from bench.report import Outcome, Ratio, Table
from bench.servers import FASTAPI, TEXTBOOK, Server, idle, serving
from bench.stage import Stage
from bench.teller import Teller, telling
from devtools.steps import step


@dataclass(frozen=True)
class Size:
    sockets: int  # on one campaign
    rounds: int
    slow_rounds: int  # of the textbook consumer
    campaigns: int
    each: int  # sockets on each campaign
    watching: int  # sockets at the rate of 1,000 events/s
    events: int
    stalled: int
    stalled_events: int
    quiet: float  # seconds
    spread: float = 1.0  # seconds over which the many campaigns are told, one after the other


SIZES = {
    "full": Size(10_000, 9, 3, 1000, 10, 1000, 3000, 10, 3000, 0.3),
    "small": Size(1000, 15, 3, 100, 10, 200, 2000, 10, 3000, 0.3),
    "tiny": Size(30, 2, 1, 5, 2, 5, 50, 1, 50, 0.05, spread=0.05),
}
RATE = 1000  # events per second
LIMIT = 60.0  # seconds for one round
WARM_UP = 50  # events
LEAST = 0.01  # microseconds: a round of thirty deliveries may cost less than the clock shows


@dataclass(frozen=True)
class Contender:
    name: str
    outlet: str
    server: Callable[[Stage], Server]

    @property
    def is_ours(self) -> bool:
        return self.outlet == "tell"


FLOOR = Contender("plain TCP sockets, ready frame", "socket", lambda stage: stage.floor())
HUB = Contender("Troupe", "tell", lambda stage: stage.product(LIVE_FAST_PATH="1"))
STEPPED = Contender("Troupe, without the fast path", "tell", lambda stage: stage.product(LIVE_FAST_PATH="0"))
LOOP = Contender("FastAPI loop", "socket", lambda stage: stage.uvicorn(FASTAPI))
BOOK = Contender("textbook Channels, Redis pub/sub", "group", lambda stage: stage.uvicorn(TEXTBOOK))


@dataclass
class Figures:
    cpu: float  # microseconds per delivery
    p50: float  # milliseconds
    p99: float
    lost: int
    reordered: int
    kilobytes: float  # per idle socket
    connect: float  # microseconds of CPU per connection

    COLUMNS = ("", "CPU per delivery, µs", "p50, ms", "p99, ms", "lost", "reordered", "KB per idle socket",
               "CPU per connect, µs")  # fmt: skip

    def cells(self, name: str) -> list[object]:
        return [name, self.cpu, self.p50, self.p99, self.lost, self.reordered, self.kilobytes, self.connect]


@dataclass
class Rate:
    lost: int
    reordered: int
    cpu: float  # microseconds per delivery
    p50: float
    p99: float
    p99_stalled: float  # with clients that stop reading
    p99_after: float  # without them again
    let_go: str

    @property
    def disturbance(self) -> float:
        """Before and after, because the machine itself is not the same from minute to minute."""
        return self.p99_stalled / ((self.p99 + self.p99_after) / 2)

    COLUMNS = ("", "lost", "reordered", "CPU per delivery, µs", "p50, ms", "p99, ms", "p99 with stalled clients, ms",
               "p99 after, ms", "stalled clients let go")  # fmt: skip

    def cells(self, name: str) -> list[object]:
        return [name, self.lost, self.reordered, self.cpu, self.p50, self.p99, self.p99_stalled, self.p99_after,
                self.let_go]  # fmt: skip


@dataclass
class Found:
    wide: dict[Contender, Figures] = field(default_factory=dict)  # one campaign
    split: dict[Contender, Figures] = field(default_factory=dict)  # many campaigns
    rate: dict[Contender, Rate] = field(default_factory=dict)


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    many = [str(campaign.pk) for campaign in seed.campaigns(size.campaigns, 1)]
    one = [str(campaign.pk) for campaign in seed.campaigns(1, 5)]
    found = Found()
    with telling(stage.environment()) as teller:
        for contender in (FLOOR, HUB, STEPPED, LOOP, BOOK):
            with step(contender.name), serving(contender.server(stage)) as server:
                teller.through(contender.outlet, server.port)
                found.wide[contender] = _measured(contender, server, teller, one, size.sockets, size)
                found.split[contender] = _measured(contender, server, teller, many, size.each, size)
                if contender.is_ours:
                    found.rate[contender] = _at_rate(server, teller, one[0], size)
    return _outcome(found, size)


def _outcome(found: Found, size: Size) -> Outcome:
    wide = f"{size.sockets:,} sockets on one campaign"
    split = f"{size.campaigns:,} campaigns with {size.each} sockets each, an event to each within a second"
    rate = f"{RATE:,} events a second to {size.watching:,} sockets"
    return Outcome(
        ratios=[*_ratios(found.wide), *_rate_ratios(found.rate, size)],
        tables=[
            Table(wide, Figures.COLUMNS, [figures.cells(one.name) for one, figures in found.wide.items()]),
            Table(split, Figures.COLUMNS[:-2], [figures.cells(one.name)[:-2] for one, figures in found.split.items()]),
            Table(rate, Rate.COLUMNS, [figures.cells(one.name) for one, figures in found.rate.items()]),
        ],
    )


def _ratios(found: dict[Contender, Figures]) -> list[Ratio]:
    floor, hub, stepped, loop, book = (found[it] for it in (FLOOR, HUB, STEPPED, LOOP, BOOK))
    return [
        Ratio("CPU per delivery, Troupe to plain sockets", hub.cpu / floor.cpu, 1.6),
        Ratio("the same without the fast path", stepped.cpu / floor.cpu, 2.2),
        Ratio("CPU per delivery, Troupe to FastAPI loop", hub.cpu / loop.cpu, 0.75),
        Ratio("CPU per delivery, textbook Channels to Troupe", book.cpu / hub.cpu, 30, at_least=True),
        Ratio("p99, textbook Channels to Troupe", book.p99 / hub.p99, 15, at_least=True),
        Ratio("KB per idle socket", hub.kilobytes, 30),
    ]


def _rate_ratios(found: dict[Contender, Rate], size: Size) -> list[Ratio]:
    ratios = []
    for one, rate in found.items():
        ratios += [
            Ratio(f"{one.name}: lost at {RATE:,} events/s × {size.watching:,} sockets", rate.lost, 0),
            Ratio(f"{one.name}: reordered or repeated at that", rate.reordered, 0),
            Ratio(f"{one.name}: p99 with clients that stop reading, to before and after", rate.disturbance, 1.25),
        ]
    return ratios


# --- one event to everybody ---


def _measured(
    contender: Contender, server: Server, teller: Teller, campaigns: Sequence[str], each: int, size: Size
) -> Figures:
    rounds = size.slow_rounds if contender is BOOK else size.rounds
    paths = [f"/campaigns/{campaign}/ws" for _ in range(each) for campaign in campaigns]
    crowd = Crowd(server.port, quiet=size.quiet)
    kilobytes, connect = _connected(crowd, server, paths, booted=contender.is_ours)
    cpu, latencies = _rounds(crowd, server, teller, campaigns, len(paths), rounds, size.spread)
    crowd.close()
    p50, p99 = (statistics.median(percentile(one, share) for one in latencies) for share in (50, 99))
    lost = len(paths) * (rounds + 1) - crowd.delivered
    return Figures(max(statistics.median(cpu), LEAST), p50, p99, lost, crowd.reordered, kilobytes, connect)


def _connected(crowd: Crowd, server: Server, paths: list[str], *, booted: bool) -> tuple[float, float]:
    """Connects all; (KB per idle socket, microseconds of CPU per connection)."""
    crowd.join(paths[:1], booted=booted)  # what the first connection loads is not the price of a socket
    crowd.settle()
    bytes_before, cpu_before = server.own_bytes(), server.cpu_seconds()
    crowd.join(paths[1:], booted=booted)
    cpu = server.cpu_seconds() - cpu_before
    crowd.settle()
    idle(server, crowd.quiet)
    if crowd.opened < len(paths):
        raise RuntimeError(f"{crowd.opened} of {len(paths)} sockets came: {crowd.refusals[:3]}")
    opened = max(len(paths) - 1, 1)
    return (server.own_bytes() - bytes_before) / opened / 1024, cpu / opened * 1e6


def _rounds(
    crowd: Crowd, server: Server, teller: Teller, campaigns: Sequence[str], sockets: int, rounds: int, spread: float
) -> tuple[list[float], list[list[float]]]:
    """(microseconds of CPU per delivery, latencies in ms) of each round but the first, which warms up."""
    cpu, latencies = [], []
    for number in range(rounds + 1):
        crowd.forget_arrivals()
        before = server.cpu_seconds()
        teller.tell(campaigns, interval=spread / len(campaigns) if len(campaigns) > 1 else 0.0)
        came = crowd.expect(sockets, LIMIT)
        used = server.cpu_seconds() - before
        if not came:
            raise RuntimeError(f"nothing came in {LIMIT:.0f} s")
        teller.wait()
        if number:
            cpu.append(used / came * 1e6)
            latencies.append(crowd.latencies())
        crowd.settle(1)
    return cpu, latencies


# --- a thousand events a second ---


def _at_rate(server: Server, teller: Teller, campaign: str, size: Size) -> Rate:
    path = f"/campaigns/{campaign}/ws"
    crowd = Crowd(server.port, quiet=size.quiet)
    crowd.join([path] * size.watching, booted=True)
    crowd.settle()
    joined = crowd.delivered  # a BOOTSTRAP may be followed by what happened since it was made
    _burst(crowd, teller, campaign, size.watching, WARM_UP)
    cpu_before, before = server.cpu_seconds(), crowd.delivered
    first = _burst(crowd, teller, campaign, size.watching, size.events)
    cpu = (server.cpu_seconds() - cpu_before) / max(crowd.delivered - before, 1) * 1e6
    stalled = [crowd.stall(path) for _ in range(size.stalled)]
    second = _burst(crowd, teller, campaign, size.watching, size.stalled_events)
    third = _burst(crowd, teller, campaign, size.watching, size.events)
    let_go = _let_go(stalled, crowd.quiet)
    crowd.close()
    return Rate(
        lost=size.watching * (WARM_UP + 2 * size.events + size.stalled_events) - (crowd.delivered - joined),
        reordered=crowd.reordered,
        cpu=cpu,
        p50=percentile(first, 50),
        p99=percentile(first, 99),
        p99_stalled=percentile(second, 99),
        p99_after=percentile(third, 99),
        let_go=f"{let_go} of {len(stalled)}",
    )


def _burst(crowd: Crowd, teller: Teller, campaign: str, sockets: int, events: int) -> list[float]:
    """The latencies, in ms, of so many events at the rate."""
    crowd.forget_arrivals()
    teller.tell([campaign], events, 1 / RATE)
    crowd.expect(sockets * events, events / RATE * 3 + LIMIT)
    teller.wait()
    crowd.settle(3)
    return crowd.latencies()


def _let_go(stalled: list[Client], quiet: float) -> int:
    time.sleep(quiet)
    return hung_up(stalled, quiet)
