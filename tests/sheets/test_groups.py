"""Cells and coteries: what is shared is one, whichever sheet, the desk or the storyteller moves it."""

from typing import Any

import pytest

from accounts.actors import SYSTEM
from campaigns.models import Campaign, Event
from campaigns.operations import campaigns, undo
from characters import posters
from characters.models import Character
from characters.operations import lifecycle, vitals
from contract.refusals import Conflict, Invalid
from sheets import documents, lines, queries
from sheets.models import Group, Sheet
from sheets.operations import groups, playing, rolling, sheets
from tests.actors import api_as
from tests.factories import Table, a_campaign, a_character, on_stage
from tests.sheets.made import EVERYTHING, a_cell, a_sheet, again, edit, fallen, tracks

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": SYSTEM}


def two_hunters(campaign: Campaign) -> tuple[Group, Sheet, Sheet]:
    """In one cell; the first is on stage."""
    one, other = (a_sheet(line="htr", campaign=campaign, name=name) for name in ("Maud", "Wick"))
    playing.play(one, campaign, a_character(campaign, hp=0, name="Maud").pk, **BY)
    cell = a_cell(campaign, one, other)
    return again_of(cell), again(one), again(other)


def again_of(group: Group) -> Group:
    return Group.objects.select_related("character").get(pk=group.pk)


def shared(sheet: Sheet) -> tuple[int, int]:
    found = tracks(sheet)
    return found["desperation"]["value"], found["danger"]["value"]


def test_what_one_hunter_moves_all_have() -> None:
    _cell, one, other = two_hunters(a_campaign())
    sheets.move_track(other, "desperation", {"delta": 2}, **BY)
    edit(one, {"tracks": {"danger": {"value": 4}}})
    assert shared(one) == shared(other) == (3, 4)
    assert tracks(one)["health"] == tracks(other)["health"]  # and nothing else
    sheets.move_track(one, "health", {"superficial": 1}, **BY)
    assert tracks(other)["health"]["superficial"] == 0


def test_the_desk_moves_it_and_undo_takes_it_back() -> None:
    campaign = a_campaign()
    cell, one, other = two_hunters(campaign)
    assert cell.character is not None
    event = vitals.change_track(campaign.pk, cell.character.pk, actor=SYSTEM, track="danger", delta=3)
    assert shared(one) == shared(other) == (1, 4)
    undo.undo(campaign.pk, event.pk, **BY)
    assert shared(other) == (1, 1)


def test_on_the_overlay_it_is_shown_once() -> None:
    campaign = a_campaign()
    cell, one, _other = two_hunters(campaign)
    assert cell.character is not None and one.character is not None
    assert set(cell.character.stats["tracks"]) == {"desperation", "danger"}
    assert not {"desperation", "danger"} & set(one.character.stats["tracks"])
    assert (cell.character.name, cell.character.class_name) == ("The Lamplighters", "Cell")
    sheets.move_track(one, "danger", {"delta": 1}, **BY)
    last = Event.objects.filter(campaign=campaign).latest("seq")
    assert (last.type, last.subject_id) == ("track_change", cell.character.pk)


def test_overreach_is_the_danger_of_all() -> None:
    _cell, one, other = two_hunters(a_campaign())
    made = fallen(one, [9], [1, 1], kind="desperation")
    rolling.choose(made, "overreach", actor=SYSTEM, standing=EVERYTHING)
    assert shared(other) == (1, 3)


def test_desperation_dice_are_those_of_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    _cell, one, other = two_hunters(a_campaign())
    sheets.move_track(other, "desperation", {"delta": 3}, **BY)
    asked = {"kind": "pool", "dice": 2, "difficulty": 1, "desperation": True}
    assert len(rolling.roll(one, asked, actor=SYSTEM, standing=EVERYTHING).result["special"]) == 4


def test_who_leaves_takes_it_along_and_who_is_left_keeps_it() -> None:
    _cell, one, other = two_hunters(a_campaign())
    sheets.move_track(one, "danger", {"delta": 2}, **BY)
    groups.leave(one, **BY)
    sheets.move_track(one, "danger", {"delta": 1}, **BY)
    assert (shared(one), shared(other)) == ((1, 4), (1, 3))
    character = again(one).character
    assert character is not None and character.stats["tracks"]["danger"]["value"] == 4


def test_a_cell_that_ends_leaves_what_it_had_to_its_hunters() -> None:
    cell, one, other = two_hunters(a_campaign())
    sheets.move_track(one, "danger", {"delta": 2}, **BY)
    groups.delete(cell, **BY)
    assert shared(one) == shared(other) == (1, 3) and again(other).group is None
    assert cell.character is not None and not Character.objects.filter(pk=cell.character.pk).exists()


def test_a_cell_outlives_its_character_and_gets_it_back() -> None:
    campaign = a_campaign()
    cell, one, other = two_hunters(campaign)
    sheets.move_track(one, "danger", {"delta": 2}, **BY)
    assert cell.character is not None
    lifecycle.delete(cell.character, **BY)
    deletion = Event.objects.filter(campaign=campaign).latest("seq")
    sheets.move_track(other, "desperation", {"delta": 1}, **BY)
    assert shared(one) == (2, 1)  # what it had when it came to be, and one more
    undo.undo(campaign.pk, deletion.pk, **BY)
    assert shared(one) == (1, 3)


def test_a_sheet_that_goes_elsewhere_is_in_no_group() -> None:
    campaign = a_campaign()
    _cell, _one, other = two_hunters(campaign)
    sheets.move_track(other, "danger", {"delta": 2}, **BY)
    edit(other, {"campaign": None})
    assert again(other).group is None and shared(other) == (1, 3)


