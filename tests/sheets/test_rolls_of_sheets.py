"""Dice on a sheet: what they move, who is told, what may be done about them afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from campaigns import messages
from campaigns.models import Campaign, Event
from campaigns.operations import campaigns, undo
from characters.models import Character
from characters.operations import lifecycle
from contract.refusals import Conflict, Invalid
from sheets import dice, personal_part
from sheets.models import Roll, Sheet
from sheets.operations import chronicles, rolling, sheets
from tests.actors import api_as
from tests.factories import Table, a_campaign
from tests.sheets.made import EVERYTHING, a_played_sheet, a_roll, a_sheet, again, fallen, tracks

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": SYSTEM, "standing": EVERYTHING}


@pytest.fixture
def falls(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says what the next dice show."""

    def to(*faces: int) -> None:
        found: Iterator[int] = iter(faces)
        monkeypatch.setattr(dice, "thrown", lambda: next(found))

    return to


def told_of(campaign: Campaign, audience: str = messages.VIEWER) -> list[Any]:
    found = Event.objects.filter(campaign=campaign, type="roll").order_by("seq")
    return [messages.message(event, audience, "e")["data"] for event in found]


def move(sheet: Sheet, track: str, **steps: int) -> None:
    sheets.move_track(sheet, track, steps, actor=SYSTEM)


def test_a_pool_of_traits_with_the_hunger_of_now(falls: Any) -> None:
    sheet = a_sheet(strength=3, brawl=2)
    move(sheet, "hunger", delta=1)
    falls(10, 6, 2, 10, 4)
    made = a_roll(sheet, traits=["strength", "brawl"], difficulty=4)
    assert (made.result["normal"], made.result["special"]) == ([10, 6, 2], [10, 4])
    assert (made.result["outcome"], made.label) == ("messy_critical", "Strength + Brawl")
    told = AuditEntry.objects.get(action="sheet_rolled")
    assert told.after == {"label": "Strength + Brawl", "fell": "messy critical, 5 successes against 4"}


def test_a_rouse_check_raises_hunger(falls: Any) -> None:
    sheet = a_sheet()
    falls(5)
    assert a_roll(sheet, kind="rouse").result["hunger"] == 2 == tracks(sheet)["hunger"]["value"]
    falls(6)
    a_roll(sheet, kind="rouse")
    assert tracks(sheet)["hunger"]["value"] == 2


def test_hunger_of_five_rises_no_more_and_frenzy_is_near(falls: Any) -> None:
    sheet = a_sheet()
    move(sheet, "hunger", delta=4)
    falls(1)
    made = a_roll(sheet, kind="rouse")
    assert (made.result["frenzy"], tracks(sheet)["hunger"]["value"]) == (4, 5)


@pytest.mark.parametrize(("potency", "level", "count"), [(3, 2, 2), (3, 3, 1), (3, 0, 1), (0, 1, 1)])
def test_blood_potency_lets_small_powers_be_roused_twice(falls: Any, potency: int, level: int, count: int) -> None:
    falls(1, 1)
    assert len(a_roll(a_sheet(blood_potency=potency), kind="rouse", level=level).result["normal"]) == count


def test_a_surge_is_a_rouse_check_before_the_pool(falls: Any) -> None:
    sheet = a_sheet(blood_potency=1, strength=2)
    falls(3, 7, 7, 7, 7)
    made = a_roll(sheet, traits=["strength"], surge=True)
    assert made.result["rouse"]["outcome"] == "failed"
    assert (made.result["normal"], made.result["special"]) == ([7, 7], [7, 7])  # the hunger of after the surge
    assert tracks(sheet)["hunger"]["value"] == 2


def test_remorse_clears_the_stains_or_costs_humanity(falls: Any) -> None:
    sheet = a_sheet()
    with pytest.raises(Invalid):
        a_roll(sheet, kind="remorse")
    move(sheet, "humanity", stains=1)
    falls(2, 6)
    a_roll(sheet, kind="remorse")
    assert tracks(sheet)["humanity"] == {"value": 7, "stains": 0, "max": 10}
    move(sheet, "humanity", stains=2)
    falls(5)
    a_roll(sheet, kind="remorse")
    assert tracks(sheet)["humanity"] == {"value": 6, "stains": 0, "max": 10}


