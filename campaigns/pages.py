"""How public pages come to their campaign."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from campaigns import access
from campaigns.authentication import actor_of
from campaigns.models import Campaign
from contract.refusals import NotVisible

CampaignView = Callable[..., HttpResponse]


def campaign_page(view: CampaignView) -> CampaignView:
    """The view gets the campaign named in the address. What is not to be seen is a 404, as if it did not exist."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponse:
        campaign = _visible(actor_of(request), slug)
        try:
            return view(request, campaign, **arguments)
        except NotVisible as reason:
            raise Http404 from reason

    return page


def _visible(actor: Actor, slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).select_related("owner").first()
    if campaign is None or not access.may_see(actor, campaign):
        raise Http404
    return campaign


def text_of(request: HttpRequest, name: str, longest: int = 120) -> str:
    """A search or filter as typed into the address; NUL is no text to a database."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]
