"""What every endpoint of a campaign begins with: who asks, for which campaign, and whether they may."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from accounts.actors import Actor
from accounts.idempotency import HEADER, LONGEST_KEY
from campaigns import access, queries
from campaigns.authentication import actor_of
from campaigns.messages import GM
from campaigns.models import Campaign, Visibility
from contract.conditional import PRIVATE, PUBLIC, conditional, etag_of
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
    "user_id": OpenApiParameter("user_id", OpenApiTypes.UUID, PATH),
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
        return [parts[2] if len(parts) > 2 else parts[0]]

    def get_auth(self) -> list[Any]:
        return [*super().get_auth(), *([{}] if self.method in SAFE_METHODS else [])]


class OneCredentialScheme(OpenApiAuthenticationExtension):
    target_class = "campaigns.authentication.OneCredential"
    name = ["session", "token"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "apiKey", "in": "header", "name": "X-Token", "description": "A token of one campaign."},
        ]


class Endpoint(ContractView):
    """`actor` is who asks. A write without a credential is 401 at whatever address."""

    schema = EndpointSchema()
    actor: Actor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        self.actor = actor_of(request)
        if request.method not in SAFE_METHODS and self.actor.is_anonymous:
            raise NotSignedIn
        self.find()
        if request.method not in SAFE_METHODS:
            self.authorise()

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


class CampaignEndpoint(Endpoint):
    campaign: Campaign

    def find(self) -> None:
        self.campaign = queries.campaign(self.kwargs["campaign_id"], self.actor)

    def authorise(self) -> None:
        access.require_manage(self.actor, self.campaign)

    def require_insight(self) -> None:
        """For reads that only the GM has, and who holds a token that reads for the GM."""
        if self.audience != GM:
            access.require_manage(self.actor, self.campaign)

    @cached_property
    def audience(self) -> str:
        return access.audience(self.actor, self.campaign)

    def read(self, build: Callable[[], Any]) -> HttpResponseBase:
        """An answer that changes only when the campaign does."""
        campaign = self.campaign
        is_open = self.actor.is_anonymous and campaign.visibility != Visibility.PRIVATE
        state = (campaign.pk, campaign.epoch, campaign.seq, campaign.updated_at, self.audience)
        return self.answer(build, *state, cache=PUBLIC if is_open else PRIVATE)
