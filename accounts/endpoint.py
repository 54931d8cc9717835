"""What every endpoint begins with: who asks, and whether they may."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts import scopes
from accounts.actors import Actor
from accounts.idempotency import HEADER, LONGEST_KEY
from contract.conditional import PRIVATE, conditional, etag_of
from contract.refusals import NotSignedIn
from contract.schema import ContractSchema
from contract.serializers import StrictSerializer
from contract.views import ContractView

PATH: Literal["path"] = "path"
PATH_PARAMETERS = {
    "campaign_id": OpenApiParameter("campaign_id", str, PATH, description="UUID or slug of the campaign."),
    "character_id": OpenApiParameter("character_id", OpenApiTypes.UUID, PATH),
    "event_id": OpenApiParameter("event_id", OpenApiTypes.UUID, PATH),
    "token_id": OpenApiParameter("token_id", OpenApiTypes.UUID, PATH),
    "key_id": OpenApiParameter("key_id", OpenApiTypes.UUID, PATH),
    "user_id": OpenApiParameter("user_id", OpenApiTypes.UUID, PATH),
    "team_id": OpenApiParameter("team_id", OpenApiTypes.UUID, PATH),
    "invitation_id": OpenApiParameter("invitation_id", OpenApiTypes.UUID, PATH),
    "asset_id": OpenApiParameter("asset_id", OpenApiTypes.UUID, PATH),
    "version": OpenApiParameter("version", int, PATH, description="Number of the version."),
    "number": OpenApiParameter("number", int, PATH, description="Number of the episode."),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    description="Repeat the request with the same key and body: one effect, the same answer.",
)


class EndpointSchema(ContractSchema):
    """Names what all endpoints share: their path parameters, the key of a POST, and that reads need no credential."""

    def get_override_parameters(self) -> list[Any]:
        named = [parameter for name, parameter in PATH_PARAMETERS.items() if f"{{{name}}}" in self.path]
        return [*super().get_override_parameters(), *named, *([IDEMPOTENCY_KEY] if self.method == "POST" else [])]

    def get_operation_id(self) -> str:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.view).__name__)
        return f"{self.method}_{name}".lower()

    def get_tags(self) -> list[str]:
        """By what the address is about: campaigns, characters, roster, events, …"""
        parts = self.path.removeprefix("/api/v1/").split("/")
        return [parts[2] if len(parts) > 2 and parts[0] == "campaigns" else parts[0]]

    def get_auth(self) -> list[Any]:
        return [*super().get_auth(), *([{}] if self.method in SAFE_METHODS else [])]


class Endpoint(ContractView):
    """`actor` is who asks. A write without a credential is 401 at whatever address.

    `read_scope` and `write_scope` are what an API key needs here; without a word about them no key is let in.
    """

    schema = EndpointSchema()
    read_scope: ClassVar[str] = scopes.IN_PERSON
    write_scope: ClassVar[str] = scopes.IN_PERSON
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        self.actor = self.actor_of(request)
        reads = request.method in SAFE_METHODS
        if not reads and self.actor.is_anonymous:
            raise NotSignedIn
        scopes.require(self.actor, self.read_scope if reads else self.write_scope)
        self.find()
        if not reads:
            self.authorise()

    def actor_of(self, request: Request) -> Actor:
        """Whoever reads the credential knows whom it speaks for; this app does not know every kind."""
        scheme: Any = self.get_authenticators()[0]
        actor: Actor = scheme.actor_of(request)
        return actor

    def find(self) -> None:
        """Look up what the address names. Raises NotVisible."""

    def authorise(self) -> None:
        """Raise unless the actor may write here; before the body is looked at."""

    def body(self, serializer: type[BaseSerializer], *, partial: bool = False, **context: Any) -> dict[str, Any]:
        """The request's body, validated. Raises what becomes 400 and 422."""
        received = serializer(data=self.request.data, partial=partial, context=context)
        received.is_valid(raise_exception=True)
        return dict(received.validated_data)

    def refuse_body(self) -> None:
        """An action without arguments takes no body, or an empty object."""
        self.body(StrictSerializer)

    def answer(self, build: Callable[[], Any], *state: object, cache: str = PRIVATE) -> HttpResponseBase:
        """What `build` returns, or 304 while `state` is what the client saw."""
        parts = (*state, self.actor.caller, self.request.build_absolute_uri(), settings.TROUPE_BUILD)
        return conditional(self.request, etag_of(*parts), build, cache=cache)
