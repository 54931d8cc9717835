"""Tickets to the live stream (A54): for one campaign, once, for a minute, and no longer than what they stand for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actors import SYSTEM
from accounts.operations import keys, refresh, sessions
from campaigns.models import Campaign, CampaignToken
from campaigns.operations import members, tokens
from overlay.live import codes
from overlay.live.credentials import Denied, Grant, by_auth, by_token
from overlay.models import LiveTicket
from overlay.operations import tickets
from tests.api_client import Api
from tests.factories import a_campaign, a_member, a_private_campaign, a_token, a_user, an_api_key

pytestmark = pytest.mark.django_db


def asked(api: Api, campaign: Campaign) -> str:
    answer = api.post(f"/campaigns/{campaign.slug}/live/tickets")
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 60)
    return str(answer.json()["ticket"])


def refusal(campaign: Campaign, ticket: str, view: str = "") -> int:
    with pytest.raises(Denied) as denied:
        by_auth(campaign.pk, ticket, view)
    return denied.value.code


@pytest.fixture
def private() -> Campaign:
    return a_private_campaign()


@pytest.fixture
def ticket(private: Campaign) -> str:
    return asked(Api(token=a_token(private)[1]), private)


def test_a_ticket_shows_what_its_credential_shows(private: Campaign) -> None:
    player = a_member(private).user
    by: dict[str, Api] = {
        "gm": Api(user=private.owner),
        "viewer": Api(user=player),
        "gm ": Api(token=a_token(private, "read")[1]),
        "viewer ": Api(token=a_token(private, "overlay")[1]),
        "viewer  ": Api(authorization=f"Api-Key {an_api_key(player, 'campaigns:read')[1]}"),
        "gm  ": Api(authorization=f"Bearer {refresh.begin(private.owner, actor=SYSTEM).access}"),
    }
    for audience, api in by.items():
        assert by_auth(private.pk, asked(api, private), "").audience == audience.strip()


def test_it_shows_less_when_asked_to_and_never_more(private: Campaign, ticket: str) -> None:
    assert by_auth(private.pk, ticket, "viewer").audience == "viewer"
    assert refusal(private, asked(Api(user=a_member(private).user), private), "gm") == codes.NOT_ALLOWED


def test_a54_of_another_campaign(private: Campaign, ticket: str) -> None:
    other = a_private_campaign()
    assert refusal(other, ticket) == codes.NOT_ALLOWED
    assert refusal(private, ticket) == codes.NOT_VALID, "it is spent wherever it was shown"


def test_a54_twice(private: Campaign, ticket: str) -> None:
    by_auth(private.pk, ticket, "")
    assert refusal(private, ticket) == codes.NOT_VALID


def test_a54_after_a_minute(private: Campaign, ticket: str) -> None:
    LiveTicket.objects.update(expires_at=timezone.now())
    assert refusal(private, ticket) == codes.NOT_VALID
    asked(Api(user=private.owner), private)
    assert LiveTicket.objects.count() == 1, "the old one is cleared away"


@pytest.mark.django_db(transaction=True)
def test_a54_twelve_at_once(private: Campaign, ticket: str) -> None:
    def use(_: int) -> bool:
        try:
            return tickets.redeem(ticket) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(use, range(12))) == 1


@pytest.mark.parametrize("text", ["trp_ticket_", "trp_ticket_" + "a" * 36, "trp_ticket_\0"])
def test_what_has_not_the_form_of_one_is_not_looked_up(
    private: Campaign, text: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert refusal(private, text) == codes.NOT_VALID


def _revoked(campaign: Campaign) -> tuple[Api, Callable[[], Any]]:
    row, text = a_token(campaign)
    return Api(token=text), lambda: tokens.revoke(campaign, row.pk, actor=SYSTEM)


def _rotated(campaign: Campaign) -> tuple[Api, Callable[[], Any]]:
    key, text = an_api_key(campaign.owner)
    return Api(authorization=f"Api-Key {text}"), lambda: keys.rotate(key, actor=SYSTEM)


def _signed_out(campaign: Campaign) -> tuple[Api, Callable[[], Any]]:
    return Api(user=campaign.owner), lambda: sessions.end_all(campaign.owner, actor=SYSTEM)


def _removed(campaign: Campaign) -> tuple[Api, Callable[[], Any]]:
    user = a_member(campaign).user
    return Api(user=user), lambda: members.remove(campaign, user.pk, actor=SYSTEM)


@pytest.mark.parametrize("end", [_revoked, _rotated, _signed_out, _removed])
def test_it_ends_with_what_it_stands_for(private: Campaign, end: Any) -> None:
    api, finish = end(private)
    given = asked(api, private)
    finish()
    assert refusal(private, given) == (codes.NOT_ALLOWED if end is _removed else codes.NOT_VALID)


def test_a_socket_opened_by_one_is_the_credential_s(private: Campaign) -> None:
    row, text = a_token(private)
    assert by_auth(private.pk, asked(Api(token=text), private), "") == by_token(private.pk, text, "")
    assert isinstance(row, CampaignToken)


def test_the_database_has_neither_its_text_nor_the_session(private: Campaign) -> None:
    api = Api(user=private.owner)
    text = asked(api, private)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM overlay_liveticket")
        stored = str(cursor.fetchall())
    session_key = str(api.client.session.session_key)
    assert text not in stored
    assert session_key not in stored
    assert Grant.read(LiveTicket.objects.get().grant).session_key == session_key


def test_a_stranger_gets_none() -> None:
    campaign = a_campaign()
    assert Api(user=a_user()).post(f"/campaigns/{campaign.slug}/live/tickets").status_code == 403
    assert LiveTicket.objects.count() == 0


def test_a_key_that_may_not_read_gets_none(private: Campaign) -> None:
    api = Api(authorization=f"Api-Key {an_api_key(private.owner, 'live:write')[1]}")
    assert api.post(f"/campaigns/{private.slug}/live/tickets").status_code == 403
