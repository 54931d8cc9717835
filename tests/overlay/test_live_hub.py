"""The hub from within: joining before reading, pokes out of order, single flights, caps, faults of the layer."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.test import override_settings

from accounts.actors import SYSTEM
from campaigns import live
from campaigns.models import Campaign
from campaigns.operations import campaigns as campaign_operations
from campaigns.operations import table
from characters.operations import lifecycle
from overlay import consumers
from overlay.live import bootstraps, hub, reads, room
from overlay.live.tasks import read
from overlay.snapshot import snapshot
from tests.factories import a_campaign, a_character, a_private_campaign, a_token
from tests.live.replay import comparable
from tests.overlay.wire import Wire, close_hub

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    return a_campaign()


@pytest.fixture(autouse=True)
async def fresh_hub() -> AsyncIterator[None]:
    yield
    await close_hub()


def bell(campaign: Campaign) -> int:
    return table.custom_event(campaign.pk, actor=SYSTEM, name="bell").seq


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Pokes are kept here and reach nobody."""
    kept: list[dict[str, Any]] = []
    monkeypatch.setattr(live, "send", lambda name, poke: kept.append(poke))
    return kept


async def assert_agrees(page: Wire, campaign: Campaign) -> None:
    fresh = await read(snapshot, campaign.pk, "viewer")
    await page.until(fresh["seq"])
    assert comparable(page.state) == comparable(fresh)
    seqs = [message["seq"] for message in page.messages if message["type"] != "HEARTBEAT"]
    assert seqs == list(range(seqs[0], fresh["seq"] + 1))


async def test_an_event_reaches_everybody_who_watches(campaign):
    async with Wire(campaign) as one, Wire(campaign.slug) as two:
        await one.next()
        await two.next()
        await read(bell, campaign)
        await one.until(1)
        await two.until(1)
        assert len(hub.here().rooms) == 1


