"""/healthz and /readyz, answered before anything else looks at the request: a probe calls by address, not by name."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config import views

PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class ProbeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)
