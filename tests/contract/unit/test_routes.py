"""Routes that stand behind a common step lead where they led."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, path
from django.urls.resolvers import RegexPattern, URLResolver

from config import api
from contract.routes import FEWEST, gathered


def resolver(patterns: list[Any]) -> URLResolver:
    return URLResolver(RegexPattern(r"^"), patterns)


def led(patterns: list[Any], address: str) -> Any:
    try:
        found = resolver(patterns).resolve(address)
    except Resolver404:
        return None
    return found.func, found.args, found.kwargs, found.view_name, found.route


def view(request: Any, **named: str) -> HttpResponse:
    return HttpResponse()


def named(*routes: str) -> list[Any]:
    """Each with a name of its own, by which it is told apart."""
    return [path(route, view, {"by": number}, name=f"route-{number}") for number, route in enumerate(routes)]


def example(route: str) -> str:
    return re.sub(r"<str:(\w+)>", lambda found: f"some-{found[1]}", route)


@pytest.mark.parametrize("ending", ["", "/", "/more", "-x"])
def test_every_address_of_the_api_leads_where_the_plain_list_leads(ending: str) -> None:
    addresses = [example(str(route.pattern)) + ending for route in api.ROUTES]
    assert len(addresses) > 80
    assert [led(api.urlpatterns, each) for each in addresses] == [led(api.ROUTES, each) for each in addresses]


def test_there_are_fewer_to_try_first() -> None:
    assert len(api.urlpatterns) < len(api.ROUTES) / 2


ALIKE = ("a/<str:x>/one", "a/<str:x>/two", "a/<str:x>/three", "a/<str:x>/four", "a/five")
ORDERED = ("a/one", "a/<str:x>", "a/<str:x>/b", "a/two", "c", "a/three", "<str:y>/four", "a/four", "a/<str:z>/b/c")


@pytest.mark.parametrize("routes", [ALIKE, ORDERED, ORDERED[::-1]])
def test_the_first_that_fits_is_the_first_that_fitted(routes: tuple[str, ...]) -> None:
    plain = named(*routes)
    addresses = [example(route) for route in routes] + ["a", "a/", "a/x/y", "q/four", "a/five/", "/a/one", "a//b"]
    assert [led(gathered(plain), each) for each in addresses] == [led(plain, each) for each in addresses]
    assert any(led(plain, each) for each in addresses)


def test_few_stay_as_they_are() -> None:
    plain = named(*ALIKE[: FEWEST - 1])
    assert gathered(plain) == plain
    assert len(gathered(named(*ALIKE))) == 1
