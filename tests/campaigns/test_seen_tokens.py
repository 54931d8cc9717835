"""A token that the process has just seen valid is asked for again together with the campaign's lock."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed

from accounts.actors import SYSTEM
from campaigns import ledger
from campaigns.authentication import SeenTokens
from campaigns.models import Campaign, CampaignToken
from campaigns.operations import table, tokens
from tests.factories import a_campaign, a_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return a_campaign()


def ring(campaign: Campaign, seen: SeenTokens, text: str) -> str:
    return table.custom_event(campaign.pk, actor=seen.actor(text, "r"), name="bell").credential


def test_the_first_time_it_is_looked_up_then_it_is_proved_in_the_transaction(campaign):
    seen = SeenTokens()
    token, text = a_token(campaign, "control")
    first, second = seen.actor(text, "a"), seen.actor(text, "b")
    assert (first.proof, first.token) == (None, token)
    assert second.proof is not None
    assert (second.token, second.request_id, second.credential) == (token, "b", f"x-token:{token.pk}")
    with CaptureQueriesContext(connection) as captured:
        assert ring(campaign, seen, text) == f"x-token:{token.pk}"
    asked = [each["sql"] for each in captured if "campaigns_campaigntoken" in each["sql"]]
    assert len(asked) == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "deleted"])
def test_one_that_ended_meanwhile_writes_nothing(campaign, end):
    seen = SeenTokens()
    token, text = a_token(campaign, "control")
    ring(campaign, seen, text)
    if end == "revoked":
        tokens.revoke(campaign, token.pk, actor=SYSTEM)
    elif end == "expired":
        CampaignToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        token.delete()
    campaign.refresh_from_db()
    before = campaign.seq
    actor = seen.actor(text, "r")
    assert actor.proof is not None
    with pytest.raises(AuthenticationFailed), ledger.writing(campaign.pk, actor) as book:
        book.record("custom", {"name": "bell", "payload": {}})
    campaign.refresh_from_db()
    assert campaign.seq == before


def test_after_a_minute_it_is_looked_up_again_and_its_use_noted(campaign):
    seen = SeenTokens(seconds=0)
    token, text = a_token(campaign, "control")
    CampaignToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - timedelta(minutes=2))
    for _ in range(2):
        assert seen.actor(text, "r").proof is None
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    assert CampaignToken.objects.filter(pk=token.pk, last_used_at__gt=a_minute_ago).exists()


def test_it_keeps_no_more_than_so_many(campaign):
    seen = SeenTokens(most=2)
    texts = [a_token(campaign, "control")[1] for _ in range(3)]
    for text in texts:
        seen.actor(text, "r")
    assert [seen.actor(text, "r").proof is not None for text in reversed(texts)] == [True, False, False]


@pytest.mark.parametrize("text", ["", "trp_control_nonsense", "hello"])
def test_what_is_no_token_is_refused_each_time(text):
    seen = SeenTokens()
    for _ in range(2):
        with pytest.raises(AuthenticationFailed):
            seen.actor(text, "r")
