"""The matrix of the live stream: every handshake and every message, by all eight actors, on the real consumer."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from accounts import tokens
from accounts.models import User
from overlay import consumers
from overlay.live import credentials
from overlay.live.tasks import read
from overlay.operations import tickets
from tests.contract.matrix.actors import ACTORS, ANONYMOUS, FOREIGN, OUTSIDERS, RIVAL, STAFF, clients
from tests.contract.matrix.table import REFUSED, SOCKET, WAITS, Said
from tests.contract.test_actors import filled
from tests.factories import Table, a_table, an_api_key
from tests.overlay.wire import HOST, PATIENCE, Wire, close_hub

PROTOCOL = (Path(__file__).resolve().parents[3] / "docs/live-protocol.md").read_text()
NOWHERE = ("no-such-campaign", "00000000-0000-4000-8000-000000000000")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def fresh_hub() -> AsyncIterator[None]:
    yield
    await close_hub()


class Cast:
    """What each actor has in hand at this table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.sessions = {name: client.session for name, client in clients(table).items()}
        ids = {name: session.get("_auth_user_id") for name, session in self.sessions.items()}
        keys = {name: an_api_key(User.objects.get(pk=id_))[1] for name, id_ in ids.items() if id_}
        self.tokens = {**keys, ANONYMOUS: tokens.mint("overlay"), FOREIGN: table.foreign_token}

    def headers(self, actor: str, row: Said) -> dict[str, str]:
        says_itself = any(message["type"] == "AUTH" for message in row.messages)
        if actor == FOREIGN and not says_itself:
            return {"x-token": self.table.foreign_token}
        cookie = {} if actor in (ANONYMOUS, FOREIGN) else {"cookie": f"sessionid={self.sessions[actor].session_key}"}
        return {"origin": f"http://{HOST}", **cookie}

    def messages(self, actor: str, row: Said) -> list[dict[str, Any]]:
        campaign = self.table.campaign
        campaign.refresh_from_db()
        names = {"token": self.tokens[actor], "ticket": self.ticket(actor), "character": str(self.table.hero.pk)}
        return [filled({**message}, {**names, "epoch": campaign.epoch}) for message in row.messages]

    def ticket(self, actor: str) -> str:
        """Of the campaign that the actor is in; who is in none has no more than the form of one."""
        if actor in (ANONYMOUS, STAFF):
            return tokens.mint(tickets.KIND)
        campaign = self.table.rival_campaign if actor in (RIVAL, FOREIGN) else self.table.campaign
        return tickets.issue(campaign.pk, credentials.by_token(campaign.pk, self.tokens[actor], "").written)


async def answer(wire: Wire) -> dict[str, Any] | None:
    """What comes next after the handshake; None when the stream waits for AUTH."""
    for _ in range(int(PATIENCE * 100)):
        while not wire.arrived.empty():
            message = wire.arrived.get_nowait()
            if message["type"] != "websocket.accept":
                return message
        if wire.consumer.deadline is not None:
            return None
        await asyncio.sleep(0.01)
    raise TimeoutError


def label(message: dict[str, Any] | None) -> str:
    """As tests.contract.matrix.table has it."""
    if message is None:
        return WAITS
    if message["type"] == "websocket.close":
        return str(message["code"])
    said = json.loads(message["text"])
    return str({"BOOTSTRAP": said.get("audience"), "ERROR": said.get("code")}.get(said["type"], said["type"]))


async def outcome(cast: Cast, actor: str, row: Said) -> str:
    messages = await read(cast.messages, actor, row)
    async with Wire(cast.table.campaign, row.query, headers=cast.headers(actor, row)) as wire:
        first = await answer(wire)
        if wire.closed is not None:
            return REFUSED if "reason" not in (first or {}) else label(first)
        if not messages:
            return label(first)
        for message in messages:
            wire.say(**message)
        return label(await asyncio.wait_for(wire.arrived.get(), PATIENCE))


async def differing(cast: Cast, *, private: bool) -> dict[str, Any]:
    """row → actor → (expected, found), where they differ."""
    faults: dict[str, Any] = {}
    for row in SOCKET:
        rule = row.private if private else row.open
        for actor in ACTORS:
            found = await outcome(cast, actor, row)
            if found != rule[actor]:
                faults.setdefault(str(row), {})[actor] = (rule[actor], found)
    return faults


@pytest.fixture
def public(transactional_db: None) -> Cast:
    return Cast(a_table())


@pytest.fixture
def private(transactional_db: None) -> Cast:
    return Cast(a_table(visibility="private"))


async def test_of_a_public_campaign_everybody_hears_what_the_table_says(public: Cast) -> None:
    assert await differing(public, private=False) == {}


async def test_of_a_private_campaign_everybody_hears_what_the_table_says(private: Cast) -> None:
    assert await differing(private, private=True) == {}


async def everything(cast: Cast, actor: str, row: Said, address: str) -> list[dict[str, Any]]:
    """All that the actor is sent at this address, to the end."""
    messages = await read(cast.messages, actor, row)
    async with Wire(address, row.query, headers=cast.headers(actor, row)) as wire:
        heard: list[dict[str, Any]] = []
        for message in messages:
            wire.say(**message)
        while not heard or heard[-1]["type"] != "websocket.close":
            heard.append(await asyncio.wait_for(wire.arrived.get(), PATIENCE))
    return heard


async def test_a_private_campaign_and_none_at_all_sound_alike(private: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = private.table.campaign
    for row in SOCKET:
        # Who says AUTH is refused for it; the others wait for nothing, which need not take long.
        speaks = any(message["type"] == "AUTH" for message in row.messages)
        monkeypatch.setattr(consumers, "AUTH_SECONDS", PATIENCE if speaks else 0.02)
        for actor in OUTSIDERS:
            for there, none in zip((campaign.slug, str(campaign.pk)), NOWHERE, strict=True):
                heard = await everything(private, actor, row, there)
                assert heard == await everything(private, actor, row, none), (str(row), actor, none)
                assert not any("BOOTSTRAP" in message.get("text", "") for message in heard)


def test_no_message_is_without_a_row() -> None:
    rows = {message["type"] for row in SOCKET for message in row.messages}
    assert consumers.HANDLERS.keys() - rows == set()
    assert set(re.findall(r'`\{"type": "([A-Z_]+)"', PROTOCOL.partition("## Client messages")[2])) == set(
        consumers.HANDLERS
    )


def test_no_handshake_is_without_a_row() -> None:
    described = re.findall(r"^\| `(\?\S+)` \|", PROTOCOL, re.MULTILINE)
    names = [re.findall(r"[?&](\w+)=", query) for query in described]
    assert sorted(name for each in names for name in each) == sorted(consumers.Query.NAMES)
    rows = [re.findall(r"[?&](\w+)=", row.query) for row in SOCKET]
    assert [name for name in names if name not in rows] == []
