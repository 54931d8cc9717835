"""What goes wrong: viewers that do not read, restarts, a broker that dies or hangs."""

import base64
import json
import os
import re
import signal
import socket as sockets
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accounts.actors import SYSTEM
from campaigns.operations import table
from overlay.snapshot import snapshot
from tests.factories import a_token
from tests.live.replay import comparable
from tests.live.viewers import viewer

HEALS_WITHIN = 60.0
TRIES = 3  # what is slow is slow each time; what met a stall of this machine is quick the next


@contextmanager
def one_who_never_reads(server, campaign) -> Iterator[sockets.socket]:
    connection = sockets.socket()
    connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", server.port))
    host = server.url.removeprefix("http://")
    connection.sendall(
        f"GET /campaigns/{campaign.pk}/ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {server.url}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n".encode()
    )
    with connection:
        yield connection


def was_cut_off(connection: sockets.socket) -> bool:
    """Read what is left: it must come to an end."""
    connection.settimeout(20)
    try:
        while connection.recv(1 << 20):
            pass
    except TimeoutError:
        return False
    except ConnectionResetError:
        pass
    return True


def resident(server) -> int:
    """Bytes of memory that the server process holds."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


@pytest.mark.usefixtures("redis_url")
def test_who_does_not_read_is_let_go_and_the_others_do_not_notice(server, campaign, hero):
    long = {"text": "x" * 60_000}
    with viewer(server, campaign) as page, one_who_never_reads(server, campaign) as stuck:
        page.next()
        time.sleep(0.3)
        before = resident(server)
        for number in range(120):  # 7 MB
            table.custom_event(campaign.pk, actor=SYSTEM, name=f"no {number}", payload=long)
            page.until(3 + number)
        assert was_cut_off(stuck)
        assert resident(server) - before < 15_000_000
        page.say(type="PING")
        assert page.next()["type"] == "HEARTBEAT"


def told_after(server, campaign) -> float:
    """The seconds after which two who watch know that the server goes; it has ended then."""
    with viewer(server, campaign) as one, viewer(server, campaign) as two:
        one.next()
        two.next()
        started = time.monotonic()
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        assert (one.close_code(), two.close_code()) == (1012, 1012)
        took = time.monotonic() - started
        stopping.join(30)
        assert not server.is_running
        return took


class TestRestart:
    def test_everybody_is_told_and_the_process_ends_in_time(self, server, campaign, hero):
        """Before uvicorn's own patience of two seconds is over."""
        for _ in range(TRIES):
            if told_after(server, campaign) < 1.5:
                return
            server.start()
        pytest.fail("those who watch are told late")

    def test_who_comes_back_is_told_what_happened_meanwhile(self, asgi_server, campaign, wound):
        with viewer(asgi_server, campaign) as page:
            held = page.next()
        asgi_server.kill()
        wound()
        wound()
        asgi_server.start()
        with viewer(asgi_server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            page.state = held
            page.until(4)
            assert page.types == ["EVENT", "EVENT"]


class Table:
    """Somebody who drives the table over REST."""

    def __init__(self, server, campaign, hero) -> None:
        self.url = f"{server.url}/api/v1/campaigns/{campaign.pk}/events"
        self.headers = {"X-Token": a_token(campaign)[1], "Content-Type": "application/json"}
        self.hero = hero

    def wound(self) -> tuple[int, float]:
        """The new seq, and how long the answer took."""
        body = {"type": "hp_change", "character_id": str(self.hero.pk), "delta": -1}
        request = urllib.request.Request(self.url, json.dumps(body).encode(), self.headers, method="POST")
        started = time.monotonic()
        with urllib.request.urlopen(request, timeout=30) as answer:
            seq = json.load(answer)["seq"]
        return seq, time.monotonic() - started


def test_a_broker_that_is_absent_dies_and_hangs_costs_no_write_and_no_event(own_redis, start_server, campaign, hero):
    own_redis.kill()
    server = start_server(REDIS_URL=own_redis.url)
    driver = Table(server, campaign, hero)
    with viewer(server, campaign) as page:
        assert page.next()["type"] == "BOOTSTRAP"  # absent
        page.until(driver.wound()[0], HEALS_WITHIN)
        own_redis.start()
        own_redis.wait()
        assert pokes_arrive_again(page, driver)

        with_tries(page, driver, dead(own_redis))
        page.until([driver.wound() for _ in range(3)][-1][0], HEALS_WITHIN)

        with_tries(page, driver, hanging(own_redis))
        with hanging(own_redis)(), viewer(server, campaign) as late:
            assert late.next()["type"] == "BOOTSTRAP"
        assert pokes_arrive_again(page, driver)
        assert comparable(page.state) == comparable(snapshot(campaign.pk, "viewer"))


def dead(broker):
    @contextmanager
    def while_dead() -> Iterator[None]:
        broker.kill()
        yield
        broker.start()
        broker.wait()

    return while_dead


def hanging(broker):
    @contextmanager
    def while_it_hangs() -> Iterator[None]:
        broker.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            broker.process.send_signal(signal.SIGCONT)

    return while_it_hangs


def with_tries(page, driver, fault) -> None:
    for _ in range(TRIES):
        with fault():
            quick = writes_answer_quickly(page, driver)
        assert pokes_arrive_again(page, driver)
        if quick:
            return
    pytest.fail("writes wait for the broker")


def writes_answer_quickly(page, driver) -> bool:
    """Each within a second, one timeout for all of them; and viewers get there by the database."""
    answers = [driver.wound() for _ in range(6)]
    page.until(answers[-1][0], HEALS_WITHIN)
    took = [seconds for _seq, seconds in answers]
    return max(took) < 1 and sum(took) < 2


def pokes_arrive_again(page, driver) -> bool:
    """The broker's way is quicker than the look at the database every two seconds."""
    ends = time.monotonic() + HEALS_WITHIN
    while time.monotonic() < ends:
        quick = 0
        for _ in range(4):
            seq, _seconds = driver.wound()
            started = time.monotonic()
            page.until(seq, HEALS_WITHIN)
            quick += time.monotonic() - started < 0.3
        if quick == 4:
            return True
    return False


@pytest.mark.usefixtures("redis_url")
def test_an_idle_socket_stays_open(asgi_server, campaign, wound):
    """(redis-py 8 closed the subscription of an idle layer after five seconds.)"""
    with viewer(asgi_server, campaign) as page:
        page.next()
        assert page.hears_nothing(6)
        assert any(arrives_after(page, wound) < 0.3 for _ in range(TRIES)), "it hears by the look at the database only"


def arrives_after(page, wound) -> float:
    seq, started = wound(), time.monotonic()
    page.until(seq)
    return time.monotonic() - started
