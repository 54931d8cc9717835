"""Every list page and endpoint with 10 and with 1,000 campaigns of 100 characters: queries and median time.

In this process, through the whole stack of middleware, without a server: what is left is ours. The campaign that is
looked at is the same before and after; a time is the best of several passes, each the median of its requests.
"""

import statistics
import time
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
from bench import seed
from bench.report import Outcome, Ratio, Table
from bench.stage import Stage
from campaigns.models import Campaign
from characters.operations import vitals
from devtools.steps import step


@dataclass(frozen=True)
class Size:
    few: int  # campaigns
    many: int
    characters: int  # in each
    passes: int
    requests: int  # in a pass


SIZES = {
    "full": Size(10, 1000, 100, 4, 15),
    "small": Size(10, 200, 100, 3, 9),
    "tiny": Size(2, 4, 3, 1, 2),
}
EPISODES = 5
EVENTS = 120
# To hash every static file takes half a minute, and to look a hashed name up no time at all.
UNHASHED = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
SLOWER = 1.2
# Below this the clock, not the database, decides what is 20 % more.
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
    "/overlay/{slug}?tier=large",
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
)


@dataclass
class Address:
    path: str
    shown: str
    client: Client
    times: dict[str, float] = field(default_factory=dict)  # milliseconds, by "few" and "many"
    queries: dict[str, int] = field(default_factory=dict)

    @property
    def slower(self) -> float:
        return self.times["many"] / self.times["few"]

    @property
    def is_flat(self) -> bool:
        return self.slower <= SLOWER or self.times["many"] - self.times["few"] <= NOISE

    def cells(self) -> list[object]:
        flat = "yes" if self.is_flat else "**no**"
        return [self.shown, self.queries["few"], self.queries["many"], self.times["few"], self.times["many"],
                self.slower, flat]  # fmt: skip


def run(stage: Stage, size_name: str) -> Outcome:
    size = SIZES[size_name]
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": UNHASHED}):
        return _few_and_many(size)


def _few_and_many(size: Size) -> Outcome:
    campaign = seed.campaigns(size.few, size.characters, episodes=EPISODES)[0]
    _play(campaign)
    addresses = [*_public(campaign), *_api(campaign), *_admin()]
    _measure("few", addresses, size)
    with step(f"{size.many:,} campaigns"):
        seed.campaigns(size.many - size.few, size.characters, episodes=EPISODES)
    _measure("many", addresses, size)
    return _outcome(addresses, size)


def _outcome(addresses: list[Address], size: Size) -> Outcome:
    more = [one.shown for one in addresses if one.queries["few"] != one.queries["many"]]
    slower = [one.shown for one in addresses if not one.is_flat]
    columns = ["address", f"queries, {size.few}", f"queries, {size.many:,}", f"ms, {size.few}", f"ms, {size.many:,}",
               "ratio", "flat"]  # fmt: skip
    title = f"{size.few} and {size.many:,} campaigns with {size.characters} characters each"
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


def _api(campaign: Campaign) -> Iterator[Address]:
    gm = Client()
    gm.force_login(campaign.owner)
    for path in API:
        yield Address(_filled(f"/api/v1/campaigns{path}", campaign), f"/api/v1/campaigns{path}", gm)


def _admin() -> Iterator[Address]:
    """The lists of the back office as an administrator sees them, who sees every campaign."""
    administrator = Client()
    administrator.force_login(User.objects.create_superuser("bench-admin"))
    for model in admin.site._registry:
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield Address(path, path, administrator)


def _filled(path: str, campaign: Campaign) -> str:
    hero = campaign.characters.order_by("name")[0]
    return path.format(slug=campaign.slug, id=campaign.pk, character=hero.pk)


def _measure(name: str, addresses: list[Address], size: Size) -> None:
    seed.tidy()
    with step(f"{len(addresses)} addresses with {name} campaigns"):
        for one in addresses:
            one.queries[name] = _queries(one)
        passes = [[_median(one, size.requests) for one in addresses] for _ in range(size.passes)]
    for one, times in zip(addresses, zip(*passes, strict=True), strict=True):
        one.times[name] = min(times)


def _queries(address: Address) -> int:
    _get(address)  # what the first request loads is not the address's own
    with CaptureQueriesContext(connection) as captured:
        _get(address)
    return len(captured)


def _median(address: Address, requests: int) -> float:
    times = []
    for _ in range(requests):
        begun = time.perf_counter()
        _get(address)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def _get(address: Address) -> None:
    answer = address.client.get(address.path)
    if answer.status_code != 200:
        raise RuntimeError(f"{address.path} answered {answer.status_code}")
