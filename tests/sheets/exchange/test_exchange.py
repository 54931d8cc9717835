"""Files of other programs come in, and ours go out, without loss of what both sides know."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets import validation
from sheets.exchange import foundry_out, ours
from sheets.exchange.imported import Imported, Unreadable
from sheets.exchange.reading import read
from sheets.lines import hunter, vampire
from sheets.lines.shape import Draft
from tests.sheets.drafts import NEONATE_ROWS, a_vampire_draft
from tests.sheets.exchange import fixtures

FILES: dict[str, dict[str, Any]] = {
    name: value
    for name, value in vars(fixtures).items()
    if name.isupper() and isinstance(value, dict) and "name" in value
}


def problems(found: Imported) -> Any:
    return validation.problems(found.line, found.draft())


@pytest.mark.parametrize("name", FILES)
def test_whatever_comes_in_is_a_sheet(name: str) -> None:
    found = read(json.loads(json.dumps(FILES[name])))
    assert problems(found) == [] and 0 <= found.spent <= found.earned


def test_a_neonate_of_foundry() -> None:
    found = read(fixtures.FOUNDRY_NEONATE)
    draft = found.draft()
    expected = {"clan": "brujah", "predator": "alleycat", "resonance": "choleric", "generation": 13, "brawl": 3}
    expected |= {"animal_ken": 1, "tenets": "Never the unwilling.", "appearance": "Tall & tired.", "sire": "Tarn"}
    assert {name: draft.fields[name] for name in expected} == expected
    assert draft.fields["private_notes"] == "Owes the Baron." and draft.fields["notes"] == ""
    assert draft.tracks == {
        "health": {"max": 5, "superficial": 1, "aggravated": 1},
        "willpower": {"max": 5, "superficial": 2, "aggravated": 0},
        "hunger": {"value": 3, "max": 5},
        "humanity": {"value": 6, "stains": 2, "max": 10},
    }
    assert {row["discipline"]: row["rating"] for row in draft.of("disciplines")} == {"celerity": 2, "potence": 1}
    assert [row["name"] for row in draft.of("rituals")] == ["Blood Walk"]
    assert [(row["name"], row["description"]) for row in draft.of("touchstones")] == [
        ("Inés Calloway", "runs the night kitchen"),
        ("Tomas", ""),
    ]
    assert [(row["name"], row["quantity"], row["damage"]) for row in draft.of("equipment")] == [
        *(("Crowbar", 1, 2), ("Torch", 2, None)),
    ]
    assert (found.earned, found.spent) == (15, 13)


def test_an_elder_has_the_health_of_an_elder() -> None:
    """Two peers refuse more than ten boxes, and one counts a discipline by its highest power."""
    found = read(fixtures.FOUNDRY_ELDER)
    draft = found.draft()
    assert draft.tracks["health"] == {"max": 13, "superficial": 4, "aggravated": 7}
    assert draft.of("disciplines")[0]["rating"] == 5 and draft.fields["blood_potency"] == 8
    assert ("stamina", "The file says 7; a sheet has 1 to 5.") in found.findings


def test_the_shape_before_five() -> None:
    draft = read(fixtures.FOUNDRY_OLD).draft()
    expected = {"clan": "banu-haqim", "predator": "siren", "bane": "Own words", "generation": 12, "animal_ken": 2}
    assert {name: draft.fields[name] for name in expected} == expected
    assert draft.of("specialties") == [{"skill": "animal_ken", "name": "Falconry"}]
    assert draft.of("disciplines")[0] == {"discipline": "blood-sorcery", "rating": 2, "origin": "clan"}
    assert draft.tracks["humanity"]["value"] == 0


def test_a_hunter_in_despair() -> None:
    found = read(fixtures.FOUNDRY_HUNTER)
    draft = found.draft()
    assert found.line is hunter.LINE
    assert [draft.tracks[name]["value"] for name in ("desperation", "danger", "despair")] == [4, 2, 1]
    assert (draft.fields["creed"], draft.fields["hunt_drive"], draft.fields["redemption"]) == (
        *("martial", "vengeance", "Let one go."),
    )
    assert [row["edge"] for row in draft.of("edges")] == ["arsenal"]
    assert draft.of("edge_pools")[0]["pool"] == "Wits + Firearms" and draft.of("perks")[0]["name"] == "Special load"


def test_the_oldest_progeny_has_empty_rows_and_no_present() -> None:
    draft = read(fixtures.PROGENY_1).draft()
    assert [row["name"] for row in draft.of("touchstones")] == ["Ana"]
    assert draft.of("specialties") == [{"skill": "occult", "name": "Rites"}]
    assert draft.fields["predator"] == "scene-queen" and draft.fields["animal_ken"] == 2
    assert {row["discipline"]: row["rating"] for row in draft.of("disciplines")} == {"blood-sorcery": 1, "auspex": 1}
    scry = draft.of("powers")[1]
    assert (scry["amalgam"], scry["amalgam_level"], scry["cost"]) == ("blood-sorcery", 1, 1)
    assert draft.tracks["hunger"]["value"] == 1


def test_progeny_counts_the_aggravated_among_the_superficial() -> None:
    found = read(fixtures.PROGENY_8)
    draft = found.draft()
    assert draft.tracks["health"] == {"max": 5, "superficial": 1, "aggravated": 3}
    assert draft.tracks["willpower"]["superficial"] == 2 and draft.tracks["humanity"]["stains"] == 1
    assert (found.earned, found.spent, draft.fields["bane_variant"]) == (15, 12, "variant")


def test_inconnu() -> None:
    draft = read(fixtures.INCONNU).draft()
    assert draft.tracks["health"] == {"max": 4, "superficial": 3, "aggravated": 1}
    assert (draft.fields["clan"], draft.fields["animal_ken"]) == ("thin-blood", 2)
    assert draft.of("specialties")[0]["name"] == "Street Dogs"
    assert draft.of("disciplines")[0]["discipline"] == "blood-sorcery"
    assert draft.of("touchstones")[0]["conviction"] == "Never children."


@pytest.mark.parametrize(("document", "words"), fixtures.STRANGERS)
def test_a_wrong_file_is_told_so(document: Any, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(document)


@pytest.mark.parametrize("name", FILES)
def test_our_own_json_loses_nothing(name: str) -> None:
    found = read(FILES[name])
    draft = found.draft()
    again = read(json.loads(json.dumps(ours.written(found.line, draft, found.earned, found.spent))))
    assert (again.draft(), again.earned, again.spent) == (_filled(draft), found.earned, found.spent)


def _filled(draft: Draft) -> Draft:
    return Draft(draft.fields, draft.tracks, {kind: rows for kind, rows in draft.rows.items() if rows})


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("FOUNDRY")])
def test_through_foundry_and_back(name: str) -> None:
    found = read(FILES[name])
    draft = found.draft()
    actor = json.loads(json.dumps(foundry_out.written(found.line, draft, found.earned, found.spent)))
    again = read(actor).draft()
    assert again.tracks == draft.tracks
    assert {kind: _sorted(rows) for kind, rows in again.rows.items()} == {
        kind: _sorted(rows) for kind, rows in _filled(draft).rows.items()
    }
    lost = {name for name in draft.fields if again.fields[name] != draft.fields[name]}
    assert lost == set()


def _sorted(rows: Any) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def test_what_is_typed_is_no_markup_in_foundry() -> None:
    draft = a_vampire_draft(NEONATE_ROWS, history="<b>&amp; more</b>\nsecond line")
    actor = foundry_out.written(vampire.LINE, draft, 0, 0)
    assert "<b>" not in actor["system"]["biography"]
    assert read(actor).fields["history"] == "<b>&amp; more</b>\nsecond line"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**9) | st.floats(allow_nan=True) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_part_of_a_file_breaks_the_reading(name: str, data: Any) -> None:
    """Any part of any file may be anything."""
    document = json.loads(json.dumps(FILES[name]))
    place: Any = document
    for _ in range(data.draw(st.integers(0, 3))):
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        inner = [key for key in keys if isinstance(place[key], dict | list) and place[key]]
        if not inner:
            break
        place = place[data.draw(st.sampled_from(inner))]
    keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
    place[data.draw(st.sampled_from(keys))] = data.draw(JUNK)
    try:
        found = read(document)
    except Unreadable:
        return
    assert problems(found) == [] and 0 <= found.spent <= found.earned
