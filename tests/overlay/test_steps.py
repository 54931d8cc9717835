"""Saves of one layout by one person, a moment apart, are one step: one line, one undo, one of the fifty."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from campaigns import clock, messages, steps
from campaigns.models import Campaign, Event
from campaigns.operations import table as at_the_table
from campaigns.operations import undo
from characters.operations import pictures, vitals
from characters.pictures import PORTRAIT
from content.models import Version
from content.tasks import finish
from contract.refusals import Conflict
from overlay.desk.log import last_events
from overlay.models import Layout
from overlay.operations import layouts
from tests.api_client import Api
from tests.back_office import press, signed_in, told, url
from tests.content.pictures import a_picture
from tests.factories import Table, a_campaign, acting

pytestmark = pytest.mark.django_db

NOW = timezone.now()
WHO = "5f1d7a52-3c5e-4b8e-9d0e-6b1f0d9a7c11"


def save(campaign: Campaign, x: float, *, after: int = 0, tier: str = "large", actor: Actor = SYSTEM) -> None:
    with clock.at(NOW + timedelta(seconds=after)):
        layouts.save(campaign.pk, tier, {"badges": {WHO: {"x": x, "y": 0.5}}}, actor=actor)


def arranged(campaign: Campaign, times: int, **more: Any) -> None:
    for number in range(times):
        save(campaign, (number + 1) / 100, **more)


def begun(campaign: Campaign) -> list[int]:
    return [event.seq for event in steps.beginnings(campaign.pk).order_by("seq")]


def texts(campaign: Campaign) -> list[tuple[int, str]]:
    return [(line["seq"], line["text"]) for line in last_events(Campaign.objects.get(pk=campaign.pk), {})]


def place(campaign: Campaign) -> float:
    stored: float = Layout.objects.get(campaign=campaign, tier="large").document["badges"][WHO]["x"]
    return stored


def at(campaign: Campaign, seq: int) -> Event:
    return Event.objects.get(campaign=campaign, seq=seq)


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign()


def test_saves_that_follow_each_other_are_one_step(campaign: Campaign) -> None:
    arranged(campaign, 3)
    assert [(event.seq, event.continues) for event in campaign.events.order_by("seq")] == [(1, None), (2, 1), (3, 1)]
    assert texts(campaign) == [(1, "Layout large saved, 3 times")]


def test_what_others_do_meanwhile_neither_ends_the_step_nor_goes_with_it(table: Table) -> None:
    """A fight, another size and another hand go on between the saves; the undo takes back the saves alone."""
    campaign, hero = table.campaign, table.hero
    before = campaign.events.count()
    arranged(campaign, 1)
    wound = vitals.change_hp(campaign.pk, hero.pk, delta=-7, actor=SYSTEM)
    save(campaign, 0.3, tier="compact", after=1)
    save(campaign, 0.2, after=2)
    at_the_table.custom_event(campaign.pk, name="Bell", actor=SYSTEM)
    save(campaign, 0.4, tier="compact", after=3)
    save(campaign, 0.3, after=4)
    one, two, three, four = (before + number for number in (1, 2, 3, 5))
    assert [seq for seq in begun(campaign) if seq > before] == [one, two, three, four]
    assert texts(campaign)[:4] == [
        (four, "Bell"),
        (three, "Layout compact saved, 2 times"),
        (two, "Isaura Vane takes 7 damage"),
        (one, "Layout large saved, 3 times"),
    ]

    undo.undo(campaign.pk, at(campaign, before + 7).pk, actor=SYSTEM)

    assert not Layout.objects.filter(campaign=campaign, tier="large").exists()
    assert Layout.objects.get(campaign=campaign, tier="compact").document["badges"][WHO]["x"] == 0.4
    assert not Event.objects.filter(undoes=wound).exists()
    assert [seq for seq, _text in texts(campaign)[:3]] == [four, three, two]


ENDS_IT: dict[str, Callable[[Campaign], Any]] = {
    "an import": lambda campaign: layouts.replace(campaign.pk, {"large": {"badges": {}, "chips": {}}}, actor=SYSTEM),
    "an undo": lambda campaign: undo.undo(campaign.pk, at(campaign, 1).pk, actor=SYSTEM),
    "somebody else": lambda campaign: save(campaign, 0.5, actor=acting(campaign.owner)),
}


@pytest.mark.parametrize("between", ENDS_IT.values(), ids=ENDS_IT)
def test_what_else_happens_to_the_layout_ends_the_step(campaign: Campaign, between: Callable[[Campaign], Any]) -> None:
    arranged(campaign, 2)
    between(campaign)
    save(campaign, 0.9)
    assert begun(campaign) == [1, 3, 4]


def test_a_pause_begins_another_and_so_do_ten_minutes(campaign: Campaign) -> None:
    save(campaign, 0.1)
    save(campaign, 0.2, after=60)
    save(campaign, 0.3, after=121)
    for minute in range(1, 12):
        save(campaign, 0.3 + minute / 100, after=121 + minute * 60)
    assert begun(campaign) == [1, 3, 14]


def test_a_step_ends_before_it_is_out_of_reach(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what is saved now could not be taken back: the step has the place of its beginning."""
    monkeypatch.setattr(steps, "REACH", 6)
    for number in range(9):
        save(campaign, number / 100)
        at_the_table.custom_event(campaign.pk, name="Bell", actor=SYSTEM)
    saves = [at(campaign, seq) for seq in range(1, 18, 2)]
    assert [event.continues or event.seq for event in saves] == [1, 1, 1, 7, 7, 7, 13, 13, 13]
    undo.undo(campaign.pk, saves[-1].pk, actor=SYSTEM)
    assert place(campaign) == 0.05


