"""Campaign tokens are issued and revoked."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from accounts import tokens
from accounts.actors import Actor
from campaigns.models import Campaign, CampaignToken


def issue(
    campaign: Campaign, kind: str, name: str, *, actor: Actor, expires_at: datetime | None = None
) -> tuple[CampaignToken, str]:
    """A new token and its text, which is to be shown once: only its digest is kept."""
    text = tokens.mint(kind)
    token = CampaignToken.objects.create(
        campaign=campaign,
        kind=kind,
        name=name,
        digest=tokens.digest(text),
        hint=tokens.hint(text),
        created_by=actor.user,
        expires_at=expires_at,
    )
    return token, text


def revoke(campaign: Campaign, token_id: UUID, *, actor: Actor) -> bool:
    """The token is refused from the next request on; sockets that it opened close within five seconds."""
    valid = CampaignToken.objects.filter(campaign=campaign, pk=token_id, revoked_at=None)
    return valid.update(revoked_at=timezone.now()) == 1
