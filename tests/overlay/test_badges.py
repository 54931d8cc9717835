import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from overlay.badges import Chip, Saves, Stat, badge, badges, hp_of, track_of, words
from overlay.geometry import Place

VECTORS: dict[str, Any] = json.loads((Path(__file__).parent / "vectors/badges.json").read_text())


def hero(**changes):
    stats = {
        "hp": {"current": 35, "max": 45, "temp": 0},
        "ac": 16,
        "abilities": {"str": 16, "dex": 12},
        "conditions": [],
        "condition_rounds": {},
        "death_saves": {"success": 0, "failure": 0},
        "inspiration": False,
        "tracks": {},
        **changes.pop("stats", {}),
    }
    character = {
        "id": "a",
        "name": "Isaura Vane",
        "player_name": "Noor",
        "class": "Bard",
        "race": "Half-elf",
        "level": 7,
        "status": "active",
        "portrait_url": "/portraits/a.webp",
        "crest_url": "/crests/a.svg",
        "accent": "#f0bd4f",
        "focal": {"x": 0.4, "y": 0.1},
    }
    return {**character, **changes, "stats": stats}


def bar(raw):
    hp = hp_of({"hp": raw})
    assert hp is not None
    return hp


def track(key, raw):
    drawn = track_of(key, raw)
    assert drawn is not None
    return drawn


def vampire(**health):
    tracks = {
        "hunger": {"value": 3, "max": 5},
        "humanity": {"value": 7, "stains": 1, "max": 10},
        "health": {"max": 7, "superficial": 2, "aggravated": 1, **health},
        "blood_bond": {"value": 1, "max": 3},
        "willpower": {"max": 5, "superficial": 0, "aggravated": 0},
    }
    return hero(race="", level=1, **{"class": "Brujah"}, stats={"hp": None, "ac": 10, "tracks": tracks})


def bootstrap(*characters, **parts):
    roster = [character["id"] for character in characters]
    return {"characters": list(characters), "roster": roster, "rosterTiers": {}, "layoutOverrides": {}, **parts}


@pytest.mark.parametrize(
    "case", VECTORS["cases"], ids=lambda case: f"{case['character']}-{case['tier']}-{case['card'].get('hp')}"
)
def test_vectors(case):
    character = VECTORS["characters"][case["character"]]
    drawn = asdict(badge(character, case["tier"], case["card"], detached=case["detached"]))
    del drawn["place"], drawn["chips_place"]
    assert json.loads(json.dumps(drawn)) == case["expect"]


class TestHp:
    def test_exact(self):
        hp = bar({"current": 36, "max": 45, "temp": 0})
        assert (hp.label, hp.now, hp.temp, hp.band) == ("36 / 45", 0.8, 0, "hurt")

    def test_temporary_lie_after_what_is_left(self):
        hp = bar({"current": 30, "max": 60, "temp": 6})
        assert (hp.label, hp.now, hp.temp) == ("30 / 60 +6", 0.5, 0.1)

    def test_temporary_are_seen_on_a_full_bar(self):
        hp = bar({"current": 40, "max": 40, "temp": 10})
        assert (hp.now, hp.temp) == (0.8, 0.2)

    def test_more_than_the_maximum_fills_the_bar_and_keeps_the_number(self):
        hp = bar({"current": 70, "max": 61, "temp": 0})
        assert (hp.label, hp.now) == ("70 / 61", 1)

    def test_bar_tells_no_number(self):
        hp = bar({"fraction": 0.78, "temp": True})
        assert (hp.mode, hp.label, hp.current, hp.max) == ("bar", "", None, None)
        assert hp.temp > 0

    @pytest.mark.parametrize(("band", "label"), [("unhurt", "Unhurt"), ("critical", "Critical"), ("down", "Down")])
    def test_band_tells_a_word(self, band, label):
        hp = bar({"band": band})
        assert (hp.mode, hp.label, hp.current) == ("band", label, None)

    @pytest.mark.parametrize(
        "raw", [None, {}, {"current": 3, "max": 0}, {"current": None, "max": 9}, {"band": "fine"}, {"fraction": "1"}]
    )
    def test_nothing_to_show(self, raw):
        assert hp_of({"hp": raw}) is None

    @pytest.mark.parametrize(
        ("current", "band"), [(40, "unhurt"), (39, "hurt"), (20, "bloodied"), (10, "critical"), (0, "down")]
    )
    def test_bands(self, current, band):
        assert bar({"current": current, "max": 40}).band == band


