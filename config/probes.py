"""/healthz and /readyz, answered before anything else looks at the request: a probe calls by address, not by name.

The headers of every other answer are on these too, for whoever opens one in a browser.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware

from config import views

PROBES = {"/healthz": views.healthz, "/readyz": views.readyz}


class ProbeMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        return self._with_headers(request, probe(request)) if probe else self.get_response(request)

    def _with_headers(self, request: HttpRequest, answer: HttpResponse) -> HttpResponse:
        answer["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        answer["X-Frame-Options"] = "DENY"
        self.security.process_response(request, answer)
        return answer
