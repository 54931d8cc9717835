"""An event sent with the control token is answered alike on the way around Django's views and on the way through."""

import asyncio
import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns import events
from campaigns.models import Campaign, CampaignToken
from campaigns.operations import tokens
from characters.express import recorded_event
from characters.models import Character
from contract.asgi import OneThreadHandler
from contract.express import ExpressLane
from tests.asgi_server import AsgiServer
from tests.factories import a_campaign, a_character, a_token

TWINS: dict[str, Any] = {"name": "Isaura Vane", "stats": {"tracks": {"hunger": {"value": 2, "max": 5}}}}
MOMENT = {"id", "seq", "timestamp", "ts"}
Answer = tuple[int, dict[str, str], Any]


class Sender:
    """`around` is the way that `contract.express` takes once it has seen an answer; `through` shows a header that it
    does not know.
    """

    def __init__(self, server: AsgiServer, campaign: Campaign, token: str) -> None:
        self.server, self.campaign, self.token = server, campaign, token
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)

    def around(self, document: Any, **headers: str) -> Answer:
        path = f"/api/v1/campaigns/{self.campaign.pk}/events"
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        plain = {"X-Token": self.token, "Content-Type": "application/json"}
        self.connection.request("POST", path, body, {**plain, **headers})
        answer = self.connection.getresponse()
        return answer.status, dict(answer.getheaders()), json.loads(answer.read())

    def through(self, document: Any) -> Answer:
        return self.around(document, **{"X-Unknown": "1"})


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    return a_campaign()


@pytest.fixture
def sender(asgi_server: AsgiServer, campaign: Campaign) -> Sender:
    """Its way around is open."""
    found = Sender(asgi_server, campaign, a_token(campaign, "control")[1])
    opener = a_character(campaign, hp=20)
    for _ in range(2):
        assert found.around({"type": "hp_change", "character_id": str(opener.pk), "delta": -1})[0] == 201
    return found


@pytest.fixture
def twins(campaign: Campaign) -> tuple[Character, Character]:
    return a_character(campaign, hp=20, **TWINS), a_character(campaign, hp=20, **TWINS)


def normal(answer: Answer, hero: Character) -> Any:
    """Without what differs from one request to the next."""
    status, headers, body = answer
    lasting = {name: value for name, value in headers.items() if name not in {"x-request-id", "date", "content-length"}}
    return status, lasting, _without_moment(json.loads(json.dumps(body).replace(str(hero.pk), "hero")))


def _without_moment(body: Any) -> Any:
    if not isinstance(body, dict):
        return body
    return {name: name in MOMENT or _without_moment(value) for name, value in body.items()}


DOCUMENTS: list[dict[str, Any]] = [
    {"type": "hp_change", "delta": -7, "kind": "fire"},
    {"type": "hp_change", "delta": 3},
    {"type": "hp_change", "to": 5, "critical": False},
    {"type": "hp_change", "temp": 4},
    {"type": "condition_added", "condition": "prone", "rounds": 3},
    {"type": "track_change", "track": "hunger", "delta": 1},
    {"type": "death_save", "result": "success"},
    {"type": "condition_removed", "condition": "stunned"},
    {"type": "hp_change"},
    {"type": "hp_change", "delta": 1, "to": 2},
    {"type": "hp_change", "delta": "1"},
    {"type": "hp_change", "delta": -1, "surprise": 1},
    {"type": "nonsense"},
    {"type": "custom", "name": "bell"},
    {"type": "roll", "label": "Stealth", "total": 17},
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_both_ways_lead_to_the_same(sender: Sender, twins: Any, document: dict[str, Any]) -> None:
    one, other = twins
    around = normal(sender.around({**document, "character_id": str(one.pk)}), one)
    through = normal(sender.through({**document, "character_id": str(other.pk)}), other)
    assert around == through
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.stats, one.version, one.field_versions) == (other.stats, other.version, other.field_versions)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"type": 1}', b"\xff", b'{"type": "hp_change", "type": "roll"}'])
def test_what_is_no_document_is_refused_alike(sender: Sender, twins: Any, body: bytes) -> None:
    around, through = (normal(way(body), twins[0]) for way in (sender.around, sender.through))
    assert around == through
    assert around[0] in {400, 422}


