"""The back office of characters and the roster."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html

from accounts.actors import Actor
from accounts.models import User
from campaigns.admin import EventAdmin
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed, words
from campaigns.backoffice.filters import CampaignFilter, shown_campaign, uuid_or_none
from campaigns.backoffice.forms import ColourField, OperationForm, number_field
from campaigns.backoffice.scope import scope_of
from campaigns.models import Campaign
from characters import queries
from characters.models import Character, RosterEntry, Status, Tier
from characters.operations import lifecycle, roster, vitals
from characters.stats import ABILITIES, HIGHEST_ABILITY, HIGHEST_AC, HIGHEST_HP
from contract.refusals import Conflict, Refusal

ABILITY_NAMES = ("Strength", "Dexterity", "Constitution", "Intelligence", "Wisdom", "Charisma")
NUMBERS = {
    "hp_current": "stats.hp.current",
    "hp_max": "stats.hp.max",
    "hp_temp": "stats.hp.temp",
    "ac": "stats.ac",
    **{name: f"stats.abilities.{name}" for name in ABILITIES},
}
PLAIN = (
    "name",
    "player_name",
    "race",
    "level",
    "status",
    "hp_display",
    "accent",
    "focal_x",
    "focal_y",
    "summary",
    "appearance",
    "gm_notes",
    "is_secret",
)


class MemberSelect(AutocompleteSelect):
    """Offers the members of one campaign, of all own ones where the campaign is still to be chosen."""

    campaign_id: UUID | None = None

    def get_url(self) -> str:
        url = super().get_url()
        return f"{url}?campaign={self.campaign_id}" if self.campaign_id else url


class ConditionsField(forms.CharField):
    """Conditions in one line, with commas between."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        return [name.strip() for name in str(value or "").split(",") if name.strip()]

    def validate(self, value: Any) -> None:
        """By the operation."""

    def run_validators(self, value: Any) -> None:
        if any("\x00" in name for name in value):
            raise ValidationError("Null characters are not allowed.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class CharacterForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {
        **{name: name for name in PLAIN},
        **NUMBERS,
        "class_name": "class",
        "player": "player",
        "conditions": "stats.conditions",
        "inspiration": "stats.inspiration",
    }
    multiline = frozenset({"summary", "appearance", "gm_notes"})

    hp_current = number_field("Hit points", 0, HIGHEST_HP)
    hp_max = number_field("of", 0, HIGHEST_HP)
    hp_temp = number_field("Temporary", 0, HIGHEST_HP)
    ac = number_field("Armour class", 0, HIGHEST_AC)
    conditions = ConditionsField(
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="With commas between: prone, poisoned.",
    )
    inspiration = forms.BooleanField(label="Inspired", required=False)
    accent = ColourField(label="Own colour", help_text="Empty: as the campaign's theme has it.")

    class Meta:
        model = Character
        fields: ClassVar = ["campaign", "class_name", "player", *PLAIN]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stats = self.instance.stats
        for name, dotted in NUMBERS.items():
            self.initial.setdefault(name, self._stored(stats, dotted))
        if self.instance._state.adding:
            self.initial["hp_current"] = None
            if "hp_current" in self.fields:
                self.fields["hp_current"].help_text = "Empty: unhurt."
        self.initial.setdefault("conditions", stats["conditions"])
        self.initial.setdefault("inspiration", stats["inspiration"])
        self._offer_members()

    def _offer_members(self) -> None:
        if "player" in self.fields and not self.instance._state.adding:
            people = User.objects.filter(memberships__campaign=self.instance.campaign_id)
            self.fields["player"].queryset = people  # type: ignore[attr-defined]
            widget = self.fields["player"].widget
            getattr(widget, "widget", widget).campaign_id = self.instance.campaign_id

    @staticmethod
    def _stored(stats: dict[str, Any], dotted: str) -> Any:
        value: Any = stats
        for key in dotted.split(".")[1:]:
            value = value[key]
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        campaign = cleaned.get("campaign") or (None if self.instance._state.adding else self.instance.campaign)
        player = cleaned.get("player")
        if campaign and player and not campaign.members.filter(user=player).exists():
            self.add_error("player", "This person is no member of the campaign. Add them there first.")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """By the names of the operation, which calls the class `class_name`."""
        found = super().changes()
        return {("class_name" if name == "class" else name): value for name, value in found.items()}


