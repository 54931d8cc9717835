"""REST endpoints of a campaign's invitations, and of the team that shares it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import invitations as links
from accounts.api_teams import InvitationInputSerializer, IssuedSerializer, base_address
from accounts.idempotency import idempotent
from campaigns import queries
from campaigns.api import KeysOfCampaign
from campaigns.models import CampaignInvitation, Role
from campaigns.operations import campaigns, invitations
from contract.fields import StrictChoiceField, StrictUUIDField
from contract.paging import PAGING, paged
from contract.schema import paged_schema
from contract.serializers import StrictSerializer


class CampaignInvitationSerializer(serializers.ModelSerializer):
    invited = serializers.CharField(source="invited.username", allow_null=True, default=None)
    created_by = serializers.CharField(source="created_by.username", allow_null=True, default=None)

    class Meta:
        model = CampaignInvitation
        fields = (
            *("id", "role", "character_id", "hint", "invited", "created_by"),
            *("created_at", "expires_at", "uses_left", "revoked_at"),
        )


class NewCampaignInvitationSerializer(IssuedSerializer, CampaignInvitationSerializer):
    class Meta:
        model = CampaignInvitation
        fields = (*CampaignInvitationSerializer.Meta.fields, "token", "url")


class CampaignInvitationInputSerializer(InvitationInputSerializer):
    role = StrictChoiceField(Role.choices, required=False, default=Role.PLAYER)
    character_id = StrictUUIDField(
        required=False, allow_null=True, help_text="Who accepts becomes the player of this character."
    )


class TeamOfCampaignSerializer(StrictSerializer):
    team_id = StrictUUIDField(
        allow_null=True,
        help_text="Its owners and editors are GMs of the campaign, its viewers see it. Null: no team.",
    )


class Invitations(KeysOfCampaign):
    parameters = PAGING
    shown_once = ("token", "url")

    @extend_schema(responses=paged_schema(CampaignInvitationSerializer))
    def get(self, request: Request, campaign_id: str) -> Response:
        rows = queries.open_invitations(self.campaign)
        shown = paged(request, rows, self.params, lambda found: CampaignInvitationSerializer(found, many=True).data)
        return Response(shown)

    @extend_schema(request=CampaignInvitationInputSerializer, responses={201: NewCampaignInvitationSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        wanted = self.body(CampaignInvitationInputSerializer)
        invitation, text = invitations.issue(self.campaign, actor=self.actor, **wanted)
        told = {"token": text, "url": links.link(base_address(request), text)}
        return Response({**CampaignInvitationSerializer(invitation).data, **told}, status=201)


class OneInvitation(KeysOfCampaign):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, invitation_id: str) -> Response:
        invitation = queries.invitation(self.campaign, queries.key(invitation_id))
        invitations.revoke(self.campaign, invitation.pk, actor=self.actor)
        return Response(status=204)


class TeamOfCampaign(KeysOfCampaign):
    @extend_schema(responses=TeamOfCampaignSerializer)
    def get(self, request: Request, campaign_id: str) -> Response:
        return Response(self._shown())

    @extend_schema(request=TeamOfCampaignSerializer, responses=TeamOfCampaignSerializer)
    def patch(self, request: Request, campaign_id: str) -> Response:
        changes = self.body(TeamOfCampaignSerializer, partial=True)
        if changes:
            self.campaign = campaigns.assign_team(self.campaign.pk, changes["team_id"], actor=self.actor)
        return Response(self._shown())

    def _shown(self) -> dict[str, Any]:
        return {"team_id": str(self.campaign.team_id) if self.campaign.team_id else None}
