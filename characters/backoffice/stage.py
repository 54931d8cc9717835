"""The stage: who is shown, in which order, how large."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed, words
from campaigns.backoffice.filters import CampaignFilter
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign
from characters import queries
from characters.backoffice.standing import on_stage
from characters.models import Character, RosterEntry, Tier
from characters.operations import roster
from contract.refusals import Refusal


class StageForm(forms.Form):
    """The whole roster: a place for everybody who is to be on stage, in the order of the numbers."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rows: Sequence[Character], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.characters = rows
        self.fields["seen"].initial = fingerprint(rows)
        for place, character in enumerate(rows, start=1):
            entry = getattr(character, "roster_entry", None)
            self.fields[f"on-{character.pk}"] = forms.BooleanField(
                label=f"{character.name} on stage", required=False, initial=entry is not None
            )
            self.fields[f"place-{character.pk}"] = forms.IntegerField(
                label=f"Place of {character.name}", min_value=1, max_value=999, initial=place, required=False
            )
            self.fields[f"tier-{character.pk}"] = forms.ChoiceField(
                label=f"Size of {character.name}",
                required=False,
                choices=[("", "As the overlay has it"), *Tier.choices],
                initial=entry.tier if entry else "",
            )

    def lines(self) -> list[dict[str, Any]]:
        return [
            {"character": each, **{name: self[f"{name}-{each.pk}"] for name in ("on", "place", "tier")}}
            for each in self.characters
        ]

    def clean_seen(self) -> str:
        seen: str = self.cleaned_data["seen"]
        if seen and seen != fingerprint(self.characters):
            # What is typed stays; the next submission is measured against the roster of now.
            self.data = {**self.data.dict(), "seen": fingerprint(self.characters)}  # type: ignore[attr-defined]
            order = ", ".join(each.name for each in standing(self.characters)) or "nobody"
            raise ValidationError(f"Somebody changed the stage meanwhile, to: {order}. Save again to keep yours.")
        return seen

    def entries(self) -> list[tuple[UUID, str]]:
        """(character id, tier) of those on stage, by their place."""
        data = self.cleaned_data
        chosen = [each for each in self.characters if data.get(f"on-{each.pk}")]
        chosen.sort(key=lambda each: data.get(f"place-{each.pk}") or 1000)
        return [(each.pk, data[f"tier-{each.pk}"]) for each in chosen]


def standing(rows: Sequence[Character]) -> list[Character]:
    return [row for row in rows if on_stage(row)]


def fingerprint(rows: Sequence[Character]) -> str:
    """The roster as the form shows it, to notice that it changed since."""
    return " ".join(f"{row.pk}:{row.roster_entry.tier}" for row in standing(rows)) or "empty"


@admin.register(RosterEntry)
class RosterEntryAdmin(CampaignRowAdmin):
    """Who is on stage. The roster is set as a whole, on a page of its own for each campaign."""

    allow_add = allow_change = allow_delete = False
    change_list_template = "admin/characters/rosterentry/change_list.html"
    list_display = ("character", "campaign", "position", "tier")
    fields = ("character", "campaign", "position", "tier")
    list_filter = (CampaignFilter,)
    list_select_related = ("campaign", "character")
    search_fields = ("character__name",)
    ordering = ("campaign__name", "campaign_id", "position")
    deeds = (
        Deed(
            "off-stage",
            "Take off the stage",
            lambda actor, row: roster.place(row.campaign_id, row.character_id, actor=actor, on=False),
            done="Off the stage",
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.stage_view)
        return [path("stage/<uuid:campaign_id>/", view, name="characters_rosterentry_stage"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        rows = scope_of(request).campaigns.order_by("name", "id").values_list("pk", "name")[:20]
        stages = [(name, self.address(request, "stage", pk)) for pk, name in rows]
        return super().changelist_view(request, {"stages": stages, **(extra_context or {})})

    def stage_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        campaign = scope_of(request).campaigns.filter(pk=campaign_id).first()
        if campaign is None:
            raise Http404
        form = StageForm(request.POST or None, rows=candidates(campaign))
        if request.method == "POST" and form.is_valid():
            try:
                roster.set_roster(campaign.pk, form.entries(), actor=scope_of(request).actor)
            except Refusal as refusal:
                form.add_error(None, words(refusal))
            else:
                self.message_user(request, f"The stage of {campaign} is set.", messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": "Set the stage",
            "subtitle": str(campaign),
            "opts": self.opts,
            "campaign": campaign,
            "form": form,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/characters/rosterentry/stage.html", context)


def candidates(campaign: Campaign) -> list[Character]:
    """Who is on stage, in order, then who could be, by name."""
    available = queries.choices_for_roster(campaign).values("pk")
    rows = Character.objects.filter(Q(pk__in=available) | Q(roster_entry__campaign=campaign), campaign=campaign)
    found = list(rows.select_related("roster_entry").order_by("name", "id"))
    return sorted(found, key=lambda row: row.roster_entry.position if on_stage(row) else 10_000)
