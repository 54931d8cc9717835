"""How public pages come to their campaign."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from campaigns import queries
from campaigns.authentication import actor_of
from contract.refusals import NotVisible

CampaignView = Callable[..., HttpResponse]


def campaign_page(view: CampaignView) -> CampaignView:
    """The view gets the campaign named in the address. What is not to be seen is a 404, as if it did not exist."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponse:
        try:
            return view(request, queries.campaign(slug, actor_of(request)), **arguments)
        except NotVisible as reason:
            raise Http404 from reason

    return page


def text_of(request: HttpRequest, name: str, longest: int = 120) -> str:
    """A search or filter as typed into the address; NUL is no text to a database."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:longest]
