"""Pages of teams: one's own, and each with its people and invitations."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, invitations, queries
from accounts.api_teams import base_address
from accounts.models import Team, TeamInvitation
from accounts.operations import teams
from accounts.team_forms import RoleForm, TeamForm, TeamInvitationForm
from accounts.views.acting import acting
from contract.refusals import NotAllowed, NotVisible, Refusal

TeamView = Callable[..., HttpResponse]


def team_page(ability: str) -> Callable[[TeamView], TeamView]:
    """The view gets the team of the address. One that is not to be known of is a 404, as if it did not exist."""

    def decorate(view: TeamView) -> TeamView:
        @never_cache
        @login_required
        @wraps(view)
        def page(request: HttpRequest, team_id: UUID, **arguments: Any) -> HttpResponse:
            try:
                team = queries.team(team_id, acting(request))
                access.require(acting(request), ability, team)
                return view(request, team, **arguments)
            except NotVisible as reason:
                raise Http404 from reason
            except NotAllowed:
                return render(request, "403.html", status=403)

        return page

    return decorate


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_teams(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    actor = acting(request)
    if request.method == "POST" and form.is_valid():
        team = done(form, lambda: teams.create(form.cleaned_data["name"], actor=actor))
        if team is not None:
            return redirect("accounts:team", team.pk)
    person: Any = request.user
    waiting = [shown(invitation) for invitation in invitations.waiting_for(person)]
    context = {"section": "teams", "teams": queries.teams(person)[: teams.MOST_TEAMS], "form": form, "waiting": waiting}
    return render(request, "accounts/teams.html", context, status=200 if not form.errors else 422)


@team_page(access.SEE_TEAM)
@require_http_methods(["GET", "HEAD"])
def team(request: HttpRequest, team: Team) -> HttpResponse:
    return _team(request, team)


@require_POST
@team_page(access.RENAME_TEAM)
def rename(request: HttpRequest, team: Team) -> HttpResponse:
    form = TeamForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        if done(form, lambda: teams.rename(team.pk, name, actor=acting(request))):
            messages.success(request, "The team has its new name.")
            return redirect("accounts:team", team.pk)
    return _team(request, team, naming=form)


@require_POST
@team_page(access.INVITE)
def invite(request: HttpRequest, team: Team) -> HttpResponse:
    form = TeamInvitationForm(request.POST)
    issued: Any = None
    if form.is_valid():
        role, wanted = form.cleaned_data["role"], form.wanted()
        issued = done(form, lambda: teams.invite(team.pk, role, actor=acting(request), **wanted))
    if issued is None:
        return _team(request, team, inviting=form)
    invitation, text = issued
    # The link goes straight into this answer: it is kept nowhere, not in the session either.
    return _team(request, team, issued=invitation, link=invitations.link(base_address(request), text))


@require_POST
@team_page(access.INVITE)
def revoke(request: HttpRequest, team: Team, invitation_id: UUID) -> HttpResponse:
    teams.revoke_invitation(team.pk, invitation_id, actor=acting(request))
    messages.success(request, "Nobody can use this invitation any more.")
    return redirect("accounts:team", team.pk)


@require_POST
@team_page(access.CHANGE_ROLES)
def change_role(request: HttpRequest, team: Team, user_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        role = form.cleaned_data["role"]
        tried(request, "Changed.", lambda: teams.change_role(team.pk, user_id, role, actor=acting(request)))
    return redirect("accounts:team", team.pk)


@require_POST
@team_page(access.CHANGE_ROLES)
def remove(request: HttpRequest, team: Team, user_id: UUID) -> HttpResponse:
    tried(request, "Removed.", lambda: teams.remove(team.pk, user_id, actor=acting(request)))
    return redirect("accounts:team", team.pk)


@require_POST
@team_page(access.HAND_OVER)
def hand_over(request: HttpRequest, team: Team, user_id: UUID) -> HttpResponse:
    told = "The team has a new owner; you are an editor of it now."
    tried(request, told, lambda: teams.hand_over(team.pk, user_id, actor=acting(request)))
    return redirect("accounts:team", team.pk)


@require_POST
@team_page(access.LEAVE_TEAM)
def leave(request: HttpRequest, team: Team) -> HttpResponse:
    actor = acting(request)
    person: Any = actor.user
    left = tried(request, f"You have left {team}.", lambda: teams.remove(team.pk, person.pk, actor=actor))
    return redirect("accounts:teams") if left else redirect("accounts:team", team.pk)


@team_page(access.DELETE_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, team: Team) -> HttpResponse:
    """Says what is lost, then does it."""
    if request.method == "POST":
        teams.delete(team.pk, actor=acting(request))
        messages.success(request, f"{team} is gone.")
        return redirect("accounts:teams")
    context = {"section": "teams", "team": team, "people": queries.members(team).count()}
    return render(request, "accounts/team_delete.html", context)


def done(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the operation returns; None when it refuses, with its words at the form's fields."""
    try:
        return act()
    except Refusal as refusal:
        for field, message in refusal.details or [("", refusal.message)]:
            form.add_error(field if field in form.fields else None, message)
    return None


def tried(request: HttpRequest, told: str, act: Callable[[], Any]) -> bool:
    """Say that it is done, or why not."""
    try:
        act()
    except NotVisible:
        messages.error(request, "This person is not in the team any more.")
    except Refusal as refusal:
        messages.error(request, " ".join(message for _field, message in refusal.details) or refusal.message)
    else:
        messages.success(request, told)
        return True
    return False


def shown(invitation: Any) -> dict[str, Any]:
    """An invitation as a page tells of it."""
    kind = invitations.kinds()[invitations.kind_of_row(invitation)]
    return {
        "id": invitation.pk,
        "by": invitation.created_by,
        "until": invitation.expires_at,
        **kind.described(invitation),
    }


def _team(request: HttpRequest, team: Team, **more: Any) -> HttpResponse:
    actor = acting(request)
    site, role = access.site_role(actor.user), access.team_role(actor, team.pk)
    can = {name: access.has(site, role, ability) for name, ability in SHOWN.items()}
    invited: list[TeamInvitation] = list(queries.open_invitations(team)) if can["invite"] else []
    context = {
        "section": "teams",
        "team": team,
        "own_role": role,
        "can": can,
        "members": queries.members(team)[: teams.MOST_MEMBERS],
        "invitations": invited,
        "roles": RoleForm.base_fields["role"].choices,  # type: ignore[attr-defined]
        "naming": TeamForm(initial={"name": team.name}),
        "inviting": TeamInvitationForm(),
        **more,
    }
    refused = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "accounts/team.html", context, status=422 if refused else 200)


SHOWN = {
    "rename": access.RENAME_TEAM,
    "invite": access.INVITE,
    "change": access.CHANGE_ROLES,
    "hand_over": access.HAND_OVER,
    "leave": access.LEAVE_TEAM,
    "delete": access.DELETE_TEAM,
}
