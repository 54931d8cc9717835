"""Serializer fields that take real values only: 5 is a number, "5", 5.0 and true are not."""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from contract import json, text
from contract.refusals import Invalid

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
DEFAULT_MAX_LENGTH = 200
DEFAULT_MAX_ITEMS = 100

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _range_messages(minimum: object, maximum: object) -> dict[str, str]:
    sentence = f"Send a number from {minimum} to {maximum}."
    return {"min_value": sentence, "max_value": sentence}


class StrictIntegerField(serializers.IntegerField):
    """A whole number; within 32 bits unless told otherwise."""

    default_error_messages = {"invalid": "Send a whole number without quotes or fraction."}

    def __init__(self, *, min_value: int = INT32_MIN, max_value: int = INT32_MAX, **kwargs: Any) -> None:
        messages = _range_messages(min_value, max_value) | kwargs.pop("error_messages", {})
        super().__init__(min_value=min_value, max_value=max_value, error_messages=messages, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class StrictNumberField(serializers.FloatField):
    """A finite number, whole or not, as a float (coordinates, scales)."""

    default_error_messages = {"invalid": "Send a finite number without quotes."}

    def __init__(self, *, min_value: float, max_value: float, **kwargs: Any) -> None:
        messages = _range_messages(min_value, max_value) | kwargs.pop("error_messages", {})
        super().__init__(min_value=min_value, max_value=max_value, error_messages=messages, **kwargs)

    def to_internal_value(self, data: Any) -> float:
        if type(data) not in (int, float) or abs(data) > 2**63 or not math.isfinite(data):
            self.fail("invalid")
        return float(data)


class StrictBooleanField(serializers.BooleanField):
    default_error_messages = {"invalid": "Send true or false without quotes."}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid")
        return data


class StrictCharField(serializers.CharField):
    """Text by the rules of contract.text, line breaks only with `multiline`; 200 characters by default."""

    default_error_messages = {"invalid": "Send text in quotes.", "blank": "Send some text that can be seen."}

    def __init__(self, *, multiline: bool = False, max_length: int = DEFAULT_MAX_LENGTH, **kwargs: Any) -> None:
        self.multiline = multiline
        super().__init__(max_length=max_length, trim_whitespace=not multiline, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(self._cleaned(data) if isinstance(data, str) else data)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            self.fail("invalid")
        return data

    def _cleaned(self, data: str) -> str:
        try:
            return text.clean(data, max_length=self.max_length, multiline=self.multiline)
        except text.TextRefused as error:
            raise serializers.ValidationError(str(error)) from error


class StrictChoiceField(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "Send one of: {allowed}."}

    def to_internal_value(self, data: Any) -> Any:
        for choice in self.choices:
            if type(choice) is type(data) and choice == data:
                return choice
        self.fail("invalid_choice", allowed=", ".join(str(choice) for choice in self.choices))


class StrictUUIDField(serializers.UUIDField):
    default_error_messages = {"invalid": "Send a UUID such as 0b0e0c5a-2f0e-4a3c-9d6e-0d8a4c1b2f3e."}

    def to_internal_value(self, data: Any) -> uuid.UUID:
        if type(data) is not str or not _UUID.fullmatch(data):
            self.fail("invalid")
        return uuid.UUID(data)


class StrictListField(serializers.ListField):
    """A list; at most 100 items by default."""

    default_error_messages = {"not_a_list": "Send a list in square brackets."}

    def __init__(self, *, max_length: int = DEFAULT_MAX_ITEMS, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        if type(data) is not list:
            self.fail("not_a_list", input_type=type(data).__name__)
        return super().to_internal_value(data)


class StrictDateField(serializers.DateField):
    default_error_messages = {"invalid": "Send a date such as 2026-03-14."}

    def to_internal_value(self, data: Any) -> dt.date:
        if type(data) is str and _DATE.fullmatch(data):
            try:
                return dt.date.fromisoformat(data)
            except ValueError:
                pass
        self.fail("invalid")


class StrictDateTimeField(serializers.DateTimeField):
    """A moment with its offset from UTC; the value is in UTC."""

    default_error_messages = {"invalid": "Send a time with its offset, such as 2026-03-14T19:30:00Z."}

    def to_internal_value(self, data: Any) -> dt.datetime:
        if type(data) is str and _MOMENT.fullmatch(data):
            try:
                return dt.datetime.fromisoformat(data).astimezone(dt.UTC)
            except (ValueError, OverflowError):
                pass
        self.fail("invalid")


class StrictObjectField(serializers.JSONField):
    """Free JSON below one key (the data of a custom event), within the limits of contract.json."""

    default_error_messages = {"invalid": "Send a JSON object in braces."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        document = dict(data)
        try:
            json.check(document)
        except Invalid as refusal:
            raise serializers.ValidationError(_as_drf(refusal)) from refusal
        return document


def _as_drf(refusal: Invalid) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    for name, message in refusal.details:
        faults.setdefault(name or "non_field_errors", []).append(message)
    return faults
