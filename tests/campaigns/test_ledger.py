from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction

from accounts.actors import SYSTEM
from campaigns import events, ledger, messages, undoing
from campaigns.models import Campaign, Event
from campaigns.operations import table
from contract.refusals import NotVisible
from tests.factories import a_campaign, an_episode

pytestmark = pytest.mark.django_db


def note(book: ledger.Book, name: str = "bell") -> Event:
    return book.record(events.CUSTOM, {"name": name, "payload": {}})


def test_entries_are_numbered_without_gaps() -> None:
    campaign = a_campaign()
    with ledger.writing(campaign.pk, SYSTEM) as book:
        note(book)
        note(book)
    with ledger.writing(campaign.pk, SYSTEM) as book:
        note(book)
    assert list(campaign.events.values_list("seq", flat=True)) == [1, 2, 3]
    assert Campaign.objects.get(pk=campaign.pk).seq == 3


def test_a_failure_leaves_no_entry_and_no_gap() -> None:
    campaign = a_campaign()
    with pytest.raises(ZeroDivisionError), ledger.writing(campaign.pk, SYSTEM) as book:
        note(book)
        raise ZeroDivisionError
    with ledger.writing(campaign.pk, SYSTEM) as book:
        note(book)
    assert list(campaign.events.values_list("seq", flat=True)) == [1]


def test_each_campaign_counts_for_itself() -> None:
    one, other = a_campaign(), a_campaign()
    for campaign in (one, other, one):
        table.custom_event(campaign.pk, actor=SYSTEM, name="bell")
    assert [Campaign.objects.get(pk=c.pk).seq for c in (one, other)] == [2, 1]


def test_a_campaign_that_is_gone_cannot_be_written() -> None:
    campaign = a_campaign()
    gone = campaign.pk
    campaign.delete()
    with pytest.raises(NotVisible), ledger.writing(gone, SYSTEM):
        pass


def test_entries_belong_to_the_running_episode() -> None:
    from campaigns.operations import episodes

    campaign = a_campaign()
    episode = an_episode(campaign)
    before = table.custom_event(campaign.pk, actor=SYSTEM, name="before")
    episodes.start(episode, actor=SYSTEM)
    during = table.custom_event(campaign.pk, actor=SYSTEM, name="during")
    episodes.end(episode, actor=SYSTEM)
    after = table.custom_event(campaign.pk, actor=SYSTEM, name="after")
    assert [event.episode for event in (before, during, after)] == [None, episode, None]


def test_viewers_are_told_after_commit_only(django_capture_on_commit_callbacks: Any) -> None:
    campaign = a_campaign()
    with patch("campaigns.ledger.live.tell") as tell:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            table.custom_event(campaign.pk, actor=SYSTEM, name="bell")
            tell.assert_not_called()
        ((told, recorded), _) = tell.call_args
    assert told.pk == campaign.pk
    assert [event.type for event in recorded] == [events.CUSTOM]


def test_a_broker_fault_costs_a_frame_and_never_the_write(django_capture_on_commit_callbacks: Any) -> None:
    campaign = a_campaign()
    with (
        patch("campaigns.live.get_channel_layer", side_effect=ConnectionError("the broker is away")),
        django_capture_on_commit_callbacks(execute=True),
    ):
        table.custom_event(campaign.pk, actor=SYSTEM, name="bell")
    assert campaign.events.count() == 1


@pytest.mark.parametrize("type_", events.TYPES)
def test_every_type_can_be_told_and_taken_back(type_: str) -> None:
    assert type_ in messages.registered_types()
    assert type_ in undoing.registered_types()


def test_what_is_for_the_gm_tells_viewers_only_that_it_happened() -> None:
    campaign = a_campaign()
    event = table.roll(campaign.pk, actor=SYSTEM, label="Stealth", total=17, hidden=True)
    shown = messages.message(event, messages.VIEWER, campaign.epoch)
    assert shown["data"] == {"type": "HIDDEN"}
    assert shown["seq"] == event.seq
    assert messages.message(event, messages.GM, campaign.epoch)["data"]["total"] == 17
