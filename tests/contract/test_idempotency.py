"""A repeated POST: one effect, one answer (row A61 of the attack matrix)."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import IdempotentReply
from campaigns.models import CampaignToken, Event
from tests.actors import api_as
from tests.api_client import Api, fields
from tests.factories import Table, a_table

pytestmark = pytest.mark.django_db
KEY = "press-1"


def hit(table: Table, delta: int = -7) -> dict[str, Any]:
    return {"type": "hp_change", "character_id": str(table.hero.pk), "delta": delta}


@pytest.fixture
def events(here: str) -> str:
    return f"{here}/events"


def hp(table: Table) -> int:
    table.hero.refresh_from_db()
    return table.hero.stats["hp"]["current"]


def test_a_repetition_is_answered_alike_to_the_byte(table: Table, gm: Api, events: str) -> None:
    first = gm.post(events, hit(table), Idempotency_Key=KEY)
    again = gm.post(events, hit(table), Idempotency_Key=KEY)
    assert (again.status_code, again.content) == (201, first.content)
    assert hp(table) == 38


def test_how_the_body_is_spaced_does_not_matter(table: Table, gm: Api, events: str) -> None:
    first = gm.post(events, hit(table), Idempotency_Key=KEY)
    raw = f'{{"delta":-7, "character_id": "{table.hero.pk}",\n "type": "hp_change"}}'.encode()
    assert gm.raw("POST", events, raw, Idempotency_Key=KEY).content == first.content


def test_another_body_or_address_is_refused(table: Table, gm: Api, here: str, events: str) -> None:
    gm.post(events, hit(table), Idempotency_Key=KEY)
    other = gm.post(events, hit(table, -8), Idempotency_Key=KEY)
    assert (other.status_code, fields(other).keys()) == (422, {"Idempotency-Key"})
    elsewhere = gm.post(f"{here}/characters", {"name": "A"}, Idempotency_Key=KEY)
    assert elsewhere.status_code == 422
    assert hp(table) == 38


def test_the_key_of_another_caller_is_another_key(table: Table, gm: Api, events: str) -> None:
    gm.post(events, hit(table), Idempotency_Key=KEY)
    assert api_as(table, "control").post(events, hit(table), Idempotency_Key=KEY).status_code == 201
    assert hp(table) == 31


def test_without_a_key_each_counts(table: Table, gm: Api, events: str) -> None:
    gm.post(events, hit(table))
    gm.post(events, hit(table))
    assert hp(table) == 31


@pytest.mark.parametrize("key", ["k" * 256, "", " ", "é", "a\tb"])
def test_no_key(table: Table, gm: Api, events: str, key: str) -> None:
    refused = gm.post(events, hit(table), Idempotency_Key=key)
    assert (refused.status_code, fields(refused).keys()) == (422, {"Idempotency-Key"})
    assert hp(table) == 45


def test_the_longest_key(table: Table, gm: Api, events: str) -> None:
    assert gm.post(events, hit(table), Idempotency_Key="k" * 255).status_code == 201


def test_a_refusal_is_not_kept(table: Table, gm: Api, here: str, events: str) -> None:
    body = {"type": "condition_removed", "character_id": str(table.hero.pk), "condition": "prone"}
    assert gm.post(events, body, Idempotency_Key=KEY).status_code == 422
    assert not IdempotentReply.objects.exists()
    gm.post(events, {**body, "type": "condition_added"})
    assert gm.post(events, body, Idempotency_Key=KEY).status_code == 201


def test_a_fault_is_not_kept(table: Table, gm: Api, events: str, monkeypatch: Any) -> None:
    from characters import ingest

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    gm.client.raise_request_exception = False
    with monkeypatch.context() as patched:
        patched.setattr(ingest, "record", fail)
        assert gm.post(events, hit(table), Idempotency_Key=KEY).status_code == 500
    assert gm.post(events, hit(table), Idempotency_Key=KEY).status_code == 201


def test_who_lost_the_right_gets_no_old_answer(table: Table, events: str) -> None:
    control = api_as(table, "control")
    control.post(events, hit(table), Idempotency_Key=KEY)
    CampaignToken.objects.filter(campaign=table.campaign).update(revoked_at=timezone.now())
    assert control.post(events, hit(table), Idempotency_Key=KEY).status_code == 401


def test_a_secret_is_not_kept(table: Table, gm: Api, here: str) -> None:
    body = {"kind": "control", "name": "Deck"}
    first = gm.post(f"{here}/tokens", body, Idempotency_Key=KEY).json()
    again = gm.post(f"{here}/tokens", body, Idempotency_Key=KEY).json()
    assert again == {**first, "token": None}
    assert first["token"] not in str(IdempotentReply.objects.get().body)
    assert table.campaign.tokens.filter(name="Deck").count() == 1


ACTIONS: dict[str, tuple[str, Any]] = {
    "campaigns": ("/campaigns", {"name": "Twice"}),
    "characters": ("{here}/characters", {"name": "Twice"}),
    "retire": ("{here}/characters/{hero}/retire", None),
    "episodes": ("{here}/episodes", {"title": "Twice"}),
    "start": ("{here}/episodes/1/start", None),
    "members": ("{here}/members", {"username": "{stranger}"}),
    "tokens": ("{here}/tokens", {"kind": "read", "name": "Twice"}),
    "undo": ("{here}/events/{event}/undo", None),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_post_honours_it(table: Table, gm: Api, here: str, action: str) -> None:
    gm.post(f"{here}/episodes", {"title": "One"})
    event = Event.objects.get(campaign=table.campaign, type="roster_updated")
    names = {"here": here, "hero": table.hero.pk, "event": event.pk, "stranger": table.stranger.username}
    path, body = ACTIONS[action]
    path = path.format(**names)
    body = body and {key: value.format(**names) for key, value in body.items()}
    first, again = (gm.post(path, body, Idempotency_Key=KEY) for _ in range(2))
    assert first.status_code == again.status_code < 300
    assert {**first.json(), "token": None} == {**again.json(), "token": None}
    assert IdempotentReply.objects.count() == 1


def test_old_answers_are_forgotten(table: Table, gm: Api, events: str) -> None:
    gm.post(events, hit(table), Idempotency_Key="old")
    gm.post(events, hit(table), Idempotency_Key="new")
    IdempotentReply.objects.filter(key="old").update(created_at=timezone.now() - timedelta(hours=25))
    out = StringIO()
    call_command("forget_replies", stdout=out)
    assert out.getvalue() == "1 kept answers deleted.\n"
    assert IdempotentReply.objects.get().key == "new"


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread with a connection of its own, all starting together."""
    ready, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(index: int) -> None:
        try:
            ready.wait()
            found[index] = jobs[index]()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.data_layer
@pytest.mark.django_db(transaction=True)
def test_a61_concurrent_repetitions_have_one_effect() -> None:
    table = a_table()
    path = f"/campaigns/{table.campaign.slug}/events"
    apis = [Api(token=table.control_token) for _ in range(8)]
    jobs: list[Any] = [lambda api=api: api.post(path, hit(table), Idempotency_Key=KEY) for api in apis]
    answers = at_once(jobs)
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert hp(table) == 38
