"""What happens by the hundred asks the database for no row twice and for no more of it than it needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from campaigns.models import Event
from characters.operations import vitals
from tests.factories import Table, a_character

pytestmark = pytest.mark.django_db

WHAT_HAPPENS: dict[str, Callable[..., Event]] = {
    "wound": partial(vitals.change_hp, delta=-3, kind="fire"),
    "heal": partial(vitals.change_hp, delta=3),
    "set": partial(vitals.set_hp, to=4),
    "temporary": partial(vitals.give_temporary_hp, amount=5),
    "death save": partial(vitals.save_against_death, result="failure"),
    "condition": partial(vitals.add_condition, condition="stunned"),
    "no condition": partial(vitals.remove_condition, condition="prone"),
    "track": partial(vitals.change_track, track="hunger", delta=1),
}


@pytest.mark.parametrize("name", WHAT_HAPPENS)
def test_three_rows_are_read_and_three_written(table: Table, name: str) -> None:
    stats: dict[str, Any] = {"tracks": {"hunger": {"value": 2, "max": 5}}, "conditions": ["prone"]}
    hero = a_character(table.campaign, hp=20, gm_notes="A long story.", stats=stats)
    if name == "death save":
        vitals.set_hp(table.campaign.pk, hero.pk, actor=SYSTEM, to=0)
    with CaptureQueriesContext(connection) as captured:
        event = WHAT_HAPPENS[name](table.campaign.pk, hero.pk, actor=SYSTEM)
    asked = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
    assert [table_of(sql) for sql in asked] == ["campaigns_campaign", "campaigns_episode", "characters_character"]
    assert not any("gm_notes" in sql or "description" in sql for sql in asked)
    written = [each["sql"] for each in captured if each["sql"].startswith(("UPDATE", "INSERT", "WITH"))]
    assert len(written) == (1 if connection.vendor == "postgresql" else 3)
    hero.refresh_from_db()
    assert (hero.version, hero.gm_notes) == (event.data["version"], "A long story.")


def table_of(sql: str) -> str:
    return sql.split('FROM "')[1].split('"')[0]
