"""What the API says of people and takes from them."""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Preferences, User
from accounts.models.people import Theme
from contract.fields import StrictBooleanField, StrictCharField, StrictChoiceField, StrictIntegerField, StrictListField
from contract.serializers import StrictSerializer

MAX_HEIGHTS = 200  # text areas whose heights are remembered
HEIGHT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


class PersonSerializer(serializers.ModelSerializer):
    """Oneself. Nobody else is told the e-mail address."""

    avatar_url = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    has_password = serializers.BooleanField(source="has_usable_password", read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "display_name", "avatar_url", "email", "has_password", "role", "date_joined")
        read_only_fields = fields


class PersonPatchSerializer(StrictSerializer):
    display_name = StrictCharField(max_length=80, allow_blank=True, required=False)


class WidthsField(StrictListField):
    """Three column widths in per cent: 10 to 70 each, 100 together."""

    def __init__(self, **kwargs: Any) -> None:
        child = StrictIntegerField(min_value=10, max_value=70)
        super().__init__(child=child, min_length=3, max_length=3, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        widths: list[int] = super().to_internal_value(data)
        if sum(widths) != 100:
            raise serializers.ValidationError(f"The three widths make {sum(widths)} together. Make them 100.")
        return widths


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": ["integer", "null"], "minimum": 50, "maximum": 2000}}
)
class HeightsField(serializers.DictField):
    """Name of a text area to its height in pixels; null forgets it."""

    child = StrictIntegerField(min_value=50, max_value=2000, allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError("Send a JSON object in braces.")
        if len(data) > MAX_HEIGHTS:
            raise serializers.ValidationError(f"Send at most {MAX_HEIGHTS} heights.")
        faults = {key: ["This is not the name of a text area."] for key in data if not HEIGHT_NAME.fullmatch(key)}
        if faults:
            raise serializers.ValidationError(faults)
        return super().to_internal_value(dict(data))


class PreferencesSerializer(serializers.ModelSerializer):
    column_widths_above = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    column_widths_below = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    textarea_heights = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta:
        model = Preferences
        fields = ("theme", "column_widths_above", "column_widths_below", "textarea_heights", "locale", "hp_animation")
        read_only_fields = fields


class PreferencesPatchSerializer(StrictSerializer):
    theme = StrictChoiceField(choices=Theme.values, required=False)
    column_widths_above = WidthsField(required=False)
    column_widths_below = WidthsField(required=False)
    textarea_heights = HeightsField(required=False)
    locale = StrictCharField(max_length=12, required=False)
    hp_animation = StrictBooleanField(required=False)

    def validate_locale(self, value: str) -> str:
        if not LOCALE.fullmatch(value):
            raise serializers.ValidationError("Send a language tag such as en, en-GB or zh-Hant-TW.")
        return value
