"""Every answer has the policy that django-csp would have given it."""

from collections.abc import Callable
from typing import Any

import pytest
from csp.constants import HEADER, SELF
from csp.decorators import csp, csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

from config.policies import PolicyMiddleware

View = Callable[[HttpRequest], HttpResponse]


def plain(request: Any) -> HttpResponse:
    return HttpResponse()


def with_a_nonce(request: Any) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))


def with_its_own(request: Any) -> HttpResponse:
    return HttpResponse(headers={HEADER: "default-src 'none'"})


VIEWS = {
    "plain": plain,
    "a nonce": with_a_nonce,
    "its own header": with_its_own,
    "updated": csp_update({"img-src": ["images.example"]})(plain),
    "replaced": csp_replace({"frame-ancestors": [SELF]})(plain),
    "another": csp({"default-src": [SELF]})(plain),
    "exempt": csp_exempt()(plain),
}


def answered(middleware: type[CSPMiddleware], view: Any) -> dict[str, set[str]]:
    """Header to its directives; their order is chance in django-csp."""
    response: Any = middleware(view)(HttpRequest())
    nonce = response.content.decode() or "no nonce"
    return {
        name: {directive.strip().replace(nonce, "NONCE") for directive in value.split(";")}
        for name, value in response.headers.items()
        if name.startswith("Content-Security")
    }


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("name", VIEWS)
def test_it_is_as_django_csp_has_it(name: str, debug: bool, settings: Any) -> None:
    settings.DEBUG = debug
    assert answered(PolicyMiddleware, VIEWS[name]) == answered(CSPMiddleware, VIEWS[name])


def test_it_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def build() -> str:
        made.append("default-src 'self'")
        return made[-1]

    monkeypatch.setattr("config.policies.build_policy", build)
    middleware: Any = PolicyMiddleware(plain)
    told = {middleware(HttpRequest())[HEADER] for _ in range(3)}
    assert (told, len(made)) == ({"default-src 'self'"}, 1)


def test_other_settings_are_another_policy(settings: Any) -> None:
    middleware: Any = PolicyMiddleware(plain)
    middleware(HttpRequest())
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["https://elsewhere.example"]}}
    assert middleware(HttpRequest())[HEADER] == "default-src https://elsewhere.example"
