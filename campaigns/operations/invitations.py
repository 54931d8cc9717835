"""People are invited to a campaign: by link or by name, to watch, to play a character, to run the table."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from accounts import audit, invitations
from accounts.actors import Actor
from accounts.models import User
from campaigns import access, ledger, seats
from campaigns.models import Campaign, CampaignInvitation, Role
from campaigns.operations import members
from contract.refusals import Invalid

TOKEN_KIND = "playinvite"  # noqa: S105  the kind of a token
ONE_SEAT = "A character has one player: an invitation to play it is good for one person."


def issue(
    campaign: Campaign,
    role: str,
    *,
    actor: Actor,
    invited: User | None = None,
    character_id: UUID | None = None,
    uses: int | None = 1,
    expires_at: datetime | None = None,
) -> tuple[CampaignInvitation, str]:
    """An invitation by link, or to one person by name; its text is to be shown once. Raises Invalid.

    With `character_id` who accepts becomes the character's player.
    """
    with ledger.writing(campaign.pk, actor):
        _refuse_bad(campaign, role, character_id, uses if invited is None else 1)
        invitations.refuse_too_many(invitations.good(CampaignInvitation).filter(campaign=campaign))
        fields, text = invitations.minted(TOKEN_KIND, actor=actor, invited=invited, uses=uses, expires_at=expires_at)
        invitation = CampaignInvitation.objects.create(
            campaign=campaign, role=role, character_id=character_id, **fields
        )
        after = {"role": role, "character": character_id, "uses": fields["uses_left"], "until": fields["expires_at"]}
        after["for"] = invited.username if invited else None
        _record("invitation_issued", invitation, actor, after=after)
    return invitation, text


def revoke(campaign: Campaign, invitation_id: UUID, *, actor: Actor) -> bool:
    """Nobody can accept it any more; who has stays. False when it was revoked before."""
    with ledger.writing(campaign.pk, actor):
        found = CampaignInvitation.objects.filter(campaign=campaign, pk=invitation_id, revoked_at=None).first()
        if found is None:
            return False
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at", "updated_at"])
        _record("invitation_revoked", found, actor, before={"role": found.role})
    return True


def accept(digest: str, user: User, actor: Actor) -> invitations.Welcome:
    """Join by an invitation; a member keeps the better of both roles. Raises Invalid.

    A member whom the invitation gives nothing new does not use it up.
    """
    campaign_id = CampaignInvitation.objects.filter(digest=digest).values_list("campaign_id", flat=True).first()
    if campaign_id is None:
        raise invitations.invalid()
    with ledger.writing(campaign_id, actor) as book:
        campaign = book.campaign
        invitation = invitations.locked(CampaignInvitation, digest, user)
        now = access.own_role(user, campaign)
        role = access.better(now, invitation.role)
        address = None
        if role != now or invitation.character_id is not None:
            invitations.use(invitation)
            _record("invitation_accepted", invitation, actor, after={"role": role})
            if role != now:
                members.set_role(campaign, user, role, actor=actor)
            if invitation.character_id is not None:
                address = seats.take(campaign, invitation.character_id, user, actor=actor)
    address = address or reverse("overlay:hub", args=(campaign.slug,))
    return invitations.Welcome("campaign", campaign.pk, campaign.name, role, address)


def described(invitation: CampaignInvitation) -> dict[str, Any]:
    """As the page of the invitation tells of it."""
    character = ""
    if invitation.character_id is not None:
        character = seats.named(invitation.campaign_id, invitation.character_id) or ""
    role = invitation.get_role_display()
    return {"to": invitation.campaign.name, "sort": "campaign", "role": role, "character": character}


def _refuse_bad(campaign: Campaign, role: str, character_id: UUID | None, uses: int | None) -> None:
    found = []
    if role not in Role.values:
        found.append(("role", f"One of: {', '.join(Role.values)}."))
    if character_id is not None:
        if role == Role.VIEWER:
            found.append(("role", "Who plays a character is a player or a GM."))
        if seats.named(campaign.pk, character_id) is None:
            found.append(("character_id", "There is no such character in this campaign."))
        if uses != 1:
            found.append(("uses", ONE_SEAT))
    if found:
        raise Invalid(found)


def _record(action: str, invitation: CampaignInvitation, actor: Actor, **states: Any) -> None:
    subject = ("invitation", invitation.pk, invitation.hint)
    audit.record(action, actor=actor, subject=subject, campaign_id=invitation.campaign_id, **states)
