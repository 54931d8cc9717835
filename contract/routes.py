"""Routes that begin alike, looked at once together: Django tries one after the other, and an API has a hundred."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.urls import URLPattern, include, path

FEWEST = 3  # that are worth a step of their own


def gathered(routes: Sequence[Any]) -> list[Any]:
    """The same addresses in the same order, for `urlpatterns`: neighbours that share their first segment stand behind
    one step for it.
    """
    found: list[Any] = []
    for first, neighbours in groupby(routes, key=_first):
        run = list(neighbours)
        if first and len(run) >= FEWEST:
            found.append(path(first, include(gathered([_without(route, first) for route in run]))))
        else:
            found += run
    return found


def _first(route: Any) -> str:
    """With its slash; nothing where it is the last."""
    segment, slash, _rest = str(route.pattern).partition("/")
    return segment + slash if slash and isinstance(route, URLPattern) else ""


def _without(route: Any, first: str) -> URLPattern:
    rest: URLPattern = path(str(route.pattern).removeprefix(first), route.callback, route.default_args, route.name)
    return rest