def test_a_hunter_of_no_cell_has_a_pair_of_their_own() -> None:
    _cell, one, _other = two_hunters(a_campaign())
    loner = a_sheet(line="htr")
    sheets.move_track(loner, "danger", {"delta": 4}, **BY)
    assert (shared(loner), shared(one)) == ((1, 5), (1, 1))


def test_only_of_the_same_campaign_and_game() -> None:
    campaign = a_campaign()
    cell = a_cell(campaign)
    for stranger in (a_sheet(line="htr"), a_sheet(line="htr", campaign=a_campaign()), a_sheet(campaign=campaign)):
        with pytest.raises(Invalid):
            groups.join(stranger, cell, **BY)


def test_nobody_plays_what_is_a_cell_s() -> None:
    campaign = a_campaign()
    cell = again_of(a_cell(campaign))
    assert cell.character is not None
    with pytest.raises(Conflict, match="group"):
        playing.play(a_sheet(), campaign, cell.character.pk, **BY)


def test_a_coterie_shares_its_domain_and_no_tracks() -> None:
    campaign = a_campaign()
    made = groups.create(campaign, lines.line("vtm"), {"name": "The Bell Court", "chasse": 2, "lien": 1}, **BY)
    member = a_sheet(campaign=campaign)
    groups.join(member, made, **BY)
    assert made.character is None
    told = documents.group_document(queries.group(campaign, str(made.pk)))
    assert (told["chasse"], told["lien"], told["portillon"], told["tracks"]) == (2, 1, 0, {})
    assert [each["name"] for each in told["members"]] == ["Elena Cross"]
    with pytest.raises(Invalid):
        groups.update(made, {"chasse": 6, "lien": "1"}, **BY)
    groups.update(made, {"chasse": 3, "merits": "A boat."}, **BY)
    assert again_of(made).fields == {"chasse": 3, "lien": 1, "merits": "A boat."}


def test_a_new_name_is_the_badge_s_too() -> None:
    cell = a_cell(a_campaign())
    groups.update(cell, {"name": "The Wicks"}, **BY)
    found = again_of(cell).character
    assert found is not None and found.name == "The Wicks"


def test_a_campaign_has_room_for_twenty() -> None:
    campaign = a_campaign()
    Group.objects.bulk_create(Group(campaign=campaign, line="htr", name=f"Cell {n}") for n in range(20))
    with pytest.raises(Conflict):
        a_cell(campaign)


@pytest.mark.parametrize(("allowed", "status"), [(False, 403), (True, 200)])
def test_players_move_what_is_live_where_they_may(table: Table, allowed: bool, status: int) -> None:
    """Also with a sheet that is not on stage itself; what is its own stays its own."""
    campaigns.update(table.campaign.pk, {"settings": {"players_change_live": allowed}}, **BY)
    sheet = a_sheet(table.player, "htr", table.campaign)
    a_cell(table.campaign, sheet)
    player, there = api_as(table, "player"), f"/sheets/{sheet.pk}/tracks"
    assert player.post(there, {"track": "danger", "delta": 1}).status_code == status
    patched = player.patch(f"/sheets/htr/{sheet.pk}", {"tracks": {"danger": {"value": 3}}})
    assert patched.status_code == status
    assert player.post(there, {"track": "health", "superficial": 1}).status_code == 200
    assert api_as(table, "gm").post(there, {"track": "danger", "delta": 1}).status_code == 200


def test_one_group_or_ten_cost_the_same(table: Table, django_assert_max_num_queries: Any) -> None:
    gm, counts = api_as(table, "gm"), []
    for many in (1, 9):
        for _ in range(many):
            a_cell(table.campaign, a_sheet(line="htr", campaign=table.campaign))
        with django_assert_max_num_queries(40) as found:
            assert gm.get(f"/campaigns/{table.campaign.slug}/groups").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


class TestTheCast:
    """A cell is nobody: its tracks may be on stage, and it stands in no list of people."""

    def test_a_cell_is_not_among_the_cast(self, table: Table, client: Any) -> None:
        a_cell(table.campaign, a_sheet(table.player, "htr", table.campaign), name="Nobody at All")
        there = f"/campaigns/{table.campaign.slug}"
        for path in (f"{there}/characters", f"{there}/characters?search=nobody"):
            assert "Nobody at All" not in client.get(path).content.decode()
        assert "Nobody at All" not in [each["name"] for each in client.get(there).context["cast"]]
        listed = client.get(f"{there}/characters").context["tabs"][0]["count"]
        assert listed == client.get(there).context["cast_count"] == 1
        assert "Nobody at All" not in [each.name for each in posters._cast(table.campaign)]

    def test_on_the_roster_it_is_on_stage(self, table: Table, client: Any) -> None:
        cell = again_of(a_cell(table.campaign, name="Nobody at All"))
        assert cell.character is not None
        on_stage(table.campaign, cell.character)
        assert "Nobody at All" in client.get(f"/campaigns/{table.campaign.slug}").content.decode()
        assert client.get(f"/campaigns/{table.campaign.slug}/characters/{cell.character.pk}").status_code == 200

    def test_the_gm_and_the_api_have_it(self, table: Table) -> None:
        a_cell(table.campaign, name="Nobody at All")
        found = api_as(table, "gm").get(f"/campaigns/{table.campaign.slug}/characters").json()["results"]
        assert "Nobody at All" in [each["name"] for each in found]
