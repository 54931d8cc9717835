"""What every endpoint of a campaign begins with: for which campaign, and as what audience."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts import endpoint, scopes
from campaigns import access, queries
from campaigns.messages import GM
from campaigns.models import Campaign, Visibility
from contract.conditional import PRIVATE, PUBLIC

__all__ = ["CampaignEndpoint", "Endpoint"]


class OneCredentialScheme(OpenApiAuthenticationExtension):
    target_class = "campaigns.authentication.OneCredential"
    name = ["session", "bearer", "apiKey", "token"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Api-Key trp_key_…`"},
            {"type": "apiKey", "in": "header", "name": "X-Token", "description": "A token of one campaign."},
        ]


class Endpoint(endpoint.Endpoint):
    read_scope = scopes.CAMPAIGNS_READ
    write_scope = scopes.CAMPAIGNS_WRITE


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
