"""The letters that tell both sides of a campaign that was handed over."""

from django.conf import settings

from accounts import post
from accounts.models import User
from campaigns.models import Campaign


def tell_both(campaign: Campaign, giver: User, heir: User) -> None:
    """To those who have an address; the audit page tells everybody."""
    named = {"campaign": campaign.name, "giver": str(giver), "heir": str(heir)}
    for person in (giver, heir):
        if person.email:
            context = {**named, "is_heir": person.pk == heir.pk, "site": settings.TROUPE_BASE_URL or "Troupe"}
            post.send(person.email, "campaigns/letters/handed_over.txt", context)