for _name, _label in zip(ABILITIES, ABILITY_NAMES, strict=True):
    CharacterForm.base_fields[_name] = CharacterForm.declared_fields[_name] = number_field(_label, 0, HIGHEST_ABILITY)


class CharacterFilter(admin.SimpleListFilter):
    """Entries about one character of the campaign whose ledger the list shows."""

    title = "character"
    parameter_name = "character"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Character.objects.filter(campaign_id=shown_campaign(request)).order_by("name", "id")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:100]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        character_id = uuid_or_none(self.value())
        return queryset.filter(subject_id=character_id) if character_id else queryset.none()


EventAdmin.further_filters.append(CharacterFilter)


def _on_stage(character: Character) -> bool:
    return getattr(character, "roster_entry", None) is not None


def _hurt(character: Character) -> bool:
    points = character.stats["hp"]
    return bool(points["current"] < points["max"])


def _heal_fully(actor: Actor, character: Character) -> None:
    """Healing stops at the maximum, so the largest step heals whatever is missing by then."""
    if not _hurt(character):
        raise Conflict("Nothing to heal.")
    vitals.change_hp(character.campaign_id, character.pk, actor=actor, delta=vitals.HIGHEST_STEP, kind="healing")


def _place(actor: Actor, character: Character) -> None:
    if character.status in (Status.RETIRED, Status.DEAD):
        raise Conflict(f"{character.get_status_display()} characters stay off the stage. Change the status first.")
    roster.place(character.campaign_id, character.pk, actor=actor)


