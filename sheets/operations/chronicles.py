"""How a campaign plays the lines."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.actors import Actor
from campaigns.models import Campaign
from contract.refusals import Invalid
from sheets import chronicle, lines
from sheets.models import Chronicle, Sheet


def update(campaign: Campaign, changes: Any, *, actor: Actor) -> chronicle.Settings:
    """Raises Invalid with every failing setting."""
    bought = {purchase.code for line in lines.enabled().values() for purchase in line.purchases}
    found = chronicle.problems(changes, bought)
    if found:
        raise Invalid(found)
    with transaction.atomic():
        row, _ = Chronicle.objects.select_for_update().get_or_create(campaign=campaign)
        before = chronicle.merged(row.settings)
        row.settings = chronicle.merged(row.settings, changes)
        if row.settings != before:
            row.save()
            Sheet.objects.filter(campaign=campaign).update(updated_at=timezone.now())  # they read otherwise now
            told = audit.changed(before, row.settings)
            subject = ("campaign", campaign.pk, campaign.name)
            audit.record("chronicle_changed", actor=actor, subject=subject, campaign_id=campaign.pk, **told)
    return chronicle.merged(row.settings)
