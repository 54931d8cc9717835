"""The harness itself: a fold that forgave a gap would let every other live test pass."""

import pytest

from tests.live import replay as harness
from tests.live.replay import OutOfStep, comparable, flat

HERO = {"id": "a", "name": "Isaura", "stats": {"hp": {"current": 9}}, "version": 1}
BOOTSTRAP = {
    "type": "BOOTSTRAP",
    "seq": 4,
    "epoch": "e",
    "ts": 1,
    "recovered": False,
    "build": "x",
    "campaign": {"name": "One"},
    "characters": [HERO],
    "roster": ["a"],
    "rosterTiers": {"a": "large"},
    "layoutOverrides": {},
    "episode": None,
}


def fold(state, one):
    return harness.fold(state, one)


def replay(state, messages):
    return harness.replay(state, messages)


def message(seq: int, type_: str, **rest):
    return {"type": type_, "seq": seq, "epoch": "e", "ts": 0, **rest}


def wound(seq: int, current: int):
    data = {"type": "HP_CHANGE", "characterId": "a", "stats": {"hp": {"current": current}}, "version": seq}
    return message(seq, "EVENT", data=data)


def test_events_replace_stats_and_version():
    state = replay(BOOTSTRAP, [wound(5, 7), wound(6, 3)])
    assert state["seq"] == 6
    assert state["characters"] == [{**HERO, "stats": {"hp": {"current": 3}}, "version": 6}]


def test_what_the_client_has_is_dropped():
    assert fold(BOOTSTRAP, wound(4, 1)) == BOOTSTRAP


@pytest.mark.parametrize(
    "wrong",
    [
        wound(6, 1),
        {**wound(5, 1), "epoch": "other"},
        message(5, "HEARTBEAT"),
        message(5, "SURPRISE"),
        message(5, "BATCH", messages=[wound(5, 1), wound(7, 1)]),
    ],
)
def test_whatever_does_not_follow_is_noticed(wrong):
    with pytest.raises(OutOfStep):
        fold(BOOTSTRAP, wrong)


def test_nothing_may_come_before_the_bootstrap():
    with pytest.raises(OutOfStep):
        fold(None, wound(1, 1))


def test_a_batch_is_its_messages_in_order():
    assert replay(BOOTSTRAP, [message(6, "BATCH", messages=[wound(5, 7), wound(6, 3)])]) == replay(
        BOOTSTRAP, flat([message(6, "BATCH", messages=[wound(5, 7), wound(6, 3)])])
    )


def test_a_deleted_character_leaves_roster_and_tiers():
    state = fold(BOOTSTRAP, message(5, "CHAR_DELETED", data={"id": "a"}))
    assert (state["characters"], state["roster"], state["rosterTiers"]) == ([], [], {})


def test_roster_beside_data_replaces_both():
    state = fold(BOOTSTRAP, message(5, "ROSTER_UPDATED", data={}, roster=["b", "a"], rosterTiers={}))
    assert (state["roster"], state["rosterTiers"]) == (["b", "a"], {})


def test_a_layout_is_set_and_removed():
    state = fold(BOOTSTRAP, message(5, "LAYOUT_UPDATED", data={"tier": "large", "layout": {"badges": {}}}))
    assert state["layoutOverrides"] == {"large": {"badges": {}}}
    state = fold(state, message(6, "LAYOUT_UPDATED", data={"tier": "large", "layout": None}))
    assert state["layoutOverrides"] == {}


def test_the_order_of_characters_and_the_clock_do_not_matter():
    other = {**HERO, "id": "b"}
    one, two = {**BOOTSTRAP, "characters": [HERO, other]}, {**BOOTSTRAP, "characters": [other, HERO], "ts": 2}
    assert comparable(one) == comparable(two)
    assert comparable(one) != comparable({**two, "episode": {"number": 1}})
