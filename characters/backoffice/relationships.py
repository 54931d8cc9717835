"""What a character is to others, as rows of its page."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.actors import Actor
from campaigns.backoffice.admins import RefusedRow, told
from campaigns.backoffice.forms import OperationForm, number_field
from campaigns.backoffice.inlines import OwnInline
from characters.models import Character, Relationship
from characters.operations import relationships
from contract.refusals import Refusal


class OthersSelect(AutocompleteSelect):
    """Offers the characters of one campaign."""

    campaign_id: Any = None

    def get_url(self) -> str:
        return f"{super().get_url()}?campaign={self.campaign_id}"


class RelationshipForm(OperationForm):
    """Whom it is about is chosen once: what is meant for somebody else is a row of its own."""

    paths: ClassVar[dict[str, str]] = {"target": "to_id", **{name: name for name in relationships.EDITABLE}}
    multiline = frozenset({"note"})

    since_episode = number_field("Since episode", 1, 9999)

    class Meta:
        model = Relationship
        fields: ClassVar = ["target", "words", "note", "is_secret"]
        labels: ClassVar = {"target": "To", "words": "Is what"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widgets: dict[str, dict[str, Any]] = {
            "words": {"placeholder": "Sworn to protect"},
            "note": {"rows": 2, "cols": 30},
            "since_episode": {},
        }
        for name, attrs in widgets.items():
            field = self.fields[name]
            field.widget.attrs |= {"aria-label": str(field.label), **attrs}
        self.fields["is_secret"].widget.attrs["aria-label"] = "GM only"
        if not self.instance._state.adding:
            shown = forms.CharField(label="To", disabled=True, required=False, widget=forms.TextInput())
            shown.widget.attrs["aria-label"] = "To"
            self.fields["target"] = shown
            self.initial["target"] = str(self.instance.target)
            self.initial["since_episode"] = self.instance.since.number if self.instance.since else None

    def clean_target(self) -> Character:
        adding = self.instance._state.adding
        found: Character = self.cleaned_data["target"] if adding else self.instance.target
        return found

    def _get_validation_exclusions(self) -> set[str]:
        # That there is one already is said by the operation, with what to do.
        return {*super()._get_validation_exclusions(), "source", "target"}  # type: ignore[misc]


class RelationshipFormSet(forms.BaseInlineFormSet):
    refusal: Refusal | None = None
    refused_prefix: str | None = None

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = f"Remove {form.initial.get('target', 'this row')}"
        widget = getattr(form.fields["target"].widget, "widget", form.fields["target"].widget)
        if isinstance(widget, OthersSelect):
            widget.campaign_id = self.instance.campaign_id
            widget.attrs["aria-label"] = "To"
            form.fields["target"].queryset = Character.objects.filter(campaign=self.instance.campaign_id).exclude(
                pk=self.instance.pk
            )


class RelationshipInline(OwnInline):
    model = Relationship
    fk_name = "source"
    form = RelationshipForm
    formset = RelationshipFormSet
    fields = ("target", "words", "since_episode", "note", "is_secret")
    extra = 0
    verbose_name = "relationship"
    verbose_name_plural = "What this character is to others"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("target", "since", "source")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        told(formset.form, request)
        return told(formset, request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = OthersSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "target" and field is not None:
            widget: Any = field.widget
            widget.can_add_related = widget.can_change_related = False
            widget.can_delete_related = widget.can_view_related = False
        return field

    def campaign_of(self, obj: Any) -> UUID:
        found: UUID = obj.campaign_id
        return found


def write(actor: Actor, character: Character, formset: Any) -> None:
    """Each row's refusal is shown at that row."""
    formset.save(commit=False)  # sets new_objects and the like, which the history reads
    for row in formset.forms:
        try:
            _write(actor, character, row, is_deleted=row in formset.deleted_forms)
        except Refusal as refusal:
            raise RefusedRow(refusal, row.prefix) from refusal


def _write(actor: Actor, character: Character, row: Any, *, is_deleted: bool) -> None:
    adding = row.instance._state.adding
    if is_deleted and not adding:
        relationships.remove(character.campaign_id, row.instance.pk, actor=actor)
    elif adding and row.has_changed() and not is_deleted:
        fields = row.changes()
        target = fields.pop("to_id")
        relationships.add(character.campaign_id, character.pk, target.pk, actor=actor, **fields)
    elif row.has_changed() and not is_deleted:
        relationships.change(character.campaign_id, row.instance.pk, row.changes(), actor=actor)
