"""The last events as the GM reads them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import SYSTEM
from campaigns import clock
from campaigns.models import Campaign
from campaigns.operations import table as at_the_table
from campaigns.operations import undo
from overlay.desk.log import collapsed, last_events
from overlay.models import Layout
from overlay.operations import layouts
from tests.factories import a_campaign


def line(seq: int, minute: int, group: str = "layout large") -> dict[str, object]:
    return {"seq": seq, "tone": "", "text": "Saved", "at": minute * 60_000, "group": group, "earlier": []}


def told(*lines: dict[str, object]) -> list[tuple[object, object]]:
    return [(one["seq"], one["text"]) for one in collapsed(lines)]


def test_saves_of_one_size_that_follow_each_other_soon_are_one_line():
    assert told(line(5, 12), line(4, 9), line(2, 4)) == [(5, "Saved, 3 times")]
    assert told(line(5, 12), line(4, 9, "layout compact"), line(2, 8)) == [(5, "Saved, 2 times"), (4, "Saved")]
    assert told(line(5, 12), line(4, 6), line(2, 1)) == [(5, "Saved"), (4, "Saved, 2 times")]
    assert told(line(5, 12, ""), line(4, 12, "")) == [(5, "Saved"), (4, "Saved")]


@pytest.mark.django_db
def test_undo_takes_back_the_newest_of_them_and_the_line_counts_on():
    campaign = a_campaign()
    now = timezone.now()
    for minute in range(3):
        with clock.at(now + timedelta(minutes=minute)):
            layouts.save(campaign.pk, "large", {"card": {"role": minute % 2 == 1}}, actor=SYSTEM)
            at_the_table.custom_event(campaign.pk, name=f"Bell {minute}", actor=SYSTEM)

    def texts() -> list[str]:
        return [one["text"] for one in last_events(Campaign.objects.get(pk=campaign.pk), {})]

    assert texts() == ["Bell 2", "Layout large saved, 3 times", "Bell 1", "Bell 0"]
    newest = campaign.events.get(seq=last_events(Campaign.objects.get(pk=campaign.pk), {})[1]["seq"])
    undo.undo(campaign.pk, newest.pk, actor=SYSTEM)
    assert texts() == ["Bell 2", "Bell 1", "Layout large saved, 2 times", "Bell 0"]
    assert Layout.objects.get(campaign=campaign).document["card"]["role"] is True
