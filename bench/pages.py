"""Every list page and endpoint with 10, 100 and 1,000 campaigns of 100 characters: queries and CPU time.

In this process, through the whole stack of middleware, without a server: what is left is ours. A time is what this
process and its database connection compute for one request, which other work on the machine changes little; the best of
several passes, each the median of its requests.

Each number of campaigns has a database of its own, made from the one before, so that the campaign that is looked at and
the ten campaigns of its GM are the same. An address is asked in one after the other before the next address is.

A page that shows more rows takes longer, which says nothing about the table they come from. So the largest database is
compared with the first whose answer is as long: 10 campaigns where they fill what is shown, else 100.
"""

import contextlib
import math
import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.models import User
from bench import machine, seed
from bench.report import Outcome, Ratio, Table
from bench.stage import Stage
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.models import Campaign
from characters.operations import vitals
from devtools.steps import step


@dataclass(frozen=True)
class Size:
    stages: tuple[int, ...]  # campaigns
    characters: int  # in each
    passes: int
    requests: int  # in a pass


SIZES = {
    "full": Size((10, 100, 1000), 100, 8, 7),
    "small": Size((10, 100, 200), 100, 3, 7),
    "tiny": Size((2, 4), 3, 1, 1),
}
EPISODES = 5
EVENTS = 120
# To hash every static file takes half a minute, and to look a hashed name up no time at all.
UNHASHED = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SLOWER = 1.2
AS_LONG = 0.95
# Below this chance, not the database, decides what is 20 % more.
NOISE = 0.3  # milliseconds

PUBLIC = (
    "/",
    "/campaigns",
    "/campaigns?search=campaign",
    "/campaigns/{slug}",
    "/campaigns/{slug}/characters",
    "/campaigns/{slug}/characters?search=hero",
    "/campaigns/{slug}/characters/{character}",
    "/campaigns/{slug}/episodes",
    "/campaigns/{slug}/episodes/1",
    "/campaigns/{slug}/episodes.rss",
    "/overlay/{slug}?tier=large",
    "/sitemap.xml",
)
OF_THE_GM = (
    "/campaigns/{slug}/control",
    "/campaigns/{slug}/control/obs",
    "/campaigns/{slug}/library",
    "/campaigns/{slug}/sheets",
    "/sheets",
    "/api/v1/content",
    "/api/v1/keys",
    "/api/v1/sheets/vtm",
    "/api/v1/teams",
)
API = (
    "",
    "?search=campaign",
    "/{id}",
    "/{id}/members",
    "/{id}/tokens",
    "/{id}/episodes",
    "/{id}/episodes/1",
    "/{id}/characters",
    "/{id}/characters?search=hero",
    "/{id}/characters/{character}",
    "/{id}/roster",
    "/{id}/events",
    "/{id}/layout",
    "/{id}/layout/large",
    "/{id}/live",
    "/{id}/initiative",
    "/{id}/invitations",
    "/{id}/library",
    "/{id}/groups",
    "/{id}/chronicle/table",
)


@dataclass
class Address:
    path: str
    shown: str
    client: Client
    times: dict[int, float] = field(default_factory=dict)  # milliseconds, by the number of campaigns
    queries: dict[int, int] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)  # bytes of the answer

    @property
    def first(self) -> int:
        """The smallest number of campaigns with which the answer is as long as with the largest; the very smallest
        where it grows to the end, as a list without pages does."""
        *earlier, last = self.lengths
        as_long = [stage for stage in earlier if self.lengths[stage] >= AS_LONG * self.lengths[last]]
        return min(as_long or earlier)

    @property
    def last(self) -> int:
        return max(self.lengths)

    @property
    def slower(self) -> float:
        return self.times[self.last] / self.times[self.first]

    @property
    def is_flat(self) -> bool:
        return self.slower <= SLOWER or self.times[self.last] - self.times[self.first] <= NOISE

    @property
    def asks_more(self) -> bool:
        return len(set(self.queries.values())) > 1

    def cells(self) -> list[object]:
        asked = " to ".join(str(number) for number in sorted(set(self.queries.values())))
        flat = "yes" if self.is_flat else "**no**"
        lengths = [length / 1000 for length in self.lengths.values()]
        return [self.shown, asked, *lengths, *self.times.values(), self.first, self.slower, flat]


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": UNHASHED}):
        return _stages(size)


def _stages(size: Size) -> Outcome:
    campaigns = seed.campaigns(size.stages[0], size.characters, episodes=EPISODES)
    campaign = _of_one_gm(campaigns)
    _play(campaign)
    addresses = [*_public(campaign), *_of_the_gm(campaign), *_admin(), *_admin(campaign.owner)]
    with _databases(size) as databases:
        for number, database in databases.items():
            _use(database)
            for one in addresses:
                _count(one, number)
        with step(f"{len(addresses)} addresses, {size.passes} times"):
            for _ in range(size.passes):
                _measure(addresses, databases, size.requests)
    return _outcome(addresses, size)


