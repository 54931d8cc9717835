"""The page on which anybody with an account begins a campaign: a name is enough."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import REQUIRED, Styled
from campaigns.authentication import actor_of
from campaigns.models import Campaign, Visibility
from campaigns.operations import campaigns
from contract import text
from contract.refusals import Invalid

SYSTEMS = ("D&D 5e", "Vampire: The Masquerade 5e", "Hunter: The Reckoning 5e", "Pathfinder 2e", "Call of Cthulhu")


class BeginForm(Styled, forms.Form):
    name = forms.CharField(
        label="What is it called?", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    game_system = forms.CharField(
        label="Which game do you play?",
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "systems", "autocomplete": "off"}),
        help_text="Leave it open if you like.",
    )
    visibility = forms.ChoiceField(
        label="Who may watch?",
        choices=[
            (Visibility.PUBLIC, "Everybody"),
            (Visibility.UNLISTED, "Who has the address"),
            (Visibility.PRIVATE, "The table only"),
        ],
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
        help_text="All of this can be changed later.",
    )

    def clean_name(self) -> str:
        return _cleaned(self.cleaned_data["name"]) or self._missing()

    def clean_game_system(self) -> str:
        return _cleaned(self.cleaned_data["game_system"])

    @staticmethod
    def _missing() -> str:
        raise ValidationError(REQUIRED)


def _cleaned(typed: str) -> str:
    try:
        return text.clean(typed)
    except text.TextRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        campaign = _begun(request, form)
        if campaign is not None:
            return redirect("characters:bring_in", campaign.slug)
    context = {"section": "begin", "form": form, "systems": SYSTEMS}
    return render(request, "campaigns/begin.html", context, status=422 if form.errors else 200)


def _begun(request: HttpRequest, form: BeginForm) -> Campaign | None:
    owner: Any = request.user
    try:
        return campaigns.create(owner, actor=actor_of(request), **form.cleaned_data)
    except Invalid as refusal:
        for field, message in refusal.details:
            form.add_error(field if field in form.fields else None, message)
        return None
