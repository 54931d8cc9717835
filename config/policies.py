"""The content security policy, put together once instead of for every answer."""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# How the decorators of django-csp mark an answer.
MARKS = {f"_csp_{what}{kind}" for what in ("config", "update", "replace", "exempt") for kind in ("", "_ro")}


class PolicyMiddleware(CSPMiddleware):
    """As django-csp's, which decides wherever an answer is to have another policy than the usual one."""

    _made_of: Any = None
    _usual = ""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if (
            settings.DEBUG
            or HEADER in response
            or hasattr(request, "_csp_nonce")
            or not MARKS.isdisjoint(vars(response))
        ):
            return super().process_response(request, response)
        response[HEADER] = self._policy()
        return response

    def _policy(self) -> str:
        if self._made_of is not settings.CONTENT_SECURITY_POLICY:
            self._usual, self._made_of = build_policy(), settings.CONTENT_SECURITY_POLICY
        return self._usual
