"""Hard findings on the whole sheet, all at once; and what a line of one's own needs: nothing but data."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from characters import tracks as boxes
from sheets import chronicle, validation
from sheets.lines import vampire
from sheets.lines.shape import OWNER, Draft
from tests.sheets.drafts import NEONATE_ROWS, WOLVES, a_vampire_draft, discipline

LINE = vampire.LINE


def test_every_fault_is_named_at_once() -> None:
    sent = {"strength": 6, "clan": "harpy", "name": "", "brawl": "3", "nonsense": 1, "xp_total": 5, "hunger": 3}
    values, found = validation.read(LINE.by_name, {**sent, "wits": 2}, fixed=("xp_total",))
    assert dict(found).keys() == sent.keys()
    assert dict(found)["xp_total"] == "this field cannot be set" and dict(found)["hunger"] == "unknown field"
    assert values == {"wits": 2}


@pytest.mark.parametrize(("may", "fault"), [(validation.everybody, True), (lambda reader: reader == OWNER, False)])
def test_some_fields_are_not_everybody_s(may: Any, fault: bool) -> None:
    _values, found = validation.read(LINE.by_name, {"private_notes": "Mine."}, may=may)
    assert bool(found) is fault


@pytest.mark.parametrize("body", [[], "x", 5, None, True])
def test_what_is_no_object(body: Any) -> None:
    assert validation.read(LINE.by_name, body) == ({}, [("", "Send a JSON object in braces.")])


def test_a_field_can_be_cleared() -> None:
    """In a peer nothing that was set can be taken away again."""
    values, found = validation.read(LINE.by_name, {"concept": None, "clan": None, "generation": None, "sire": ""})
    assert found == [] and values == {"concept": "", "clan": "", "generation": None, "sire": ""}


SIX = {"health": {"max": 6, "superficial": 0, "aggravated": 0}}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"health": {"superficial": 10}}, "tracks.health.superficial"),
        ({"health": {"superficial": 4, "aggravated": 3}}, "tracks.health.superficial"),
        ({"health": {"max": 20}}, "tracks.health.max"),
        ({"health": {"value": 2}}, "tracks.health.value"),
        ({"hunger": {"value": True}}, "tracks.hunger.value"),
        ({"hunger": {"value": 6}}, "tracks.hunger.value"),
        ({"humanity": {"stains": 11}}, "tracks.humanity.stains"),
        ({"humanity": 7}, "tracks.humanity"),
        ({"rage": {"value": 1}}, "tracks.rage"),
        ([], "tracks"),
    ],
)
def test_tracks_are_checked_as_they_would_be(sent: Any, field: str) -> None:
    """A partial edit too: a peer looks at the damage only where the maximum comes with it."""
    draft = a_vampire_draft(tracks=SIX, stamina=3)
    _tracks, found = validation.with_tracks(LINE, draft, sent)
    assert field in dict(found)


def test_an_edit_of_a_track_leaves_the_rest() -> None:
    draft = a_vampire_draft(tracks={"health": {"max": 5, "superficial": 1, "aggravated": 2}})
    found, faults = validation.with_tracks(LINE, draft, {"health": {"superficial": 3}, "humanity": {"value": 0}})
    assert faults == [] and found["health"] == {"max": 5, "superficial": 3, "aggravated": 2}
    assert found["humanity"]["value"] == 0  # and not 7, as where 0 counts as nothing


TRACK_PARTS = st.dictionaries(
    st.sampled_from(["health", "willpower", "hunger", "humanity", "rage"]),
    st.dictionaries(st.sampled_from(["superficial", "aggravated", "value", "stains", "max"]), st.integers(-2, 12)),
)


@settings(deadline=None)
@given(TRACK_PARTS, st.integers(1, 5), st.integers(1, 5))
def test_whatever_is_accepted_is_whole(sent: Any, stamina: int, resolve: int) -> None:
    draft = a_vampire_draft(stamina=stamina, resolve=resolve)
    found, faults = validation.with_tracks(LINE, draft, sent)
    if not faults:
        assert all(boxes.problems(track) == [] for track in found.values())


def test_a_row_is_not_there_twice() -> None:
    kind = LINE.kinds_by_name["specialties"]
    here = [{"skill": "brawl", "name": "Grappling"}]
    assert validation.row_problems(kind, here, {"skill": "brawl", "name": " grappling "})
    assert validation.row_problems(kind, here, {"skill": "melee", "name": "Grappling"}) == []


def test_a_whole_sheet() -> None:
    assert validation.problems(LINE, a_vampire_draft()) == []
    rows = {**NEONATE_ROWS, "disciplines": [discipline("celerity", 6), discipline("celerity", 2)]}
    tracks = {"hunger": {"value": 9, "max": 5}}
    faults = dict(validation.problems(LINE, a_vampire_draft(rows, tracks)))
    assert {"tracks.hunger.value", "disciplines.0.rating", "disciplines"} == faults.keys()
    assert dict(validation.problems(LINE, Draft({"name": "Elena"})))["strength"] == "This field is required."


def test_a_third_line_is_only_data() -> None:
    draft = Draft({**WOLVES.blank(), "name": "Ash", "stamina": 3, "form": "crinos"})
    found = validation.tracks_of(WOLVES, draft)
    assert {name: track["max"] for name, track in found.items()} == {"health": 6, "crinos": 4, "rage": 5}
    assert validation.problems(WOLVES, draft) == []
    assert dict(validation.problems(WOLVES, Draft({**draft.fields, "form": "glabro"}))).keys() == {"form"}


KNOWN = {"edge", "attribute"}


def test_settings_of_a_chronicle() -> None:
    assert chronicle.problems({"bane_table": "2018", "strict_creation": True, "prices": {"edge": 6}}, KNOWN) == []
    faults = chronicle.problems(
        {"bane_table": "1991", "xp_approval": 1, "prices": {"edge": -1, "soul": 3}, "colour": "red"}, KNOWN
    )
    assert dict(faults).keys() == {"bane_table", "xp_approval", "prices.edge", "prices.soul", "colour"}
    assert chronicle.problems([], KNOWN) and chronicle.problems({"prices": 5}, KNOWN)
    stored = chronicle.merged({"prices": {"edge": 6, "perk": 3}}, {"prices": {"perk": None}, "rolls_shown": False})
    assert stored["prices"] == {"edge": 6} and stored["rolls_shown"] is False and stored["bane_table"] == "current"
