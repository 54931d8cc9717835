"""Every read costs the same number of queries for one row and for a hundred."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member
from characters.models import Character, RosterEntry
from tests.actors import api_as
from tests.factories import Table, a_token, an_episode

pytestmark = pytest.mark.django_db
LISTS = ["/campaigns", *(f"{{here}}/{name}" for name in ("members", "tokens", "episodes", "characters", "events"))]
WHOLES = ["{here}", "{here}/roster", "{here}/layout", "{here}/live"]


def queries_of(api: Any, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert api.client.get(f"/api/v1{path}", {}, headers=api.headers).status_code == 200
    return len(captured)


def a_hundred_more_of_all(table: Table) -> None:
    campaign, hundred = table.campaign, range(100)
    users = User.objects.bulk_create(User(username=f"extra-{n}") for n in hundred)
    Member.objects.bulk_create(Member(campaign=campaign, user=user) for user in users)
    Campaign.objects.bulk_create(Campaign(slug=f"extra-{n}", name=f"Extra {n}", owner=table.gm) for n in hundred)
    CampaignToken.objects.bulk_create(
        CampaignToken(campaign=campaign, kind="read", name=str(n), digest=str(n)) for n in hundred
    )
    Episode.objects.bulk_create(Episode(campaign=campaign, number=n + 100, title=str(n)) for n in hundred)
    cast = Character.objects.bulk_create(Character(campaign=campaign, name=str(n)) for n in hundred)
    RosterEntry.objects.bulk_create(
        RosterEntry(campaign=campaign, character=each, position=n + 1) for n, each in enumerate(cast)
    )
    first = Event.objects.filter(campaign=campaign).earliest("seq")
    episode = campaign.episodes.get(number=1)
    for n in hundred:
        first.pk, first.seq, first.episode, first._state.adding = None, n + 100, episode, True
        first.id = Event(id=users[n].pk).id
        first.save(force_insert=True)


CASES = [
    (actor, path)
    for path in [*LISTS, *WHOLES]
    for actor in (["gm"] if path.endswith(("members", "tokens")) else ["gm", "control", "anonymous"])
]


@pytest.mark.parametrize(("actor", "path"), CASES)
def test_flat(table: Table, here: str, actor: str, path: str) -> None:
    an_episode(table.campaign)
    a_token(table.campaign)
    address = path.format(here=here) + ("?page_size=100" if path in LISTS else "")
    api = api_as(table, actor)
    queries_of(api, address)  # a token notes its first use
    few = queries_of(api, address)
    a_hundred_more_of_all(table)
    assert queries_of(api, address) == few <= 10
