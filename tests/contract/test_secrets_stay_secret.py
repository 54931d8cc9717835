"""After a full run through everything that handles secrets, none of them lies about: not in the log (at its most
talkative), the database, Redis, a session, or an address that another site could be told.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from django.contrib.sessions.models import Session
from django.db import connection
from django_otp.oath import TOTP

from accounts.actors import SYSTEM
from accounts.models import ApiKey, AuditEntry, User
from accounts.operations import teams
from tests.asgi_server import AsgiServer
from tests.factories import a_private_campaign, a_team
from tests.live.viewers import viewer
from tests.oauth_server import CLIENT_ID, CLIENT_SECRET, OAuthServer

PASSWORDS = {name: f"the {name} tide is late tonight" for name in ("first", "mistyped", "second", "third")}
LETTERS_WITHIN = 30.0  # seconds


@pytest.fixture
def house() -> Iterator[OAuthServer]:
    with OAuthServer() as house:
        yield house


@pytest.fixture
def server(house: OAuthServer, start_server: Callable[..., AsgiServer], tmp_path: Path) -> AsgiServer:
    """As the Procfile starts it, but for the level of its log."""
    return start_server(
        DJANGO_SETTINGS_MODULE="tests.discord_settings",
        OAUTH_SERVER=house.url,
        DISCORD_CLIENT_ID=CLIENT_ID,
        DISCORD_CLIENT_SECRET=CLIENT_SECRET,
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        EMAIL_FILE_PATH=str(tmp_path / "letters"),
        LOG_LEVEL="DEBUG",
        UVICORN_LOG_LEVEL="info",
        RATE_LIMITS="on",
    )


class Browser:
    """Keeps every secret that it meets in `secrets`, by name, and every answer in `answers`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self.secrets: dict[str, str] = {}
        self.answers: list[requests.Response] = []

    def get(self, path: str, **more: Any) -> requests.Response:
        return self._kept(self.http.get(self._address(path), **more))

    def send(self, path: str, **fields: str) -> requests.Response:
        """A form, with its CSRF token."""
        if "csrftoken" not in self.http.cookies:
            self.get("/accounts/login")
        fields["csrfmiddlewaretoken"] = str(self.http.cookies["csrftoken"])
        return self._kept(self.http.post(self._address(path), data=fields))

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """By session unless a header carries a credential."""
        http = requests if headers else self.http
        own = {} if headers else {"X-CSRFToken": str(self.http.cookies["csrftoken"])}
        address = self._address(f"/api/v1{path}")
        return self._kept(http.request(method, address, json=body, headers={**own, **headers})).json()

    def keep(self, name: str, secret: str | None) -> str:
        assert secret is not None and len(secret) >= 8, name
        self.secrets[name] = secret
        return secret

    def sign_in(self, password: str, **more: str) -> requests.Response:
        answer = self.send("/accounts/login", username="mira", password=password, **more)
        if "sessionid" in self.http.cookies:
            self.keep(f"session {len(self.secrets)}", self.http.cookies["sessionid"])
        return answer

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else f"{self.url}{path}"

    def _kept(self, answer: requests.Response) -> requests.Response:
        self.answers += [*answer.history, answer]
        return answer


def sign_up(browser: Browser) -> None:
    for name, password in PASSWORDS.items():
        browser.keep(f"{name} password", password)
    address = browser.keep("e-mail address", "mira@harbour.example")
    browser.send("/accounts/signup", username="mira", password=PASSWORDS["first"], email=address)
    browser.sign_in(PASSWORDS["mistyped"])
    browser.send("/accounts/logout")
    browser.sign_in(PASSWORDS["first"])
    change = {"current_password": PASSWORDS["first"], "new_password": PASSWORDS["second"]}
    assert "/accounts/security" in browser.send("/accounts/security/password", **change).url
    browser.keep("session after the change", browser.http.cookies["sessionid"])


def use_a_program(browser: Browser) -> None:
    pair = browser.api("POST", "/auth/token", {"username": "mira", "password": PASSWORDS["second"]}, Accept="*/*")
    for _ in range(2):  # asked for twice, the successor is the same
        after = browser.api("POST", "/auth/token/refresh", {"refresh": pair["refresh"]}, Accept="*/*")
    for number, each in enumerate((pair, after)):
        browser.keep(f"access {number}", each["access"])
        browser.keep(f"refresh {number}", each["refresh"])
    assert browser.api("GET", "/users/me", Authorization=f"Bearer {after['access']}")["username"] == "mira"


def use_keys(browser: Browser, server: AsgiServer) -> None:
    campaign = a_private_campaign(owner=User.objects.get(username="mira"))
    key = browser.api("POST", "/keys", {"name": "Deck", "scopes": ["campaigns:read"]})["key"]
    token = browser.api("POST", f"/campaigns/{campaign.slug}/tokens", {"kind": "control", "name": "Bot"})["token"]
    ticket = browser.api("POST", f"/campaigns/{campaign.slug}/live/tickets")["ticket"]
    for name, text in (("API key", key), ("X-Token", token), ("live ticket", ticket)):
        browser.keep(name, text)
        with viewer(server, campaign, "?auth=1") as page:
            page.say(type="AUTH", token=text)
            assert page.next()["type"] == "BOOTSTRAP"
    assert browser.api("GET", f"/campaigns/{campaign.slug}", **{"X-Token": token})["slug"] == campaign.slug
    refused = browser.api("GET", f"/campaigns/{campaign.slug}", **{"X-Token": f"{key}0"})
    assert refused["status_code"] == 401
    program = {"Idempotency-Key": "a", "Authorization": f"Bearer {browser.secrets['access 1']}"}
    once = browser.api("POST", "/keys", {"name": "Again", "scopes": ["campaigns:read"]}, **program)
    browser.keep("API key that may be asked for again", once["key"])


