"""Serializers that refuse what they do not know instead of dropping it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from rest_framework import serializers

from contract import fields

MAX_PROSE = 20_000  # characters of a text without a limit of its own
UNKNOWN = "unknown field"
READ_ONLY = "this field cannot be set"


class _Strict(serializers.BaseSerializer):
    """Names every field that the client may not send, together with all other faults of the document."""

    default_error_messages = {"invalid": "Send a JSON object in braces."}

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused_names(data) if isinstance(data, Mapping) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**_by_field(error.detail), **refused}) from error
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refused_names(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        known: Mapping[str, serializers.Field] = self.fields  # type: ignore[attr-defined]
        return {
            name: [READ_ONLY if name in known else UNKNOWN]
            for name in data
            if name not in known or not _is_settable(known[name])
        }


def _is_settable(field: serializers.Field) -> bool:
    return not field.read_only and not isinstance(field, serializers.HiddenField)


def _by_field(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}


class StrictSerializer(_Strict, serializers.Serializer):
    pass


class StrictModelSerializer(_Strict, serializers.ModelSerializer):
    """A ModelSerializer whose generated fields are the strict ones."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: fields.StrictCharField,
        models.TextField: fields.StrictCharField,
        models.BooleanField: fields.StrictBooleanField,
        models.IntegerField: fields.StrictIntegerField,
        models.PositiveIntegerField: fields.StrictIntegerField,
        models.PositiveSmallIntegerField: fields.StrictIntegerField,
        models.SmallIntegerField: fields.StrictIntegerField,
        models.UUIDField: fields.StrictUUIDField,
        models.DateField: fields.StrictDateField,
        models.DateTimeField: fields.StrictDateTimeField,
    }
    serializer_choice_field = fields.StrictChoiceField

    def build_standard_field(self, field_name: str, model_field: models.Field) -> tuple[Any, dict[str, Any]]:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        if isinstance(model_field, models.TextField):
            kwargs = {"multiline": True, "max_length": MAX_PROSE} | kwargs
        if field_class is fields.StrictIntegerField:
            # SQLite alone would let a small integer be a large one.
            kwargs["max_value"] = min(kwargs.get("max_value", fields.INT32_MAX), fields.INT32_MAX)
            kwargs["min_value"] = max(kwargs.get("min_value", fields.INT32_MIN), fields.INT32_MIN)
        return field_class, kwargs
