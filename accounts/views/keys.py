"""The page of one's API keys. The text of a new one goes straight into the answer and is kept nowhere."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import scopes
from accounts.key_forms import KeyForm
from accounts.models import ApiKey
from accounts.operations import keys
from accounts.views.acting import acting, person
from contract.refusals import Refusal


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_keys(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        issued = _issued(request, form)
        if issued is not None:
            return _page(request, KeyForm(), *issued)
    return _page(request, form)


@require_POST
@never_cache
@login_required
def rotate(request: HttpRequest, key_id: UUID) -> HttpResponse:
    try:
        return _page(request, KeyForm(), *keys.rotate(_own(request, key_id), actor=acting(request)))
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("accounts:keys")


@require_POST
@never_cache
@login_required
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    key = _own(request, key_id)
    if keys.revoke(key, actor=acting(request)):
        messages.success(request, f"{key.name} is revoked. What it had open closes within seconds.")
    return redirect("accounts:keys")


def _own(request: HttpRequest, key_id: UUID) -> ApiKey:
    """Raises Http404, for the keys of others too."""
    found = ApiKey.objects.filter(user=person(request), pk=key_id).first()
    if found is None:
        raise Http404
    return found


def _issued(request: HttpRequest, form: KeyForm) -> tuple[ApiKey, str] | None:
    """The new key; None when the operation refuses, with its words at the form's fields."""
    data, until = form.cleaned_data, form.expires_at
    try:
        return keys.issue(person(request), data["name"], data["scopes"], actor=acting(request), expires_at=until)
    except Refusal as refusal:
        for field, message in refusal.details or [("", refusal.message)]:
            form.add_error(field if field in form.fields else None, message)
    return None


def _page(request: HttpRequest, form: KeyForm, issued: ApiKey | None = None, text: str = "") -> HttpResponse:
    rows = ApiKey.objects.filter(user=person(request), revoked_at=None).order_by("-created_at", "pk")
    context = {
        "section": "keys",
        "form": form,
        "issued": issued,
        "text": text,
        "keys": [_shown(key) for key in rows],
    }
    return render(request, "accounts/keys.html", context, status=422 if form.errors else 200)


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "row": key,
        "may": [scopes.DESCRIPTIONS[scope] for scope in key.scopes if scope in scopes.DESCRIPTIONS],
        "expired": key.expires_at is not None and key.expires_at <= timezone.now(),
    }
