"""What viewers are told: BOOTSTRAP, events in order, resuming, audiences. By both ways of writing to a socket."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns import events, ledger
from campaigns.models import Campaign, TokenKind
from campaigns.operations import campaigns, table, tokens
from characters.operations import lifecycle
from overlay.snapshot import snapshot
from tests.factories import a_character
from tests.live.replay import comparable, replay
from tests.live.viewers import Viewer, viewer

WRITERS = 8


def assert_agrees(page: Viewer, campaign: Campaign, audience: str = "viewer") -> None:
    """What the page shows is what a fresh snapshot says, and it was told in order, everything once."""
    fresh = snapshot(campaign.pk, audience)
    page.until(fresh["seq"])
    assert comparable(page.state) == comparable(fresh)
    seqs = [message["seq"] for message in page.messages if message["type"] != "HEARTBEAT"]
    assert seqs == list(range(seqs[0], fresh["seq"] + 1))


@contextmanager
def writing(work: Callable[[], object], writers: int, rounds: int) -> Iterator[None]:
    """Threads that each do the work so many times, while the block runs."""

    def write() -> None:
        try:
            for _ in range(rounds):
                work()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def test_a_viewer_gets_the_state_and_then_what_happens(server, campaign, wound):
    with viewer(server, campaign.slug) as page:
        first = page.next()
        assert (first["type"], first["seq"], first["recovered"], first["audience"]) == ("BOOTSTRAP", 2, False, "viewer")
        page.until(wound(7))
        event = page.messages[-1]
        assert (event["type"], event["data"]["from"], event["data"]["to"]) == ("EVENT", 500, 493)
        assert_agrees(page, campaign)


def test_the_campaign_is_found_by_id_and_by_slug(asgi_server, campaign, hero):
    with viewer(asgi_server, campaign.pk) as by_id, viewer(asgi_server, campaign.slug) as by_slug:
        assert comparable(by_id.next()) == comparable(by_slug.next())


@pytest.mark.usefixtures("redis_url")
def test_a_lone_event_is_a_message_and_a_burst_is_a_batch(server, campaign, wound):
    with viewer(server, campaign) as page:
        page.next()
        page.until(wound())
        time.sleep(0.1)
        page.say(type="PING")  # its answer shows that the window of the first is over on the server's clock, too
        assert page.next()["type"] == "HEARTBEAT"
        with ledger.writing(campaign.pk, SYSTEM) as book:
            for _ in range(5):
                book.record(events.CUSTOM, {"name": "bell", "payload": {}})
        assert_agrees(page, campaign)
    assert [frame["type"] for frame in page.frames] == ["BOOTSTRAP", "EVENT", "HEARTBEAT", "EVENT", "BATCH"]
    assert [message["seq"] for message in page.frames[-1]["messages"]] == [5, 6, 7, 8]
    assert page.frames[-1]["seq"] == 8


def test_under_eight_writers_everybody_is_told_everything_in_order(server, campaign, wound):
    with ExitStack() as stack:
        pages = [stack.enter_context(viewer(server, campaign)) for _ in range(10)]
        for page in pages:
            page.next()
        with writing(wound, WRITERS, rounds=12):
            pass
        for page in pages:
            assert_agrees(page, campaign)
            assert page.seq == 2 + WRITERS * 12


def test_nothing_is_lost_between_joining_and_the_state(server, campaign, wound):
    with ExitStack() as stack:
        pages = []
        with writing(wound, writers=2, rounds=40):
            pages = [stack.enter_context(viewer(server, campaign)) for _ in range(25)]
        for page in pages:
            assert_agrees(page, campaign)


class TestResume:
    def test_from_what_the_hub_remembers(self, server, campaign, wound):
        with viewer(server, campaign) as witness:
            held = witness.next()
            witness.until(wound() and wound())
            with viewer(server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
                page.state = held
                page.until(4)
                assert page.types == ["EVENT", "EVENT"]
                page.until(wound())

    def test_from_the_ledger(self, server, campaign, wound):
        held = snapshot(campaign.pk, "viewer")
        last = [wound() for _ in range(5)][-1]
        with viewer(server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            page.state = held
            page.until(last)
            assert page.types == ["EVENT"] * 5
            assert_agrees(page, campaign)

    def test_up_to_date_means_no_bootstrap(self, server, campaign, wound):
        held = snapshot(campaign.pk, "viewer")
        with viewer(server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            page.state = held
            assert page.hears_nothing(0.3)
            page.until(wound())
            assert page.types == ["EVENT"]

    def test_asked_for_while_connected_it_is_answered_by_a_heartbeat_at_the_end(self, server, campaign, wound):
        with viewer(server, campaign) as page:
            held = page.next()
            page.until(wound() and wound())
            page.state, page.messages = held, []
            page.say(type="RESUME", seq=held["seq"], epoch=held["epoch"])
            while "HEARTBEAT" not in page.types:
                page.next()
            assert [message["seq"] for message in page.messages] == [3, 4, 4]

    def test_too_much_to_catch_up_with_is_a_bootstrap(self, asgi_server, campaign, hero):
        held = snapshot(campaign.pk, "viewer")
        for number in range(301):
            table.custom_event(campaign.pk, actor=SYSTEM, name=f"no {number}")
        with viewer(asgi_server, campaign, f"?seq={held['seq'] + 1}&epoch={held['epoch']}") as page:
            page.state = {**held, "seq": held["seq"] + 1}
            page.until(303)
            assert page.types == ["EVENT"] * 300
        with viewer(asgi_server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            first = page.next()
            assert (first["type"], first["recovered"], first["seq"]) == ("BOOTSTRAP", False, 303)

    @pytest.mark.parametrize(("minutes", "expected"), [(8, "EVENT"), (12, "BOOTSTRAP")])
    def test_too_old_is_a_bootstrap(self, asgi_server, campaign, wound, minutes, expected):
        held = snapshot(campaign.pk, "viewer")
        wound()
        campaign.events.filter(seq=3).update(occurred_at=timezone.now() - timedelta(minutes=minutes))
        with viewer(asgi_server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            page.state = held
            assert page.next()["type"] == expected

    @pytest.mark.parametrize("seq", [99, -1, "2", None, 2.0, True, 10**30])
    def test_a_seq_that_cannot_be_is_a_bootstrap(self, asgi_server, campaign, hero, seq):
        with viewer(asgi_server, campaign) as page:
            epoch = page.next()["epoch"]
            page.say(type="RESUME", seq=seq, epoch=epoch)
            answer = page.next()
            assert (answer["type"], answer["recovered"], answer["seq"]) == ("BOOTSTRAP", False, 2)

    @pytest.mark.parametrize("query", ["?seq=2&epoch=other", "?seq=2", "?seq=99&epoch={}", "?seq=-1&epoch={}"])
    def test_the_same_in_the_address(self, asgi_server, campaign, hero, query):
        with viewer(asgi_server, campaign, query.format(campaign.epoch)) as page:
            assert page.next()["type"] == "BOOTSTRAP"


class TestAudiences:
    def test_viewers_learn_of_what_is_hidden_only_that_it_happened(self, server, campaign, hero):
        _row, token = tokens.issue(campaign, TokenKind.READ, "bot", actor=SYSTEM)
        with viewer(server, campaign) as page, viewer(server, campaign, "?auth=1") as desk:
            page.next()
            desk.say(type="AUTH", token=token)
            assert desk.next()["audience"] == "gm"
            secret = a_character(campaign, name="The Masked One", is_secret=True)
            table.roll(campaign.pk, actor=SYSTEM, label="Stealth", total=17, hidden=True)
            lifecycle.update(hero, {"gm_notes": "lies", "hp_display": "band"}, actor=SYSTEM)
            assert_agrees(page, campaign)
            assert_agrees(desk, campaign, "gm")
        assert [message["data"].get("type") for message in page.messages[1:3]] == ["HIDDEN", "HIDDEN"]
        assert str(secret.pk) not in str(page.frames)
        assert "lies" not in str(page.frames)
        seen, all_of_them = comparable(page.state)["characters"], comparable(desk.state)["characters"]
        assert {one["name"]: one["stats"]["hp"] for one in seen.values()} == {"Isaura Vane": {"band": "unhurt"}}
        assert {one["name"] for one in all_of_them.values()} == {"Isaura Vane", "The Masked One"}

    @pytest.mark.parametrize("since", ["ring", "ledger"])
    def test_what_is_hidden_now_is_not_told_to_who_resumes(self, server, campaign, hero, wound, since):
        held = snapshot(campaign.pk, "viewer")
        query = f"?seq={held['seq']}&epoch={held['epoch']}"
        with ExitStack() as stack:
            watching = stack.enter_context(viewer(server, campaign)) if since == "ring" else None
            wound(11)
            hero.refresh_from_db()
            lifecycle.update(hero, {"is_secret": True}, actor=SYSTEM)
            if watching is not None:
                assert_agrees(watching, campaign)  # so that the process has heard of it
            page = stack.enter_context(viewer(server, campaign, query))
            page.state = held
            assert_agrees(page, campaign)
        assert [message["type"] for message in page.messages] == ["EVENT", "CHAR_DELETED"]
        assert page.messages[0]["data"] == {"type": "HIDDEN"}

    def test_a_veil_drawn_later_covers_the_numbers_of_before(self, server, campaign, hero, wound):
        held = snapshot(campaign.pk, "viewer")
        wound(11)
        hero.refresh_from_db()
        lifecycle.update(hero, {"hp_display": "hidden"}, actor=SYSTEM)
        with viewer(server, campaign, f"?seq={held['seq']}&epoch={held['epoch']}") as page:
            page.state = held
            assert_agrees(page, campaign)
        wounded = page.messages[0]["data"]
        assert wounded["stats"]["hp"] is None
        assert not {"from", "to", "delta"} & wounded.keys()


def test_a_changed_epoch_is_a_fresh_bootstrap(server, campaign, wound):
    with viewer(server, campaign) as page:
        page.next()
        page.until(wound())
        type(campaign).objects.filter(pk=campaign.pk).update(epoch="restored", seq=1)
        again = page.next(5)
        assert (again["type"], again["epoch"], again["seq"]) == ("BOOTSTRAP", "restored", 1)


def test_more_than_can_be_told_is_a_bootstrap_for_everybody(server, campaign, wound):
    """The process missed every poke of a long outage: the database has moved on by more than 300 messages."""
    with viewer(server, campaign) as page:
        page.next()
        type(campaign).objects.filter(pk=campaign.pk).update(seq=1000)
        again = page.next(5)
        assert (again["type"], again["seq"]) == ("BOOTSTRAP", 1000)


def test_every_message_replayed_is_the_state(server, campaign, hero):
    with viewer(server, campaign) as page:
        held = page.next()
        campaigns.update(campaign.pk, {"name": "Renamed"}, actor=SYSTEM)
        other = a_character(campaign, name="Second")
        lifecycle.retire(hero, actor=SYSTEM)
        lifecycle.delete(other, actor=SYSTEM)
        assert_agrees(page, campaign)
    assert comparable(replay(held, page.messages[1:])) == comparable(page.state)
