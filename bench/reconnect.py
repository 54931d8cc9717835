"""A herd of viewers after a restart of the server: each bootstrapped, or resumed from where it was before.

The peer is the same server with a snapshot read from the database for every connection. Snapshots are counted by
PostgreSQL: each reads the table of layouts exactly once, and nothing else here does.
"""

import time
from dataclasses import dataclass

from django.db import connection

from accounts.actors import SYSTEM
from bench import seed
from bench.crowd import Crowd
from bench.machine import percentile
from bench.report import Outcome, Ratio, Table
from bench.servers import UNCACHED, Server, serving
from bench.stage import Stage
from campaigns.models import Campaign
from characters.operations import vitals
from devtools.steps import step
from overlay.models import Layout

CLIENTS = {"full": 5000, "small": 1000, "tiny": 20}
HEROES = 6
HANDFUL = 5
MISSED = 20  # events that happen while the server is down
LIMIT = 120.0  # seconds


@dataclass
class Herd:
    seconds: float  # until the last has its BOOTSTRAP, or is back at the head
    cpu: float  # seconds of the server
    p50: float  # milliseconds from the attempt to connect to the BOOTSTRAP
    p99: float
    snapshots: int
    missing: int

    COLUMNS = ("", "seconds", "server CPU, s", "p50, ms", "p99, ms", "snapshots built", "missing")

    def cells(self, name: str) -> list[object]:
        return [name, self.seconds, self.cpu, self.p50, self.p99, self.snapshots, self.missing]


def run(stage: Stage, size: str) -> Outcome:
    clients = CLIENTS[size]
    campaign = seed.campaigns(1, HEROES)[0]
    with step("Troupe, each bootstrapped"):
        cached = _restarted(stage.product(), campaign, clients, resumes=False)
    with step("Troupe, each resumed"):
        resumed = _restarted(stage.product(), campaign, clients, resumes=True)
    with step("a snapshot per connection"):
        uncached = _restarted(stage.uvicorn(UNCACHED), campaign, clients, resumes=False)
    herds = {"Troupe, bootstrapped": cached, "Troupe, resumed": resumed, "a snapshot per connection": uncached}
    return Outcome(
        ratios=[
            Ratio(
                "seconds, a snapshot per connection to Troupe", uncached.seconds / cached.seconds, 2.5, at_least=True
            ),
            Ratio("snapshots built for all who are bootstrapped", cached.snapshots, HANDFUL),
            Ratio("snapshots built for all who resume", resumed.snapshots, HANDFUL),
            Ratio("clients or messages missing", cached.missing + resumed.missing, 0),
        ],
        tables=[
            Table(
                f"{clients:,} clients at once after a restart; {HEROES} characters on stage",
                Herd.COLUMNS,
                [herd.cells(name) for name, herd in herds.items()],
            )
        ],
    )


def _restarted(server: Server, campaign: Campaign, clients: int, *, resumes: bool) -> Herd:
    """Let the table play on while no server runs, start one, and let everybody come back at once."""
    path = f"/campaigns/{campaign.pk}/ws"
    campaign.refresh_from_db()
    seq, snapshots = campaign.seq, _snapshots()
    _play_on(campaign)
    connections = _connections()
    with serving(server):
        crowd, cpu = Crowd(server.port), server.cpu_seconds()
        if resumes:
            seconds = _all_resume(crowd, [f"{path}?seq={seq}&epoch={campaign.epoch}"] * clients, seq)
        else:
            seconds = crowd.join([path] * clients, window=clients, booted=True, seconds=LIMIT)
        cpu = server.cpu_seconds() - cpu
        crowd.close()
    came = percentile(crowd.first_times, 50), percentile(crowd.first_times, 99)
    missing = clients - len(crowd.first_times) + crowd.lost
    return Herd(seconds, cpu, *came, _snapshots(connections) - snapshots, missing)


def _play_on(campaign: Campaign) -> None:
    hero = campaign.characters.order_by("name")[0]
    for _ in range(MISSED):
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)


def _all_resume(crowd: Crowd, paths: list[str], seq: int) -> float:
    begun = time.monotonic()
    crowd.join(paths, window=len(paths), holding=seq, seconds=LIMIT)
    crowd.expect(len(paths) * MISSED - crowd.delivered, LIMIT)
    return time.monotonic() - begun


def _snapshots(connections: int | None = None) -> int:
    """How often the table of layouts was read; a server counts when its connections end, so wait for that."""
    end = time.monotonic() + LIMIT
    while connections is not None and _connections() > connections and time.monotonic() < end:
        time.sleep(0.02)
    return _number(
        "SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = %s",
        Layout._meta.db_table,
    )


def _connections() -> int:
    return _number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")


def _number(sql: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
