"""Tickets: what opens the live stream once, within a minute, in place of a credential that lives longer."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import tokens
from overlay.models import LiveTicket

KIND = "ticket"
LIFE = timedelta(seconds=60)


def issue(campaign_id: UUID, grant: str) -> str:
    """A new ticket's text. `grant` is what it will open, in whatever form the stream reads it."""
    now, text = timezone.now(), tokens.mint(KIND)
    with transaction.atomic():
        LiveTicket.objects.filter(expires_at__lte=now).delete()
        digest = tokens.digest(text)
        LiveTicket.objects.create(digest=digest, campaign_id=campaign_id, grant=grant, expires_at=now + LIFE)
    return text


def redeem(text: str) -> str | None:
    """The grant, the first time that a ticket is shown; it is used up then, whatever comes of it."""
    if tokens.kind_of(text) != KIND:
        return None
    with transaction.atomic():
        known = LiveTicket.objects.filter(digest=tokens.digest(text), expires_at__gt=timezone.now())
        ticket = known.select_for_update().first()
        if ticket is None:
            return None
        ticket.delete()
    return ticket.grant
