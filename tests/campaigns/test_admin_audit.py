"""The audit page: ledger and audit trail as one list, for the campaign's GM only."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import SYSTEM, Actor
from accounts.models import AuditEntry
from campaigns import trail
from campaigns.backoffice.audit import inert
from campaigns.models import Campaign, Event
from campaigns.operations import members
from characters.operations import vitals
from tests.back_office import signed_in
from tests.factories import Table, a_campaign, a_character, a_table, a_token, a_user, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def table() -> Table:
    return a_table()


def address(campaign: Campaign, page: str = "audit/") -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/{page}"


def lines(client: Client, campaign: Campaign, query: str = "") -> list[trail.Line]:
    page: Any = client.get(address(campaign) + query)
    assert page.status_code == 200, page.status_code
    return [line for line, _before, _after in page.context["lines"]]


def rows(client: Client, campaign: Campaign, query: str = "") -> list[dict[str, str]]:
    answer = client.get(address(campaign, "audit.csv") + query)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_both_sources_are_one_list_newest_first(table: Table) -> None:
    gm = Actor(user=table.gm, via="session", request_id="r-7")
    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-7, actor=gm)
    members.remove(table.campaign, table.viewer.pk, actor=gm)

    newest, second, *rest = lines(signed_in(table.gm), table.campaign)

    assert (newest.action, newest.what) == ("member_removed", f"Member removed: {table.viewer.username}")
    assert (second.action, second.before, second.after) == ("hp_change", {"hp": 45}, {"hp": 38})
    assert {line.who for line in (newest, second)} == {str(table.gm)}
    assert {line.request_id for line in (newest, second)} == {"r-7"}
    assert [line.at for line in rest] == sorted((line.at for line in rest), reverse=True)
    assert "campaign_created" in {line.action for line in rest}


def test_it_is_filtered_by_who_what_and_when(table: Table) -> None:
    client = signed_in(table.gm)
    ada = a_user("ada", display_name="Ada of the Docks")
    members.set_role(table.campaign, ada, "gm", actor=acting(table.gm))
    vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-7, actor=acting(ada))

    assert [line.action for line in lines(client, table.campaign, "?who=of+the+docks")] == ["hp_change"]
    joined = lines(client, table.campaign, "?action=member_joined")
    assert joined and {line.action for line in joined} == {"member_joined"}
    today = timezone.now().date()
    assert lines(client, table.campaign, f"?since={today}&until={today}")
    assert lines(client, table.campaign, f"?since={today + timedelta(days=1)}") == []
    assert lines(client, table.campaign, f"?until={today - timedelta(days=1)}") == []


@pytest.mark.parametrize("query", ["?since=yesterday", "?action=nonsense", "?page=x", "?until=9999-12-31"])
def test_a_filter_that_is_none_narrows_nothing(query: str, table: Table) -> None:
    client = signed_in(table.gm)
    assert len(lines(client, table.campaign, query)) == len(lines(client, table.campaign))


def test_pages_hold_fifty_lines_and_cost_the_same(table: Table) -> None:
    client = signed_in(table.gm)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lines(client, table.campaign)
        return len(queries)

    few = cost()
    for _ in range(30):
        vitals.change_hp(table.campaign.pk, table.hero.pk, delta=-1, actor=SYSTEM)
        a_token(table.campaign)

    assert cost() == few
    first, second = lines(client, table.campaign), lines(client, table.campaign, "?page=2")
    assert len(first) == 50
    assert second and not {line.at for line in first} & {line.at for line in second}


def test_the_export_holds_what_the_filter_lets_through_with_inert_cells(table: Table) -> None:
    hero = a_character(table.campaign, name='=HYPERLINK("https://evil.example","x")')
    vitals.change_hp(table.campaign.pk, hero.pk, delta=-1, actor=acting(table.gm))

    client = signed_in(table.gm)

    with CaptureQueriesContext(connection) as one:
        found = rows(client, table.campaign, "?action=hp_change")

    assert len(found) == 1
    assert found[0]["what"].startswith("'=HYPERLINK")
    assert (found[0]["before"], found[0]["after"]) == ('{"hp": 20}', '{"hp": 19}')
    for _ in range(9):
        vitals.change_hp(table.campaign.pk, hero.pk, delta=-1, actor=acting(table.gm))
    with CaptureQueriesContext(connection) as ten:
        assert len(rows(client, table.campaign, "?action=hp_change")) == 10
    assert len(ten) == len(one)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cells_are_inert(start: str) -> None:
    assert inert(f"{start}1+1") == f"'{start}1+1"
    assert inert(f"1{start}1") == f"1{start}1"


@pytest.mark.parametrize("page", ["audit/", "audit.csv"])
def test_only_the_gm_reads_it(page: str, table: Table) -> None:
    assert signed_in(table.gm).get(address(table.campaign, page)).status_code == 200
    assert signed_in(a_user(is_staff=True, is_superuser=True)).get(address(table.campaign, page)).status_code == 200
    for user in (table.rival, a_user(is_staff=True)):
        theirs = signed_in(user).get(address(table.campaign, page))
        none = signed_in(user).get(address(table.campaign, page).replace(str(table.campaign.pk), str(table.hero.pk)))
        assert theirs.status_code == none.status_code == 404
        assert table.campaign.name not in theirs.content.decode()
    for client in (signed_in(table.player), Client()):
        assert client.get(address(table.campaign, page)).status_code == 302


def test_of_other_campaigns_there_is_nothing(table: Table) -> None:
    found = lines(signed_in(table.rival), table.rival_campaign)
    assert found
    assert len(found) == (
        Event.objects.filter(campaign=table.rival_campaign).count()
        + AuditEntry.objects.filter(campaign_id=table.rival_campaign.pk).count()
    )


def test_every_action_that_was_recorded_can_be_chosen(table: Table) -> None:
    a_campaign()
    known = {name for name, _label in trail.actions()}
    assert set(AuditEntry.objects.exclude(campaign_id=None).values_list("action", flat=True)) <= known


def test_the_page_of_the_campaign_leads_there(table: Table) -> None:
    page = signed_in(table.gm).get(f"/admin/campaigns/campaign/{table.campaign.pk}/change/")
    assert f'href="{address(table.campaign)}"' in page.content.decode()
