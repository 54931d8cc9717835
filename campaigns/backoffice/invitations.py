"""The page on which a GM invites people to a campaign, withdraws invitations and shares it with a team."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import access as accounts_access
from accounts import invitations as links
from accounts import queries as people
from accounts.api_teams import base_address
from accounts.team_forms import InvitationForm
from campaigns import access, queries, seats
from campaigns.backoffice.deeds import words
from campaigns.backoffice.filters import uuid_or_none
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign, Role
from campaigns.operations import campaigns, invitations
from contract.refusals import Refusal

MOST_LISTED = 200
ROLES = [(Role.PLAYER, "Player"), (Role.VIEWER, "Viewer"), (Role.GM, "Game master")]


class CampaignInvitationForm(InvitationForm):
    roles = ROLES
    character_id = forms.ChoiceField(label="To play", required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["character_id"]
        field.choices = [("", "Nobody in particular"), *((str(key), name) for key, name in seats.offered(campaign.pk))]
        self.order_fields(["role", "character_id", "username", "uses", "days"])

    def wanted(self) -> dict[str, Any]:
        return {**super().wanted(), "character_id": uuid_or_none(self.cleaned_data["character_id"])}


def page(request: HttpRequest, campaign: Campaign, site: AdminSite) -> HttpResponse:
    form = CampaignInvitationForm(request.POST or None, campaign=campaign)
    issued: Any = None
    if request.method == "POST" and form.is_valid():
        issued = _issued(request, campaign, form)
    context = {
        **site.each_context(request),
        "title": "Members and invitations",
        "campaign": campaign,
        "opts": Campaign._meta,
        "form": form if issued is None else CampaignInvitationForm(campaign=campaign),
        # The link goes straight into this answer: it is kept nowhere, not in the session either.
        "link": links.link(base_address(request), issued[1]) if issued else "",
        "issued": issued[0] if issued else None,
        "members": queries.members(campaign)[:MOST_LISTED],
        "invitations": _shown(campaign),
        "teams": _teams(request, campaign),
        "may_hand_over": access.may_hand_over(scope_of(request).actor, campaign),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/campaigns/campaign/people.html", context)


@require_POST
def revoke(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    invitation_id = uuid_or_none(request.POST.get("invitation"))
    if invitation_id and invitations.revoke(campaign, invitation_id, actor=scope_of(request).actor):
        messages.success(request, "Nobody can use this invitation any more.")
    return HttpResponseRedirect(_address(campaign))


@require_POST
def share(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """With the team chosen, or with none."""
    try:
        changed = campaigns.assign_team(
            campaign.pk, uuid_or_none(request.POST.get("team")), actor=scope_of(request).actor
        )
        told = f"Shared with {changed.team}." if changed.team else "Shared with no team."
        messages.success(request, told)
    except Refusal as refusal:
        messages.error(request, words(refusal))
    return HttpResponseRedirect(_address(campaign))


def _issued(request: HttpRequest, campaign: Campaign, form: CampaignInvitationForm) -> Any:
    """The invitation and its text; None when it is refused, with the reasons at the form's fields."""
    try:
        role, actor = form.cleaned_data["role"], scope_of(request).actor
        return invitations.issue(campaign, role, actor=actor, **form.wanted())
    except Refusal as refusal:
        for field, message in refusal.details or [("", refusal.message)]:
            form.add_error(field if field in form.fields else None, message)
    return None


def _shown(campaign: Campaign) -> list[tuple[Any, str]]:
    """The invitations, each with the name of its character."""
    rows = list(queries.open_invitations(campaign)[:MOST_LISTED])
    names = dict(seats.offered(campaign.pk)) if any(row.character_id for row in rows) else {}
    return [(row, names.get(row.character_id, "") if row.character_id else "") for row in rows]


def _teams(request: HttpRequest, campaign: Campaign) -> list[Any]:
    """Those that the GM may share with, and the one that it is shared with now."""
    user = scope_of(request).actor.user
    rows: Any = people.teams(user)[:MOST_LISTED] if user else []
    own = [team for team in rows if accounts_access.has("", team.own_role, accounts_access.EDIT_CONTENT)]
    return own if campaign.team is None or campaign.team in own else [campaign.team, *own]


def _address(campaign: Campaign) -> str:
    return reverse("admin:campaigns_campaign_people", args=(campaign.pk,))
