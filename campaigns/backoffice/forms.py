"""Forms whose writing is done by an operation.

A form knows for each of its fields the dotted path by which operations name it (`paths`). It sends only what its user
changed, measured against the values that were on the screen (Django's hidden initial values), together with the
version seen. So two people who edit different fields both win, and who edits the same field learns of the other.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from contract import text
from contract.refusals import Conflict, Refusal

SEEN = "seen_version"


class OperationForm(forms.ModelForm):
    """`refusal` is what the operation said to this very submission, set when the page is built a second time."""

    paths: ClassVar[Mapping[str, str]] = {}
    multiline: frozenset[str] = frozenset()
    refusal: Refusal | None = None
    refused_prefix: str | None = None

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding or not hasattr(self.instance, "version"):
            del self.fields[SEEN]
        elif not self.is_bound:
            self.initial[SEEN] = self.instance.version
        for name, field in self.fields.items():
            field.show_hidden_initial = name != SEEN and not self.instance._state.adding

    @property
    def seen(self) -> int | None:
        seen: int | None = self.cleaned_data.get(SEEN)
        return seen

    def changes(self) -> dict[str, Any]:
        """What the user changed (all of it for a new row), nested by path: `{"name": …, "stats": {"hp": {…}}}`."""
        names = self.fields if self.instance._state.adding else self.changed_data
        found: dict[str, Any] = {}
        for name in names:
            if name in self.paths and not self._left_open(name):
                place = found
                *path, last = self.paths[name].split(".")
                for key in path:
                    place = place.setdefault(key, {})
                place[last] = self.value_for(name)
        return found

    def value_for(self, name: str) -> Any:
        """The value of a field as the operation takes it."""
        return self.cleaned_data[name]

    def _left_open(self, name: str) -> bool:
        """An empty field of a new row leaves the choice to the operation."""
        return self.instance._state.adding and self.cleaned_data[name] in (None, "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if type(field) is forms.CharField and isinstance(cleaned.get(name), str):
                try:
                    cleaned[name] = text.clean(cleaned[name], multiline=name in self.multiline)
                except text.TextRefused as reason:
                    self.add_error(name, str(reason))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.refusal is not None and self.refused_prefix == self.prefix:
            self._show(self.refusal)

    # --- a refusal becomes errors at the fields it names ---

    def _show(self, refusal: Refusal) -> None:
        if isinstance(refusal, Conflict) and refusal.current:
            self._show_conflict(refusal)
            return
        for path, message in refusal.details:
            name = self._field_at(path)
            self.add_error(name, message if name or not path else f"{path}: {message}")
        if not refusal.details:
            self.add_error(None, refusal.message)

    def _show_conflict(self, conflict: Conflict) -> None:
        """Name the value that is stored now; the version on the page becomes the current one, so saving again wins."""
        for path, value in conflict.current.items():
            if path == "version":
                continue
            names = [name for name in self.changed_data if _related(self.paths.get(name, ""), path)]
            for name in names:
                now = self._label(name, _descend(value, path, self.paths[name]))
                self.add_error(name, gettext("Somebody changed this meanwhile, to %s. Save again to keep yours.") % now)
            if not names:
                self.add_error(None, gettext("Somebody changed %s meanwhile.") % path)
        version = conflict.current.get("version", self.instance.version)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix(SEEN)] = str(version)
        self.data = data

    def _field_at(self, path: str) -> str | None:
        exact = [name for name in self.paths if self.paths[name] == path]
        near = [name for name in self.paths if _related(self.paths[name], path)]
        return next(iter([name for name in exact + near if name in self.fields]), None)

    def _label(self, name: str, value: Any) -> str:
        """A stored value in the words of the form."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            value = field.queryset.filter(pk=value).first() if value and field.queryset is not None else None
        elif isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value, value)  # type: ignore[arg-type]
        elif isinstance(value, bool):
            return gettext("on") if value else gettext("off")
        elif isinstance(value, list):
            value = ", ".join(str(part) for part in value)
        shown = "" if value is None else str(value)
        return f"“{shown[:200]}”" if shown else gettext("nothing")


class ColourField(forms.CharField):
    """A colour `#rrggbb`, or nothing for the one that would be used anyway."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "class": "colour-text",
            "placeholder": "#rrggbb",
            "autocomplete": "off",
            "spellcheck": "false",
        }
        super().__init__(required=False, max_length=7, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not (len(value) == 7 and value[0] == "#" and set(value[1:]) <= set("0123456789abcdef")):
            raise ValidationError(gettext("A colour such as #f0bd4f."))


def number_field(label: str, low: int, high: int, *, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=False, help_text=help_text)


def _related(one: str, other: str) -> bool:
    return bool(one) and (one == other or one.startswith(f"{other}.") or other.startswith(f"{one}."))


def _descend(value: Any, path: str, wanted: str) -> Any:
    """The part of `value`, which stands at `path`, that the longer path `wanted` names."""
    for key in wanted.removeprefix(path).strip(".").split("."):
        if key and isinstance(value, dict):
            value = value.get(key)
    return value
