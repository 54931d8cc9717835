"""The storyteller's table, without any script and by the API: all trackers of a chronicle, experience, requests."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import SYSTEM
from characters.models import Character
from contract.refusals import Conflict, Invalid
from sheets import rolling, table, table_news
from sheets.lines import vampire
from sheets.models import Experience, Roll, Sheet
from sheets.operations import experience, sheets
from tests.actors import api_as
from tests.factories import Table, a_campaign
from tests.sheets.made import (
    a_played_sheet,
    a_request,
    a_roll,
    a_row,
    a_sheet,
    again,
    awarded,
    edit,
    fallen,
    tracks,
)
from tests.sheets.test_pages import signed_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(table: Table) -> Sheet:
    return a_sheet(table.player, campaign=table.campaign)


@pytest.fixture
def there(table: Table) -> str:
    return f"/campaigns/{table.campaign.slug}/sheets"


@pytest.fixture
def storyteller(table: Table) -> Client:
    return signed_in(table.gm)


def test_an_empty_table_says_how_sheets_come_to_it(storyteller: Client, there: str) -> None:
    page = text(storyteller.get(there))
    assert "No sheet is at this table yet" in page and "Award experience" not in page


def test_all_tracks_of_all_lines_are_on_one_page(table: Table, storyteller: Client, there: str, sheet: Sheet) -> None:
    a_played_sheet(table.campaign, name="Tamsin Reed", line="htr")
    awarded(sheet, 7)
    page = text(storyteller.get(there))
    for words in ("Elena Cross", "Tamsin Reed", "On stage", "Hunger", "Humanity", "Desperation", "Despair"):
        assert words in page
    assert '<dd class="num" data-part="xp">7</dd>' in page and "Blood potency" in page
    assert "Elena Cross, Health: mark one aggravated" in page


@pytest.mark.parametrize(
    ("step", "track", "expected"),
    [
        ("health superficial 1", "health", {"max": 5, "superficial": 1, "aggravated": 0}),
        ("willpower aggravated 1", "willpower", {"max": 5, "superficial": 0, "aggravated": 1}),
        ("hunger delta -1", "hunger", {"value": 0, "max": 5}),
        ("humanity stains 1", "humanity", {"value": 7, "stains": 1, "max": 10}),
    ],
)
def test_a_button_moves_a_track(
    storyteller: Client, there: str, sheet: Sheet, step: str, track: str, expected: dict[str, int]
) -> None:
    pressed = storyteller.post(there, {"do": "move", "sheet": str(sheet.pk), "step": step})
    assert (pressed.status_code, pressed["Location"]) == (302, f"{there}#sheet-{sheet.pk}")
    assert tracks(sheet)[track] == expected


@pytest.mark.parametrize(
    "step", ["", "health", "health superficial", "health superficial x", "health soak 1", "luck delta 1"]
)
def test_a_step_that_is_none_changes_nothing(storyteller: Client, there: str, sheet: Sheet, step: str) -> None:
    before = tracks(sheet)
    assert storyteller.post(there, {"do": "move", "sheet": str(sheet.pk), "step": step}).status_code == 422
    assert tracks(sheet) == before


def test_sheets_of_other_tables_are_not_moved_from_here(table: Table, storyteller: Client, there: str) -> None:
    elsewhere = a_sheet(table.gm, campaign=a_campaign(owner=table.gm))
    for sheet_id in (elsewhere.pk, "nonsense", ""):
        moved = storyteller.post(there, {"do": "move", "sheet": str(sheet_id), "step": "hunger delta 1"})
        assert moved.status_code == 404
    assert storyteller.post(there, {"do": "dance"}).status_code == 404
    assert tracks(elsewhere)["hunger"]["value"] == 1


def test_experience_for_everybody_or_for_one(table: Table, storyteller: Client, there: str, sheet: Sheet) -> None:
    other = a_sheet(campaign=table.campaign, name="Tamsin Reed")
    told = text(storyteller.post(there, {"do": "award", "amount": "+3", "reason": "Session 4"}, follow=True))
    assert "+3 experience for all 2 sheets." in told
    storyteller.post(there, {"do": "award", "amount": "2", "sheet": str(other.pk)})
    held = {seat.sheet.name: seat.held.available for seat in table_of(table)}
    assert held == {"Elena Cross": 3, "Tamsin Reed": 5}
    refused = storyteller.post(there, {"do": "award", "amount": "−5", "reason": "Miscounted"})
    assert refused.status_code == 422 and "Elena Cross: This takes 5 experience, and 3 are available." in text(refused)
    assert 'value="Miscounted"' in text(refused)
    assert {seat.held.available for seat in table_of(table)} == {3, 5}
    assert storyteller.post(there, {"do": "award", "amount": "many"}).status_code == 422


def table_of(stage: Table) -> list[table.Seat]:
    return table.seats(stage.campaign)


def test_a_correction_is_for_all_or_for_none() -> None:
    campaign = a_campaign()
    rich, poor = sorted([a_sheet(campaign=campaign), a_sheet(campaign=campaign)], key=lambda sheet: sheet.pk)
    awarded(rich, 5), awarded(poor, 3)
    with pytest.raises(Invalid):
        experience.award_all(campaign, -4, actor=SYSTEM)
    assert sorted(seat.held.available for seat in table.seats(campaign)) == [3, 5]


def test_nobody_is_awarded_at_an_empty_table() -> None:
    with pytest.raises(Conflict):
        experience.award_all(a_campaign(), 3, actor=SYSTEM)
    campaign = a_campaign()
    a_sheet(campaign=campaign)
    with pytest.raises(Invalid):
        experience.award_all(campaign, 0, actor=SYSTEM)
    assert not Experience.objects.exists()


@pytest.mark.parametrize(("deed", "rating"), [("approve", 4), ("refuse", 3)])
def test_what_waits_is_answered_here(table: Table, storyteller: Client, there: str, deed: str, rating: int) -> None:
    request = a_request(table.campaign)
    assert "asks for Strength 3 → 4" in text(storyteller.get(there))
    sent = {"do": deed, "sheet": str(request.sheet_id), "entry": str(request.pk)}
    assert storyteller.post(there, sent).status_code == 302
    assert again(request.sheet).fields["strength"] == rating
    assert storyteller.post(there, sent).status_code == 409
    assert "Waiting for your answer" not in text(storyteller.get(there))


class TestDice:
    """Without script; what falls for whom, and what is made of it, is that of the sheet's own page."""

    def pressed(self, there: str, client: Client, sheet: Sheet, do: str, **more: Any) -> Any:
        form = {"difficulty": "2", "modifier": "0", "traits": ["strength", "brawl"]}
        return client.post(there, {"do": do, "sheet": str(sheet.pk), **form, **more}, follow=True)

    @pytest.mark.parametrize(("do", "kind"), [("rouse", "rouse"), ("frenzy", "frenzy"), ("roll", "pool")])
    def test_a_button_rolls(
        self, table: Table, storyteller: Client, there: str, sheet: Sheet, do: str, kind: str
    ) -> None:
        answer = self.pressed(there, storyteller, sheet, do)
        roll = Roll.objects.get()
        assert answer.redirect_chain[0][0] == f"{there}#sheet-{sheet.pk}"
        assert (roll.sheet_id, roll.kind, roll.actor_id) == (sheet.pk, kind, table.gm.pk)
        assert f"<strong>{words(roll)}</strong>" in text(answer)

    def test_a_surge_is_a_rouse_check_and_more_dice(self, storyteller: Client, there: str, sheet: Sheet) -> None:
        self.pressed(there, storyteller, sheet, "surge")
        roll = Roll.objects.get()
        assert {"label": "Blood surge", "dice": 2} in roll.asked["parts"]
        assert tracks(sheet)["hunger"]["value"] == roll.result["rouse"]["hunger"]

    def test_remorse_is_open_where_there_is_something_to_regret(
        self, storyteller: Client, there: str, sheet: Sheet
    ) -> None:
        def remorse() -> str:
            return re.findall(r"<button [^>]*Elena Cross: remorse[^>]*>", text(storyteller.get(there)))[0]

        assert "disabled" in remorse()
        assert self.pressed(there, storyteller, sheet, "remorse").status_code == 422
        sheets.move_track(sheet, "humanity", {"stains": 2}, actor=SYSTEM)
        assert "disabled" not in remorse()
        self.pressed(there, storyteller, sheet, "remorse")
        assert tracks(sheet)["humanity"]["stains"] == 0

    def test_desperation_and_the_choice_after_it(self, table: Table, storyteller: Client, there: str) -> None:
        hunter, character = a_played_sheet(table.campaign, name="Tamsin Reed", line="htr")
        self.pressed(there, storyteller, hunter, "desperation")
        assert len(Roll.objects.get().result["special"]) == 1
        made = fallen(hunter, [10, 8], [1], 1, "desperation")
        assert 'value="overreach"' in text(storyteller.get(there))
        self.pressed(there, storyteller, hunter, "overreach", roll=str(made.pk))
        assert Character.objects.get(pk=character.pk).stats["tracks"]["danger"]["value"] == 2

    def test_dice_are_rolled_again_for_a_willpower(self, storyteller: Client, there: str, sheet: Sheet) -> None:
        made = fallen(sheet, [2, 3, 8], [], 3)
        self.pressed(there, storyteller, sheet, "reroll", roll=str(made.pk), dice=["0", "1"])
        assert Roll.objects.get(pk=made.pk).asked["again"] == [0, 1]
        assert tracks(sheet)["willpower"]["superficial"] == 1

    def test_what_follows_a_failed_rouse_at_five_is_a_button(
        self, storyteller: Client, there: str, sheet: Sheet
    ) -> None:
        edit(sheet, {"tracks": {"hunger": {"value": 5}}})
        made = a_roll(sheet, kind="rouse", hidden=True)
        made.result = {**made.result, "outcome": "failed", "frenzy": 4, "hunger": 5}
        made.save()
        page = text(storyteller.get(there))
        assert "Resist hunger frenzy, difficulty 4" in page
        assert '<input type="hidden" name="difficulty" value="4">' in page
        assert '<input type="hidden" name="hidden" value="on">' in page

    def test_hidden_rolls_are_no_player_s(self, table: Table, storyteller: Client, there: str, sheet: Sheet) -> None:
        self.pressed(there, storyteller, sheet, "rouse", hidden="on")
        assert [seat.last is not None for seat in table_of(table)] == [True]
        page = text(signed_in(table.player).get(f"/sheets/{sheet.pk}"))
        assert 'data-part="fallen" data-outcome="" hidden' in page

    def test_sheets_of_other_tables_are_not_rolled_for(self, table: Table, storyteller: Client, there: str) -> None:
        elsewhere = a_sheet(table.gm, campaign=a_campaign(owner=table.gm))
        assert self.pressed(there, storyteller, elsewhere, "rouse").status_code == 404
        assert not Roll.objects.exists()

    def test_what_cannot_be_rolled_is_said(self, storyteller: Client, there: str, sheet: Sheet) -> None:
        answer = self.pressed(there, storyteller, sheet, "roll", traits=["luck"])
        assert answer.status_code == 422 and "Traits are fields with dots" in text(answer)

    def test_rolls_of_yesterday_are_not_shown(self, table: Table, sheet: Sheet) -> None:
        made = a_roll(sheet)
        assert [seat.last is not None for seat in table_of(table)] == [True]
        Roll.objects.filter(pk=made.pk).update(at=timezone.now() - timedelta(hours=13))
        assert [seat.last for seat in table_of(table)] == [None]


