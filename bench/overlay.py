"""What an overlay with twelve characters costs the machine that streams, against an empty page of the same server.

Chromium without a graphics card, 1920 x 1080. Overlay and empty page are open in turn, so that what else the machine
does falls on both alike. Processor time is that of all of Chromium's processes; frames are counted by
requestAnimationFrame, which the browser calls no sooner than the last picture could be drawn. How soon a saved layout
has moved it is measured from before the request to the first frame in which the badge stands elsewhere.
"""

import contextlib
import itertools
import json
import math
import os
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, Error, Page, sync_playwright

from bench import machine, seed
from bench.report import Outcome, Ratio, Table
from bench.servers import Server, serving
from bench.stage import Stage
from campaigns.models import Campaign
from characters.models import RosterEntry
from devtools import chromium
from devtools.steps import step

HEROES = 12
PICTURE: Any = {"width": 1920, "height": 1080}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--no-first-run"]  # fmt: skip
FRAME = 1000 / 30  # milliseconds
JITTER = 0.05  # of a frame
HIT_EVERY = 1.0  # seconds
IDLE_BAR = 3.0  # percent of a core
DROP_BAR = 1.0  # in a thousand: one or two in a run are the machine's
MOVED_BAR = 1000.0  # milliseconds
EMPTY = "/healthz"
OPEN = "campaign-overlay[data-connection=open]"
# On the empty page something of the size of a bar moves, as one does on the overlay from hit to hit.
MOVE = """() => {
  const bar = document.body.appendChild(document.createElement('div'));
  Object.assign(bar.style, {width: '200px', height: '20px', background: 'red'});
  bar.animate([{transform: 'none'}, {transform: 'translateX(200px)'}], {duration: 1400, iterations: Infinity});
}"""
COUNT = """() => {
  window.stamps = [];
  const note = (now) => { window.stamps.push(now); requestAnimationFrame(note); };
  requestAnimationFrame(note);
}"""
# When the badge has left its place, in milliseconds since 1970.
MOVED = """(id) => {
  const badge = document.querySelector(`.badge[data-character-id="${id}"]`);
  const { left } = badge.getBoundingClientRect();
  window.moved = new Promise((done) => {
    const look = () => {
      if (badge.getBoundingClientRect().left === left) requestAnimationFrame(look);
      else done(performance.timeOrigin + performance.now());
    };
    look();
  });
}"""


@dataclass(frozen=True)
class Size:
    rounds: int
    settle: float  # seconds after loading, which is not idle
    idle: float  # seconds of one round
    moving: float
    layouts: int  # saved one after another


SIZES = {
    "full": Size(5, 3.0, 8.0, 8.0, 30),
    "small": Size(2, 2.0, 4.0, 4.0, 10),
    "tiny": Size(1, 0.0, 0.2, 0.4, 2),
}


@dataclass
class Cost:
    """Percent of one core, a figure for each round; frames of all rounds."""

    idle: list[float] = field(default_factory=list)
    moving: list[float] = field(default_factory=list)
    drawn: int = 0
    dropped: int = 0

    COLUMNS = ("", "idle, % of a core", "moving, % of a core", "frames drawn", "of 30 a second dropped")

    def cells(self, name: str) -> list[object]:
        return [name, median(self.idle), median(self.moving), self.drawn, self.dropped]


@dataclass(frozen=True)
class Watched:
    """A page, when it is there, and what makes it move: called once a second."""

    address: str
    ready: str
    move: Callable[[Page], None]
    cost: Cost = field(default_factory=Cost)


def run(stage: Stage, size: str) -> Outcome:
    executable = chromium.find_chromium()
    if executable is None:
        return Outcome(
            [Ratio("browsers to measure with", 0, 1, at_least=True)], notes=[f"There is {chromium.NOT_FOUND}."]
        )
    campaign = _party()
    hit, arranging = _hits(campaign), Arranging.of(campaign)
    with serving(stage.product(DEBUG="1")) as server, _browser(executable) as browser:  # DEBUG: static files are served
        overlay = Watched(f"{server.url}/overlay/{campaign.slug}", OPEN, lambda _page: hit(server.url))
        empty = Watched(f"{server.url}{EMPTY}", "body", _move_on)
        with _log_when_it_fails(server):
            for number in range(SIZES[size].rounds):
                with step(f"Round {number + 1}"):
                    _watch(browser, empty, SIZES[size])
                    _watch(browser, overlay, SIZES[size])
            with step(f"{SIZES[size].layouts} layouts saved"):
                moved = _moves(browser, overlay.address, server.url, arranging, SIZES[size].layouts)
    return _outcome(overlay.cost, empty.cost, moved)


def dropped(stamps: Sequence[float]) -> int:
    """Frames of 30 a second that found no new picture; `stamps` are the milliseconds of animation callbacks."""
    gaps = (after - before for before, after in itertools.pairwise(stamps))
    return sum(max(math.ceil(gap / FRAME - JITTER) - 1, 0) for gap in gaps)


def _party() -> Campaign:
    campaign = seed.campaigns(1, HEROES)[0]
    RosterEntry.objects.filter(campaign=campaign).delete()
    for position, hero in enumerate(campaign.characters.order_by("name")):
        RosterEntry.objects.create(campaign=campaign, character=hero, position=position)
    return campaign


