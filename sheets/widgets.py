"""The fields of a sheet's page as HTML. A full sheet has 1,400 of them: a template for each took most of the time.

Whatever somebody typed passes `escape` here. Ids, names and numbers are ours.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from sheets.lines.shape import Field, Text, Whole
from sheets.page import Shown
from sheets.pools import TRACKS, Trait


@dataclass(frozen=True)
class Place:
    """Where fields stand: in the form of that id, to be edited or only read, `plain` with their label inside, too."""

    form: str
    may_edit: bool
    plain: bool = False

    def unless_edited(self, word: str) -> str:
        return "" if self.may_edit else f" {word}"


def fields(shown: Iterable[Shown], place: Place) -> SafeString:
    """One after the other, each with its label."""
    return SafeString("".join(_field(each, place) for each in shown))


def traits(shown: Iterable[Shown], place: Place) -> SafeString:
    """Items of a list, each a label and its dots."""
    return SafeString("".join(_trait(each, place) for each in shown))


def _trait(shown: Shown, place: Place) -> str:
    beside = f'<span class="beside" data-part="beside">{escape(shown.beside)}</span>'
    parts = f"{_label(shown)}{beside}{_dots(shown, place)}{_error(shown)}"
    return f'<li class="trait" data-field="{shown.field.name}">{parts}</li>'


def _field(shown: Shown, place: Place) -> str:
    widget = shown.widget
    marks = (" bad" if shown.error else "") + (" wide" if widget == "prose" else "")
    label = "" if widget == "flag" else _label(shown)
    parts = f"{label}{WIDGETS[widget](shown, place)}{_error(shown)}"
    return f'<div class="field{marks}" data-field="{shown.field.name}">{parts}</div>'


def _label(shown: Shown) -> str:
    return f'<label for="{shown.id}" id="{shown.id}-l">{escape(shown.field.label)}</label>'


def _error(shown: Shown) -> str:
    return f'<p class="error" id="{shown.id}-e" data-part="error">{escape(shown.error)}</p>'


def _names(shown: Shown, place: Place) -> str:
    """What every control has."""
    wrong = f' aria-invalid="true" aria-describedby="{shown.id}-e"' if shown.error else ""
    return f'id="{shown.id}" name="{shown.field.name}" form="{place.form}"{wrong}'


def _flag(shown: Shown, place: Place) -> str:
    """With its name in `flags`: a box that is not ticked sends nothing."""
    ticked = " checked" if shown.value else ""
    box = f'<input type="checkbox" {_names(shown, place)}{ticked}{place.unless_edited("disabled")}>'
    told = f'<input type="hidden" name="flags" value="{shown.field.name}" form="{place.form}">'
    return f'<label class="check switch">{box}<span>{escape(shown.field.label)}</span></label>{told}'


def _choice(shown: Shown, place: Place) -> str:
    free = getattr(shown.field, "free", 0)
    own = f' data-own="{free}"' if free else ""
    value = f'value="{escape(shown.value)}"'
    options = _options(tuple((code, label) for code, label, _chosen in shown.options))
    options = options.replace(value, f"{value} selected", 1)
    ends = f"{own}{place.unless_edited('disabled')}"
    return f'<select class="input" {_names(shown, place)}{ends}>{options}</select>'


@lru_cache(maxsize=512)
def _options(codes: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{escape(code)}">{escape(label)}</option>' for code, label in codes)


def _prose(shown: Shown, place: Place) -> str:
    ends = f'maxlength="{_text_of(shown).longest}" rows="4" placeholder=" "{place.unless_edited("readonly")}'
    # Browsers drop a newline after the tag: without this one, the first that somebody typed.
    return f'<textarea class="input" {_names(shown, place)} {ends}>\n{escape(shown.value)}</textarea>'


def _text(shown: Shown, place: Place) -> str:
    field = _text_of(shown)
    hint = escape(field.label) if place.plain else " "
    listed = f' list="{shown.id}-s"' if field.suggestions else ""
    ends = f"{' required' if field.required else ''}{listed}{place.unless_edited('readonly')}"
    box = f'value="{escape(shown.value)}" maxlength="{field.longest}" placeholder="{hint}" autocomplete="off"{ends}'
    return f'<input class="input" {_names(shown, place)} {box}>{_suggestions(shown.id, field.suggestions)}'


def _suggestions(id_: str, words: Iterable[str]) -> str:
    options = "".join(f'<option value="{escape(word)}"></option>' for word in words)
    return f'<datalist id="{id_}-s">{options}</datalist>' if options else ""


def _number(shown: Shown, place: Place) -> str:
    low, high = _bounds(shown.field)
    value = "" if shown.value is None else escape(str(shown.value))
    ends = f'value="{value}" min="{low}" max="{high}" inputmode="numeric"{place.unless_edited("readonly")}'
    return f'<input class="input short num" type="number" {_names(shown, place)} {ends}>'


def _dots(shown: Shown, place: Place) -> str:
    low, high = _bounds(shown.field)
    fixed = place.unless_edited("data-fixed")
    return f'<dot-track data-low="{low}" data-high="{high}"{fixed}>{_number(shown, place)}</dot-track>'


def _bounds(field: Field) -> tuple[int, int]:
    assert isinstance(field, Whole)  # noqa: S101  as its widget says
    return field.low, field.high


def _text_of(shown: Shown) -> Text:
    assert isinstance(shown.field, Text)  # noqa: S101  as its widget says
    return shown.field


def pool_options(groups: Iterable[tuple[str, Iterable[Trait]]]) -> SafeString:
    """The traits that can be rolled, with what a script needs to count the pool."""
    return SafeString(
        "".join(f'<optgroup label="{escape(title)}">{_group(title, each)}</optgroup>' for title, each in groups)
    )


def _group(title: str, traits: Iterable[Trait]) -> str:
    plain = " data-plain" if title == TRACKS else ""
    return "".join(
        f'<option value="{each.value}" data-label="{escape(each.label)}" data-dice="{each.dice}"'
        f' data-column="{each.column}" data-bonus="{each.bonus}"{plain}>{escape(each.label)} {each.dice}</option>'
        for each in traits
    )


WIDGETS: dict[str, Callable[[Shown, Place], str]] = {
    "choice": _choice,
    "dots": _dots,
    "flag": _flag,
    "number": _number,
    "prose": _prose,
    "text": _text,
}
