"""The main job on real input: character files in, roster, overlay open, a real fight through REST, all agree."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page

from campaigns.models import Campaign, Event
from characters.models import Character
from tests.asgi_server import AsgiServer
from tests.e2e.waiting import until
from tests.factories import a_campaign, a_token

HEROES = (
    "v1.6.3-randal-human-fighter.json",
    "v1.6.3-zanna-gnome-wizard.json",
    "v2.0.3-akra-dragonborn-cleric.json",
    "v2.4.1-beiro-half-elf-bard.json",
    "v5.3.3-premade-level11-merric.yml",
    "v5.3.3-quillathe-elf-ranger.yml",
)


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign(slug="the-real-table", name="The Real Table")


@pytest.fixture
def api(asgi_server: AsgiServer, campaign: Campaign) -> Iterator[httpx.Client]:
    _, token = a_token(campaign)
    base = f"{asgi_server.url}/api/v1/campaigns/{campaign.pk}"
    with httpx.Client(base_url=base, headers={"X-Token": token}, timeout=30) as client:
        yield client


def import_heroes(api: httpx.Client, folder: Path) -> list[str]:
    """The ids of the six, on the roster."""
    files = [("files", (name, (folder / "actors/dnd5e" / name).read_bytes())) for name in HEROES]
    preview = api.post("/import", files=files).json()["results"]
    assert [row["character_id"] for row in preview] == [None] * 6
    results = api.post("/import", files=files, data={"commit": "true"}).json()["results"]
    ids = [row["character_id"] for row in results]
    assert all(ids), results
    assert api.patch("/roster", json={"character_ids": ids}).status_code == 200
    return ids


class Fight:
    """Replays the snapshots of a recorded combat as the commands that must have been given."""

    def __init__(self, api: httpx.Client, ids: list[str], timeline: list[dict[str, Any]]) -> None:
        self.api = api
        self.timeline = timeline
        seen = dict.fromkeys(row["actor"] for moment in timeline for row in moment["actors"])
        self.played = dict(zip(seen, ids, strict=False))
        self.now: dict[str, tuple[int, frozenset[str]]] = {}
        self.sent = 0

    def run(self) -> None:
        for moment in self.timeline:
            for row in moment["actors"]:
                if row["actor"] in self.played:
                    self._follow(self.played[row["actor"]], row)

    def _follow(self, id_: str, row: dict[str, Any]) -> None:
        hp = max(row["hp"], 0)
        effects = frozenset(name.lower() for name in row["effects"])
        if id_ not in self.now:
            edit = {"stats": {"hp": {"max": row["max_hp"], "current": hp, "temp": 0}}}
            assert self.api.patch(f"/characters/{id_}", json=edit).status_code == 200
            self.now[id_] = (hp, frozenset())
        before, had = self.now[id_]
        if hp != before:
            self._send(id_, type="hp_change", delta=hp - before, kind="replay")
        for name in sorted(effects - had):
            self._send(id_, type="condition_added", condition=name)
        for name in sorted(had - effects):
            self._send(id_, type="condition_removed", condition=name)
        self.now[id_] = (hp, effects)

    def _send(self, id_: str, **event: Any) -> None:
        answer = self.api.post("/events", json={"character_id": id_, **event})
        assert answer.status_code == 201, answer.text
        self.sent += 1


def on_overlay(page: Page, id_: str) -> tuple[int, int]:
    badge = page.locator(f'.badge[data-character-id="{id_}"]')
    return int(badge.get_attribute("data-hp") or -1), int(badge.get_attribute("data-max") or -1)


def test_from_character_files_to_moving_hit_points(
    asgi_server: AsgiServer,
    campaign: Campaign,
    api: httpx.Client,
    new_page: Callable[..., Page],
    shared_data: Path,
    tmp_path: Path,
) -> None:
    ids = import_heroes(api, shared_data)
    overlay = new_page(viewport={"width": 1920, "height": 1080})
    overlay.goto(f"{asgi_server.url}/overlay/{campaign.slug}")
    hub = new_page(viewport={"width": 1440, "height": 1000})
    hub.goto(f"{asgi_server.url}/campaigns/{campaign.slug}")
    overlay.wait_for_selector('campaign-overlay[data-connection="open"]')
    overlay.evaluate("window.same = true; window.gaps = 0")

    timeline = json.loads((shared_data / "events/combat-hp-timeline.json").read_text())
    fight = Fight(api, ids, timeline)
    fight.run()
    assert fight.sent > 20

    head = Campaign.objects.get(pk=campaign.pk).seq
    overlay.wait_for_function("seq => document.querySelector('campaign-overlay').dataset.seq == seq", arg=str(head))
    assert overlay.evaluate("window.same"), "the overlay was reloaded"
    assert list(Event.objects.filter(campaign=campaign).values_list("seq", flat=True)) == list(range(1, head + 1))

    stored = {str(hero.pk): hero.stats for hero in Character.objects.filter(campaign=campaign)}
    live = api.get("/live").json()
    assert live["seq"] == head
    for id_, (hp, effects) in fight.now.items():
        stats = stored[id_]
        assert (stats["hp"]["current"], frozenset(stats["conditions"])) == (hp, effects)
        assert on_overlay(overlay, id_) == (hp, stats["hp"]["max"])
        shown = f"{hp} / {stats['hp']['max']}"
        hub.locator(f'[data-character="{id_}"]', has_text=shown).first.wait_for()
    assert {row["id"]: row["stats"] for row in live["characters"]} == stored
    assert overlay.evaluate("document.querySelector('campaign-overlay').state.seq") == head
    overlay.screenshot(path=tmp_path / "overlay.png", omit_background=True)
    hub.screenshot(path=tmp_path / "hub.png", full_page=True)


@pytest.mark.allow_console_errors  # the browser reports each failed attempt to connect
def test_the_overlay_outlives_its_server(
    asgi_server: AsgiServer, campaign: Campaign, api: httpx.Client, page: Page, shared_data: Path
) -> None:
    id_ = import_heroes(api, shared_data)[0]
    page.goto(f"{asgi_server.url}/overlay/{campaign.slug}")
    page.wait_for_selector('campaign-overlay[data-connection="open"]')
    page.evaluate("window.same = true")
    attempts: list[object] = []
    page.on("websocket", lambda socket: attempts.append(socket))
    before, _ = on_overlay(page, id_)
    asgi_server.kill()
    page.wait_for_selector('campaign-overlay:not([data-connection="open"])')
    until(page, lambda: len(attempts) >= 4)
    assert on_overlay(page, id_)[0] == before, "what was there stays"
    asgi_server.start()
    api.post("/events", json={"type": "hp_change", "character_id": id_, "delta": -3})
    page.wait_for_function(
        "([id, hp]) => document.querySelector(`.badge[data-character-id='${id}']`).dataset.hp == hp",
        arg=[id_, str(before - 3)],
    )
    assert page.evaluate("window.same"), "the overlay was reloaded"
