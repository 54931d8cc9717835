"""The matrix: every route of the URL configuration, asked by all eight actors."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.urls import get_resolver

from accounts.actors import SYSTEM
from accounts.models import AuditEntry
from accounts.operations import teams
from campaigns.models import Event, Role
from overlay.operations import layouts
from tests.content.stored import an_asset
from tests.contract.matrix.actors import ACTORS, clients
from tests.contract.matrix.table import ACCOUNT, BACK_OFFICE, PUBLIC, ROWS, SHEETS, Row
from tests.contract.test_actors import filled, undone
from tests.factories import Table, a_member, a_table, a_team, a_token, an_api_key, an_episode
from tests.sheets.made import a_sheet

API = "api/v1/"  # its rows are in tests/contract/test_actors.py
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def routes() -> set[str]:
    def walk(patterns: Any, prefix: str) -> Iterator[str]:
        for pattern in patterns:
            whole = f"{prefix}{pattern.pattern}"
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern.url_patterns, whole)
            else:
                yield whole

    return {route for route in walk(get_resolver().url_patterns, "") if not route.startswith(API)}


def test_no_route_is_without_a_row() -> None:
    assert routes() - {row.route for row in ROWS} == set()


def test_no_row_is_without_a_route() -> None:
    assert {row.route for row in ROWS} - routes() == set()


def names_of(table: Table) -> dict[str, str]:
    team = a_team(table.gm, editor=table.player, viewer=table.viewer)
    elsewhere = a_team(table.gm)
    layout = layouts.save(table.campaign.pk, "large", {"badges": {}, "card": {"ac": False}}, actor=SYSTEM)
    return {
        "slug": table.campaign.slug,
        "campaign": str(table.campaign.pk),
        "episode": str(an_episode(table.campaign, number=1).pk),
        "event": str(Event.objects.filter(campaign=table.campaign).order_by("seq")[0].pk),
        "token": str(a_token(table.campaign)[0].pk),
        "character": str(table.hero.pk),
        "rosterentry": str(table.hero.roster_entry.pk),
        "layout": str(layout.pk),
        "file": str(an_asset(table.gm, space=table.campaign.pk).pk),
        "key": str(an_api_key(table.gm)[0].pk),
        "sheet": str(a_sheet(table.player, campaign=table.campaign).pk),
        "viewer": str(table.viewer.pk),
        "co_gm": str(a_member(table.campaign, Role.GM).user_id),
        "entry": str(AuditEntry.objects.filter(campaign_id=table.campaign.pk)[0].pk),
        "team": str(team.pk),
        "team_invitation": str(teams.invite(team.pk, "viewer", actor=SYSTEM)[0].pk),
        "named_invitation": str(teams.invite(elsewhere.pk, "viewer", actor=SYSTEM, invited=table.viewer)[0].pk),
    }


def answers(rows: list[Row], table: Table) -> dict[str, dict[str, int]]:
    names = names_of(table)
    found: dict[str, dict[str, int]] = {str(row): {} for row in rows}
    asked = clients(table)
    for row in rows:
        address, body = f"/{row.path.format(**names)}", filled(row.body, names)
        for actor in ACTORS:
            client, cookies = asked[actor], deepcopy(asked[actor].cookies)
            with undone():
                ask = client.get if row.method == "GET" else client.post
                found[str(row)][actor] = ask(address, body).status_code
            client.cookies = cookies  # a sign-out is taken back, too
    return found


def differing(rows: list[Row], *, private: bool) -> dict[str, Any]:
    """row → actor → (expected, found), where they differ."""
    table = a_table(visibility="private" if private else "public")
    found = answers(rows, table)
    faults: dict[str, Any] = {}
    for row in rows:
        for actor, status in row.expected(private=private).items():
            if found[str(row)][actor] != status:
                faults.setdefault(str(row), {})[actor] = (status, found[str(row)][actor])
    return faults


@pytest.mark.django_db
@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize(
    "rows", [PUBLIC, ACCOUNT, SHEETS, BACK_OFFICE], ids=["public pages", "accounts", "sheets", "back office"]
)
def test_every_route_answers_as_the_table_says(rows: list[Row], private: bool) -> None:
    assert differing(rows, private=private) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("row", [row for row in PUBLIC if row.private], ids=str)
def test_a_private_campaign_and_none_at_all_answer_outsiders_alike(row: Row) -> None:
    table = a_table(visibility="private")
    names = names_of(table)
    none = names | {"slug": "no-such-campaign", "character": UNKNOWN}
    for actor, client in clients(table).items():
        if row.expected(private=True)[actor] != 404:
            continue
        seen = [client.get(f"/{row.path.format(**each)}") for each in (names, none)]
        first, second = [(answer.status_code, text_of(answer), headers_of(answer)) for answer in seen]
        assert first == second


def text_of(answer: Any) -> str:
    """The page without the address that was asked for, which its sign-in link repeats, and the masked CSRF token."""
    text: str = answer.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value=)"[^"]+"', r"\1", text).replace(answer.wsgi_request.path, "")


def headers_of(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in ("X-Request-ID", "Content-Length")}