class TestState:
    @pytest.mark.parametrize(
        ("character", "state"),
        [
            (hero(), "up"),
            (hero(status="guest"), "up"),
            (hero(status="dead"), "dead"),
            (hero(status="retired"), "retired"),
            (hero(stats={"hp": {"current": 0, "max": 45, "temp": 0}}), "down"),
            (hero(stats={"hp": {"band": "down"}}), "down"),
            (hero(stats={"hp": None}), "up"),
            (hero(stats={"death_saves": {"success": 0, "failure": 3}}), "dead"),
            (vampire(), "up"),
            (vampire(superficial=0, aggravated=7), "down"),
        ],
    )
    def test_state(self, character, state):
        assert badge(character, "large", {}).state == state

    def test_death_saves_of_the_dying(self):
        dying = hero(stats={"hp": {"current": 0, "max": 45}, "death_saves": {"success": 2, "failure": 1}})
        drawn = badge(dying, "large", {})
        assert drawn.saves == Saves((True, True, False), (True, False, False))
        assert drawn.chips == ()

    def test_no_death_saves_for_those_who_stand_or_have_no_hit_points(self):
        assert badge(hero(stats={"death_saves": {"success": 1, "failure": 0}}), "large", {}).saves is None
        fallen = badge(vampire(superficial=0, aggravated=7), "large", {})
        assert (fallen.saves, fallen.chips) == (None, (Chip("Down", "state"),))


class TestTracks:
    def test_usual_order(self):
        drawn = badge(vampire(), "large", {}).tracks
        assert [one.key for one in drawn] == ["health", "willpower", "hunger", "humanity", "blood_bond"]
        assert drawn[4].label == "Blood bond"

    def test_fewer_on_smaller_tiers(self):
        assert [len(badge(vampire(), tier, {}).tracks) for tier in ("large", "medium", "compact")] == [5, 3, 1]

    def test_boxes(self):
        drawn = track("health", {"max": 5, "superficial": 2, "aggravated": 1})
        assert (drawn.kind, drawn.cells) == ("boxes", ("x", "/", "/", "", ""))
        assert drawn.text == "Health 1 aggravated, 2 superficial of 5"

    def test_aggravated_leaves_no_room_for_more(self):
        assert track("health", {"max": 3, "superficial": 9, "aggravated": 2}).cells == ("x", "x", "/")

    def test_pips(self):
        assert track("hunger", {"value": 2, "max": 3}).cells == ("on", "on", "")

    def test_stains_come_from_the_right(self):
        assert track("humanity", {"value": 2, "stains": 1, "max": 4}).cells == ("on", "on", "", "stain")

    def test_no_maximum_no_track(self):
        assert track_of("hunger", {"value": 2, "max": 0}) is None

    def test_a_card_chooses_and_names(self):
        card = {"stats": [{"key": "tracks.hunger", "label": "HGR"}, {"key": "tracks.gone"}, {"key": "tracks.health"}]}
        assert [(t.key, t.label) for t in badge(vampire(), "large", card).tracks] == [
            ("hunger", "HGR"),
            ("health", "Health"),
        ]


class TestCard:
    def test_everything_is_shown_unless_switched_off(self):
        off = dict.fromkeys(("portrait", "name", "role", "hp", "ac", "conditions"), False)
        full, bare = badge(hero(stats={"conditions": ["prone"]}), "large", {}), badge(hero(), "large", off)
        assert (full.portrait, full.name, full.role) == (
            "/portraits/a.webp",
            "Isaura Vane",
            "Half-elf Bard 7 · Noor",
        )
        assert (full.ac, full.chips) == ("16", (Chip("Prone", "bad"),))
        assert (bare.portrait, bare.name, bare.role, bare.hp, bare.ac, bare.chips) == ("", "", "", None, "", ())

    def test_stats_in_their_order_with_their_labels_and_shapes(self):
        card = {
            "stats": [
                {"key": "abilities.dex", "label": "DEX", "shape": "circle"},
                {"key": "abilities.str", "shape": "blob"},
                {"key": "abilities.wis", "label": "WIS"},
                {"key": "level", "label": "LV", "shape": "shield", "visible": False},
                {"key": "level", "label": "LV"},
                {"key": "inspiration", "label": "INS"},
            ]
        }
        assert badge(hero(stats={"inspiration": True}), "large", card).stats == (
            Stat("abilities.dex", "DEX", "12", "circle"),
            Stat("abilities.str", "Str", "16", "plain"),
            Stat("level", "LV", "7", "plain"),
            Stat("inspiration", "INS", "Yes", "plain"),
        )

    def test_at_most_eight_stats(self):
        assert len(badge(hero(), "large", {"stats": [{"key": "ac"}] * 9}).stats) == 8

    def test_a_number_of_something_that_is_hidden_does_not_come_in_by_a_stat(self):
        shown = hero(hp_display="bar", stats={"hp": {"fraction": 0.5, "temp": False}})
        assert badge(shown, "large", {"stats": [{"key": "hp"}, {"key": "hp.current"}, {"key": "hp.max"}]}).stats == ()


