"""Redis as the live stream's broker: nobody waits for its answers, and nothing but what it missed is lost."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis

from campaigns.layers import RedisChannelLayer
from devtools import services

GROUP, PREFIX = "campaign.x", "here"
PATIENCE = 30  # seconds; what does not come by then never does


def a_layer(url: str) -> RedisChannelLayer:
    return RedisChannelLayer(hosts=[{"address": url}], prefix=PREFIX)


class Ear:
    """Hears, by a connection of its own, what the group is sent."""

    def __init__(self, url: str) -> None:
        self.client = redis.Redis.from_url(url)
        self.heard = self.client.pubsub(ignore_subscribe_messages=False)
        self.heard.subscribe(f"{PREFIX}__group__{GROUP}")
        self.heard.get_message(timeout=5)

    def numbers(self, count: int) -> list[int]:
        """The next `count` messages' numbers; fewer when no more come for a while."""
        read = RedisChannelLayer(hosts=[{"address": "redis://nowhere"}], prefix=PREFIX).deserialize
        found: list[int] = []
        while len(found) < count and (message := self.heard.get_message(timeout=10)):
            found.append(read(message["data"])["n"])
        return found


@pytest.fixture
def ear(own_redis: services.Service) -> Iterator[Ear]:
    found = Ear(own_redis.url)
    yield found
    found.heard.close()
    found.client.close()


def send(layer: RedisChannelLayer, *numbers: int, **more: Any) -> None:
    for number in numbers:
        layer.group_send_now(GROUP, {"type": "t", "n": number, **more})


async def test_a_reader_of_the_layer_hears_it(own_redis):
    layer = a_layer(own_redis.url)
    channel = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    send(layer, 7)
    async with asyncio.timeout(PATIENCE):
        assert await layer.receive(channel) == {"type": "t", "n": 7}
    await layer.flush()


async def test_groups_are_spread_over_several_hosts_and_each_is_heard(own_redis, redis_url):
    layer = RedisChannelLayer(hosts=[{"address": own_redis.url}, {"address": redis_url}], prefix=PREFIX)
    channel = await layer.new_channel()
    for number in range(12):
        await layer.group_add(f"campaign.{number}", channel)
        layer.group_send_now(f"campaign.{number}", {"type": "t", "n": number})
    async with asyncio.timeout(PATIENCE):
        assert sorted([(await layer.receive(channel))["n"] for _ in range(12)]) == list(range(12))
    assert all(line._owed for line in layer._lines)
    await layer.flush()


def test_from_many_threads_all_arrive_and_no_answer_is_left_for_long(own_redis, ear):
    layer = a_layer(own_redis.url)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda first: send(layer, *range(first, first + 200)), range(0, 800, 200)))
    assert sorted(ear.numbers(800)) == list(range(800))
    layer._lines[0].settle()
    assert layer._lines[0]._owed == 0


def test_the_first_word_after_a_restart_is_heard(own_redis):
    layer = a_layer(own_redis.url)
    send(layer, 1)
    own_redis.kill()
    own_redis.start()
    own_redis.wait()
    ear = Ear(own_redis.url)
    send(layer, 2, 3)
    assert ear.numbers(2) == [2, 3]


def test_a_broker_that_is_away_is_an_error_until_it_is_back(own_redis):
    layer = a_layer(own_redis.url)
    own_redis.kill()
    for _ in range(2):
        with pytest.raises(redis.RedisError):
            send(layer, 1)
    own_redis.start()
    own_redis.wait()
    ear = Ear(own_redis.url)
    send(layer, 2)
    assert ear.numbers(1) == [2]


def test_a_broker_that_hangs_is_not_waited_for_and_says_it_later(own_redis, ear):
    layer = a_layer(own_redis.url)
    send(layer, 0)
    own_redis.process.send_signal(signal.SIGSTOP)
    try:
        used = time.thread_time()
        send(layer, *range(1, 50))
        assert time.thread_time() - used < 1
    finally:
        own_redis.process.send_signal(signal.SIGCONT)
    assert ear.numbers(50) == list(range(50))


def test_a_broker_that_hangs_until_its_line_is_full_is_an_error(own_redis):
    layer = a_layer(own_redis.url)
    send(layer, 0)
    own_redis.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(redis.RedisError):
            send(layer, *range(1000), text="x" * 100_000)
    finally:
        own_redis.process.send_signal(signal.SIGCONT)
    ear = Ear(own_redis.url)
    send(layer, 2)
    assert 2 in ear.numbers(1)


def test_what_the_broker_refuses_is_an_error_at_the_next_word(own_redis, ear):
    layer = a_layer(own_redis.url)
    send(layer, 1)
    assert ear.numbers(1) == [1]
    ear.client.execute_command("ACL", "SETUSER", "default", "-publish")
    with pytest.raises(redis.ResponseError):
        for _ in range(100):
            send(layer, 2)
            ear.client.ping()
    ear.client.execute_command("ACL", "SETUSER", "default", "+publish")
    layer._lines[0].settle()
    send(layer, 3)
    assert ear.numbers(1) == [3]


SENDING = """
import os, sys
from campaigns.layers import RedisChannelLayer
layer = RedisChannelLayer(hosts=[{"address": sys.argv[1]}], prefix="here")
def send(numbers):
    for number in numbers:
        layer.group_send_now("campaign.x", {"type": "t", "n": number})
"""


def test_a_process_that_ends_at_once_has_said_it(own_redis, ear):
    ending = SENDING + "send(range(200))"
    subprocess.run([sys.executable, "-c", ending, own_redis.url], check=True, cwd=os.getcwd())
    assert ear.numbers(200) == list(range(200))


def test_a_fork_speaks_on_a_line_of_its_own(own_redis, ear):
    forking = SENDING + (
        "send([0])\n"
        "child = os.fork()\n"
        "send(range(1, 100) if child else range(100, 200))\n"
        "if child: os.waitpid(child, 0)\n"
    )
    subprocess.run([sys.executable, "-c", forking, own_redis.url], check=True, cwd=os.getcwd())
    assert sorted(ear.numbers(200)) == list(range(200))
