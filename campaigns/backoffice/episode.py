"""Episodes: planned, started, ended."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.actors import Actor
from campaigns.backoffice.admins import CampaignRowAdmin
from campaigns.backoffice.deeds import Deed
from campaigns.backoffice.filters import CampaignFilter
from campaigns.backoffice.forms import OperationForm
from campaigns.models import Episode
from campaigns.operations import episodes


class EpisodeForm(OperationForm):
    paths: ClassVar[dict[str, str]] = {name: name for name in episodes.EDITABLE}
    multiline = frozenset({"summary"})

    vod_url = forms.URLField(
        label="Address of the video",
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
    )

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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("state", "started_at", "ended_at", *(("campaign",) if obj else ()))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if obj else fieldsets[:2]

    @admin.display(description="State")
    def state(self, episode: Episode) -> str:
        if episode.started_at is None:
            return "Played" if episode.runtime_minutes or episode.vod_url else "Planned"
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