class TestChips:
    def test_rounds_and_tones(self):
        stats = {"conditions": ["mirror image", "hexed", "on a boat"], "condition_rounds": {"hexed": 3}}
        assert badge(hero(stats=stats), "large", {}).chips == (
            Chip("Mirror image", "good"),
            Chip("Hexed 3", "bad"),
            Chip("On a boat", "plain"),
        )

    def test_too_many_are_counted(self):
        stats = {"conditions": ["prone", "stunned", "charmed", "hexed", "slowed", "bane"]}
        assert [chip.text for chip in badge(hero(stats=stats), "large", {}).chips] == [
            "Prone",
            "Stunned",
            "Charmed",
            "+3",
        ]
        assert len(badge(hero(stats=stats), "large", {}, detached=True).chips) == 6
        assert badge(hero(stats=stats), "compact", {}).chips == ()

    def test_inspiration_is_a_chip(self):
        assert badge(hero(stats={"inspiration": True}), "large", {}).chips == (Chip("Inspired", "good"),)


class TestPicture:
    def test_the_crest_stands_in(self):
        drawn = badge(hero(portrait_url=None), "large", {})
        assert (drawn.portrait, drawn.crest) == ("/crests/a.svg", "/crests/a.svg")

    @pytest.mark.parametrize("accent", ["red", "#fff", "#f0bd4f;color:red", None, 7])
    def test_an_accent_is_a_colour_or_nothing(self, accent):
        assert badge(hero(accent=accent), "large", {}).accent == ""

    def test_level_is_told_only_where_games_have_levels(self):
        assert badge(vampire(), "large", {}).role == "Brujah · Noor"
        assert badge(hero(), "medium", {}).role == "Half-elf Bard 7"

    def test_armour_is_shown_only_where_games_have_it(self):
        assert badge(vampire(), "large", {}).ac == ""
        assert (
            badge(
                hero(hp_display="hidden", stats={"hp": None, "ac": 16, "tracks": {"ki": {"value": 1, "max": 3}}}),
                "large",
                {},
            ).ac
            == "16"
        )


class TestBadges:
    def test_roster_order_without_strangers(self):
        state = bootstrap(hero(id="a"), hero(id="b"), roster=["b", "gone", "a"])
        assert [one.id for one in badges(state)] == ["b", "a"]

    def test_nobody(self):
        assert badges(bootstrap()) == []
        assert badges(bootstrap(hero(), roster=[])) == []

    def test_tiers_of_their_own(self):
        state = bootstrap(hero(id="a"), hero(id="b"), rosterTiers={"b": "compact", "a": "vast"})
        assert [one.tier for one in badges(state, "medium")] == ["medium", "compact"]

    def test_an_unknown_tier_is_large(self):
        assert badges(bootstrap(hero()), "vast")[0].tier == "large"

    def test_the_named_layout_places_and_dresses(self):
        layout = {
            "badges": {"a": {"x": 0.5, "y": 0.5, "scale": 2, "z": 3, "visible": False}},
            "chips": {"a": {"x": 0.1, "y": 0.2}},
            "card": {"ac": False},
        }
        state = bootstrap(hero(), layoutOverrides={"medium": layout})
        drawn = badges(state, "large", "medium")[0]
        assert drawn.place == Place(0.5, 0.5, 2, 3, visible=False)
        assert drawn.chips_place == Place(0.1, 0.2)
        assert (drawn.tier, drawn.ac) == ("large", "")
        assert badges(state, "large")[0].ac == "16"
        assert badges(state, "large", "none")[0].chips_place is None


@pytest.mark.parametrize(
    ("slug", "text"), [("prone", "Prone"), ("mirror-image", "Mirror image"), ("a_b", "A b"), ("", "")]
)
def test_words(slug, text):
    assert words(slug) == text