def _hits(campaign: Campaign) -> Callable[[str], None]:
    """Wounds and heals one after another, through the API of the server at this address."""
    ids = _ids(campaign)
    steps = itertools.cycle([(id_, delta) for delta in (-20, 15) for id_ in ids])
    token = seed.control_token(campaign)

    def hit(root: str) -> None:
        id_, delta = next(steps)
        event = {"type": "hp_change", "character_id": id_, "delta": delta, "kind": "fire"}
        _send("POST", f"{root}/api/v1/campaigns/{campaign.pk}/events", event, token)

    return hit


def _ids(campaign: Campaign) -> list[str]:
    return [str(id_) for id_ in campaign.characters.order_by("name").values_list("pk", flat=True)]


def _send(method: str, address: str, document: dict[str, Any], token: str) -> None:
    headers = {"X-Token": token, "Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(document).encode(), headers, method=method)  # noqa: S310
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


@dataclass(frozen=True)
class Arranging:
    """Saves a layout through the API."""

    path: str
    token: str
    hero: str

    @classmethod
    def of(cls, campaign: Campaign) -> "Arranging":
        return cls(f"/api/v1/campaigns/{campaign.pk}/layout/large", seed.control_token(campaign), _ids(campaign)[0])

    def place(self, root: str, x: float) -> None:
        _send("PATCH", f"{root}{self.path}", {"badges": {self.hero: {"x": x, "y": 0.5}}}, self.token)


def _moves(browser: Browser, address: str, root: str, arranging: Arranging, count: int) -> list[float]:
    """Milliseconds from the request that saves a layout to the frame in which the badge has moved."""
    page = browser.new_page(viewport=PICTURE)
    page.goto(address)
    page.wait_for_selector(OPEN, state="attached")
    found = []
    for number in range(count):
        page.evaluate(MOVED, arranging.hero)
        begun = time.time() * 1000
        arranging.place(root, 0.2 + 0.4 * (number % 2))
        found.append(page.evaluate("window.moved") - begun)
    page.close()
    return found


def _move_on(page: Page) -> None:
    if not page.evaluate("document.getAnimations().length"):
        page.evaluate(MOVE)


@contextlib.contextmanager
def _browser(executable: Path) -> Iterator[Browser]:
    with contextlib.ExitStack() as stack:
        with _before_others():
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def _before_others() -> Iterator[None]:
    """What is started here may use every CPU and, where we may say so, before what else the machine has to do."""
    machine.give_any_cpu(0)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -15)
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, 0)
        machine.keep_to_load_cpu()


@contextlib.contextmanager
def _log_when_it_fails(server: Server) -> Iterator[None]:
    try:
        yield
    except Error as error:
        raise RuntimeError(f"{error}\n{server.log.read_text(errors='replace')[-3000:]}") from error


def _watch(browser: Browser, watched: Watched, size: Size) -> None:
    page = browser.new_page(viewport=PICTURE)
    page.goto(watched.address)
    page.wait_for_selector(watched.ready, state="attached")
    page.wait_for_timeout(size.settle * 1000)
    session = browser.new_browser_cdp_session()
    watched.cost.idle.append(_busy(session, lambda: page.wait_for_timeout(size.idle * 1000)))
    page.evaluate(COUNT)
    watched.cost.moving.append(_busy(session, lambda: _keep_moving(page, watched.move, size.moving)))
    stamps = page.evaluate("window.stamps")
    watched.cost.drawn += len(stamps)
    watched.cost.dropped += dropped(stamps)
    page.close()


def _keep_moving(page: Page, move: Callable[[Page], None], seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        move(page)
        page.wait_for_timeout(min(left, HIT_EVERY) * 1000)


def _busy(session: CDPSession, work: Callable[[], None]) -> float:
    """Percent of one core that all processes of the browser used meanwhile."""
    begun, used = time.monotonic(), _cpu_seconds(session)
    work()
    return 100 * (_cpu_seconds(session) - used) / (time.monotonic() - begun)


def _cpu_seconds(session: CDPSession) -> float:
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(machine.cpu_seconds(int(one["id"])) for one in found)


def _outcome(overlay: Cost, empty: Cost, moved: Sequence[float]) -> Outcome:
    beyond = median(overlay.idle) - median(empty.idle)
    return Outcome(
        ratios=[
            Ratio("percent of a core that an idle overlay takes beyond an empty page", beyond, IDLE_BAR),
            Ratio(
                "frames dropped in a thousand, beyond those of the empty page", _lost(overlay) - _lost(empty), DROP_BAR
            ),
            Ratio("ms from a saved layout to the moved overlay, the slowest", max(moved), MOVED_BAR),
        ],
        tables=[
            Table(
                f"{HEROES} characters, 1920 × 1080, no graphics card; an event a second while moving",
                Cost.COLUMNS,
                [overlay.cells("overlay"), empty.cells("empty page")],
            ),
            Table(
                "From a saved layout to the moved overlay, ms",
                ("layouts", "median", "slowest"),
                [[len(moved), median(moved), max(moved)]],
            ),
        ],
    )


def _lost(cost: Cost) -> float:
    return 1000 * cost.dropped / max(cost.drawn, 1)