def use_links(browser: Browser, tmp_path: Path) -> None:
    _row, text = teams.invite(a_team().pk, "viewer", actor=SYSTEM)
    browser.keep("invitation", text)
    browser.send("/invitations", token=text)
    assert "Welcome" in browser.send("/invitations/open").text

    outside = Browser(browser.url)
    outside.send("/accounts/password/lost", email=browser.secrets["e-mail address"])
    path = re.search(r"/accounts/password/new/\S+", letter(tmp_path))
    assert path is not None
    browser.keep("reset link", path[0].rpartition("/")[2])
    form = outside.get(path[0])
    assert browser.secrets["reset link"] not in form.url
    outside.send(form.url, new_password=PASSWORDS["third"])
    browser.answers += outside.answers
    assert "/accounts/profile" in browser.sign_in(PASSWORDS["third"], next="/accounts/profile").url


def letter(tmp_path: Path) -> str:
    until = time.monotonic() + LETTERS_WITHIN
    while time.monotonic() < until:
        for file in (tmp_path / "letters").glob("*"):
            if text := file.read_text():
                return text
        time.sleep(0.1)
    raise TimeoutError


def use_a_second_step(browser: Browser) -> None:
    page = browser.get("/accounts/security/second-step").text
    spelled = re.search(r'<span class="num">([A-Z2-7 ]+)</span>', page)
    assert spelled is not None
    seed = User.objects.get(username="mira").two_factor.seed
    browser.keep("TOTP seed", seed)
    browser.keep("TOTP seed as shown", spelled[1])
    browser.keep("TOTP seed as typed", spelled[1].replace(" ", ""))
    clock = TOTP(bytes.fromhex(seed))
    clock.time = time.time()
    shown = browser.send("/accounts/security/second-step", code=f"{clock.token():06d}").text
    codes = re.findall(r"<li>(\w{5}-\w{5}-\w{5})</li>", shown)
    browser.keep("recovery code", codes[0])
    browser.keep("recovery code, used", codes[1])
    browser.send("/accounts/logout")
    browser.sign_in(PASSWORDS["third"])
    browser.send("/accounts/login/code", code=codes[1])
    browser.keep("session after the code", browser.http.cookies["sessionid"])


def come_by_discord(browser: Browser, house: OAuthServer) -> None:
    for mode in ("500", "well"):
        house.mode = mode
        guest = Browser(browser.url)
        guest.get("/accounts/login")
        fields = {"csrfmiddlewaretoken": guest.http.cookies["csrftoken"]}
        off = guest.http.post(f"{guest.url}/accounts/with/discord", data=fields, allow_redirects=False)
        asked = house.question(off.headers["Location"])
        browser.keep(f"OAuth state, {mode}", asked["state"])
        back = house.agree(asked)
        browser.keep(f"OAuth code, {mode}", next(reversed(house.codes)))
        guest.get(back)
        browser.answers += guest.answers
    browser.keep("session by Discord", guest.http.cookies["sessionid"])
    for number, token in enumerate(house.tokens):
        browser.keep(f"token of the house {number}", token)
    browser.keep("secret of the site at the house", CLIENT_SECRET)


def rows() -> str:
    """Every row of every table, and what the sessions say in clear."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    found += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found)


def kept_in_redis(url: str) -> str:
    import redis

    store: Any = redis.Redis.from_url(url)
    read = {
        b"string": store.get,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"zset": lambda key: store.zrange(key, 0, -1),
        b"hash": store.hgetall,
        b"set": store.smembers,
    }
    return "\n".join(f"{key!r} {read[store.type(key)](key)!r}" for key in store.scan_iter("*"))


def found_in(text: str, secrets: dict[str, str]) -> list[str]:
    return [name for name, secret in secrets.items() if secret in text]


@pytest.fixture
def run(server: AsgiServer, house: OAuthServer, tmp_path: Path) -> Browser:
    browser = Browser(server.url)
    sign_up(browser)
    use_a_program(browser)
    use_keys(browser, server)
    use_links(browser, tmp_path)
    use_a_second_step(browser)
    come_by_discord(browser, house)
    return browser


def test_no_secret_is_found_anywhere(run: Browser, server: AsgiServer, redis_url: str) -> None:
    server.stop()
    log, database, redis = server.log_text(), rows(), kept_in_redis(redis_url)

    assert len(run.secrets) > 20
    assert "DEBUG" in log
    assert "sign-in by discord failed" in log
    assert User.objects.get(username="mira").username in database
    assert ApiKey.objects.first().digest in database  # type: ignore[union-attr]
    assert AuditEntry.objects.count() > 10
    assert "rate" in redis
    assert found_in(log, run.secrets) == []
    assert found_in(database, run.secrets) == []
    assert found_in(redis, run.secrets) == []
    # No other site is told an address. (With `no-referrer` browsers send forms with `Origin: null`.)
    assert {answer.headers["Referrer-Policy"] for answer in run.answers} == {"same-origin"}
    telling = [answer for answer in run.answers if found_in(answer.url, run.secrets)]
    assert {answer.url.rpartition("/")[0].removeprefix(server.url).split("/")[2] for answer in telling} == {
        "password",
        "with",
    }
    assert all("no-store" in answer.headers["Cache-Control"] for answer in telling)