@admin.register(Character)
class CharacterAdmin(CampaignRowAdmin):
    form = CharacterForm
    list_display = ("name", "role", "player_shown", "hit_points", "hp_display", "status", "stage", "campaign")
    list_filter = (CampaignFilter, "status", "hp_display", "is_secret")
    search_fields = ("name", "player_name", "class_name", "race")
    ordering = ("name", "id")
    autocomplete_fields = ("campaign",)
    fieldsets = (
        ("Who", {"fields": ("campaign", "name", ("race", "class_name", "level"), "player", "player_name", "status")}),
        (
            "Vitals",
            {
                "fields": (
                    ("hp_current", "hp_max", "hp_temp"),
                    "ac",
                    ABILITIES,
                    "conditions",
                    "inspiration",
                    "tracks",
                )
            },
        ),
        ("What viewers see", {"fields": ("hp_display", "accent", ("focal_x", "focal_y"), "summary", "appearance")}),
        ("For the GM only", {"fields": ("is_secret", "gm_notes")}),
    )
    deeds = (
        Deed("on-stage", "Put on stage", _place, done="On stage", possible=lambda row: not _on_stage(row)),
        Deed(
            "off-stage",
            "Take off the stage",
            lambda actor, row: roster.place(row.campaign_id, row.pk, actor=actor, on=False),
            done="Off the stage",
            possible=_on_stage,
        ),
        Deed("heal", "Heal fully", _heal_fully, done="Healed", possible=_hurt),
        Deed(
            "retire",
            "Retire",
            lambda actor, row: lifecycle.retire(row, actor=actor),
            done="Retired",
            possible=lambda row: row.status != Status.RETIRED,
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return ("tracks", *(("campaign",) if obj else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.stats["tracks"]:
            return fieldsets
        who, (name, options), *rest = fieldsets
        return [who, (name, {**options, "fields": [part for part in options["fields"] if part != "tracks"]}), *rest]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("campaign", "player", "roster_entry")

    def choices_for(self, field_name: str, request: HttpRequest) -> QuerySet | None:
        if field_name != "player":
            return super().choices_for(field_name, request)
        scope = scope_of(request)
        asked = uuid_or_none(request.GET.get("campaign"))
        shown = scope.campaigns.filter(pk=asked) if asked else scope.campaigns
        members = Campaign.members.rel.related_model.objects.filter(campaign__in=shown)
        return User.objects.filter(pk__in=members.values("user_id"), is_active=True).order_by("username")

    def search_choices(self, field_name: str, rows: QuerySet, term: str) -> QuerySet:
        if field_name != "player" or not term:
            return super().search_choices(field_name, rows, term)
        return rows.filter(Q(username__icontains=term) | Q(display_name__icontains=term))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "player":
            kwargs["widget"] = MemberSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def create_row(self, actor: Actor, form: Any) -> Character:
        return lifecycle.create(form.cleaned_data["campaign"], actor=actor, **form.changes())

    def change_row(self, actor: Actor, row: Character, form: Any) -> None:
        """Who is retired by the form leaves the stage as well, as by the button."""
        changes = form.changes()
        retires = changes.get("status") == Status.RETIRED
        if retires:
            del changes["status"]
        if changes:
            lifecycle.update(row, changes, actor=actor, seen=form.seen)
        if retires:
            lifecycle.retire(row, actor=actor)

    def delete_row(self, actor: Actor, row: Character) -> None:
        lifecycle.delete(row, actor=actor)

    def lost_with(self, row: Character) -> list[str]:
        return [f"{row}. Undo in the list of events brings the character back."]

    @admin.display(description="Class and level", ordering="class_name")
    def role(self, character: Character) -> str:
        return " ".join(part for part in (character.race, character.class_name, str(character.level or "")) if part)

    @admin.display(description="Player", ordering="player_name")
    def player_shown(self, character: Character) -> str:
        return character.player_name or (str(character.player) if character.player else "")

    @admin.display(description="Hit points")
    def hit_points(self, character: Character) -> str:
        points = character.stats["hp"]
        if not points["max"]:
            return "none"
        temporary = f" +{points['temp']}" if points["temp"] else ""
        return format_html(
            '<span class="figures">{} / {}{}</span><progress class="hp" max="{}" value="{}" aria-hidden="true"></progress>',
            points["current"],
            points["max"],
            temporary,
            points["max"],
            points["current"],
        )

    @admin.display(description="Stage")
    def stage(self, character: Character) -> str:
        return "On stage" if _on_stage(character) else ""

    @admin.display(description="Tracks")
    def tracks(self, character: Character) -> str:
        lines = [
            f"{name.replace('_', ' ').capitalize()}: "
            + ", ".join(f"{key} {number}" for key, number in track.items() if key != "max")
            + f" of {track['max']}"
            for name, track in character.stats["tracks"].items()
        ]
        return "; ".join(lines)


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
            order = ", ".join(each.name for each in on_stage(self.characters)) or "nobody"
            raise ValidationError(f"Somebody changed the stage meanwhile, to: {order}. Save again to keep yours.")
        return seen

    def entries(self) -> list[tuple[UUID, str]]:
        """(character id, tier) of those on stage, by their place."""
        data = self.cleaned_data
        chosen = [each for each in self.characters if data.get(f"on-{each.pk}")]
        chosen.sort(key=lambda each: data.get(f"place-{each.pk}") or 1000)
        return [(each.pk, data[f"tier-{each.pk}"]) for each in chosen]


def on_stage(rows: Sequence[Character]) -> list[Character]:
    return [row for row in rows if _on_stage(row)]


def fingerprint(rows: Sequence[Character]) -> str:
    """The roster as the form shows it, to notice that it changed since."""
    return " ".join(f"{row.pk}:{row.roster_entry.tier}" for row in on_stage(rows)) or "empty"


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
        request.current_app = self.admin_site.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/characters/rosterentry/stage.html", context)


def candidates(campaign: Campaign) -> list[Character]:
    """Who is on stage, in order, then who could be, by name."""
    available = queries.choices_for_roster(campaign).values("pk")
    rows = Character.objects.filter(Q(pk__in=available) | Q(roster_entry__campaign=campaign), campaign=campaign)
    found = list(rows.select_related("roster_entry").order_by("name", "id"))
    return sorted(found, key=lambda row: row.roster_entry.position if _on_stage(row) else 10_000)