def test_frenzy_is_resisted_with_willpower_and_humanity(falls: Any) -> None:
    sheet = a_sheet(clan="brujah", blood_potency=1, composure=3, resolve=2)
    move(sheet, "willpower", superficial=2, aggravated=1)
    falls(6, 7, 1, 1)
    assert a_roll(sheet, kind="frenzy", difficulty=2).result["total"] == 2
    falls(6, 7)
    assert len(a_roll(sheet, kind="frenzy", difficulty=2, fury=True).result["normal"]) == 2


def test_a_reroll_marks_willpower_once(falls: Any) -> None:
    sheet = a_sheet()
    made = fallen(sheet, [2, 3, 9], [1], difficulty=3)
    falls(8, 7)
    again_ = rolling.reroll(made, [0, 1], **BY)
    assert (again_.result["normal"], again_.result["special"], again_.result["outcome"]) == ([8, 7, 9], [1], "success")
    assert again_.asked["first"] == [2, 3, 9]
    assert tracks(sheet)["willpower"]["superficial"] == 1
    with pytest.raises(Conflict, match="already"):
        rolling.reroll(made, [0], **BY)
    assert tracks(sheet)["willpower"]["superficial"] == 1


@pytest.mark.parametrize("places", [[3], [0, 0], [0, 1, 2, 3]])
def test_only_up_to_three_normal_dice_are_rolled_again(places: list[int]) -> None:
    sheet = a_sheet()
    made = fallen(sheet, [2, 3, 9], [1])
    with pytest.raises(Invalid):
        rolling.reroll(made, places, **BY)
    assert tracks(sheet)["willpower"]["superficial"] == 0 and not Roll.objects.get(pk=made.pk).rerolled


def test_a_check_is_not_rolled_again_nor_without_willpower() -> None:
    sheet = a_sheet()
    with pytest.raises(Conflict, match="Only pools"):
        rolling.reroll(a_roll(sheet, kind="rouse"), [0], **BY)
    move(sheet, "willpower", aggravated=20)
    with pytest.raises(Conflict, match="No willpower"):
        rolling.reroll(a_roll(sheet), [0], **BY)


def test_overreach_raises_danger_by_each_one() -> None:
    sheet = a_sheet(line="htr")
    made = fallen(sheet, [9], [1, 1], kind="desperation")
    assert tracks(sheet)["danger"]["value"] == 1 and made.choice == "open"
    rolling.choose(made, "overreach", **BY)
    assert (tracks(sheet)["danger"]["value"], tracks(sheet)["despair"]["value"]) == (3, 0)
    with pytest.raises(Conflict):
        rolling.choose(made, "despair", **BY)


def test_without_a_win_only_despair_is_left() -> None:
    sheet = a_sheet(line="htr")
    made = fallen(sheet, [3], [1], kind="desperation")
    with pytest.raises(Invalid):
        rolling.choose(made, "overreach", **BY)
    rolling.choose(made, "despair", **BY)
    assert (tracks(sheet)["danger"]["value"], tracks(sheet)["despair"]["value"]) == (1, 1)
    with pytest.raises(Invalid):
        a_roll(sheet, desperation=True)


def test_a_choice_may_be_rolled_away_before_it_is_made(falls: Any) -> None:
    sheet = a_sheet(line="htr")
    made = fallen(sheet, [3, 2], [1], kind="desperation")
    falls(8)
    assert rolling.reroll(made, [0], **BY).result["outcome"] == "choice"
    made = rolling.choose(made, "overreach", **BY)
    with pytest.raises(Conflict):
        rolling.reroll(made, [1], **BY)