class TestJoining:
    async def test_what_happens_while_the_head_is_read_is_not_lost(self, campaign, monkeypatch):
        """Told by its poke, or read from the ledger where the poke is later than the look that goes before a place."""
        monkeypatch.setattr(reads, "heads", after(reads.heads, lambda: bell(campaign)))
        async with Wire(campaign) as page:
            await page.until(1)
            await assert_agrees(page, campaign)

    async def test_what_happens_while_the_state_is_read_is_not_lost(self, campaign, monkeypatch):
        asked = counted(monkeypatch, "missed")
        monkeypatch.setattr(reads, "bootstrap", after(reads.bootstrap, lambda: bell(campaign)))
        async with Wire(campaign) as page:
            assert (await page.next())["seq"] == 0
            await page.until(1)
            await assert_agrees(page, campaign)
        assert asked == []

    async def test_a_state_that_is_ahead_of_the_pokes_is_not_told_twice(self, campaign, unheard, monkeypatch):
        async with Wire(campaign) as early:
            await early.next()
            await read(bell, campaign)
            monkeypatch.setattr(bootstraps, "BOOT_AGE", 0)
            async with Wire(campaign) as late:
                assert (await late.next())["seq"] == 1
                for poke in unheard:
                    hub.here().hear(poke)
                await early.until(1)
                await read(bell, campaign)
                hub.here().hear(unheard[-1])
                await late.until(2)
                await assert_agrees(late, campaign)

    async def test_a_herd_shares_one_state_and_one_opening(self, campaign, monkeypatch):
        built, opened = counted(monkeypatch, "bootstrap"), counted(monkeypatch, "heads")
        async with AsyncExitStack() as stack:
            herd = [await stack.enter_async_context(Wire(campaign)) for _ in range(40)]
            for page in herd:
                await page.next()
            assert (len(built), len(opened)) == (1, 1)
            await read(bell, campaign)
            await herd[0].until(1)
            late = await stack.enter_async_context(Wire(campaign))
            await late.until(1)
            assert len(built) == 1

    async def test_a_herd_that_comes_back_reads_the_ledger_once(self, campaign, monkeypatch):
        epoch = campaign.epoch
        for _ in range(5):
            await read(bell, campaign)
        asked = counted(monkeypatch, "told")
        async with AsyncExitStack() as stack:
            query = f"?seq=2&epoch={epoch}"
            herd = [await stack.enter_async_context(Wire(campaign, query)) for _ in range(20)]
            for page in herd:
                page.state = {"seq": 2, "epoch": epoch, "characters": []}
                await page.until(5)
                assert [message["seq"] for message in page.messages] == [3, 4, 5]
        assert len(asked) == 1

    async def test_what_this_process_has_not_heard_is_hidden_is_told_to_nobody_who_comes(self, campaign, monkeypatch):
        """Neither by the messages it remembers nor by the BOOTSTRAP it keeps."""
        hero = await read(lambda: a_character(campaign, name="Wenzeslaus of the Weir"))
        async with Wire(campaign) as page:
            await page.until(1)
            await read(bell, campaign)
            await page.until(2)
            monkeypatch.setattr(live, "send", lambda *_poke: None)
            await read(lambda: lifecycle.update(hero, {"is_secret": True}, actor=SYSTEM))
            await read(campaign.refresh_from_db)
            head = campaign.seq
            known = {"epoch": campaign.epoch, "characters": [], "roster": [], "rosterTiers": {}}
            for query in ("", f"?seq=0&epoch={campaign.epoch}", f"?seq=1&epoch={campaign.epoch}"):
                async with Wire(campaign, query) as late:
                    late.state = {**known, "seq": int(query[5])} if query else None
                    await late.until(head)
                    assert "Wenzeslaus" not in json.dumps([late.messages, late.state])
            page.say(type="RESUME", seq=0, epoch=campaign.epoch)
            told = len(page.messages)
            await page.until(head)
            assert "Wenzeslaus" not in json.dumps(page.messages[told:])

    async def test_what_is_hidden_while_the_ledger_is_read_is_not_told(self, campaign, monkeypatch):
        hero = await read(a_character, campaign, name="Isaura")

        def hide() -> None:
            lifecycle.update(hero, {"is_secret": True}, actor=SYSTEM)
            time.sleep(0.3)  # so that the poke is here before the answer

        async with Wire(campaign) as early:
            await early.next()
            monkeypatch.setattr(reads, "told", after(reads.told, hide))
            async with Wire(campaign, f"?seq=0&epoch={campaign.epoch}") as page:
                await page.next()
                await page.until(2)
                assert "Isaura" not in str(page.messages)

    async def test_a_page_that_knows_more_than_the_hub_is_believed_when_the_ledger_agrees(self, campaign, unheard):
        async with Wire(campaign) as early:
            await early.next()
            await read(bell, campaign)
            async with Wire(campaign, f"?seq=1&epoch={campaign.epoch}") as page:
                page.state = {"seq": 1, "epoch": campaign.epoch, "characters": []}
                await read(bell, campaign)
                hub.here().hear(unheard[-1])
                await page.until(2)
                assert [message["type"] for message in page.messages] == ["EVENT"]

    async def test_there_may_be_no_such_campaign(self, monkeypatch):
        monkeypatch.setattr(consumers, "AUTH_SECONDS", 0.1)
        async with Wire("nowhere") as by_slug, Wire("8b1d7a44-7f0c-4c69-b8a5-1d1d1a6b0a11") as by_id:
            assert (await by_slug.end(), await by_id.end()) == (4401, 4401)

    async def test_a_campaign_may_begin_while_somebody_waits_for_it(self, transactional_db):
        async with Wire("low-tide") as early:
            assert await early.hears_nothing(0.1)
            made = await read(a_campaign, slug="low-tide")
            early.say(type="AUTH", token=(await read(a_token, made))[1])
            assert (await early.next())["audience"] == "gm"

    async def test_strangers_who_wait_take_nobody_s_place(self, settings):
        settings.LIVE_SOCKETS_PER_CAMPAIGN = 1
        private = await read(a_private_campaign)
        _row, token = await read(a_token, private)
        async with Wire(private) as stranger, Wire(private) as member, Wire(private) as late:
            assert await stranger.hears_nothing(0.1)
            member.say(type="AUTH", token=token)
            assert (await member.next())["type"] == "BOOTSTRAP"
            late.say(type="AUTH", token=token)
            assert await late.end() == 4429

    async def test_a_herd_shares_one_look_at_the_address(self, campaign, monkeypatch):
        asked = counted(monkeypatch, "head_at")
        async with AsyncExitStack() as stack:
            herd = [await stack.enter_async_context(Wire(campaign.slug)) for _ in range(20)]
            for page in herd:
                await page.next()
        assert len(asked) <= 2

    async def test_while_the_database_is_away_what_is_known_is_shown(self, campaign, monkeypatch):
        async with Wire(campaign) as early:
            await early.next()
            monkeypatch.setattr(reads, "head_at", fail)
            monkeypatch.setattr(hub, "FRESH", 0)
            async with Wire(campaign) as late:
                assert comparable(await late.next()) == comparable(early.state)

    async def test_the_database_may_be_away_from_the_first(self, campaign, monkeypatch):
        monkeypatch.setattr(reads, "head_at", fail)
        async with Wire(campaign) as page:
            assert await page.end() == 1013

    async def test_who_does_not_say_who_it_is_is_sent_away(self, monkeypatch):
        private = await read(a_private_campaign)
        monkeypatch.setattr(consumers, "AUTH_SECONDS", 0.1)
        async with Wire(private) as page:
            assert await page.end() == 4401
            assert page.messages == []


