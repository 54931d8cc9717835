"""Poking the live stream: what a poke carries, and that no trouble of the broker's becomes the writer's."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from accounts.actors import SYSTEM
from campaigns import ledger, live
from campaigns.layers import OneProcessChannelLayer
from campaigns.live import Breaker
from campaigns.models import Campaign
from campaigns.operations import table
from characters.operations import lifecycle
from tests.factories import a_campaign, a_character


class Layer:
    """A channel layer that notes what is sent, hangs, or fails."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.tries = 0
        self.trouble: Any = None

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        self.tries += 1
        if self.trouble == "hangs":
            await asyncio.sleep(60)
        elif self.trouble:
            raise ConnectionError
        self.heard.append((group, message))

    @property
    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        assert live.publisher.flush(2)
        return self.heard

    @property
    def attempts(self) -> int:
        assert live.publisher.flush(2)
        return self.tries


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Layer]:
    found = Layer()
    monkeypatch.setattr(live, "get_channel_layer", lambda: found)
    monkeypatch.setattr(live, "breaker", Breaker(0.4))
    monkeypatch.setattr(live, "SEND_SECONDS", 0.1)
    yield found


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    return a_campaign()


def ring(campaign: Campaign) -> float:
    started = time.monotonic()
    table.custom_event(campaign.pk, actor=SYSTEM, name="bell")
    return time.monotonic() - started


def test_a_poke_carries_a_transaction_s_messages_for_each_audience(layer, campaign):
    with ledger.writing(campaign.pk, SYSTEM) as book:
        book.record("custom", {"name": "open", "payload": {}})
        book.record("custom", {"name": "hidden", "payload": {}}, audience="gm")
    [(group, poke)] = layer.sent
    assert group == f"campaign.{campaign.pk}"
    assert (poke["campaign"], poke["epoch"], poke["seq"]) == (str(campaign.pk), campaign.epoch, 1)
    viewer, gm = ([json.loads(frame[audience]) for frame in poke["frames"]] for audience in ("viewer", "gm"))
    assert [message["seq"] for message in viewer] == [message["seq"] for message in gm] == [1, 2]
    assert [message["data"]["type"] for message in viewer] == ["CUSTOM", "HIDDEN"]
    assert [message["data"]["type"] for message in gm] == ["CUSTOM", "CUSTOM"]
    assert [frame["ts"] for frame in poke["frames"]] == [message["ts"] for message in viewer]


def test_nothing_is_poked_for_what_is_rolled_back(layer, campaign):
    with pytest.raises(ZeroDivisionError), ledger.writing(campaign.pk, SYSTEM) as book:
        book.record("custom", {"name": "bell", "payload": {}})
        raise ZeroDivisionError
    assert layer.attempts == 0


@pytest.mark.parametrize("trouble", ["fails", "hangs"])
def test_a_dead_broker_costs_one_attempt_and_no_write(layer, campaign, trouble, caplog, monkeypatch):
    layer.trouble = trouble
    monkeypatch.setattr(live.breaker, "rest", 60)
    assert sum(ring(campaign) for _ in range(6)) < 3
    assert layer.attempts == 1
    assert campaign.events.count() == 6
    assert len([record for record in caplog.records if "cannot be poked" in record.message]) == 1


def test_it_is_tried_again_after_a_while_by_one(layer, campaign):
    layer.trouble = "hangs"
    ring(campaign)
    time.sleep(0.5)
    threads = [threading.Thread(target=live.tell, args=(campaign, list(campaign.events.all()))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert layer.attempts == 2
    time.sleep(0.5)
    layer.trouble = None
    for number in range(1, 4):
        ring(campaign)
        assert len(layer.sent) == number


def test_who_writes_does_not_wait_for_the_broker(layer, campaign, monkeypatch):
    monkeypatch.setattr(live, "SEND_SECONDS", 30)
    release = threading.Event()

    async def held(group: str, message: dict[str, Any]) -> None:
        await asyncio.to_thread(release.wait, 5)
        layer.heard.append((group, message))

    monkeypatch.setattr(layer, "group_send", held)
    numbers = [table.custom_event(campaign.pk, actor=SYSTEM, name="bell").seq for _ in range(3)]
    assert layer.heard == []
    release.set()
    assert [poke["seq"] for _group, poke in layer.sent] == numbers


def test_a_command_that_ends_has_told_what_it_wrote(tmp_path):
    ending = (
        "import asyncio; from pathlib import Path; from campaigns import live\n"
        "class Layer:\n"
        "    async def group_send(self, group, message):\n"
        "        await asyncio.sleep(0.1)\n"
        f"        Path({str(tmp_path / 'heard')!r}).write_text(group)\n"
        "live.get_channel_layer = Layer\n"
        "live.publisher.send('somebody', {})\n"
    )
    subprocess.run([sys.executable, "manage.py", "shell", "-c", ending], check=True, cwd=settings.BASE_DIR)
    assert (tmp_path / "heard").read_text() == "somebody"


def test_a_message_that_cannot_be_made_does_not_fail_the_write(layer, campaign):
    with ledger.writing(campaign.pk, SYSTEM) as book:
        book.record("custom", {"wrong": "shape"})
    assert layer.sent == []
    assert campaign.events.count() == 1


def test_secret_characters_are_hidden_in_the_viewers_text(layer, campaign):
    hero = a_character(campaign, name="Nobody", is_secret=True)
    lifecycle.update(hero, {"name": "Somebody"}, actor=SYSTEM)
    for _group, poke in layer.sent:
        assert json.loads(poke["frames"][0]["viewer"])["data"] == {"type": "HIDDEN"}
        assert str(hero.pk) in poke["frames"][0]["gm"]


class TestOneProcessLayer:
    async def test_what_another_thread_sends_wakes_the_reader(self):
        layer = OneProcessChannelLayer()
        channel = await layer.new_channel()
        await layer.group_add("campaign.x", channel)
        reading = asyncio.ensure_future(layer.receive(channel))
        await asyncio.sleep(0)
        thread = threading.Thread(target=lambda: asyncio.run(layer.group_send("campaign.x", {"type": "t", "n": 1})))
        thread.start()
        assert await asyncio.wait_for(reading, 2) == {"type": "t", "n": 1}
        thread.join()

    async def test_order_is_kept_and_a_sender_s_later_changes_do_not_show(self):
        layer = OneProcessChannelLayer()
        channel = await layer.new_channel()
        await layer.group_add("campaign.x", channel)
        message = {"type": "t", "numbers": [0]}
        for number in range(1, 4):
            await layer.group_send("campaign.x", message)
            message["numbers"].append(number)  # type: ignore[attr-defined]
        assert [(await layer.receive(channel))["numbers"] for _ in range(3)] == [[0], [0, 1], [0, 1, 2]]

    async def test_who_left_the_group_is_sent_nothing(self):
        layer = OneProcessChannelLayer()
        channel = await layer.new_channel()
        await layer.group_add("campaign.x", channel)
        await layer.group_discard("campaign.x", channel)
        await layer.group_send("campaign.x", {"type": "t"})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(layer.receive(channel), 0.05)
