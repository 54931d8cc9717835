"""What a sheet costs: an edit against a bare ORM update, a full page however many sheets there are, and how long it
takes from hunger on the sheet to the overlay.

An edit is a PATCH of one field through the whole stack, in this process, as the browser sends it: by session, with the
CSRF token. The bare update reads the row under its lock, sets the field, saves and commits. Both commit to a database
that waits for its disk, and are taken in turn, so that what else the machine does falls on both alike.
"""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts import scopes
from accounts.actors import SYSTEM
from accounts.models import User
from accounts.operations import keys
from bench import machine, seed
from bench.crowd import Crowd
from bench.fanout import FLOOR
from bench.pages import UNHASHED
from bench.report import Outcome, Ratio, Table
from bench.servers import serving
from bench.stage import Stage
from bench.teller import telling
from campaigns.models import Campaign
from characters.operations import roster
from devtools.steps import step
from sheets import lines
from sheets.access import Standing
from sheets.lines.shape import Kind
from sheets.models import Row, Sheet
from sheets.operations import playing, sheets

EDIT_BAR = 3.0
OVERLAY_BAR = 500.0  # milliseconds
SLOWER = 1.2
NOISE = 1.0  # milliseconds: below it chance decides what is 20 % more
LIMIT = 10.0  # seconds until a message counts as lost


@dataclass(frozen=True)
class Size:
    stages: tuple[int, ...]  # sheets
    edits: int
    requests: int
    steps: int
    rows: int = 1000  # of a kind, where its limit is not lower


SIZES = {
    "full": Size((10, 100, 1000), 400, 15, 60),
    "small": Size((10, 100, 300), 100, 7, 20),
    "tiny": Size((2, 4), 3, 1, 2, rows=2),
}


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    campaign = seed.campaigns(1, 2)[0]
    with step("An edit and a bare update"):
        edits = _edits(campaign, size)
    unhashed = {**settings.STORAGES, "staticfiles": UNHASHED}
    with step("A page with every row at its limit"), override_settings(STORAGES=unhashed):
        pages = _pages(campaign, size)
    with step("From the sheet to the overlay"):
        told, floor = _told(stage, campaign, size)
    return _outcome(size, edits, pages, told, floor)


def _outcome(
    size: Size, edits: dict[str, float], pages: "list[Measured]", told: list[float], floor: list[float]
) -> Outcome:
    bare = edits["bare ORM update"]
    shown = [[name, cost, cost / bare] for name, cost in edits.items()]
    columns = ["", "queries", *(f"ms of CPU, {number:,}" for number in size.stages), "flat"]
    return Outcome(
        ratios=[
            Ratio("PATCH of a field to a bare ORM update, off stage", edits["PATCH, off stage"] / bare, EDIT_BAR),
            Ratio("PATCH of a field to a bare ORM update, on stage", edits["PATCH, on stage"] / bare, EDIT_BAR),
            Ratio("addresses that ask more with more sheets", sum(len(set(one.queries)) > 1 for one in pages), 0),
            Ratio(f"addresses more than {SLOWER - 1:.0%} slower", sum(not one.is_flat for one in pages), 0),
            Ratio("ms from hunger on the sheet to the overlay (median)", median(told), OVERLAY_BAR),
        ],
        tables=[
            Table("An edit, median of each", ["", "ms", "to the bare update"], shown),
            Table(f"A sheet with every row at its limit, of {size.stages[-1]:,} in its chronicle", columns,
                  [one.cells() for one in pages]),
            Table("Hunger raised through the API, until the message is at the overlay's socket", ["", "ms, median"],
                  [["sheet to overlay", median(told)], ["a plain socket, ready frame", median(floor)]]),
        ],
    )  # fmt: skip


# --- an edit ---


def _edits(campaign: Campaign, size: Size) -> dict[str, float]:
    """Milliseconds, the median of each."""
    owner = seed.owner()
    off, on, bare = (a_sheet(owner, campaign, f"Sheet {number}") for number in range(3))
    playing.play(on, campaign, campaign.characters.order_by("name")[0].pk, actor=SYSTEM)
    client = _signed_in(owner)
    ways: dict[str, Callable[[int], None]] = {
        "bare ORM update": lambda number: _bare(bare, number),
        "PATCH, off stage": lambda number: _patch(client, off, number),
        "PATCH, on stage": lambda number: _patch(client, on, number),
        "the operation alone, on stage": lambda number: _operate(on, number),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(size.edits + 2):
        for name, way in ways.items():
            begun = time.perf_counter()
            way(number)
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: median(found[2:]) for name, found in times.items()}


def a_sheet(owner: User, campaign: Campaign, name: str) -> Sheet:
    line = lines.line("vtm")
    fields = {key: value for key, value in line.blank().items() if key != "name"}
    return Sheet.objects.create(owner=owner, campaign=campaign, line="vtm", name=name, fields=fields)


def _signed_in(user: User) -> Client:
    """With the CSRF token of its cookie, as the sheet's page sends it; the test client alone is asked for none."""
    page = HttpRequest()
    get_token(page)
    token = page.META["CSRF_COOKIE"]
    client = Client(enforce_csrf_checks=True, headers={"X-CSRFToken": token})
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    client.force_login(user)
    return client


def _bare(sheet: Sheet, number: int) -> None:
    with transaction.atomic():
        found = Sheet.objects.select_for_update().get(pk=sheet.pk)
        found.fields = {**found.fields, "concept": f"Courier {number}"}
        found.save()


def _operate(sheet: Sheet, number: int) -> None:
    standing = Standing(owns=True, tells=True, sees=True)
    sheets.update(sheet, {"concept": f"Smuggler {number}"}, actor=SYSTEM, standing=standing)