class TestOrder:
    @pytest.fixture
    async def page(self, campaign, unheard) -> AsyncIterator[Wire]:
        async with Wire(campaign) as page:
            await page.next()
            yield page

    async def poked(self, campaign, unheard, order: Callable[[list[Any]], list[Any]]) -> None:
        for _ in range(4):
            await read(bell, campaign)
        for poke in order(list(unheard)):
            hub.here().hear(poke)

    async def test_pokes_out_of_order_and_twice_are_told_once_in_order(self, page, campaign, unheard, monkeypatch):
        asked = counted(monkeypatch, "missed")
        await self.poked(campaign, unheard, lambda pokes: [*reversed(pokes), *reversed(pokes)])
        await assert_agrees(page, campaign)
        assert asked == []

    async def test_what_is_missing_is_read_from_the_ledger_after_a_moment(self, page, campaign, unheard, monkeypatch):
        asked = counted(monkeypatch, "missed")
        await self.poked(campaign, unheard, lambda pokes: pokes[3:])
        await asyncio.sleep(room.PATIENCE / 2)
        assert asked == []
        await assert_agrees(page, campaign)
        assert len(asked) == 1

    async def test_a_poke_that_never_comes_is_noticed_by_looking(self, page, campaign, unheard):
        await read(bell, campaign)
        await hub.here().check()
        await assert_agrees(page, campaign)

    async def test_one_look_asks_once_for_all_campaigns(self, page, campaign, unheard, monkeypatch):
        others = [await read(a_campaign) for _ in range(3)]
        asked = counted(monkeypatch, "heads")
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(Wire(other)) for other in others]
            for watching in pages:
                await watching.next()
            asked.clear()
            for other in others:
                await read(bell, other)
            await hub.here().check()
            for watching in pages:
                await watching.until(1)
        # The hub looks by itself every two seconds, too; whoever looks asks for all.
        assert {len(ids) for (ids,) in asked} == {4}

    async def test_a_poke_that_cannot_be_used_does_not_stop_the_hub(self, page, campaign, unheard):
        await read(bell, campaign)
        hub.here().hear({**unheard[0], "frames": [{}]})
        hub.here().hear({**unheard[0], "campaign": "8b1d7a44-7f0c-4c69-b8a5-1d1d1a6b0a11"})
        await hub.here().check()
        await assert_agrees(page, campaign)

    async def test_another_epoch_is_a_fresh_state(self, page, campaign, unheard):
        await read(Campaign.objects.filter(pk=campaign.pk).update, epoch="restored", seq=40)
        await read(bell, campaign)
        hub.here().hear(unheard[0])
        again = await page.next()
        assert (again["type"], again["epoch"], again["seq"]) == ("BOOTSTRAP", "restored", 41)


class TestCaps:
    @pytest.mark.parametrize(
        "cap", ["LIVE_SOCKETS_PER_ADDRESS", "LIVE_SOCKETS_PER_CAMPAIGN", "LIVE_SOCKETS_PER_PROCESS"]
    )
    async def test_one_too_many(self, campaign, cap):
        with override_settings(**{cap: 2}):
            async with Wire(campaign) as one, Wire(campaign) as two:
                await one.next()
                await two.next()
                async with Wire(campaign) as three:
                    assert await three.end() == 4429
            async with Wire(campaign) as again:
                assert (await again.next())["type"] == "BOOTSTRAP"
        assert (hub.here().sockets, hub.here().addresses) == (0, {})

    async def test_another_address_has_its_own(self, campaign):
        with override_settings(LIVE_SOCKETS_PER_ADDRESS=1):
            async with Wire(campaign) as one, Wire(campaign, address="192.0.2.2") as two:
                await one.next()
                await two.next()


