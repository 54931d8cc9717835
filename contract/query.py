"""Query parameters that a view declares: read strictly, and documented from the same declaration."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from contract.refusals import Detail, Invalid
from contract.text import TextRefused, clean

MAX_TEXT = 200
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One name in the query string. `default` is what the view gets when the client does not send it."""

    name: str
    description: str = ""
    default: Any = None
    required: bool = False

    def parse(self, raw: str) -> Any:
        """The value, or ValueError with a sentence."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    max_length: int = MAX_TEXT

    def parse(self, raw: str) -> str:
        return clean(raw, max_length=self.max_length)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    choices: Sequence[str] = ()

    def parse(self, raw: str) -> str:
        if raw not in self.choices:
            raise ValueError(f"Send one of: {', '.join(self.choices)}.")
        return raw

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}


@dataclass(frozen=True, kw_only=True)
class Ordering(Choice):
    """`name` or `-name` of a declared field. The view gets the ORM names: ("-created_at", "pk")."""

    name: str = "ordering"
    fields: Mapping[str, str] = field(default_factory=dict)  # public name -> ORM name

    def __post_init__(self) -> None:
        names = [sign + name for name in self.fields for sign in ("", "-")]
        object.__setattr__(self, "choices", names)
        if isinstance(self.default, str):
            object.__setattr__(self, "default", self.parse(self.default))

    def parse(self, raw: str) -> Any:
        name = super().parse(raw)
        orm_name = self.fields[name.removeprefix("-")]
        # The key makes the order total, so that no row is on two pages.
        return ("-" + orm_name if name.startswith("-") else orm_name, "pk")


@dataclass(frozen=True, kw_only=True)
class Integer(Parameter):
    minimum: int = 0
    maximum: int = 2**31 - 1
    cap: int | None = None  # a larger number within the range counts as this one

    def parse(self, raw: str) -> int:
        if not _INTEGER.fullmatch(raw) or raw == "-0" or not self.minimum <= int(raw) <= self.maximum:
            raise ValueError(f"Send a whole number from {self.minimum} to {self.maximum}.")
        return int(raw) if self.cap is None else min(int(raw), self.cap)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


@dataclass(frozen=True, kw_only=True)
class Flag(Parameter):
    def parse(self, raw: str) -> bool:
        if raw not in ("true", "false"):
            raise ValueError("Send true or false.")
        return raw == "true"

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class Identifier(Parameter):
    def parse(self, raw: str) -> uuid.UUID:
        if not _UUID.fullmatch(raw):
            raise ValueError("Send a UUID such as 0b0e0c5a-2f0e-4a3c-9d6e-0d8a4c1b2f3e.")
        return uuid.UUID(raw)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}


def read(query: QueryDict, declared: Iterable[Parameter]) -> dict[str, Any]:
    """A value for every declared name; Invalid naming each unknown, repeated, missing or bad parameter."""
    parameters = {parameter.name: parameter for parameter in declared}
    faults: list[Detail] = [(name, "unknown parameter") for name in query if name not in parameters]
    values = {}
    for name, parameter in parameters.items():
        try:
            values[name] = _value(parameter, query.getlist(name))
        except (ValueError, TextRefused) as error:
            faults.append((name, str(error)))
    if faults:
        raise Invalid(faults)
    return values


def _value(parameter: Parameter, sent: list[str]) -> Any:
    if len(sent) > 1:
        raise ValueError("Send this parameter once.")
    if sent:
        return parameter.parse(sent[0])
    if parameter.required:
        raise ValueError("Send this parameter.")
    return parameter.default