def test_on_stage_the_roll_is_an_event_and_the_tracks_move_with_it(falls: Any) -> None:
    campaign = a_campaign()
    sheet, character = a_played_sheet(campaign)
    falls(5)
    made = a_roll(sheet, kind="rouse")
    (told,) = told_of(campaign)
    assert told["characterId"] == str(character.pk) and told["dice"] == [{"sides": 10, "value": 5}]
    assert told["roll"]["words"] == "Hunger rises to 2" and told["roll"]["id"] == str(made.pk)
    last = Event.objects.filter(campaign=campaign).latest("seq")
    assert (last.type, last.data["track"], last.seq - 1) == ("track_change", "hunger", event_of(made).seq)
    assert not AuditEntry.objects.filter(action="sheet_rolled").exists()


def event_of(made: Roll) -> Event:
    assert made.event_id is not None
    return Event.objects.get(pk=made.event_id)


def test_special_dice_are_told_apart(falls: Any) -> None:
    campaign = a_campaign()
    sheet, _ = a_played_sheet(campaign)
    falls(7, 2)
    a_roll(sheet, dice=2)
    assert told_of(campaign)[0]["dice"] == [{"sides": 10, "value": 7}, {"sides": 10, "value": 2, "kind": "hunger"}]


HIDDEN: list[Any] = [{"type": "HIDDEN"}]


def test_hidden_rolls_stay_with_the_gm() -> None:
    campaign = a_campaign()
    sheet, _ = a_played_sheet(campaign)
    a_roll(sheet, hidden=True)
    assert told_of(campaign) == HIDDEN and "roll" in told_of(campaign, messages.GM)[0]


def test_a_chronicle_keeps_its_rolls_from_the_stream() -> None:
    campaign = a_campaign()
    sheet, _ = a_played_sheet(campaign)
    chronicles.update(campaign, {"rolls_shown": False}, actor=SYSTEM)
    a_roll(sheet)
    assert told_of(campaign) == HIDDEN
    chronicles.update(campaign, {"rolls_shown": True}, actor=SYSTEM)
    a_roll(sheet)
    assert [data["type"] for data in told_of(campaign)] == ["HIDDEN", "ROLL"]


def test_of_somebody_secret_no_roll_is_shown() -> None:
    campaign = a_campaign()
    sheet, character = a_played_sheet(campaign)
    lifecycle.update(character, {"is_secret": True}, actor=SYSTEM)
    a_roll(again(sheet))
    assert told_of(campaign) == HIDDEN


def test_a_roll_that_was_taken_back_stands_no_more() -> None:
    campaign = a_campaign()
    sheet, _ = a_played_sheet(campaign)
    made = a_roll(sheet)
    undo.undo(campaign.pk, event_of(made).pk, actor=SYSTEM)
    with pytest.raises(Conflict, match="taken back"):
        rolling.reroll(made, [0], **BY)


def test_a_sheet_keeps_its_last_fifty() -> None:
    sheet = a_sheet()
    Roll.objects.bulk_create(
        Roll(sheet=sheet, number=number, kind="pool", label="Old", result={}) for number in range(1, 60)
    )
    a_roll(sheet)
    kept = Roll.objects.filter(sheet=sheet).order_by("number").values_list("number", flat=True)
    assert (len(kept), kept[0], kept[49]) == (50, 11, 60)


def test_dice_of_the_server_are_not_those_of_the_client(table: Table) -> None:
    sheet = a_sheet(table.player)
    sent = {"traits": ["strength"], "normal": [10, 10]}
    refused = api_as(table, "player").post(f"/sheets/{sheet.pk}/roll", sent)
    assert [(refused.status_code, detail["field"]) for detail in refused.json()["details"]] == [(422, "normal")]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"kind": "rouse", "traits": ["strength"]}, "traits"),
        ({"kind": "pool", "dice": 4, "fury": True}, "fury"),
        ({"dice": 41}, "dice"),
        ({"dice": "4"}, "dice"),
        ({"dice": True}, "dice"),
        ({"traits": ["strength"] * 4}, "traits"),
        ({"traits": ["unknown"]}, "traits"),
        ({"dice": 3, "difficulty": 99}, "difficulty"),
        ({"kind": "coin"}, "kind"),
    ],
)
def test_what_is_wrong_names_its_field_and_nothing_falls(table: Table, sent: Any, field: str) -> None:
    sheet = a_sheet(table.player)
    refused = api_as(table, "player").post(f"/sheets/{sheet.pk}/roll", sent)
    assert refused.status_code == 422 and field in [detail["field"] for detail in refused.json()["details"]]
    assert not Roll.objects.exists()


