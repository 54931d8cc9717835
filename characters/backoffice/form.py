"""The form of a character: the stats as fields, never as a document."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from accounts.models import User
from campaigns.backoffice.forms import ColourField, OperationForm, number_field
from characters.models import Character
from characters.stats import ABILITIES, HIGHEST_ABILITY, HIGHEST_AC, HIGHEST_HP

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
            widget: Any = self.fields["player"].widget
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
