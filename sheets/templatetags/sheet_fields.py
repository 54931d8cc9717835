from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from sheets import widgets
from sheets.page import Shown

register = template.Library()
register.simple_tag(widgets.pool_options)


@register.simple_tag(takes_context=True)
def fields(context: Any, shown: Iterable[Shown], form: str = "", plain: bool = False) -> SafeString:
    """Of the form that is named, else of the context's `form`."""
    return widgets.fields(shown, widgets.Place(form or context["form"], bool(context["may_edit"]), plain))


@register.simple_tag(takes_context=True)
def traits(context: Any, shown: Iterable[Shown]) -> SafeString:
    return widgets.traits(shown, widgets.Place(context["form"], bool(context["may_edit"])))