@pytest.mark.parametrize("asked", [2, 3, 4])
def test_undo_goes_back_to_before_the_first_of_them_whichever_is_named(campaign: Campaign, asked: int) -> None:
    save(campaign, 0.7)
    arranged(campaign, 3, after=90)

    done = undo.undo(campaign.pk, at(campaign, asked).pk, actor=SYSTEM)

    assert place(campaign) == 0.7
    assert done.undoes == at(campaign, 2)
    assert messages.message(done, messages.GM, "")["undo"] == 2
    assert texts(campaign) == [(1, "Layout large saved")]
    with pytest.raises(Conflict, match="undone already"):
        undo.undo(campaign.pk, at(campaign, 4).pk, actor=SYSTEM)

    undo.undo(campaign.pk, done.pk, actor=SYSTEM)
    assert place(campaign) == 0.03
    undo.undo(campaign.pk, campaign.events.latest("seq").pk, actor=SYSTEM)
    assert place(campaign) == 0.7


def test_the_first_layout_of_all_goes_whole(campaign: Campaign) -> None:
    arranged(campaign, 3)
    undo.undo(campaign.pk, at(campaign, 3).pk, actor=SYSTEM)
    assert not Layout.objects.filter(campaign=campaign).exists()


def test_a_later_change_stands_in_the_way_as_ever(campaign: Campaign) -> None:
    arranged(campaign, 2)
    save(campaign, 0.9, after=90)
    with pytest.raises(Conflict, match="changed again since"):
        undo.undo(campaign.pk, at(campaign, 1).pk, actor=SYSTEM)


def test_arranging_does_not_use_up_what_can_be_undone(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "REACH", 3)
    campaign = table.campaign
    wounds = [vitals.change_hp(campaign.pk, table.hero.pk, delta=-7, actor=SYSTEM) for _ in range(2)]
    arranged(campaign, 5)
    at_the_table.custom_event(campaign.pk, name="Bell", actor=SYSTEM)

    assert [seq for seq, _ in texts(campaign)] == [wounds[1].seq + 6, wounds[1].seq + 1, wounds[1].seq]
    with pytest.raises(Conflict, match="Only the last 3"):
        undo.undo(campaign.pk, wounds[0].pk, actor=SYSTEM)
    undo.undo(campaign.pk, wounds[1].pk, actor=SYSTEM)

    table.hero.refresh_from_db()
    assert table.hero.stats["hp"]["current"] == 38


def test_a_picture_in_more_sizes_belongs_to_the_edit_that_chose_it(table: Table, tmp_path: Path) -> None:
    """It comes by itself, and would stand where the last wound is looked for."""
    campaign, hero = table.campaign, table.hero
    (tmp_path / "portrait").write_bytes(a_picture(width=400))
    with (tmp_path / "portrait").open("rb") as file:
        pictures.put_on(hero, PORTRAIT, file, actor=SYSTEM)
    wound = vitals.change_hp(campaign.pk, hero.pk, delta=-7, actor=SYSTEM)
    finish(str(Version.objects.latest("created_at").pk))

    dressed, sizes = at(campaign, wound.seq - 1), at(campaign, wound.seq + 1)
    assert (sizes.type, sizes.continues) == ("character_updated", dressed.seq)
    assert texts(campaign)[:2] == [
        (wound.seq, "Isaura Vane takes 7 damage"),
        (dressed.seq, "Isaura Vane: portrait changed"),
    ]

    undo.undo(campaign.pk, sizes.pk, actor=SYSTEM)
    hero.refresh_from_db()
    assert (hero.portrait_url, hero.stats["hp"]["current"]) == ("", 38)


def test_the_back_office_has_one_button_for_a_step(table: Table) -> None:
    client = signed_in(table.gm)
    arranged(table.campaign, 3)
    first = table.campaign.events.filter(continues=None).latest("seq")
    page = client.get(f"{url(Event, 'changelist')}?campaign={table.campaign.pk}").content.decode()
    assert page.count(f"with no. {first.seq}") == 2
    assert f"/{first.pk}/do/undo/" in page
    assert f"/{at(table.campaign, first.seq + 1).pk}/do/undo/" not in page

    assert "Taken back" in told(press(client, at(table.campaign, first.seq + 2), "undo"))
    assert not Layout.objects.filter(campaign=table.campaign).exists()


def test_the_api_takes_the_last_step_back(table: Table, gm: Api, here: str) -> None:
    for x in (0.1, 0.2, 0.3):
        gm.patch(f"{here}/layout/large", {"badges": {WHO: {"x": x, "y": 0.5}}})
    first = table.campaign.events.filter(continues=None).latest("seq")
    history = gm.get(f"{here}/events", {"since": str(first.seq)}).json()["results"]
    assert [entry["message"]["continues"] for entry in history] == [first.seq] * 2

    assert gm.post(f"{here}/undo", {}).status_code == 201
    assert gm.get(f"{here}/layout/large").json()["badges"] == {}