def test_a_hunter_has_no_rouse_checks(table: Table) -> None:
    sheet = a_sheet(table.player, "htr")
    for sent in ({"kind": "rouse"}, {"dice": 3, "surge": True}):
        assert api_as(table, "player").post(f"/sheets/{sheet.pk}/roll", sent).status_code == 422


def test_the_same_key_throws_once(table: Table) -> None:
    sheet = a_sheet(table.player)
    player = api_as(table, "player")
    first, second = (player.post(f"/sheets/{sheet.pk}/roll", {"dice": 5}, Idempotency_Key="one") for _ in range(2))
    assert first.json() == second.json() and Roll.objects.count() == 1


def test_a_hidden_roll_is_the_roller_s_and_the_storyteller_s(table: Table) -> None:
    sheet = a_sheet(table.player, campaign=table.campaign)
    player, gm = api_as(table, "player"), api_as(table, "gm")
    gm.post(f"/sheets/{sheet.pk}/roll", {"dice": 5, "hidden": True})
    player.post(f"/sheets/{sheet.pk}/roll", {"dice": 4, "hidden": True})
    counts = [asker.get(f"/sheets/{sheet.pk}/rolls").json()["count"] for asker in (player, gm)]
    assert counts == [1, 2]
    assert len(personal_part.kept(table.player)[0]["rolls"]) == 1
    other = Roll.objects.get(actor_id=table.gm.pk)
    assert player.post(f"/sheets/{sheet.pk}/rolls/{other.pk}/reroll", {"dice": [0]}).status_code == 404


def test_open_pages_see_that_there_is_a_roll_for_them(table: Table) -> None:
    """By the version that the sheet tells; of a hidden one only pages of those whose it is."""
    sheet = a_sheet(table.player, campaign=table.campaign)
    Sheet.objects.filter(pk=sheet.pk).update(shared="table")
    actors = {name: api_as(table, name) for name in ("player", "gm", "viewer")}

    def see_something_new(by: str, **sent: Any) -> list[str]:
        before = {name: actor.get(f"/sheets/vtm/{sheet.pk}").json()["rolls_version"] for name, actor in actors.items()}
        assert actors[by].post(f"/sheets/{sheet.pk}/roll", {"dice": 3, **sent}).status_code == 201
        now = {name: actor.get(f"/sheets/vtm/{sheet.pk}").json()["rolls_version"] for name, actor in actors.items()}
        return [name for name in actors if now[name] != before[name]]

    assert see_something_new("gm") == ["player", "gm", "viewer"]
    assert see_something_new("gm", hidden=True) == ["gm"]
    assert see_something_new("player", hidden=True) == ["player", "gm"]


def test_a_roll_makes_nobody_s_edit_stale(table: Table) -> None:
    sheet = a_sheet(table.player)
    a_roll(sheet)
    sent = {"concept": "Courier", "version": sheet.version}
    assert api_as(table, "player").patch(f"/sheets/vtm/{sheet.pk}", sent).status_code == 200


@pytest.mark.parametrize(("allowed", "status"), [(False, 403), (True, 201)])
def test_dice_that_move_live_tracks_are_rolled_where_players_may(table: Table, allowed: bool, status: int) -> None:
    campaigns.update(table.campaign.pk, {"settings": {"players_change_live": allowed}}, actor=SYSTEM)
    sheet, character = a_played_sheet(table.campaign, table.player)
    player = api_as(table, "player")
    assert player.post(f"/sheets/{sheet.pk}/roll", {"kind": "rouse"}).status_code == status
    assert player.post(f"/sheets/{sheet.pk}/roll", {"dice": 3, "surge": True}).status_code == status
    assert player.post(f"/sheets/{sheet.pk}/roll", {"dice": 3}).status_code == 201
    assert Character.objects.filter(pk=character.pk).exists()
