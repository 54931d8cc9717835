"""Stands for the HTTP workers: a process of its own that tells events at a given pace.

`python -m bench.publisher` reads orders from its input, one JSON object a line: {"outlet": "tell", "port": 0,
"campaigns": [id, …], "count": 1, "interval": seconds}, and answers each with a line when it is done. "tell" writes the
events to the ledger and tells them by `campaigns.live.tell`, "group" sends them to the groups of the textbook consumer,
"socket" hands them to a peer's /publish on that port. The message is the same in all three.
"""

import asyncio
import json
import os
import socket
import sys
import time
import uuid
from collections.abc import Callable
from itertools import islice
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from asgiref.sync import async_to_sync, sync_to_async  # noqa: E402  apps must be loaded first
from channels.layers import get_channel_layer  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import broker, websocket  # noqa: E402
from bench.peers import groups  # noqa: E402
from campaigns import events, live, messages  # noqa: E402
from campaigns.models import Campaign, Event  # noqa: E402
from characters.models import Character  # noqa: E402

AHEAD = 20  # events written to the ledger before the first of them is told
Outlet = Callable[[Campaign, Event], None]


class Table:
    """A campaign whose first character is hit again and again."""

    def __init__(self, campaign: Campaign, hero: Character) -> None:
        self.campaign = campaign
        self.hero = hero
        self.seq = campaign.seq

    def next_event(self) -> Event:
        self.seq += 1
        data = {
            "kind": str(time.time_ns()),
            "name": self.hero.name,
            "from": 45,
            "to": 35,
            "delta": -10,
            "stats": self.hero.stats,
            "version": self.seq,
            "hp_display": self.hero.hp_display,
            "is_secret": False,
            "applied": {"hp": -10},
            "source": "ingest",
        }
        return Event(
            id=uuid.uuid4(),
            campaign=self.campaign,
            seq=self.seq,
            type=events.HP_CHANGE,
            subject_kind=events.SUBJECT_CHARACTER,
            subject_id=self.hero.pk,
            data=data,
            occurred_at=timezone.now(),
        )


class Publisher:
    def __init__(self) -> None:
        self.tables: dict[tuple[str, UUID], Table] = {}  # by outlet: only what is written moves the ledger on

    def obey(self, order: dict[str, Any]) -> None:
        name = order["outlet"]
        tables = self._tables(name, [UUID(text) for text in order["campaigns"]])
        planned = (table for _ in range(order["count"]) for table in tables)
        send = outlet(name, order["port"])
        begun, sent = time.perf_counter(), 0
        while ahead := list(islice(planned, AHEAD)):
            for event in _made(ahead, writes=name == "tell"):
                _sleep_until(begun + sent * order["interval"])
                event.data["kind"] = str(time.time_ns())
                send(event.campaign, event)
                sent += 1

    def _tables(self, outlet: str, ids: list[UUID]) -> list[Table]:
        unknown = [id_ for id_ in ids if (outlet, id_) not in self.tables]
        heroes = Character.objects.filter(campaign__in=unknown).select_related("campaign")
        for hero in heroes.order_by("campaign_id", "name").distinct("campaign_id") if unknown else ():
            self.tables[outlet, hero.campaign_id] = Table(hero.campaign, hero)
        return [self.tables[outlet, id_] for id_ in ids]


def _made(tables: list[Table], *, writes: bool) -> list[Event]:
    """The next event of each, in the ledger already where that is the way they go."""
    made = [table.next_event() for table in tables]
    if writes:
        with transaction.atomic():
            Event.objects.bulk_create(made)
            for table in set(tables):
                Campaign.objects.filter(pk=table.campaign.pk).update(seq=table.seq)
    return made


def tell(campaign: Campaign, event: Event) -> None:
    live.tell(campaign, [event])


def to_group(campaign: Campaign, event: Event) -> None:
    poke = {"type": "campaign.event", "message": _message(campaign, event)}
    async_to_sync(get_channel_layer().group_send)(groups.textbook(str(campaign.pk)), poke)


def to_socket(port: int) -> Outlet:
    """A connection for one order: between orders nobody would answer the peer's pings."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(websocket.handshake("/publish", port))
    connection.recv(4096)

    def send(campaign: Campaign, event: Event) -> None:
        told = json.dumps({"campaign": str(campaign.pk), "message": _message(campaign, event)})
        connection.sendall(websocket.client_frame(websocket.TEXT, told.encode()))

    return send


def _message(campaign: Campaign, event: Event) -> messages.Message:
    return messages.message(event, messages.VIEWER, campaign.epoch)


def _sleep_until(moment: float) -> None:
    wait = moment - time.perf_counter()
    if wait > 0:
        time.sleep(wait)


def outlet(name: str, port: int) -> Outlet:
    return {"tell": lambda: tell, "group": lambda: to_group, "socket": lambda: to_socket(port)}[name]()


async def main() -> None:
    """As in an HTTP worker the event loop runs beside the thread that writes, so the broker's connection lasts."""
    publisher = Publisher()
    broker.connect()
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await sync_to_async(publisher.obey)(json.loads(line))
        print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
