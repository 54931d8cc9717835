"""The page on which an owner hands a campaign over to another of its game masters."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from campaigns import access, queries
from campaigns.backoffice.deeds import words
from campaigns.backoffice.filters import uuid_or_none
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign, Role
from campaigns.operations import members
from contract.refusals import Refusal


def page(request: HttpRequest, campaign: Campaign, site: AdminSite) -> HttpResponse:
    """Says what changes; a POST does it."""
    if not access.may_hand_over(scope_of(request).actor, campaign):
        raise PermissionDenied
    if request.method == "POST" and _handed_over(request, campaign):
        return HttpResponseRedirect(reverse("admin:campaigns_campaign_people", args=(campaign.pk,)))
    heirs = queries.members(campaign).filter(role=Role.GM, user__is_active=True)
    context = {
        **site.each_context(request),
        "title": "Hand over",
        "campaign": campaign,
        "opts": Campaign._meta,
        "heirs": heirs.exclude(user_id=campaign.owner_id),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/campaigns/campaign/hand_over.html", context)


def _handed_over(request: HttpRequest, campaign: Campaign) -> bool:
    heir_id = uuid_or_none(request.POST.get("user"))
    if heir_id is None:
        messages.error(request, "Choose the new owner.")
        return False
    try:
        owner = members.hand_over(campaign.pk, heir_id, actor=scope_of(request).actor).owner
    except Refusal as refusal:
        messages.error(request, words(refusal))
        return False
    messages.success(request, f"{campaign} belongs to {owner} now.")
    return True
