"""Characters: who they are, how they fare, what viewers read of them."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from accounts.actors import Actor
from accounts.models import User
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.event import EventAdmin
from campaigns.backoffice.filters import CampaignFilter, shown_campaign, uuid_or_none
from campaigns.backoffice.scope import scope_of
from campaigns.models import Member
from characters.backoffice import relationships
from characters.backoffice.form import CharacterForm, MemberSelect
from characters.backoffice.standing import on_stage
from characters.models import Character, Status
from characters.operations import lifecycle, roster, vitals
from characters.projection import document
from characters.stats import ABILITIES
from contract.refusals import Conflict


class CharacterFilter(admin.SimpleListFilter):
    """Entries about one character of the campaign whose ledger the list shows."""

    title = "character"
    parameter_name = "character"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Character.objects.filter(campaign=shown_campaign(request)).order_by("name", "id")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:100]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        character_id = uuid_or_none(self.value())
        return queryset.filter(subject_id=character_id) if character_id else queryset.none()


EventAdmin.further_filters.append(CharacterFilter)


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
    list_display = ("name", "role", "player_shown", "hit_points", "hp_shown", "status", "stage", "campaign")
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
        (
            "What viewers see",
            {"fields": ("pictures_link", "hp_display", "accent", ("focal_x", "focal_y"), "summary", "appearance")},
        ),
        ("For the GM only", {"fields": ("is_secret", "gm_notes")}),
    )
    deeds = (
        Deed("on-stage", "Put on stage", _place, done="On stage", possible=lambda row: not on_stage(row)),
        Deed(
            "off-stage",
            "Take off the stage",
            lambda actor, row: roster.place(row.campaign_id, row.pk, actor=actor, on=False),
            done="Off the stage",
            possible=on_stage,
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

    inlines = (relationships.RelationshipInline,)
    actions = ("export_as_file",)

    @admin.action(description="Export as a file")
    def export_as_file(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        """Everything there is to know of the chosen ones, GM notes too, as JSON."""
        chosen = [document(character) for character in queryset.order_by("name", "id")]
        text = json.dumps(
            {"format": "troupe-characters", "version": 1, "characters": chosen}, indent=2, ensure_ascii=False
        )
        answer = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="characters.json"'
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("tracks", "pictures_link", *(("campaign",) if obj else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and obj.stats["tracks"]:
            return fieldsets
        who, (name, options), *rest = fieldsets
        return [who, (name, {**options, "fields": [part for part in options["fields"] if part != "tracks"]}), *rest]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("campaign", "player", "roster_entry")

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def choices_for(self, field_name: str, request: HttpRequest) -> QuerySet | None:
        if field_name not in ("player", "target"):
            return super().choices_for(field_name, request)
        scope = scope_of(request)
        asked = uuid_or_none(request.GET.get("campaign"))
        shown = scope.campaigns.filter(pk=asked) if asked else scope.campaigns
        if field_name == "target":
            return Character.objects.filter(campaign__in=shown).order_by("name", "id")
        members = Member.objects.filter(campaign__in=shown)
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

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        relationships.write(scope_of(request).actor, form.instance, formset)

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
            '<span class="figures">{} / {}{}</span>'
            '<progress class="hp" max="{}" value="{}" aria-hidden="true"></progress>',
            points["current"],
            points["max"],
            temporary,
            points["max"],
            points["current"],
        )

    @admin.display(description="Stage")
    def stage(self, character: Character) -> str:
        return "On stage" if on_stage(character) else ""

    @admin.display(description="HP shown", ordering="hp_display")
    def hp_shown(self, character: Character) -> str:
        return character.get_hp_display_display().partition(":")[0]

    @admin.display(description="Pictures")
    def pictures_link(self, character: Character) -> str:
        if character._state.adding:
            return "Once the character is saved."
        address = reverse("characters:pictures", args=(character.campaign.slug, character.pk))
        return format_html('<a href="{}">Portrait and background</a>', address)

    @admin.display(description="Tracks")
    def tracks(self, character: Character) -> str:
        lines = [
            f"{name.replace('_', ' ').capitalize()}: "
            + ", ".join(f"{key} {number}" for key, number in track.items() if key != "max")
            + f" of {track['max']}"
            for name, track in character.stats["tracks"].items()
        ]
        return "; ".join(lines)
