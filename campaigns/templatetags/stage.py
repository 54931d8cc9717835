"""Small words and numbers that every public page writes the same way."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from accounts.addresses import absolute as address
from campaigns import posters

register = template.Library()

HUES = 6


@register.filter
def hue(identity: UUID | str) -> int:
    """Which of the six drawn scenes stands behind this campaign: always the same one."""
    return UUID(str(identity)).int % HUES


@register.filter
def runtime(minutes: int | None) -> str:
    """221 → 3 h 41 min"""
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d} min" if rest else f"{hours} h"


@register.filter
def offset(seconds: float | None) -> str:
    """4120 → 1:08:40"""
    if seconds is None or seconds < 0:
        return ""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}"


@register.filter
def at_second(address: str, second: float) -> str:
    """The address of a video that opens at `second`: `t=` as YouTube, Twitch (`1h2m3s`) and most others read it."""
    parts = urlsplit(address)
    start = max(int(second), 0)
    moment = f"{start // 3600}h{start // 60 % 60}m{start % 60}s" if "twitch.tv" in parts.netloc else str(start)
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != "t"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("t", moment)])))


@register.filter
def percent(share: float) -> str:
    """0.844 → 84.4%, with a point in every language: it becomes the width of an SVG rectangle."""
    return f"{share * 100:.4g}%"


@register.filter
def modifier(score: int) -> str:
    """An ability's modifier, 5e: 18 → +4, 9 → −1"""
    bonus = (score - 10) // 2
    return f"+{bonus}" if bonus >= 0 else f"−{-bonus}"


@register.simple_tag(takes_context=True)
def absolute(context: Any, path: str) -> str:
    """The whole address of a page of ours."""
    return address(context["request"], path)


@register.simple_tag(takes_context=True)
def poster(context: Any, campaign: Any = None) -> posters.Poster | None:
    """What others show of the campaign's pages, or of the house's own."""
    return posters.of(context["request"], campaign) if campaign else posters.house(context["request"])


# Inside <script> nothing but the end of the element may be read as markup.
_UNSAFE = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}


@register.simple_tag
def linked_data(facts: dict[str, Any] | None) -> SafeString | str:
    """Facts in schema.org's words, as data and not as a script."""
    if not facts:
        return ""
    text = json.dumps(facts, ensure_ascii=False).translate(_UNSAFE)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  translated above
