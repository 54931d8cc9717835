import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories

pytestmark = pytest.mark.django_db


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


class TestCharacterList:
    def test_tabs_count_what_the_search_found(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.a_character(campaign, name="Isaura Vane")
        factories.a_character(campaign, name="Captain Orr", status="dead")
        factories.a_character(campaign, name="Bram", player_name="Orra")

        context = client.get(f"/campaigns/{campaign.slug}/characters?search=orr").context

        assert {plate["name"] for plate in context["plates"]} == {"Captain Orr", "Bram"}
        assert [(tab["label"], tab["count"]) for tab in context["tabs"]] == [
            ("Everyone", 2),
            ("At the table", 1),
            ("Dead", 1),
        ]

    def test_status(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.a_character(campaign, name="Isaura Vane")
        factories.a_character(campaign, name="Captain Orr", status="dead")

        def names(query: str) -> list[str]:
            context = client.get(f"/campaigns/{campaign.slug}/characters?{query}").context
            return [plate["name"] for plate in context["plates"]]

        assert names("status=dead") == ["Captain Orr"]
        assert names("status=nonsense") == ["Captain Orr", "Isaura Vane"]
        assert names("status=retired") == []

    def test_empty_and_nothing_found_say_different_things(self, client: Client) -> None:
        campaign = factories.a_campaign()
        address = f"/campaigns/{campaign.slug}/characters"

        assert "still being cast" in client.get(address).content.decode()
        assert "Nobody answers to that" in client.get(f"{address}?search=x").content.decode()

    def test_nobody_learns_of_a_secret_character_here_not_even_the_gm_on_screen(self, client: Client) -> None:
        table = factories.a_table()

        for user in (None, table.player, table.gm):
            if user is not None:
                client.force_login(user)
            answer = client.get(f"/campaigns/{table.campaign.slug}/characters")
            assert "Isaura Vane" in answer.content.decode()
            assert "Pale King" not in answer.content.decode()
            assert answer.context["page"].paginator.count == answer.context["tabs"][0]["count"] == 1

    def test_as_many_queries_for_30_characters_as_for_one(self, client: Client) -> None:
        campaign = factories.a_campaign()
        factories.a_character(campaign)
        one = queries_of(client, f"/campaigns/{campaign.slug}/characters")
        for _number in range(29):
            factories.a_character(campaign)

        assert queries_of(client, f"/campaigns/{campaign.slug}/characters") == one
