"""Rate limits: who is counted, what a refusal says, and what happens without Redis."""

import logging
import runpy
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from redis import Redis

from accounts import limits
from accounts.limits import AUTH, READ, WRITE, Limited
from config.checks import rate_limits, rates
from contract.refusals import Unavailable
from tests.api_client import Api
from tests.factories import PASSWORD, a_campaign, a_token, a_user, an_api_key

SETTINGS = str(Path(__file__).resolve().parents[2] / "config/settings.py")
NOWHERE = "redis://127.0.0.1:1/0"


@pytest.fixture
def counting(settings: LazySettings) -> LazySettings:
    """Limits in memory, with nothing counted yet: five of each class a minute."""
    settings.RATE_LIMITS, settings.REDIS_URL, settings.REDIS_PREFIX = True, "", uuid4().hex
    settings.RATES = dict.fromkeys(limits.CLASSES, "5/minute")
    return settings


def reads(api: Api, count: int = 6, **where: Any) -> list[int]:
    return [api.client.get("/api/v1/campaigns", headers=api.headers, **where).status_code for _ in range(count)]


ALLOWED = [200] * 5 + [429]


class TestCounting:
    def test_a57_exactly_so_many(self, counting: Any) -> None:
        for _ in range(5):
            limits.hit(READ, "address:192.0.2.1")
        with pytest.raises(Limited) as refused:
            limits.hit(READ, "address:192.0.2.1")
        told = refused.value.headers()
        assert 1 <= int(told["Retry-After"]) <= 60
        assert told["RateLimit-Reset"] == told["Retry-After"]
        assert (told["RateLimit-Limit"], told["RateLimit-Remaining"]) == ("5", "0")
        limits.hit(READ, "address:192.0.2.2")
        limits.hit(WRITE, "address:192.0.2.1")

    def test_a57_the_window_moves(self, counting: Any) -> None:
        """No burst of twice as many at the edge of a minute."""
        counting.RATES = {**counting.RATES, READ: "5/second"}
        counter, now = limits._counter("", counting.REDIS_PREFIX), 0.0
        limit = limits.limit_of(READ)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("time.time", lambda: now)
            now = 1000.9
            assert [counter.windows.hit(limit, READ, "x") for _ in range(5)] == [True] * 5
            now = 1001.1
            assert not counter.windows.hit(limit, READ, "x")
            now = 1001.95
            assert counter.windows.hit(limit, READ, "x")

    def test_off_means_off(self, counting: Any) -> None:
        counting.RATE_LIMITS = False
        for _ in range(20):
            limits.hit(AUTH, "x")


