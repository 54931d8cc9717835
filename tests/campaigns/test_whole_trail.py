"""The audit trail of the whole site in the back office: for administrators, to be read only."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from accounts.operations import people
from campaigns.operations import members
from tests.accounts.pages import text_of
from tests.back_office import signed_in
from tests.factories import Table, a_table, a_team, a_user, acting

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/auditentry/"


@pytest.fixture
def table() -> Table:
    return a_table()


@pytest.fixture
def admin() -> Client:
    return signed_in(a_user("root", is_staff=True, is_superuser=True))


def actions(client: Client, query: str = "") -> list[str]:
    page: Any = client.get(LIST + query)
    assert page.status_code == 200, page.status_code
    return [entry.action for entry in page.context["cl"].result_list]


def rows(client: Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"{LIST}export.csv{query}").content.decode())))


def test_it_holds_what_belongs_to_no_campaign_too(table: Table, admin: Client) -> None:
    a_team(table.gm)
    people.update(table.gm, {"display_name": "Ada"}, actor=SYSTEM)
    assert {"team_created", "account_changed", "campaign_created", "token_issued"} <= set(actions(admin))
    assert actions(admin)[0] == "account_changed", "the newest first"


def test_it_is_narrowed_by_action_actor_campaign_and_day(table: Table, admin: Client) -> None:
    members.remove(table.campaign, table.viewer.pk, actor=acting(table.gm))
    here = f"campaign={table.campaign.pk}"
    assert actions(admin, "?action=member_removed") == ["member_removed"]
    assert actions(admin, f"?actor_id={table.gm.pk}") == ["member_removed"]
    assert actions(admin, f"?q={table.gm.username}") == ["member_removed"]
    assert len(actions(admin, f"?{here}")) == AuditEntry.objects.filter(campaign_id=table.campaign.pk).count()
    assert actions(admin, f"?{here}&action=token_issued") == ["token_issued"] * 3
    tomorrow = quote((timezone.now() + timedelta(days=1)).isoformat())
    assert actions(admin, f"?at__gte={tomorrow}") == []
    assert actions(admin, f"?at__lt={tomorrow}&action=member_removed") == ["member_removed"]


def test_the_export_is_what_the_list_shows_with_inert_cells(table: Table, admin: Client) -> None:
    audit.record("team_renamed", actor=SYSTEM, subject=("team", table.hero.pk, "=1+1"), after={"name": "@x"})
    assert len(rows(admin)) == AuditEntry.objects.count()
    (found,) = rows(admin, "?action=team_renamed")
    assert (found["what"], found["after"]) == ("'=1+1", '{"name": "@x"}')
    answer = admin.get(f"{LIST}export.csv")
    assert "no-store" in answer["Cache-Control"]
    assert 'filename="audit.csv"' in answer["Content-Disposition"]


def test_one_entry_shows_before_and_after(table: Table, admin: Client) -> None:
    people.update(table.gm, {"display_name": "<b>Ada</b>"}, actor=SYSTEM)
    entry = AuditEntry.objects.get(action="account_changed")
    page = admin.get(f"{LIST}{entry.pk}/change/")
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page.content.decode()
    assert "Account changed" in text_of(page)


def test_nothing_of_it_can_be_changed(table: Table, admin: Client) -> None:
    entry = AuditEntry.objects.all()[0]
    for address in (f"{LIST}add/", f"{LIST}{entry.pk}/delete/", f"{LIST}{entry.pk}/change/"):
        assert admin.post(address, {"action": "forged", "post": "yes"}).status_code == 403
    admin.post(LIST, {"action": "delete_selected", "_selected_action": [str(entry.pk)], "post": "yes"})
    assert AuditEntry.objects.filter(pk=entry.pk, action=entry.action).exists()


@pytest.mark.parametrize("page", ["", "export.csv"])
def test_only_administrators_read_it(table: Table, admin: Client, page: str) -> None:
    assert admin.get(LIST + page).status_code == 200
    for user in (table.gm, a_user(is_staff=True)):
        refused = signed_in(user).get(LIST + page)
        assert refused.status_code == 403
        assert table.campaign.name not in refused.content.decode()
    assert Client().get(LIST + page).status_code == 302


def test_a_long_trail_costs_the_same(table: Table, admin: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            actions(admin)
        return len(queries)

    actions(admin)
    few = cost()
    for number in range(30):
        audit.record("team_renamed", actor=acting(table.gm), campaign_id=table.campaign.pk, after={"name": number})
    assert cost() == few
