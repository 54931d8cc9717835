"""People join and leave a campaign."""

from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from campaigns.models import Campaign, Member, Role
from contract.refusals import Invalid


def set_role(campaign: Campaign, user: User, role: str, *, actor: Actor) -> Member:
    """Add a member or change the role; a GM gets the back office."""
    if user.pk == campaign.owner_id and role != Role.GM:
        raise Invalid([("role", "The owner of the campaign is always its GM.")])
    member, _ = Member.objects.update_or_create(campaign=campaign, user=user, defaults={"role": role})
    if role == Role.GM and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    return member


def remove(campaign: Campaign, user_id: UUID, *, actor: Actor) -> None:
    """The member's open sockets on a private campaign close within five seconds."""
    if user_id == campaign.owner_id:
        raise Invalid([("user", "The owner cannot leave the campaign.")])
    Member.objects.filter(campaign=campaign, user_id=user_id).delete()
