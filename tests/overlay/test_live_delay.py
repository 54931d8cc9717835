"""Public pages that ask for it run behind by the campaign's viewer delay; overlay and GM do not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns.models import Campaign, Event
from campaigns.operations import campaigns
from characters.models import Character
from characters.operations import lifecycle, vitals
from overlay.live import hub, room
from overlay.live.tasks import read
from overlay.snapshot import snapshot
from tests.factories import a_campaign, a_character
from tests.live.replay import comparable
from tests.overlay.wire import Wire, close_hub

pytestmark = pytest.mark.django_db(transaction=True)

DELAY = 1  # second, the least there is


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    return a_campaign(settings={"viewer_delay": DELAY})


@pytest.fixture
def hero(campaign: Campaign) -> Character:
    """Came long ago."""
    made = a_character(campaign, hp=100)
    age(campaign, 60)
    return made


@pytest.fixture(autouse=True)
async def fresh_hub() -> AsyncIterator[None]:
    yield
    await close_hub()


def age(campaign: Campaign, seconds: float) -> None:
    Event.objects.filter(campaign=campaign).update(occurred_at=timezone.now() - timedelta(seconds=seconds))


def wound(hero: Character) -> int:
    return vitals.change_hp(hero.campaign_id, hero.pk, actor=SYSTEM, delta=-1).seq


def hp(page: Wire) -> int:
    assert page.state is not None
    return page.state["characters"][0]["stats"]["hp"]["current"]


async def test_who_asks_is_told_later_and_the_others_at_once(campaign, hero):
    async with Wire(campaign, "delay=1") as late, Wire(campaign) as now:
        await late.next()
        await now.next()
        started = asyncio.get_running_loop().time()
        seq = await read(wound, hero)
        await now.until(seq)
        assert late.seq == seq - 1
        await late.until(seq)
        assert asyncio.get_running_loop().time() - started >= DELAY * 0.9


async def test_it_begins_with_the_state_of_then_and_comes_to_that_of_now(campaign, hero):
    for _ in range(3):
        await read(wound, hero)
    async with Wire(campaign, "delay=1") as late:
        first = await late.next()
        assert (first["type"], first["seq"], hp(late)) == ("BOOTSTRAP", 1, 100)
        await late.until(4)
        assert [message["seq"] for message in late.messages] == [1, 2, 3, 4]
        assert comparable(late.state) == comparable(await read(snapshot, campaign.pk, "viewer"))


async def test_what_is_still_to_come_is_not_told_to_who_claims_to_know_it(campaign, hero):
    await read(wound, hero)
    for query in (f"delay=1&seq=2&epoch={campaign.epoch}", f"delay=1&seq=1&epoch={campaign.epoch}"):
        async with Wire(campaign, query) as late:
            late.state = {"seq": int(query[12]), "epoch": campaign.epoch, "characters": []}
            if late.state["seq"] == 2:
                first = await late.next()
                assert (first["type"], first["seq"]) == ("BOOTSTRAP", 1)
            await late.until(2)


async def test_a_ping_and_a_resume_do_not_tell_how_far_the_table_is(campaign, hero):
    async with Wire(campaign, "delay=1") as late:
        await late.next()
        await read(wound, hero)
        late.say(type="PING")
        assert (await late.next())["seq"] == 1
        late.say(type="RESUME", seq=1, epoch=campaign.epoch)
        assert (await late.next())["seq"] == 1


async def test_the_gm_s_view_knows_no_delay(campaign, hero):
    async with Wire(campaign, "delay=1") as late:
        await late.next()
        watched = hub.here().rooms[campaign.pk]
        assert await watched.line_for("gm", delayed=True) is watched.lines["gm"]


async def test_a_campaign_without_delay_keeps_nobody_waiting(hero, campaign):
    await read(campaigns.update, campaign.pk, {"settings": {"viewer_delay": 0}}, actor=SYSTEM)
    async with Wire(campaign, "delay=1") as page:
        await page.next()
        started = asyncio.get_running_loop().time()
        await page.until(await read(wound, hero))
        assert asyncio.get_running_loop().time() - started < DELAY


async def test_a_delay_that_is_lifted_lets_everything_through(campaign, hero):
    await read(campaigns.update, campaign.pk, {"settings": {"viewer_delay": 600}}, actor=SYSTEM)
    async with Wire(campaign, "delay=1") as late:
        await late.next()
        await read(wound, hero)
        assert await late.hears_nothing(0.2)
        await read(campaigns.update, campaign.pk, {"settings": {"viewer_delay": 0}}, actor=SYSTEM)
        await late.until(4)
        assert hp(late) == 99


async def test_what_was_hidden_meanwhile_is_not_in_the_state_of_then(campaign, hero):
    await read(lifecycle.update, hero, {"is_secret": True}, actor=SYSTEM)
    async with Wire(campaign, "delay=1") as late:
        first = await late.next()
        assert (first["seq"], first["characters"]) == (1, [])
        await late.until(2)


async def test_more_than_can_be_held_back_begins_anew(campaign, hero, monkeypatch):
    monkeypatch.setattr(room, "MOST_HELD", 2)
    async with Wire(campaign, "delay=1") as late, Wire(campaign) as now:
        await late.next()
        await now.next()
        for _ in range(4):
            await read(wound, hero)
        await now.until(5)
        hub.here().rooms[campaign.pk].beat()
        assert await late.end() == 1012
    async with Wire(campaign, "delay=1") as again:
        assert (await again.next())["type"] == "BOOTSTRAP"
