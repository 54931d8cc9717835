"""The desk's orders and predictions: the vectors that bind Python and the browser (tests/js/desk.test.mjs)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from characters import ingest, vitals
from overlay.desk import orders
from overlay.desk.orders import Chosen

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def chosen(case: Any) -> list[Chosen]:
    return [Chosen(**one) for one in case["chosen"]]


@pytest.mark.parametrize("case", vectors("orders")["amounts"], ids=lambda case: case["name"])
def test_amounts(case: Any) -> None:
    assert orders.amounts(case["mode"], case["kind"], case["number"], chosen(case)) == case["events"]


@pytest.mark.parametrize("case", vectors("orders")["conditions"], ids=lambda case: case["name"])
def test_conditions(case: Any) -> None:
    assert orders.condition(case["condition"], case["rounds"], chosen(case)) == case["events"]


def test_every_order_is_one_that_the_api_takes() -> None:
    for case in [*vectors("orders")["amounts"], *vectors("orders")["conditions"]]:
        for document in case["events"]:
            ingest.read({**document, "character_id": "00000000-0000-4000-8000-000000000000"})


def hp_change(stats: Any, delta: int = 0, temp: int | None = None) -> vitals.Change:
    if temp is not None:
        return vitals.given_temporary(stats, temp)
    return vitals.wounded(stats, -delta) if delta < 0 else vitals.healed(stats, delta)


RULES: dict[str, Callable[..., vitals.Change]] = {
    "hp_change": hp_change,
    "condition_added": lambda stats, condition, rounds=None: vitals.with_condition(stats, condition, rounds),
    "condition_removed": lambda stats, condition: vitals.without_condition(stats, condition),
    "death_save": lambda stats, result: vitals.death_saved(stats, result),
    "track_change": lambda stats, track, **steps: vitals.with_track(stats, track, **steps),
}


@pytest.mark.parametrize("case", vectors("predictions"), ids=lambda case: case["name"])
def test_what_the_desk_predicts_is_what_the_rules_say(case: Any) -> None:
    type_, facts = case["event"]["type"], {key: value for key, value in case["event"].items() if key != "type"}
    assert RULES[type_](case["stats"], **facts).stats == case["after"]
