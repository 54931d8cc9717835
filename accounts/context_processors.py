from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.appearance import shown_to


class _Asked:
    """Looks the person up only for pages that are drawn by theme: an overlay must not depend on a session."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def answer(self) -> dict[str, object]:
        return shown_to(self.request)


def appearance(request: HttpRequest) -> dict[str, Any]:
    """The theme and the person's wish about moving bars. Rendered by the server, so nothing flickers."""
    asked = _Asked(request)
    return {
        "theme": SimpleLazyObject(lambda: asked.answer["theme"]),
        "hp_animation": SimpleLazyObject(lambda: asked.answer["hp_animation"]),
    }