def _patch(client: Client, sheet: Sheet, number: int) -> None:
    body = json.dumps({"concept": f"Courier {number}"})
    answer = client.patch(f"/api/v1/sheets/vtm/{sheet.pk}", body, content_type="application/json")
    if answer.status_code != 200:
        raise RuntimeError(f"{answer.status_code}: {answer.content.decode()[:300]}")


# --- a page ---


@dataclass
class Measured:
    path: str
    shown: str
    queries: list[int]
    times: list[float]  # milliseconds of CPU

    @property
    def is_flat(self) -> bool:
        return self.times[-1] <= SLOWER * self.times[0] or self.times[-1] - self.times[0] <= NOISE

    def cells(self) -> list[object]:
        asked = " to ".join(str(number) for number in sorted(set(self.queries)))
        return [self.shown, asked, *self.times, "yes" if self.is_flat else "**no**"]


def _pages(campaign: Campaign, size: Size) -> list[Measured]:
    sheet = a_sheet(seed.owner(), campaign, "Full")
    for kind in lines.line("vtm").kinds:
        Row.objects.bulk_create(_rows(sheet, kind)[: size.rows])
    client = Client()
    client.force_login(seed.owner())
    found = [
        Measured(f"/sheets/{sheet.pk}", "/sheets/{id}", [], []),
        Measured(f"/api/v1/sheets/vtm/{sheet.pk}", "/api/v1/sheets/vtm/{id}", [], []),
    ]
    for number in size.stages:
        there = Sheet.objects.count()
        _fill(campaign, number - there)
        seed.tidy()
        for one in found:
            _measure(client, one, size.requests)
    return found


def _rows(sheet: Sheet, kind: Kind) -> list[Row]:
    """As many as a sheet may have, each with words of its own."""
    blank = {field.name: field.default for field in kind.fields}
    named = [name for name in kind.unique or ("name",) if type(blank.get(name)) is str]
    words = [{**blank, **dict.fromkeys(named[-1:], f"{kind.one} {number}")} for number in range(kind.most)]
    return [Row(sheet=sheet, kind=kind.name, position=n, values=values) for n, values in enumerate(words)]


def _fill(campaign: Campaign, count: int) -> None:
    line = lines.line("vtm")
    fields = {key: value for key, value in line.blank().items() if key != "name"}
    made = [
        Sheet(owner=seed.owner(), campaign=campaign, line="vtm", name=f"Other {number}", fields=fields)
        for number in range(max(count, 0))
    ]
    Sheet.objects.bulk_create(made, batch_size=seed.BATCH)
    rows = [
        Row(sheet=sheet, kind="specialties", position=n, values={"skill": "brawl", "name": f"Hold {n}"})
        for sheet in made
        for n in range(20)
    ]
    Row.objects.bulk_create(rows, batch_size=seed.BATCH)


def _measure(client: Client, one: Measured, requests: int) -> None:
    client.get(one.path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(one.path)
    if answer.status_code != 200:
        raise RuntimeError(f"{one.path}: {answer.status_code}")
    one.queries.append(len(captured))
    times = []
    for _ in range(requests):
        begun = _cpu_seconds()
        client.get(one.path)
        times.append((_cpu_seconds() - begun) * 1000)
    one.times.append(median(times))


def _cpu_seconds() -> float:
    """Of this process and its database connection: what else the machine does changes it little."""
    assert connection.connection is not None
    return time.process_time() + machine.cpu_seconds(connection.connection.info.backend_pid)


# --- to the overlay ---


def _told(stage: Stage, campaign: Campaign, size: Size) -> tuple[list[float], list[float]]:
    """Milliseconds from the sheet to the overlay, and of the floor of the fan-out."""
    sheet = Sheet.objects.get(campaign=campaign, character__isnull=False)
    roster.place(campaign.pk, sheet.character_id, actor=SYSTEM)  # type: ignore[arg-type]
    _key, secret = keys.issue(seed.owner(), "bench", [scopes.LIVE_WRITE], actor=SYSTEM)
    path = f"/campaigns/{campaign.pk}/ws"
    with serving(stage.product()) as server:
        crowd = Crowd(server.port)
        crowd.join([path], booted=True)
        ask = http.client.HTTPConnection("127.0.0.1", server.port)
        told = [_step(ask, crowd, sheet, secret, number) for number in range(size.steps + 2)][2:]
        crowd.close()
    with telling(stage.environment()) as teller, serving(FLOOR.server(stage)) as server:
        teller.through(FLOOR.outlet, server.port)
        crowd = Crowd(server.port)
        crowd.join([path])
        for _ in range(size.steps + 2):
            teller.tell([str(campaign.pk)])
            crowd.expect(1, LIMIT)
            teller.wait()
        floor = crowd.latencies()[2:]
        crowd.close()
    return told, floor


def _step(ask: http.client.HTTPConnection, crowd: Crowd, sheet: Sheet, secret: str, number: int) -> float:
    crowd.forget_arrivals()
    headers = {"Authorization": f"Api-Key {secret}", "Content-Type": "application/json"}
    body = json.dumps({"track": "hunger", "delta": 1 if number % 2 == 0 else -1})
    begun = time.time_ns()
    ask.request("POST", f"/api/v1/sheets/{sheet.pk}/tracks", body, headers)
    end = time.monotonic() + LIMIT
    while not crowd.arrivals and time.monotonic() < end:
        crowd.pump(0.5)
    answer: Any = ask.getresponse()
    said = answer.read()
    if answer.status != 200 or not crowd.arrivals:
        raise RuntimeError(f"{answer.status}: {said[:300]!r}")
    return (crowd.arrivals[0][0] - begun) / 1e6
