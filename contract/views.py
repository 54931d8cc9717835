"""The view that every endpoint of the API is made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contract.errors import exception_handler
from contract.parsers import ContractRequest, JSONNegotiation, StrictJSONParser
from contract.query import Parameter, read
from contract.schema import ContractSchema

DEFAULT_CHALLENGE = "Bearer"


class ContractView(APIView):
    """JSON in, JSON out, one error shape.

    `parameters` declares the query of GET and HEAD, `write_parameters` that of every other method; a handler
    finds the values in `self.params`. `credential_free` looks at no credential at all. `optional_body` lets a
    POST come without a body.
    """

    renderer_classes = (JSONRenderer,)
    parser_classes = (StrictJSONParser,)
    content_negotiation_class = JSONNegotiation
    metadata_class = None
    schema = ContractSchema()

    parameters: ClassVar[Sequence[Parameter]] = ()
    write_parameters: ClassVar[Sequence[Parameter]] = ()
    credential_free: ClassVar[bool] = False
    optional_body: ClassVar[bool] = False

    params: dict[str, Any]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        return ContractRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Method, credential, permission, then the query: a bad address is told before a bad sign-in."""
        if not hasattr(self, (request.method or "").lower()) or request.method not in self.allowed_methods:
            raise MethodNotAllowed(request.method or "")
        if request.method == "OPTIONS":
            request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(
                request, force=True
            )
            return
        super().initial(request, *args, **kwargs)
        self.params = self._read_parameters(request)

    def _read_parameters(self, request: Request) -> dict[str, Any]:
        if request.method in SAFE_METHODS:
            return read(request.query_params, self.parameters)
        if not self.credential_free and not request.successful_authenticator:
            return {}  # a write without a credential is asked for one first, by the handler's access check
        return read(request.query_params, self.write_parameters)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {"Vary": "Accept"} if len(self.renderer_classes) > 1 else {}

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self.credential_free else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        """Every scheme that this view takes, so that a session in first place does not turn 401 into 403."""
        challenges = [scheme.authenticate_header(request) for scheme in self.get_authenticators()]
        return ", ".join(filter(None, challenges)) or DEFAULT_CHALLENGE

    def get_exception_handler(self) -> Any:
        return exception_handler
