"""What the lists of the back office cost: the same number of queries with one row and with a hundred."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from campaigns.backoffice import paging, scope
from campaigns.models import Campaign, CampaignToken, Episode, Event, TokenKind
from characters.models import Character, RosterEntry
from overlay.models import Layout
from overlay.operations import layouts
from sheets.models import Sheet
from tests.back_office import signed_in, url
from tests.factories import a_campaign, a_character, a_member, a_token, a_user, acting, an_episode, on_stage
from tests.sheets.made import a_sheet

# On SQLite too: the other tests of the back office run on PostgreSQL alone.
pytestmark = [pytest.mark.django_db, pytest.mark.data_layer]
MODELS = (Campaign, Episode, Event, CampaignToken, Character, RosterEntry, Sheet, Layout)
MOST = 16  # session, user, scope, rows, counts, filters


def one_more(campaign: Campaign) -> None:
    """One more row of every model that the GM sees, with people of its own."""
    hero = a_character(campaign, player=a_member(campaign).user)
    an_episode(campaign)
    a_token(campaign, TokenKind.READ)
    a_sheet(campaign=campaign)
    other = a_campaign(owner=campaign.owner)
    on_stage(other, a_character(other))
    layouts.save(other.pk, "large", {"badges": {str(hero.pk): {"x": 0, "y": 0}}}, actor=acting(campaign.owner))


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.fixture
def campaign() -> Campaign:
    campaign = a_campaign(owner=a_user())
    on_stage(campaign, a_character(campaign))
    one_more(campaign)
    return campaign


def addresses(campaign: Campaign) -> dict[str, str]:
    listed = {model.__name__: url(model, "changelist") for model in MODELS}
    listed["Event"] += f"?campaign={campaign.pk}"
    return {
        **listed,
        "index": reverse("admin:index"),
        "stage": reverse("admin:characters_rosterentry_stage", args=[campaign.pk]),
        "campaign": url(campaign, "change"),
        "delete": url(campaign, "delete"),
    }


def test_lists_cost_the_same_for_one_row_and_for_a_hundred(campaign: Campaign) -> None:
    client = signed_in(campaign.owner)
    for address in addresses(campaign).values():
        client.get(address)  # content types are remembered by the process
    few = {name: queries(client, address) for name, address in addresses(campaign).items()}
    for _ in range(99):
        one_more(campaign)

    many = {name: queries(client, address) for name, address in addresses(campaign).items()}

    assert many == few
    assert max(few.values()) <= MOST, few


def test_the_list_of_people_costs_the_same(campaign: Campaign) -> None:
    client = signed_in(a_user(is_staff=True, is_superuser=True))
    few = queries(client, url(User, "changelist"))
    User.objects.bulk_create(User(username=f"crowd-{number}") for number in range(99))

    assert queries(client, url(User, "changelist")) == few


@pytest.mark.parametrize(("model", "shown"), [(Event, "60 or more events"), (Character, "60 or more characters")])
def test_a_long_list_is_not_counted_whole(
    model: type[Model], shown: str, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MOST_COUNTED", 60)
    for _ in range(70):
        a_character(campaign)
    client = signed_in(campaign.owner)

    with CaptureQueriesContext(connection) as found:
        page: Any = client.get(url(model, "changelist") + f"?campaign={campaign.pk}")

    counting = [query["sql"] for query in found if "COUNT(" in query["sql"]]
    assert len(counting) == 1
    assert "LIMIT 60" in counting[0]
    assert page.context["cl"].result_count == 60
    assert shown in " ".join(page.content.decode().split())


def test_a_short_list_says_how_long_it_is(campaign: Campaign) -> None:
    page = signed_in(campaign.owner).get(url(Character, "changelist")).content.decode()

    assert f"{Character.objects.count()} characters </p>" in " ".join(page.split())


@pytest.mark.parametrize("most_named", [scope.MOST_NAMED, 1])
def test_own_campaigns_are_named_as_long_as_they_are_few(
    most_named: int, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "MOST_NAMED", most_named)
    a_character(a_campaign())  # another GM's
    client = signed_in(campaign.owner)

    with CaptureQueriesContext(connection) as found:
        page: Any = client.get(url(Character, "changelist"))

    (listing,) = (query["sql"] for query in found if '"gm_notes"' in query["sql"])
    assert ("campaigns_member" in listing) is (most_named == 1)
    assert set(page.context["cl"].result_list) == set(Character.objects.filter(campaign__owner=campaign.owner))
