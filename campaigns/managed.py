"""What pages for those who run a campaign begin with."""

from django.http import Http404

from accounts.actors import Actor
from campaigns import access, queries
from campaigns.models import Campaign
from contract.refusals import NotVisible


def managed_campaign(slug: str, actor: Actor) -> Campaign:
    """The campaign that the actor runs; Http404 for whoever does not, as if there were no such page."""
    try:
        campaign = queries.campaign(slug, actor)
    except NotVisible as reason:
        raise Http404 from reason
    if not access.may_manage(actor, campaign):
        raise Http404
    return campaign
