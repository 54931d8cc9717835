from pathlib import Path

import pytest

from characters.models import Character
from tests.actors import api_as
from tests.factories import a_table

pytestmark = pytest.mark.django_db


def test_every_shared_actor_in_two_forms(shared_data: Path) -> None:
    """Heroes come in, everything else is refused with a reason, and bringing them again changes nothing."""
    table = a_table()
    api, path = api_as(table, "gm"), f"/campaigns/{table.campaign.slug}/import"
    files = [each for each in sorted((shared_data / "actors").rglob("*")) if each.is_file()]
    taken: set[str] = set()
    for start in range(0, len(files), 40):
        party = {f"{number}-{each.name}": each.read_bytes() for number, each in enumerate(files[start : start + 40])}
        first = api.upload(path, party, {"commit": "true"}).json()["results"]
        before = table.campaign.events.count()
        again = api.upload(path, party, {"commit": "true"}).json()["results"]
        nameless = [each for each in first if any(found["field"] == "external_id" for found in each["warnings"])]
        assert table.campaign.events.count() == before + len(nameless)
        assert [each["status"] == "refused" for each in first] == [each["status"] == "refused" for each in again]
        assert all(each["warnings"][0]["message"] for each in first if each["status"] == "refused")
        taken |= {each["character_id"] for each in first if each not in nameless} - {None}
    heroes = Character.objects.filter(campaign=table.campaign, external_ids__has_key="foundry")
    assert {str(hero.pk) for hero in heroes} == taken
    assert len(taken) > 15
    assert all(hero.stats["hp"]["max"] > 0 for hero in heroes if hero.level)
