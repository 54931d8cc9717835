"""Accepting an invitation: the link is opened, looked at, and accepted once somebody is signed in.

The secret stands behind the `#` of the link, so it comes in the body of a POST that the page's script sends. Of it
the session keeps the digest only: whoever reads the sessions cannot invite anybody.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import invitations, tokens
from accounts.team_forms import CodeForm
from accounts.views.acting import acting
from accounts.views.teams import shown
from contract.refusals import Refusal

IN_SESSION = "invitation"


@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The page that the link opens: takes the code and goes on to what it is for."""
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/invitation_code.html", {"form": form})
    try:
        if form.is_valid():
            text = form.cleaned_data["token"]
            request.session[IN_SESSION] = [invitations.kind_of(text), tokens.digest(text)]
            return redirect("open_invitation")
    except Refusal:
        form.add_error("token", invitations.NOT_VALID)
    return render(request, "accounts/invitation_code.html", {"form": form}, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_invitation(request: HttpRequest) -> HttpResponse:
    """What one is invited to; a POST accepts. Who is not signed in does that first and lands here again."""
    token_kind, digest = request.session.get(IN_SESSION) or ("", "")
    kind = invitations.kinds().get(token_kind)
    found = kind.good().filter(digest=digest).first() if kind else None
    if kind is None or found is None:
        request.session.pop(IN_SESSION, None)
        return render(request, "accounts/invitation_gone.html", status=404)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect("open_invitation")
        return _accepted(request, kind, digest)
    return render(request, "accounts/invitation.html", {"invitation": shown(found), "sign_up": _sign_up()})


def _sign_up() -> str:
    """Where an account is made, on sites that let people make their own."""
    try:
        return reverse("accounts:sign_up")
    except NoReverseMatch:
        return ""


@require_POST
@never_cache
@login_required
def accept(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """One that was sent to the person by name, and waits on the page of teams."""
    person: Any = request.user
    found = next((each for each in invitations.waiting_for(person) if each.pk == invitation_id), None)
    if found is None:
        raise Http404
    return _accepted(request, invitations.kinds()[invitations.kind_of_row(found)], found.digest)


def _accepted(request: HttpRequest, kind: invitations.Kind, digest: str) -> HttpResponse:
    person: Any = request.user
    request.session.pop(IN_SESSION, None)
    try:
        welcome = kind.accept(digest, person, acting(request))
    except Refusal as refusal:
        reason = " ".join(message for _field, message in refusal.details) or refusal.message
        return render(request, "accounts/invitation_gone.html", {"reason": reason}, status=422)
    messages.success(request, f"Welcome to {welcome.name}.")
    return HttpResponseRedirect(welcome.address)
