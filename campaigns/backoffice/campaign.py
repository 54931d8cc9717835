"""Campaigns: what a GM sets, whom viewers are, what the overlay looks like."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from accounts.actors import Actor
from accounts.models import User
from campaigns import theme
from campaigns.backoffice import audit, handover, invitations
from campaigns.backoffice.addresses import addresses
from campaigns.backoffice.admins import CampaignRowAdmin, RefusedRow
from campaigns.backoffice.forms import ColourField, OperationForm
from campaigns.backoffice.members import MemberInline
from campaigns.backoffice.scope import scope_of
from campaigns.documents import DEFAULT_SETTINGS, settings_of
from campaigns.models import Campaign
from campaigns.operations import campaigns, members
from contract.refusals import Refusal

COLOURS = {
    "accent": "Accent: frames and highlights",
    "border": "Frames, where they are not to be the accent",
    "text": "Names and text",
    "plate": "Ground of a badge",
    "hp": "Hit points",
    "hp_ground": "Ground of the HP bar",
    "temp": "Temporary hit points",
    "ac": "Armour class shield",
    "ac_text": "Number on the shield",
    "chip": "Conditions",
    "chip_text": "Text of conditions",
}


class CampaignForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {
        **{name: name for name in ("name", "slug", "description", "game_system", "visibility")},
        **{name: f"settings.{name}" for name in DEFAULT_SETTINGS},
        **{f"theme_{token}": f"theme.{token}" for token in ("preset", *theme.TOKENS)},
    }
    multiline = frozenset({"description"})

    viewer_delay = forms.IntegerField(
        label="Viewer delay, seconds",
        min_value=0,
        max_value=600,
        help_text="Public pages wait this long, so that they do not run ahead of the stream. The overlay never waits.",
    )
    low_power = forms.BooleanField(
        label="Low power", required=False, help_text="The overlay shows every change at once, without animation."
    )
    players_change_live = forms.BooleanField(
        label="Players may change live state",
        required=False,
        help_text="Each for the own character: hit points, conditions, tracks.",
    )
    episode_with_stream = forms.BooleanField(
        label="Begin the episode with the stream",
        required=False,
        help_text="When OBS starts streaming, the next planned episode begins. Needs an overlay token in OBS.",
    )
    theme_preset = forms.ChoiceField(
        label="Theme",
        required=False,
        choices=[
            ("", "Limelight"),
            *((name, name.capitalize()) for name in theme.PRESETS if name != "limelight"),
        ],
    )

    class Meta:
        model = Campaign
        fields: ClassVar = ["name", "slug", "description", "game_system", "visibility", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = settings_of(self.instance)
        for name in DEFAULT_SETTINGS:
            self.initial.setdefault(name, stored[name])
        for token in ("preset", *theme.TOKENS):
            self.initial.setdefault(f"theme_{token}", self.instance.theme.get(token, ""))

    def value_for(self, name: str) -> Any:
        value = super().value_for(name)
        return (value or None) if name.startswith("theme_") else value


# One field for each token of the closed grammar, so that a new token appears here by itself.
for _token in theme.TOKENS:
    CampaignForm.base_fields[f"theme_{_token}"] = CampaignForm.declared_fields[f"theme_{_token}"] = ColourField(
        label=COLOURS.get(_token, _token.replace("_", " "))
    )


@admin.register(Campaign)
class CampaignAdmin(CampaignRowAdmin):
    form = CampaignForm
    change_form_template = "admin/campaigns/campaign/change_form.html"
    campaign_path = "pk"
    filterable = frozenset({"id"})
    list_display = ("name", "game_system", "visibility", "owner", "events_so_far", "updated_at")
    list_filter = ("visibility",)
    list_select_related = ("owner",)
    search_fields = ("name", "slug", "game_system")
    radio_fields: ClassVar = {"visibility": admin.VERTICAL}
    autocomplete_fields = ("owner",)
    inlines = (MemberInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "game_system", "description", "owner")}),
        ("Who can watch", {"fields": ("visibility", "viewer_delay")}),
        ("At the table", {"fields": ("players_change_live", "episode_with_stream", "low_power")}),
        (
            "Theme of the overlay",
            {
                "description": "Leave a colour empty to take it from the theme.",
                "fields": ("theme_preset", *(f"theme_{token}" for token in theme.TOKENS)),
                "classes": ("colours",),
            },
        ),
    )

    @admin.display(description="Events", ordering="seq")
    def events_so_far(self, campaign: Campaign) -> int:
        return campaign.seq

    def _may(self, request: HttpRequest, row: Any) -> bool:
        return scope_of(request).may_begin if row is None else super()._may(request, row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return scope_of(request).may_begin

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("owned_by",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The owner of a new campaign is who makes it; only an administrator makes one for somebody else."""
        (name, options), *rest = super().get_fieldsets(request, obj)
        shown = "owned_by" if obj else "owner"
        hidden = obj is None and not scope_of(request).sees_all
        fields = [shown if field == "owner" else field for field in options["fields"]]
        fields = [field for field in fields if not (hidden and field == "owner")]
        return [(name, {**options, "fields": fields}), *rest]

    @admin.display(description="Owner")
    def owned_by(self, campaign: Campaign) -> str:
        return str(campaign.owner)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"owner": request.user.pk, **super().get_changeform_initial_data(request)}

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        found.pop("delete_selected", None)  # a campaign goes one at a time, with a page that says what is lost
        return found

    def choices_for(self, field_name: str, request: HttpRequest) -> QuerySet | None:
        if field_name == "owner" and scope_of(request).sees_all:
            return User.objects.filter(is_active=True).order_by("username")
        return None

    def search_choices(self, field_name: str, rows: QuerySet, term: str) -> QuerySet:
        return rows.filter(username__icontains=term) if term else rows

    def create_row(self, actor: Actor, form: Any) -> Campaign:
        owner: Any = form.cleaned_data.get("owner") or actor.user
        fields = form.changes()
        fields["theme"] = {key: colour for key, colour in fields.get("theme", {}).items() if colour}
        return campaigns.create(owner, actor=actor, **fields)

    def change_row(self, actor: Actor, row: Campaign, form: Any) -> None:
        campaigns.update(row.pk, form.changes(), actor=actor, seen=form.seen)

    def delete_row(self, actor: Actor, row: Campaign) -> None:
        campaigns.delete(row.pk, actor=actor)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Members come, change their role, go. Each row's refusal is shown at that row."""
        formset.save(commit=False)  # sets new_objects and the like, which the history reads
        actor = scope_of(request).actor
        for row in formset.forms:
            try:
                if row in formset.deleted_forms:
                    if not row.instance._state.adding:
                        members.remove(form.instance, row.instance.user_id, actor=actor)
                elif row.has_changed():
                    person = row.cleaned_data["person"]
                    members.set_role(form.instance, person, row.cleaned_data["role"], actor=actor)
            except Refusal as refusal:
                raise RefusedRow(refusal, row.prefix) from refusal

    def lost_with(self, row: Campaign) -> list[str]:
        counts = {
            "members": row.members.count(),
            "characters": row.characters.count(),
            "episodes": row.episodes.count(),
            "tokens": row.tokens.count(),
        }
        parts = [f"{number} {name}" for name, number in counts.items() if number]
        return [f"{row}: {', '.join([*parts, f'{row.seq} events'])}. There is no way back."]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if campaign := context.get("original"):
            stored = Campaign.objects.filter(pk=campaign.pk).values_list("slug", flat=True).first() or campaign.slug
            context["addresses"] = addresses(request, stored)
            context["links"] = self._links(campaign)
            context["theme_presets"] = theme.PRESETS
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "audit/": (self.audit_view, "audit"),
            "audit.csv": (self.audit_csv_view, "audit_csv"),
            "people/": (self.people_view, "people"),
            "people/revoke/": (self.revoke_view, "people_revoke"),
            "people/team/": (self.team_view, "people_team"),
            "hand-over/": (self.hand_over_view, "hand_over"),
        }
        own = [
            path(f"<uuid:campaign_id>/{address}", self.admin_site.admin_view(view), name=f"campaigns_campaign_{name}")
            for address, (view, name) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def audit_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return audit.page(request, self._own(request, campaign_id), self.admin_site)

    def audit_csv_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return audit.export(request, self._own(request, campaign_id))

    def people_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return invitations.page(request, self._own(request, campaign_id), self.admin_site)

    def revoke_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return invitations.revoke(request, self._own(request, campaign_id))

    def team_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return invitations.share(request, self._own(request, campaign_id))

    def hand_over_view(self, request: HttpRequest, campaign_id: UUID) -> HttpResponse:
        return handover.page(request, self._own(request, campaign_id), self.admin_site)

    def _own(self, request: HttpRequest, campaign_id: UUID) -> Campaign:
        """Another GM's campaign and none at all are the same here."""
        return get_object_or_404(self.get_queryset(request), pk=campaign_id)

    def _links(self, campaign: Campaign) -> list[tuple[str, str]]:
        pages = (
            ("Characters", "characters_character_changelist"),
            ("Episodes", "campaigns_episode_changelist"),
            ("Events", "campaigns_event_changelist"),
            ("Tokens", "campaigns_campaigntoken_changelist"),
        )
        site = self.admin_site.name
        rows = [(label, f"{reverse(f'{site}:{name}')}?campaign={campaign.pk}") for label, name in pages]
        own = (("Members and invitations", "people"), ("Audit", "audit"))
        pages_of_it = [
            (label, reverse(f"{site}:campaigns_campaign_{name}", args=(campaign.pk,))) for label, name in own
        ]
        return [*rows, *pages_of_it]