async def test_who_falls_64_messages_behind_is_let_go_and_told_why(campaign, monkeypatch):
    async with Wire(campaign) as slow, Wire(campaign) as page:
        await slow.next()
        await page.next()
        slow.reads.clear()
        watched = hub.here().rooms[campaign.pk]
        line = watched.lines["viewer"]
        for number in range(70):
            line.write(json.dumps({"type": "HEARTBEAT", "seq": 0, "epoch": campaign.epoch, "number": number}))
        watched.beat()
        slow.reads.set()
        assert await slow.end() == 4408
        await read(bell, campaign)
        await page.until(1)


class TestTheLayer:
    async def test_an_empty_room_is_kept_for_a_while_and_then_left(self, campaign, monkeypatch):
        async with Wire(campaign) as page:
            await page.next()
        found = hub.here()
        watched = found.rooms[campaign.pk]
        assert not await found._is_abandoned(watched)
        monkeypatch.setattr(hub, "LINGER", 0)
        assert await found._is_abandoned(watched)
        await found._discard(watched)
        assert found.rooms == {}
        async with Wire(campaign) as page:
            await page.next()
            await read(bell, campaign)
            await page.until(1)

    async def test_a_layer_that_fails_is_asked_again_and_its_groups_joined_again(self, campaign, monkeypatch):
        monkeypatch.setattr(hub, "PAUSE_AFTER_FAULT", 0.05)
        layer = get_channel_layer()
        failures: list[None] = []
        is_back = asyncio.Event()
        working = layer.new_channel

        async def new_channel() -> str:
            if is_back.is_set():
                return str(await working())
            failures.append(None)
            raise ConnectionError

        monkeypatch.setattr(hub.here(), "layer", Stand(layer, new_channel))
        async with Wire(campaign) as page:
            await page.next()
            found = hub.here().rooms
            while len(failures) < 2:
                await asyncio.sleep(0.02)
            assert not found[campaign.pk].joined
            is_back.set()
            while not found[campaign.pk].joined:
                await asyncio.sleep(0.02)
            await read(bell, campaign)
            await page.until(1)

    async def test_a_hub_that_hears_nothing_subscribes_again(self, campaign, unheard, monkeypatch):
        flushed = []

        async def flush() -> None:
            flushed.append(True)

        async with Wire(campaign) as page:
            await page.next()
            found = hub.here()
            monkeypatch.setattr(hub, "OneProcessChannelLayer", type(None))
            monkeypatch.setattr(found.layer, "flush", flush, raising=False)
            for _ in range(hub.DEAF_AFTER):
                await read(bell, campaign)
                await found.check()
            assert flushed == [True]
            await page.until(3)
            monkeypatch.undo()
            await asyncio.sleep(0.1)
            await read(bell, campaign)
            await page.until(4)


async def test_a_changed_slug_is_noticed_by_who_comes(campaign, monkeypatch):
    async with Wire(campaign.slug) as page:
        await page.next()
        await read(campaign_operations.update, campaign.pk, {"slug": "renamed"}, actor=SYSTEM)
        await page.until(1)
        await asyncio.sleep(hub.FRESH)
        async with Wire("renamed") as other:
            await other.until(1)
            assert comparable(other.state)["campaign"]["slug"] == "renamed"
        monkeypatch.setattr(consumers, "AUTH_SECONDS", 0.1)
        async with Wire(campaign.slug) as old:
            assert await old.end() == 4401


class Stand:
    """A channel layer with one method replaced."""

    def __init__(self, layer: Any, new_channel: Any) -> None:
        self._layer = layer
        self.new_channel = new_channel

    def __getattr__(self, name: str) -> Any:
        return getattr(self._layer, name)


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[Any]:
    """The calls of one of the hub's reads."""
    calls: list[Any] = []
    real = getattr(reads, name)

    def count(*args: Any, **kwargs: Any) -> Any:
        calls.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(reads, name, count)
    return calls


def after(real: Callable[..., Any], then: Callable[[], object]) -> Callable[..., Any]:
    """The read, and something that happens before its answer is back; once."""
    left = [then]

    def ask(*args: Any) -> Any:
        answer = real(*args)
        if left:
            left.pop()()
        return answer

    return ask


def fail(*_args: Any) -> None:
    raise ConnectionError
