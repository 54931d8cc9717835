"""Campaign tokens are issued, replaced and revoked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import audit, tokens
from accounts.actors import Actor
from campaigns.models import Campaign, CampaignToken
from contract.refusals import Conflict

REVOKED = "This token is revoked. Issue a new one."


@transaction.atomic
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
    _record("token_issued", token, actor, after={"kind": kind, "hint": token.hint, "expires_at": expires_at})
    return token, text


@transaction.atomic
def rotate(campaign: Campaign, token_id: UUID, *, actor: Actor) -> tuple[CampaignToken, str]:
    """A new text for the same token; the old one is as good as revoked. Raises Conflict for a revoked token."""
    token = CampaignToken.objects.select_for_update(no_key=True).get(campaign=campaign, pk=token_id)
    if token.revoked_at is not None:
        raise Conflict(REVOKED)
    text = tokens.mint(token.kind)
    before = {"kind": token.kind, "hint": token.hint}
    token.digest, token.hint, token.last_used_at = tokens.digest(text), tokens.hint(text), None
    token.save(update_fields=["digest", "hint", "last_used_at", "updated_at"])
    _record("token_rotated", token, actor, before=before, after={"kind": token.kind, "hint": token.hint})
    return token, text


@transaction.atomic
def revoke(campaign: Campaign, token_id: UUID, *, actor: Actor) -> bool:
    """The token is refused from the next request on; sockets that it opened close within five seconds."""
    token = CampaignToken.objects.select_for_update(no_key=True).filter(campaign=campaign, pk=token_id).first()
    if token is None or token.revoked_at is not None:
        return False
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at", "updated_at"])
    _record("token_revoked", token, actor, before={"kind": token.kind, "hint": token.hint})
    return True


def _record(action: str, token: CampaignToken, actor: Actor, **states: Any) -> None:
    subject = ("campaign_token", token.pk, token.name)
    audit.record(action, actor=actor, subject=subject, campaign_id=token.campaign_id, **states)
