"""What overlays report: the rules, and the way over the socket to the GM's page. Nothing of it is recorded."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.cache import cache

from accounts.actors import SYSTEM
from campaigns.models import Campaign, CampaignToken, Event, TokenKind
from campaigns.operations import campaigns, episodes, tokens
from overlay import presence
from overlay.live.presence import overlays, tell
from overlay.operations.streaming import stream_started
from tests.factories import Table, a_campaign, a_table, a_token, an_episode
from tests.overlay.wire import Wire, close_hub

NOW = 1_700_000_000_000
STATUS = {"seq": 7, "width": 1920, "height": 1080, "build": "b1", "visible": True, "obs": "2.24", "streaming": False}


def an_entry(**more: Any) -> presence.Entry:
    status = {**STATUS, **{name: value for name, value in more.items() if name not in ("at", "keyed", "head")}}
    told = {"keyed": more.get("keyed", False), "at": more.get("at", NOW), "head": more.get("head", 7)}
    return presence.entry(presence.read(status), id_="x", **told)


def judged(now: int = NOW, **more: Any) -> presence.Entry:
    return presence.judged(an_entry(**more), now, "b1")


def test_a_status_is_taken_as_far_as_it_is_of_the_right_kind() -> None:
    assert presence.read({**STATUS, "type": "STATUS", "extra": 1}) == STATUS
    odd = {
        "seq": True,
        "width": "1920",
        "height": -1,
        "lag": 2**40,
        "build": 7,
        "tier": "a\nb",
        "visible": 1,
        "obs": None,
    }
    assert presence.read(odd) == {}
    assert presence.read({"tier": "x" * 999}) == {"tier": "x" * 80}


@pytest.mark.parametrize(
    ("report", "state", "word"),
    [
        ({}, "live", ""),
        ({"visible": False}, "hidden", ""),
        ({"width": 800, "height": 600}, "size", "800 × 600"),
        ({"head": 9}, "slow", "2 events"),
        ({"lag": 2500}, "slow", "2.5 s"),
        ({"build": "b0"}, "live", "older version"),
        ({"width": 800, "height": 600, "visible": False, "head": 9}, "size", "800 × 600"),
    ],
)
def test_what_the_gm_makes_of_it(report: Any, state: str, word: str) -> None:
    found = judged(**report)
    assert found["state"] == state
    assert word in " ".join(found["advice"])
    assert bool(found["advice"]) is bool(word)


def test_eight_seconds_of_silence_are_offline_whatever_it_said() -> None:
    assert judged(NOW + 8000)["state"] == "live"
    gone = judged(NOW + 8001, width=800, height=600)
    assert (gone["state"], gone["seconds"], len(gone["advice"])) == ("offline", 8, 1)


def test_those_with_the_key_stand_first_and_everybody_else_is_counted() -> None:
    """As tests/js/sources.test.mjs has it."""
    own = an_entry(source="own", obs=None, keyed=True)
    stranger = an_entry(source="stranger", width=800, height=600)
    viewers = [an_entry(source=f"viewer {number}", obs=None) for number in range(4)]
    assert presence.split([own, stranger, *viewers]) == ([own], [stranger, *viewers])
    assert presence.split([stranger, *viewers]) == ([stranger], viewers)
    assert presence.split(viewers) == ([], viewers)
    assert presence.split(viewers[1:]) == (viewers[1:], [])
    assert presence.folded_words(4, alone=False) == "and 4 without your key"
    assert presence.folded_words(4, alone=True) == "4 without your key"
    assert [presence.ago(seconds) for seconds in (12, 89, 200)] == ["12 s", "89 s", "3 min"]


def test_the_newest_of_each_source_and_obs_first() -> None:
    browser = an_entry(source="b", obs=None, tier="large")
    old, new = an_entry(source="o", seq=1, tier="large"), an_entry(source="o", seq=2, at=NOW + 5, tier="large")
    assert [one["seq"] for one in presence.merged([new, browser], [old], NOW + 10)] == [2, 7]
    assert presence.merged([browser, new], [], NOW + 31_000) == [new]
    assert presence.merged([new], [], NOW + 601_000) == []
    keyed = an_entry(source="k", obs=None, keyed=True)
    assert [one["id"] for one in presence.merged([browser, new], [keyed], NOW)] == ["k", "o", "b"]
    crowd = [an_entry(source=f"s{number}", obs=None) for number in range(99)]
    assert len(presence.merged(crowd, [new], NOW)) == presence.MOST
    assert presence.merged(crowd, [new], NOW)[0]["id"] == "o"


# --- over the socket ---


@pytest.fixture
def table(transactional_db: None) -> Table:
    cache.clear()
    return a_table()


async def told(gm: Wire) -> Any:
    """The next word about overlays."""
    while True:
        message = await gm.next()
        if message["type"] == "OVERLAYS":
            return message["data"]["overlays"]


def test_the_gm_is_told_and_nobody_else_and_nothing_is_recorded(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overlay.live.hub.BEAT_EVERY", 0.05)
    before = Event.objects.filter(campaign=table.campaign).count()

    async def story() -> list[str]:
        async with (
            Wire(table.campaign, "?view=gm", headers={"x-token": table.control_token}) as gm,
            Wire(table.campaign) as viewer,
            Wire(table.campaign) as overlay,
        ):
            for wire in (gm, viewer, overlay):
                await wire.next()
            overlay.say(type="STATUS", **STATUS | {"source": "obs-1", "tier": "compact", "seq": overlay.seq})
            found = await told(gm)
            assert [(one["id"], one["tier"], one["obs"], one["behind"]) for one in found] == [
                ("obs-1", "compact", "2.24", 0)
            ]
            await viewer.hears_nothing(0.2)
            heard = [message["type"] for message in viewer.messages]
        await close_hub()
        return heard

    assert async_to_sync(story)() == ["BOOTSTRAP"]
    assert Event.objects.filter(campaign=table.campaign).count() == before
    assert [one["id"] for one in overlays(table.campaign.pk)] == ["obs-1"]
    assert overlays(table.rival_campaign.pk) == []


def test_a_cache_that_is_away_costs_nothing_but_the_news(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_more: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("overlay.live.presence.cache.get", away)
    tell({table.campaign.pk: [an_entry()]})
    assert overlays(table.campaign.pk) == []


# --- the stream begins ---


@pytest.fixture
def campaign(db: None) -> Campaign:
    return a_campaign(settings={"episode_with_stream": True})


def begun(campaign: Campaign, token: CampaignToken) -> str:
    episode = stream_started(campaign.pk, token.pk)
    return episode.title if episode else ""


def test_the_next_planned_episode_begins_once(campaign: Campaign) -> None:
    token, _text = a_token(campaign, TokenKind.OVERLAY)
    an_episode(campaign, number=8, title="Later")
    an_episode(campaign, number=7, title="Tonight")
    assert [begun(campaign, token), begun(campaign, token)] == ["Tonight", ""]
    event = Event.objects.get(campaign=campaign, type="episode_started")
    assert (event.actor_name, event.credential) == ("overlay token", f"socket:{token.pk}")


def test_it_begins_for_nobody_else(campaign: Campaign) -> None:
    overlay, control = a_token(campaign, TokenKind.OVERLAY)[0], a_token(campaign, TokenKind.CONTROL)[0]
    foreign = a_token(a_campaign(settings={"episode_with_stream": True}), TokenKind.OVERLAY)[0]
    assert begun(campaign, overlay) == "", "nothing is planned"
    planned = an_episode(campaign)
    assert [begun(campaign, control), begun(campaign, foreign)] == ["", ""]
    tokens.revoke(campaign, overlay.pk, actor=SYSTEM)
    assert begun(campaign, overlay) == ""
    fresh = a_token(campaign, TokenKind.OVERLAY)[0]
    campaigns.update(campaign.pk, {"settings": {"episode_with_stream": False}}, actor=SYSTEM)
    assert begun(campaign, fresh) == ""
    episodes.start(planned, actor=SYSTEM)
    assert campaign.episodes.filter(started_at__isnull=False).count() == 1


def test_only_a_stream_that_starts_while_it_is_watched_counts(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    campaigns.update(table.campaign.pk, {"settings": {"episode_with_stream": True}}, actor=SYSTEM)
    an_episode(table.campaign, title="Tonight")
    started = sync_to_async(lambda: Event.objects.filter(campaign=table.campaign, type="episode_started").exists())

    async def story() -> tuple[bool, bool, bool]:
        found = []
        async with Wire(table.campaign) as anybody, Wire(table.campaign, "?auth=1") as overlay:
            await anybody.next()
            overlay.say(type="AUTH", token=table.overlay_token)
            await overlay.next()
            # Nothing happens for a while; what does happen is waited for.
            for wire, steps, looks in (
                (anybody, (False, True), 3),
                (overlay, (True,), 3),
                (overlay, (False, True), 600),
            ):
                for streaming in steps:
                    wire.say(type="STATUS", **STATUS | {"streaming": streaming})
                wire.say(type="PING")
                await wire.next()
                for _ in range(looks):
                    await asyncio.sleep(0.05)
                    if await started():
                        break
                found.append(await started())
        await close_hub()
        return found[0], found[1], found[2]

    assert async_to_sync(story)() == (False, False, True)
