"""People join and leave a campaign."""

from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.models import User
from campaigns import access, ledger
from campaigns.handing_over import tell_both
from campaigns.models import Campaign, Member, Role
from contract.refusals import Invalid


@transaction.atomic
def set_role(campaign: Campaign, user: User, role: str, *, actor: Actor) -> Member:
    """Add a member or change the role; a GM gets the back office."""
    if user.pk == _owner_id(campaign) and role != Role.GM:
        raise Invalid([("role", "The owner of the campaign is always its GM.")])
    earlier = Member.objects.select_for_update(no_key=True).filter(campaign=campaign, user=user).first()
    before = {"role": earlier.role} if earlier else None
    member, _ = Member.objects.update_or_create(campaign=campaign, user=user, defaults={"role": role})
    if role == Role.GM:
        give_back_office(user)
    if before != {"role": role}:
        action = "member_role_changed" if before else "member_joined"
        _record(action, campaign, user, actor, before=before, after={"role": role})
    return member


@transaction.atomic
def remove(campaign: Campaign, user_id: UUID, *, actor: Actor) -> None:
    """The member's open sockets on a private campaign close within five seconds."""
    if user_id == _owner_id(campaign):
        raise Invalid([("user", "The owner cannot leave the campaign.")])
    member = Member.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    found = member.filter(campaign=campaign, user_id=user_id).first()
    if found is None:
        return
    found.delete()
    _record("member_removed", campaign, found.user, actor, before={"role": found.role})


def hand_over(campaign_id: UUID, user_id: UUID, *, actor: Actor) -> Campaign:
    """Another GM becomes the owner; the owner until now stays a GM. Raises NotAllowed and Invalid."""
    with ledger.writing(campaign_id, actor) as book:
        campaign = book.campaign
        access.require_hand_over(actor, campaign)  # under the lock: two at once cannot both be the owner
        heir = Member.objects.filter(campaign=campaign, user_id=user_id, role=Role.GM).select_related("user").first()
        if heir is None or not heir.user.is_active or user_id == campaign.owner_id:
            raise Invalid([("user", "Choose another game master of the campaign.")])
        giver = campaign.owner
        set_role(campaign, giver, Role.GM, actor=actor)
        campaign.owner = heir.user
        campaign.save(update_fields=["owner", "updated_at"])
        give_back_office(heir.user)
        subject = ("campaign", campaign.pk, campaign.name)
        states: dict[str, Any] = {"before": {"owner": giver.username}, "after": {"owner": heir.user.username}}
        audit.record("campaign_handed_over", actor=actor, subject=subject, campaign_id=campaign.pk, **states)
        transaction.on_commit(lambda: tell_both(campaign, giver, heir.user))
    return campaign


def give_back_office(user: User) -> None:
    """GMs work in the back office, which shows them their own campaigns only."""
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


def _owner_id(campaign: Campaign) -> UUID:
    """As it is now, and stays until the transaction ends: the campaign may have been handed over since it was read."""
    row = Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk)
    return row.values_list("owner_id", flat=True).get()


def _record(action: str, campaign: Campaign, user: User, actor: Actor, **states: Any) -> None:
    audit.record(action, actor=actor, subject=("user", user.pk, user.username), campaign_id=campaign.pk, **states)
