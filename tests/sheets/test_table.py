"""The storyteller's table, without any script and by the API: all trackers of a chronicle, experience, requests."""

from typing import Any

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from contract.refusals import Conflict, Invalid
from sheets import table, table_news
from sheets.lines import vampire
from sheets.models import Experience, Sheet
from sheets.operations import experience
from tests.actors import api_as
from tests.factories import Table, a_campaign
from tests.sheets.made import a_played_sheet, a_request, a_row, a_sheet, again, awarded, tracks
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


def test_the_table_costs_the_same_for_one_sheet_and_for_many(
    table: Table, storyteller: Client, there: str, sheet: Sheet, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        other, _character = a_played_sheet(table.campaign, name=f"Sheet {number}")
        a_row(other)
        awarded(other)
    a_request(table.campaign)
    with django_assert_max_num_queries(14):
        assert text(storyteller.get(there)).count('class="seat"') == 6


def test_the_api_of_the_table(table: Table, sheet: Sheet) -> None:
    gm, address = api_as(table, "gm"), f"/campaigns/{table.campaign.slug}/chronicle"
    awarded_ = gm.post(f"{address}/awards", {"amount": 3, "reason": "Session 4"})
    assert (awarded_.status_code, [entry["amount"] for entry in awarded_.json()]) == (201, [3])
    assert gm.post(f"{address}/awards", {"amount": "3"}).status_code == 422
    answer = gm.get(f"{address}/table")
    (shown,) = answer.json()["sheets"]
    assert (shown["name"], shown["xp"]["available"], shown["tracks"]["hunger"]["value"]) == ("Elena Cross", 3, 1)
    assert (shown["blood_potency"], answer.json()["requests"]) == (1, [])
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert gm.get(f"{address}/table", **tag).status_code == 304
    gm.post(f"/sheets/{sheet.pk}/tracks", {"track": "hunger", "delta": 1})
    assert gm.get(f"{address}/table", **tag).status_code == 200


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
