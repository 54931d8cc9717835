"""REST endpoints of layouts and of the live state as a whole."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, scopes
from accounts.idempotency import idempotent
from campaigns import access
from campaigns.endpoint import CampaignEndpoint
from characters.models import Tier
from contract.refusals import NotVisible
from overlay import layouts
from overlay.live import credentials
from overlay.models import Layout
from overlay.operations import tickets
from overlay.operations.layouts import save
from overlay.queries import layouts_seen
from overlay.serializers import (
    LayoutPatchSerializer,
    LayoutSerializer,
    LayoutsSerializer,
    SnapshotSerializer,
    TicketSerializer,
)
from overlay.snapshot import snapshot

TIER = OpenApiParameter("tier", str, OpenApiParameter.PATH, enum=Tier.values)


def shown(tier: str, layout: Layout | None) -> dict[str, Any]:
    if layout is None:
        return {"tier": tier, **layouts.blank(), "version": 0}
    return {"tier": tier, **layouts.whole(layout.document), "version": layout.version}


class Layouts(CampaignEndpoint):
    @extend_schema(responses=LayoutsSerializer)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        return self.read(self._shown)

    def _shown(self) -> dict[str, Any]:
        saved = layouts_seen(self.campaign, self.audience)
        return {tier: shown(tier, saved.get(tier)) for tier in Tier.values}


@extend_schema(parameters=[TIER])
class OneLayout(CampaignEndpoint):
    @extend_schema(responses=LayoutSerializer)
    def get(self, request: Request, campaign_id: str, tier: str) -> HttpResponseBase:
        known = self._known(tier)
        return self.read(lambda: shown(known, layouts_seen(self.campaign, self.audience).get(known)))

    @extend_schema(request=LayoutPatchSerializer, responses=LayoutSerializer)
    def patch(self, request: Request, campaign_id: str, tier: str) -> Response:
        known = self._known(tier)
        patch = self.body(LayoutPatchSerializer, partial=True)
        seen = patch.pop("version", None)
        layout = save(self.campaign.pk, known, patch, actor=self.actor, seen=seen)
        return Response(shown(known, layout))

    def _known(self, tier: str) -> str:
        if tier not in Tier.values:
            raise NotVisible
        return tier


class Live(CampaignEndpoint):
    @extend_schema(responses=SnapshotSerializer)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        """The whole live state: what a socket is sent first."""
        return self.read(lambda: snapshot(self.campaign.pk, self.audience))


class LiveTickets(CampaignEndpoint):
    optional_body = True
    shown_once = ("ticket",)
    write_scope = scopes.CAMPAIGNS_READ
    rate_class = limits.TOKEN

    def authorise(self) -> None:
        access.require_membership(self.actor, self.campaign)

    @extend_schema(request=None, responses={201: TicketSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """What opens the live stream once, for a page or program that is not to have the credential itself."""
        self.refuse_body()
        grant = credentials.of_request(request, self.actor, self.campaign)
        text = tickets.issue(self.campaign.pk, grant.written)
        return Response({"ticket": text, "expires_in": int(tickets.LIFE.total_seconds())}, status=201)
