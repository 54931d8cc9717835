"""The page on which a campaign is begun, and where those who have one, or none yet, are led."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign, Role
from tests.factories import a_campaign, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(client: Client) -> Client:
    client.force_login(a_user("noor"))
    return client


def begin(client: Client, **fields: str) -> Any:
    return client.post("/begin", {"name": "The Drowned Bell", "game_system": "", "visibility": "public", **fields})


def test_a_name_is_enough_and_leads_on_to_the_characters(newcomer: Client) -> None:
    answer = begin(newcomer, visibility="private")

    campaign = Campaign.objects.get(name="The Drowned Bell")
    assert answer.url == f"/campaigns/{campaign.slug}/characters/import"
    assert (campaign.visibility, campaign.slug) == ("private", "the-drowned-bell")
    assert campaign.members.get().role == Role.GM
    assert newcomer.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "\u200b"}, 'class="error"'),
        ({"name": "x" * 121}, 'class="error"'),
        ({"game_system": "a\u202eb"}, 'class="error"'),
        ({"visibility": "everywhere"}, 'class="error"'),
    ],
)
def test_what_is_not_taken_is_said_at_its_field(newcomer: Client, fields: dict[str, str], said: str) -> None:
    answer = begin(newcomer, **fields)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_who_has_no_account_is_led_to_one_and_back(client: Client) -> None:
    assert client.get("/begin").headers["Location"] == "/accounts/login?next=/begin"
    assert "/accounts/signup?next=/begin" in client.get("/").content.decode()


def test_the_front_page_leads_those_who_run_one_to_it(newcomer: Client) -> None:
    a_campaign(name="Somebody else's evening")
    assert "/begin" in newcomer.get("/").content.decode()
    begin(newcomer)

    page = newcomer.get("/").content.decode()

    own = page[page.index("Your campaigns") :].partition("</section>")[0]
    assert "/campaigns/the-drowned-bell/control" in own
    assert "Somebody else" not in own


def test_a_new_account_is_asked_what_it_wants(newcomer: Client) -> None:
    assert "What do you want to do?" in newcomer.get("/accounts/profile").content.decode()
    begin(newcomer)
    assert "What do you want to do?" not in newcomer.get("/accounts/profile").content.decode()
