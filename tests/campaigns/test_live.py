"""Poking the live stream: what a poke carries, and that no trouble of the broker's becomes the writer's."""

import asyncio
import json
import threading
import time
from typing import Any

import pytest

from accounts.actors import SYSTEM
from campaigns import ledger, live
from campaigns.layers import OneProcessChannelLayer
from campaigns.live import Breaker
from campaigns.models import Campaign
from campaigns.operations import table
from characters.operations import lifecycle
from tests.factories import a_campaign, a_character


class Layer:
    """A channel layer that notes what is sent, fails, or takes its time to fail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.attempts = 0
        self.trouble = ""

    def group_send_now(self, group: str, message: dict[str, Any]) -> None:
        self.attempts += 1
        if self.trouble:
            time.sleep(0.1 if self.trouble == "hangs" else 0)
            raise ConnectionError
        self.sent.append((group, message))


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Layer:
    found = Layer()
    monkeypatch.setattr(live, "get_channel_layer", lambda: found)
    monkeypatch.setattr(live, "breaker", Breaker(0.4))
    return found


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
    layer.trouble = ""
    for number in range(1, 4):
        ring(campaign)
        assert len(layer.sent) == number


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
        thread = threading.Thread(target=layer.group_send_now, args=("campaign.x", {"type": "t", "n": 1}))
        thread.start()
        assert await asyncio.wait_for(reading, 2) == {"type": "t", "n": 1}
        thread.join()

    async def test_order_is_kept(self):
        layer = OneProcessChannelLayer()
        channel = await layer.new_channel()
        await layer.group_add("campaign.x", channel)
        for number in range(3):
            layer.group_send_now("campaign.x", {"type": "t", "n": number})
        assert [(await layer.receive(channel))["n"] for _ in range(3)] == [0, 1, 2]

    async def test_who_left_the_group_is_sent_nothing(self):
        layer = OneProcessChannelLayer()
        channel = await layer.new_channel()
        await layer.group_add("campaign.x", channel)
        await layer.group_discard("campaign.x", channel)
        layer.group_send_now("campaign.x", {"type": "t"})
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(layer.receive(channel), 0.05)

    def test_a_reader_whose_loop_has_ended_is_passed_over(self):
        layer = OneProcessChannelLayer()

        async def read() -> None:
            channel = await layer.new_channel()
            await layer.group_add("campaign.x", channel)
            layer.group_send_now("campaign.x", {"type": "t"})
            await layer.receive(channel)

        asyncio.run(read())
        layer.group_send_now("campaign.x", {"type": "t"})