@contextlib.contextmanager
def _databases(size: Size) -> Iterator[dict[int, str]]:
    """By the number of campaigns: the database of this benchmark, and copies of it with more."""
    _leave_pool()
    first = str(connection.settings_dict["NAME"])
    databases = {number: f"{first}_{number}" for number in size.stages[1:]}
    seed.tidy()
    try:
        for before, (number, database) in zip(size.stages, databases.items(), strict=False):
            with step(f"{number:,} campaigns"):
                _copy(str(connection.settings_dict["NAME"]), database)
                seed.campaigns(number - before, size.characters, episodes=EPISODES)
                seed.tidy()
        yield {size.stages[0]: first, **databases}
    finally:
        _use(first)
        for database in databases.values():
            _administer(f"DROP DATABASE IF EXISTS {database}")


def _leave_pool() -> None:
    """A connection that waits in the pool would keep its database from being copied."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    # What helpers of PostgreSQL compute would not be counted.
    alone = {"pool": False, "options": "-c max_parallel_workers_per_gather=0"}
    connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], **alone}


def _copy(database: str, copy: str) -> None:
    """Make it, and go on there."""
    connection.close()  # nobody may be in what is copied
    _use("postgres")
    _administer(f"CREATE DATABASE {copy} TEMPLATE {database}")
    _use(copy)


def _use(database: str) -> None:
    if connection.settings_dict["NAME"] != database:
        connection.close()
        connection.settings_dict["NAME"] = database


def _administer(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _of_one_gm(campaigns: list[Campaign]) -> Campaign:
    """The first of them. All others that are seeded later are another GM's."""
    gm = User.objects.create_user("bench-gm-of-few", is_staff=True)
    Campaign.objects.filter(pk__in=[one.pk for one in campaigns]).update(owner=gm)
    return Campaign.objects.get(pk=campaigns[0].pk)


def _outcome(addresses: list[Address], size: Size) -> Outcome:
    more = [one for one in addresses if one.asks_more]
    slower = [one for one in addresses if not one.is_flat]
    lengths = [f"KB, {number:,}" for number in size.stages]
    times = [f"ms, {number:,}" for number in size.stages]
    columns = ["address", "queries", *lengths, *times, "compared with", "ratio", "flat"]
    title = f"{', '.join(f'{number:,}' for number in size.stages)} campaigns with {size.characters} characters each"
    return Outcome(
        ratios=[
            Ratio("addresses with another number of queries", len(more), 0),
            Ratio(f"addresses more than {SLOWER - 1:.0%} and {NOISE} ms slower", len(slower), 0),
        ],
        tables=[Table(title, columns, [one.cells() for one in addresses])],
    )


def _play(campaign: Campaign) -> None:
    hero = campaign.characters.order_by("name")[0]
    for _ in range(EVENTS):
        vitals.change_hp(campaign.pk, hero.pk, actor=SYSTEM, delta=-1)


def _public(campaign: Campaign) -> Iterator[Address]:
    viewer = Client()
    for path in PUBLIC:
        yield Address(_filled(path, campaign), path, viewer)


def _of_the_gm(campaign: Campaign) -> Iterator[Address]:
    gm = Client()
    gm.force_login(campaign.owner)
    for path in (*OF_THE_GM, *(f"/api/v1/campaigns{path}" for path in API)):
        yield Address(_filled(path, campaign), path, gm)


def _admin(gm: User | None = None) -> Iterator[Address]:
    """The lists of the back office as a GM sees them, or as an administrator does, who sees every campaign."""
    client = Client()
    client.force_login(gm or User.objects.create_superuser("bench-admin"))
    for model, listed in admin.site._registry.items():
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        if gm is None:
            yield Address(path, path, client)
        elif isinstance(listed, CampaignRowAdmin):
            yield Address(path, f"{path}, GM", client)


def _filled(path: str, campaign: Campaign) -> str:
    hero = campaign.characters.order_by("name")[0]
    return path.format(slug=campaign.slug, id=campaign.pk, character=hero.pk)


def _measure(addresses: list[Address], databases: dict[int, str], requests: int) -> None:
    for one in addresses:
        for number, database in databases.items():
            _use(database)
            _get(one)  # a new connection has yet to read the catalogue
            one.times[number] = min(one.times.get(number, math.inf), _median(one, requests))


def _count(address: Address, number: int) -> None:
    _get(address)  # what the first request loads is not the address's own
    with CaptureQueriesContext(connection) as captured:
        address.lengths[number] = len(_get(address))
    address.queries[number] = len(captured)


def _median(address: Address, requests: int) -> float:
    """Milliseconds."""
    assert connection.connection is not None
    backend = connection.connection.info.backend_pid
    times = []
    for _ in range(requests):
        begun = _cpu_seconds(backend)
        _get(address)
        times.append((_cpu_seconds(backend) - begun) * 1000)
    return statistics.median(times)


def _cpu_seconds(backend: int) -> float:
    """Of this process and of the database's that serves it."""
    return machine.cpu_seconds(os.getpid()) + machine.cpu_seconds(backend)


def _get(address: Address) -> bytes:
    answer = address.client.get(address.path)
    if answer.status_code != 200:
        raise RuntimeError(f"{address.path} answered {answer.status_code}")
    content: bytes = answer.content
    return content
