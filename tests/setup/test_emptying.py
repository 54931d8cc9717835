"""After a test that committed, the next finds empty tables."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from campaigns.models import Campaign, Event
from characters.models import RosterEntry
from tests import emptying
from tests.factories import a_campaign, a_character, a_member, on_stage

pytestmark = pytest.mark.django_db(transaction=True)


def filled() -> set[str]:
    """The tables that hold rows, among those of every model."""
    return {
        model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._base_manager.exists()
    }


@pytest.fixture
def committed() -> Campaign:
    """Rows that point to each other, an audit trail that cannot be altered, and an event that names another."""
    campaign = a_campaign()
    a_member(campaign)
    on_stage(campaign, a_character(campaign))
    AuditEntry.objects.create(action="campaign.created", campaign_id=campaign.pk)
    return campaign


def test_only_what_the_migrations_made_is_left(committed):
    assert {model._meta.db_table for model in (Campaign, Event, RosterEntry, AuditEntry)} <= filled()
    emptying.empty(connection)
    assert filled() == emptying.KEPT
    assert ContentType.objects.get_for_model(Campaign).pk in Permission.objects.values_list("content_type", flat=True)


def test_every_row_that_django_itself_would_take_is_taken(committed, monkeypatch):
    monkeypatch.setattr(emptying, "_may_pass_triggers", lambda _connection: False)
    emptying.empty(connection)
    assert filled() == emptying.KEPT


def test_rules_hold_again_afterwards(committed):
    emptying.empty(connection)
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterEntry.objects.create(campaign_id=committed.pk, character_id=committed.pk, position=1)
        connection.check_constraints()
