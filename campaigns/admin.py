"""The back office of campaigns: campaigns with their members, episodes, the ledger, tokens."""

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from accounts.actors import Actor
from accounts.models import User
from campaigns import events, ledger, sentences, theme
from campaigns.backoffice.admins import CampaignRowAdmin, RefusedRow, told
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter, OneCampaignFilter, shown_campaign, uuid_or_none
from campaigns.backoffice.forms import ColourField, OperationForm
from campaigns.backoffice.paging import BoundedPaginator
from campaigns.backoffice.scope import scope_of
from campaigns.documents import DEFAULT_SETTINGS, settings_of
from campaigns.models import Campaign, CampaignToken, Episode, Event, Member, TokenKind
from campaigns.operations import campaigns, episodes, members, tokens, undo
from contract.refusals import Invalid, Refusal

COLOURS = {
    "accent": "Accent: frames and highlights",
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
    theme_preset = forms.ChoiceField(
        label="Theme",
        required=False,
        choices=[
            ("", "As Troupe comes"),
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


class MemberForm(OperationForm):
    """`person` is asked for by user name: nobody can leaf through the people of the whole site."""

    paths: ClassVar[dict[str, str]] = {"person": "user", "role": "role"}

    person = forms.CharField(
        label="User name",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    class Meta:
        model = Member
        fields: ClassVar = ["role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.fields["person"].disabled = True
            self.initial["person"] = self.instance.user.get_username()

    def clean_person(self) -> User:
        if not self.instance._state.adding:
            return self.instance.user
        name = self.cleaned_data["person"].strip()
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise ValidationError("Nobody here has this user name. Ask the person how it is written.")
        self.instance.user = user  # the history names it
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        user = cleaned.get("person")
        if self.instance._state.adding and user and Member.objects.filter(campaign=self.campaign, user=user).exists():
            self.add_error("person", "This person is a member already.")
        return cleaned

    @property
    def campaign(self) -> Campaign:
        return self.instance.campaign


class MemberFormSet(forms.BaseInlineFormSet):
    refusal: Refusal | None = None
    refused_prefix: str | None = None

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:  # the errors of a form that is to go are not shown
            if self.refusal is not None and form.prefix == self.refused_prefix:
                raise ValidationError([message for _field, message in self.refusal.details] or [self.refusal.message])


class MemberInline(admin.TabularInline):
    model = Member
    form = MemberForm
    formset = MemberFormSet
    fields = ("person", "role")
    extra = 0
    verbose_name = "member"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user", "campaign").order_by("role", "created_at")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        told(formset.form, request)
        return told(formset, request)

    def _may(self, request: HttpRequest, obj: Any) -> bool:
        scope = scope_of(request)
        return scope.runs_any if obj is None else scope.runs(obj.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


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
        ("At the table", {"fields": ("players_change_live", "low_power")}),
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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = admin.ModelAdmin.get_queryset(self, request)
        scope = scope_of(request)
        return rows if scope.sees_all else rows.filter(pk__in=scope.campaigns.values("pk"))

    def _may(self, request: HttpRequest, row: Any) -> bool:
        return scope_of(request).may_begin if row is None else super()._may(request, row)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return scope_of(request).may_begin

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
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
        owner = form.cleaned_data.get("owner") or actor.user
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
            "characters": row.characters.count(),  # type: ignore[attr-defined]
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
        return super().render_change_form(request, context, *args, **kwargs)

    def _links(self, campaign: Campaign) -> list[tuple[str, str]]:
        pages = (
            ("Characters", "characters_character_changelist"),
            ("Episodes", "campaigns_episode_changelist"),
            ("Events", "campaigns_event_changelist"),
            ("Tokens", "campaigns_campaigntoken_changelist"),
        )
        site = self.admin_site.name
        return [(label, f"{reverse(f'{site}:{name}')}?campaign={campaign.pk}") for label, name in pages]


def addresses(request: HttpRequest, slug: str) -> list[dict[str, str]]:
    """What a streamer copies out of the back office."""
    base = (settings.TROUPE_BASE_URL or f"{request.scheme}://{request.get_host()}").rstrip("/")
    return [
        {"name": "Public page", "url": f"{base}/campaigns/{slug}", "help": "For viewers."},
        {
            "name": "Overlay",
            "url": f"{base}/overlay/{slug}?tier=large",
            "help": "For a browser source in OBS. A private campaign needs an overlay token at its end: #key=…",
        },
        {
            "name": "Control desk",
            "url": f"{base}/campaigns/{slug}/control",
            "help": "For you, on a phone or as a dock.",
        },
    ]


class EpisodeForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {name: name for name in episodes.EDITABLE}
    multiline = frozenset({"summary"})

    vod_url = forms.URLField(label="Address of the video", required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Episode
        fields: ClassVar = ["campaign", *episodes.EDITABLE]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "number" in self.fields and self.instance._state.adding:
            self.fields["number"].required = False
            self.fields["number"].help_text = "Leave it empty for the next one."

    def _get_validation_exclusions(self) -> set[str]:
        # An empty number of a new episode is chosen by the operation.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | ({"number"} if self.cleaned_data.get("number") is None else set())


@admin.register(Episode)
class EpisodeAdmin(CampaignRowAdmin):
    form = EpisodeForm
    list_display = ("title", "number", "season", "campaign", "date", "state", "published")
    list_display_links = ("title",)
    list_filter = (CampaignFilter, "published", "season")
    list_select_related = ("campaign",)
    search_fields = ("title", "summary")
    ordering = ("-number", "id")
    autocomplete_fields = ("campaign",)
    fieldsets = (
        (None, {"fields": ("campaign", "title", ("season", "number"), "date", "summary", "published")}),
        ("Recording", {"fields": ("vod_url", "vod_offset", "runtime_minutes")}),
        ("On air", {"fields": ("state", "started_at", "ended_at")}),
    )
    deeds = (
        Deed(
            "start",
            "Start the episode",
            lambda actor, row: episodes.start(row, actor=actor),
            done="On air",
            possible=lambda row: row.started_at is None,
            primary=True,
        ),
        Deed(
            "end",
            "End the episode",
            lambda actor, row: episodes.end(row, actor=actor),
            done="Ended",
            possible=lambda row: row.started_at is not None and row.ended_at is None,
            primary=True,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("state", "started_at", "ended_at", *(("campaign",) if obj else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:2]

    @admin.display(description="State")
    def state(self, episode: Episode) -> str:
        if episode.started_at is None:
            return "Planned"
        return "On air" if episode.ended_at is None else "Played"

    def create_row(self, actor: Actor, form: Any) -> Episode:
        return episodes.create(form.cleaned_data["campaign"], actor=actor, **form.changes())

    def change_row(self, actor: Actor, row: Episode, form: Any) -> None:
        if changes := form.changes():
            episodes.update(row, changes, actor=actor)

    def delete_row(self, actor: Actor, row: Episode) -> None:
        episodes.delete(row, actor=actor)

    def lost_with(self, row: Episode) -> list[str]:
        return [f"{row}. Its events stay in the ledger."]


class TypeFilter(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(type_, sentences.label(type_)) for type_ in events.TYPES]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(type=self.value()) if self.value() else queryset


class EpisodeFilter(admin.SimpleListFilter):
    """Episodes of the campaign that the list shows."""

    title = "episode"
    parameter_name = "episode"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Episode.objects.filter(campaign_id=shown_campaign(request)).order_by("-number")
        return [(str(row.pk), str(row)) for row in rows[:50]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        episode_id = uuid_or_none(self.value())
        return queryset.filter(episode_id=episode_id) if episode_id else queryset.none()


def _may_be_undone(event: Event) -> bool:
    taken_back = getattr(event, "undone_by", None) is not None
    return not taken_back and event.seq > event.campaign.seq - ledger.UNDO_REACH


@admin.register(Event)
class EventAdmin(CampaignRowAdmin):
    """The ledger, to be read. The apps above add their filters to `further_filters`."""

    allow_add = allow_change = allow_delete = False
    further_filters: ClassVar[list[Any]] = []
    list_display = ("seq", "what", "type_label", "actor_name", "moment", "undo_button")
    list_display_links = ("what",)
    list_filter = (OneCampaignFilter, TypeFilter, EpisodeFilter)
    date_hierarchy = "occurred_at"
    ordering = ("-seq",)
    sortable_by = ()
    paginator = BoundedPaginator
    fields = ("seq", "what", "type_label", "occurred_at", "campaign", "episode", "actor_name", "credential", "details")
    readonly_fields = ("what", "type_label", "details")
    deeds = (
        Deed(
            "undo",
            "Undo",
            lambda actor, row: undo.undo(row.campaign_id, row.pk, actor=actor),
            done="Taken back",
            possible=_may_be_undone,
            in_lists=False,
        ),
    )

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        return [*super().get_list_filter(request), *self.further_filters]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("campaign", "episode", "undone_by")

    def after_deed(self, request: HttpRequest, row: Event) -> str:
        return f"{self.address(request, 'changelist')}?campaign={row.campaign_id}"

    @admin.display(description="What happened")
    def what(self, event: Event) -> str:
        return sentences.sentence(event.type, event.data)

    @admin.display(description="Type")
    def type_label(self, event: Event) -> str:
        return sentences.label(event.type)

    @admin.display(description="When")
    def moment(self, event: Event) -> str:
        return date_format(timezone.localtime(event.occurred_at), "j M Y, H:i:s")

    @admin.display(description="Details")
    def details(self, event: Event) -> str:
        text = json.dumps(event.data, indent=2, ensure_ascii=False)
        return format_html('<pre class="document">{}</pre>', text)

    @admin.display(description="Undo")
    def undo_button(self, event: Event) -> str:
        """A button of the list's own form, which carries the CSRF token."""
        if getattr(event, "undone_by", None) is not None:
            return "taken back"
        if not _may_be_undone(event):
            return ""
        url = reverse(f"{self.admin_site.name}:campaigns_event_deed", args=(event.pk, "undo"))
        return format_html(
            '<button type="submit" class="row-button" formaction="{}">Undo<span class="visually-hidden"> no. {}</span></button>',
            url,
            event.seq,
        )


class TokenForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {"kind": "kind", "name": "name", "expires_at": "expires_at"}

    class Meta:
        model = CampaignToken
        fields: ClassVar = ["campaign", "kind", "name", "expires_at"]


@admin.register(CampaignToken)
class CampaignTokenAdmin(CampaignRowAdmin):
    """Keys are issued and revoked. Their text is shown in the answer to the form and never again."""

    form = TokenForm
    allow_change = allow_delete = False
    list_display = ("name", "campaign", "kind", "hint", "state", "last_used_at", "created_by")
    list_filter = (CampaignFilter, "kind")
    list_select_related = ("campaign", "created_by")
    search_fields = ("name",)
    ordering = ("-created_at",)
    autocomplete_fields = ("campaign",)
    radio_fields: ClassVar = {"kind": admin.VERTICAL}
    fieldsets = ((None, {"fields": ("campaign", "kind", "name", "expires_at")}),)
    deeds = (
        Deed(
            "revoke",
            "Revoke",
            lambda actor, row: tokens.revoke(row.campaign, row.pk, actor=actor),
            done="Revoked",
            possible=lambda row: row.revoked_at is None,
            dangerous=True,
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        fields = ("name", "campaign", "kind", "hint", "state", "issued_by", "created_at", "last_used_at", "expires_at")
        return [(None, {"fields": fields})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("hint", "state", "issued_by", "created_at", "last_used_at") if obj else ()

    @admin.display(description="Issued by")
    def issued_by(self, token: CampaignToken) -> str:
        return str(token.created_by or "")

    @admin.display(description="State")
    def state(self, token: CampaignToken) -> str:
        return "Revoked" if token.revoked_at else "Valid"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.cleaned_data["kind"] not in TokenKind.values:
            raise Invalid([("kind", f"One of: {', '.join(TokenKind.values)}.")])
        data = form.cleaned_data
        token, text = tokens.issue(
            data["campaign"], data["kind"], data["name"], actor=scope_of(request).actor, expires_at=data["expires_at"]
        )
        obj.pk, obj._state.adding, obj.hint = token.pk, False, token.hint
        request._token_text = text  # type: ignore[attr-defined]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The text goes straight into the answer: kept nowhere, not in the session either."""
        text: str = request._token_text  # type: ignore[attr-defined]
        overlay = addresses(request, obj.campaign.slug)[1]["url"] if obj.kind == TokenKind.OVERLAY else ""
        context = {
            **self.admin_site.each_context(request),
            "title": "Your new token",
            "subtitle": None,
            "opts": self.opts,
            "token": obj,
            "text": text,
            "overlay_address": f"{overlay}#key={text}" if overlay else "",
            "list_url": f"{self.address(request, 'changelist')}?campaign={obj.campaign_id}",
        }
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/campaigns/campaigntoken/issued.html", context)