@pytest.mark.django_db
class TestWhoIsCounted:
    def test_anybody_by_address(self, counting: Any) -> None:
        assert reads(Api()) == ALLOWED
        assert reads(Api(), 1, REMOTE_ADDR="192.0.2.7") == [200]

    def test_a57_an_ipv6_network_is_one(self, counting: Any) -> None:
        addresses = [f"2001:db8:0:1::{n}" for n in range(1, 7)]
        assert [reads(Api(), 1, REMOTE_ADDR=address)[0] for address in addresses] == ALLOWED
        assert reads(Api(), 1, REMOTE_ADDR="2001:db8:0:2::1") == [200]

    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "X_Forwarded_For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "True-Client-IP"]
    )
    def test_a58_forged_headers_do_not_help(self, counting: Any, header: str) -> None:
        client, form = Client(), "for=192.0.2.{}" if header == "Forwarded" else "192.0.2.{}"
        answers = [client.get("/api/v1/campaigns", headers={header: form.format(n)}) for n in range(40)]
        assert [answer.status_code for answer in answers].count(200) == 5

    def test_somebody_known_by_who_they_are_wherever(self, counting: Any) -> None:
        user = a_user()
        here, key = Api(user=user), an_api_key(user)[1]
        assert reads(here, 3) == [200] * 3
        assert reads(Api(authorization=f"Api-Key {key}"), 3, REMOTE_ADDR="192.0.2.9") == [200, 200, 429]
        assert reads(Api(user=a_user())) == ALLOWED

    def test_a_token_for_itself(self, counting: Any) -> None:
        campaign = a_campaign()
        first, second = a_token(campaign)[1], a_token(campaign)[1]
        assert reads(Api(token=first)) == reads(Api(token=second)) == ALLOWED

    def test_writes_apart_from_reads(self, counting: Any) -> None:
        api = Api(user=a_user())
        answers = [api.post("/campaigns", {"name": f"Campaign {n}"}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [201] * 5 + [429]
        assert reads(api, 1) == [200]

    def test_wrong_credentials_are_counted_by_address(self, counting: Any) -> None:
        """They would else cost nothing: nobody is known to count them for."""
        api = Api(token="trp_control_nonsense")
        answers = [api.get("/campaigns") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]


@pytest.mark.django_db
class TestSigningIn:
    def test_programs(self, counting: Any) -> None:
        user, api = a_user(), Api()
        answers = [api.post("/auth/token", {"username": user.username, "password": PASSWORD}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [201] * 5 + [429]
        assert answers[-1].headers["Retry-After"]
        assert answers[-1].headers["RateLimit-Limit"] == "5"

    @pytest.mark.parametrize("path", ["/accounts/login", "/admin/login/"])
    def test_pages(self, counting: Any, path: str) -> None:
        """Whatever the password: another name for each, so that only the address is the same."""
        client = Client()
        answers = [client.post(path, {"username": f"nobody{n}", "password": "x"}) for n in range(6)]
        assert [answer.status_code == 429 for answer in answers] == [False] * 5 + [True]
        assert answers[-1].headers["Retry-After"]
        assert answers[-1].headers["Content-Type"].startswith("text/html")
        assert client.get(path).status_code != 429


@pytest.mark.django_db
class TestWithoutRedis:
    @pytest.fixture
    def down(self, counting: Any) -> Any:
        counting.REDIS_URL = NOWHERE
        return counting

    def test_reads_and_writes_go_on(self, down: Any) -> None:
        api = Api(user=a_user())
        assert reads(api, 8) == [200] * 8
        assert api.post("/campaigns", {"name": "By candlelight"}).status_code == 201

    def test_signing_in_waits(self, down: Any) -> None:
        user, api = a_user(), Api()
        signing_in = api.post("/auth/token", {"username": user.username, "password": PASSWORD})
        refreshing = api.post("/auth/token/refresh", {"refresh": "x"})
        assert signing_in.status_code == refreshing.status_code == 503
        assert signing_in.headers["Retry-After"]
        page = Client().post("/accounts/login", {"username": user.username, "password": PASSWORD})
        assert (page.status_code, page.headers["Retry-After"]) == (503, "2")

    def test_redis_is_not_asked_again_at_once(self, down: Any, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "accounts.limits"):
            for _ in range(5):
                limits.hit(READ, "x")
            with pytest.raises(Unavailable):
                limits.hit(AUTH, "x")
        assert len(caplog.records) == 2


class TestChecks:
    @pytest.mark.parametrize(("said", "on"), [(None, True), ("", True), ("on", True), ("no", True), ("off", False)])
    def test_they_are_on_unless_somebody_says_off(self, monkeypatch: pytest.MonkeyPatch, said: Any, on: bool) -> None:
        monkeypatch.delenv("RATE_LIMITS")
        if said is not None:
            monkeypatch.setenv("RATE_LIMITS", said)
        assert runpy.run_path(SETTINGS)["RATE_LIMITS"] is on

    def test_limits_are_not_off_in_production(self, settings: LazySettings) -> None:
        settings.RATE_LIMITS, settings.DEBUG = False, False
        assert [found.id for found in rate_limits(None)] == ["troupe.E011"]
        settings.RATE_LIMITS = True
        assert rate_limits(None) == []

    def test_a_rate_is_a_number_and_a_unit(self, settings: LazySettings) -> None:
        assert rates(None) == []
        settings.RATES = {"read": "many", "write": "5/minute"}
        assert [found.msg for found in rates(None)] == ["RATE_READ is no rate."]


def test_nothing_secret_in_what_redis_keeps(redis_url: str, counting: Any, db: Any) -> None:
    counting.REDIS_URL, (_key, text) = redis_url, an_api_key(a_user())
    reads(Api(authorization=f"Api-Key {text}"), 1)
    kept = [key.decode() for key in Redis.from_url(redis_url).scan_iter(f"{counting.REDIS_PREFIX}*")]
    assert len(kept) == 1
    assert text[-36:] not in kept[0]


def test_a57_five_of_sixty_at_once_over_two_processes_ten_times(redis_url: str, start_server: Any) -> None:
    """Ten people, each asking sixty times at once, by turns at one server and the other."""
    limited = {"RATE_LIMITS": "on", "RATE_READ": "5/minute"}
    with ThreadPoolExecutor(60) as pool:
        servers = list(pool.map(lambda _: start_server(**limited), range(2)))
        texts = [an_api_key(a_user())[1] for _ in range(10)]
        lines = [HTTPConnection("127.0.0.1", servers[n % 2].port, timeout=30) for n in range(60)]

        def ask(line: HTTPConnection, text: str) -> int:
            line.request("GET", "/api/v1/users/me", headers={"Authorization": f"Api-Key {text}"})
            answer = line.getresponse()
            answer.read()
            return answer.status

        found = [list(pool.map(ask, lines, [text] * 60)) for text in texts]
    for line in lines:
        line.close()
    assert [Counter(answers) for answers in found] == [{200: 5, 429: 55}] * 10


def test_a58_forged_addresses_do_not_help_with_a_real_server(redis_url: str, start_server: Any) -> None:
    """The peer is not among those whom uvicorn is told to trust."""
    server = start_server(RATE_LIMITS="on", RATE_READ="5/minute", FORWARDED_ALLOW_IPS="192.0.2.1")
    forged = [{"X-Forwarded-For": f"192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"} for n in range(40)]
    answers = [status_of(f"{server.url}/api/v1/campaigns", headers) for headers in forged]
    assert (answers.count(200), answers.count(429)) == (5, 35)


def status_of(address: str, headers: dict[str, str]) -> int:
    try:
        with urlopen(Request(address, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