def test_a_character_of_another_campaign_is_not_there(sender: Sender) -> None:
    stranger = a_character(a_campaign(), hp=20)
    document = {"type": "hp_change", "delta": -1, "character_id": str(stranger.pk)}
    assert normal(sender.around(document), stranger) == normal(sender.through(document), stranger)
    assert sender.around(document)[0] == 422


def _overlay_s(campaign: Campaign) -> str:
    return a_token(campaign, "overlay")[1]


def _of_another_campaign(campaign: Campaign) -> str:
    return a_token(a_campaign(), "control")[1]


def _revoked(campaign: Campaign) -> str:
    token, text = a_token(campaign, "control")
    tokens.revoke(campaign, token.pk, actor=SYSTEM)
    return text


@pytest.mark.parametrize("of", [_overlay_s, _of_another_campaign, _revoked, lambda campaign: "trp_control_nonsense"])
def test_who_may_not_is_sent_away_alike(sender: Sender, twins: Any, of: Callable[[Campaign], str]) -> None:
    sender.token = of(sender.campaign)
    hero = twins[0]
    document = {"type": "hp_change", "delta": -1, "character_id": str(hero.pk)}
    around, through = (normal(way(document), hero) for way in (sender.around, sender.through))
    assert around == through
    assert around[0] in {401, 403, 404}
    hero.refresh_from_db()
    assert hero.stats["hp"]["current"] == 20


def _ends_by_hand(token: CampaignToken) -> None:
    tokens.revoke(token.campaign, token.pk, actor=SYSTEM)


def _ends_by_time(token: CampaignToken) -> None:
    CampaignToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())


def _is_gone(token: CampaignToken) -> None:
    CampaignToken.objects.filter(pk=token.pk).delete()


@pytest.mark.parametrize("end", [_ends_by_hand, _ends_by_time, _is_gone])
def test_a_token_that_ends_in_the_middle_of_the_show_ends_at_once(sender: Sender, twins: Any, end: Any) -> None:
    """The process has just seen it valid; whatever it is sent with after that changes nothing."""
    token, sender.token = a_token(sender.campaign, "control")
    hero = twins[0]
    vital = [{**each, "character_id": str(hero.pk)} for each in DOCUMENTS if each["type"] in events.VITALS]
    assert sender.around(vital[0])[0] == 201
    hero.refresh_from_db()
    sender.campaign.refresh_from_db()
    before = hero.stats, hero.version, sender.campaign.seq
    end(token)
    for document in vital:
        around, through = (normal(way(document), hero) for way in (sender.around, sender.through))
        assert around == through
        assert around[0] == 401
    hero.refresh_from_db()
    sender.campaign.refresh_from_db()
    assert (hero.stats, hero.version, sender.campaign.seq) == before


class CountingHandler(OneThreadHandler):
    asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        await super().__call__(scope, receive, send)


def test_the_way_around_does_not_ask_django(twins: Any) -> None:
    hero, handler = twins[0], CountingHandler()
    lane = ExpressLane(handler, recorded_event)
    body = json.dumps({"type": "hp_change", "character_id": str(hero.pk), "delta": -1}).encode()
    token = a_token(hero.campaign, "control")[1].encode()
    headers = [
        *((b"host", b"testserver"), (b"content-type", b"application/json"), (b"x-token", token)),
        (b"content-length", b"%d" % len(body)),
    ]
    scope = {
        "type": "http", "method": "POST", "path": f"/api/v1/campaigns/{hero.campaign_id}/events", "scheme": "http",
        "query_string": b"", "headers": headers, "server": ("testserver", 80), "http_version": "1.1",
    }  # fmt: skip
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    async def thrice() -> None:
        for _ in range(3):
            await lane(dict(scope), receive, send)
        await handler.in_thread(connections.close_all)

    asyncio.run(thrice())
    assert [message["status"] for message in sent if "status" in message] == [201, 201, 201]
    assert handler.asked == 1
    hero.refresh_from_db()
    assert hero.stats["hp"]["current"] == 17