def words(roll: Roll) -> str:
    return rolling.words(roll.kind, roll.result)


def test_the_table_costs_the_same_for_one_sheet_and_for_many(
    table: Table, storyteller: Client, there: str, sheet: Sheet, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        other, _character = a_played_sheet(table.campaign, name=f"Sheet {number}")
        a_row(other)
        awarded(other)
        a_roll(other)
    a_request(table.campaign)
    with django_assert_max_num_queries(17):
        assert text(storyteller.get(there)).count('class="seat"') == 6


def test_the_api_of_the_table(table: Table, sheet: Sheet) -> None:
    gm, address = api_as(table, "gm"), f"/campaigns/{table.campaign.slug}/chronicle"
    awarded_ = gm.post(f"{address}/awards", {"amount": 3, "reason": "Session 4"})
    assert (awarded_.status_code, [entry["amount"] for entry in awarded_.json()]) == (201, [3])
    assert gm.post(f"{address}/awards", {"amount": "3"}).status_code == 422
    answer = gm.get(f"{address}/table")
    (shown,) = answer.json()["sheets"]
    assert (shown["name"], shown["xp"]["available"], shown["tracks"]["hunger"]["value"]) == ("Elena Cross", 3, 1)
    assert (shown["blood_potency"], answer.json()["requests"], shown["last_roll"]) == (1, [], None)
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert gm.get(f"{address}/table", **tag).status_code == 304
    gm.post(f"/sheets/{sheet.pk}/tracks", {"track": "hunger", "delta": 1})
    assert gm.get(f"{address}/table", **tag).status_code == 200


def test_the_api_tells_what_fell_and_what_can_be_rolled(table: Table, sheet: Sheet) -> None:
    address = f"/campaigns/{table.campaign.slug}/chronicle/table"

    def shown(actor: str) -> Any:
        return api_as(table, actor).get(address).json()["sheets"][0]

    before = shown("gm")["pool"]
    made = a_roll(sheet)
    assert (shown("gm")["last_roll"]["id"], shown("gm")["pool"]) == (str(made.pk), before)
    edit(sheet, {"brawl": 1})
    assert shown("gm")["pool"] != before
    hidden = a_roll(sheet, hidden=True)
    assert [shown(actor)["last_roll"]["id"] for actor in ("gm", "read")] == [str(hidden.pk), str(made.pk)]


class TestLinks:
    def test_the_storyteller_is_led_to_the_table_where_there_is_one(self, table: Table) -> None:
        link = f'href="/campaigns/{table.campaign.slug}/sheets"'
        pages = [f"/campaigns/{table.campaign.slug}", f"/campaigns/{table.campaign.slug}/control"]
        assert [link in text(signed_in(table.gm).get(path)) for path in pages] == [False, False]
        a_sheet(table.player, campaign=table.campaign)
        assert [link in text(signed_in(table.gm).get(path)) for path in pages] == [True, True]
        assert link not in text(signed_in(table.player).get(pages[0]))


@pytest.mark.parametrize(
    ("changed", "news"),
    [
        ({"concept"}, False),
        ({"rolls.everybody"}, False),
        ({"history", "rolls.storyteller"}, False),
        ({"name"}, True),
        ({"blood_potency"}, True),
        ({"concept", "tracks.hunger"}, True),
        (set(), True),
    ],
)
def test_what_the_storyteller_s_pages_hear_at_once(changed: set[str], news: bool) -> None:
    assert table_news.is_news(vampire.LINE, changed) is news
