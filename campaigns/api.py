"""REST endpoints of campaigns, their episodes, tokens and members."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import scopes
from accounts.idempotency import idempotent
from accounts.queries import person
from campaigns import access, queries
from campaigns.endpoint import CampaignEndpoint, Endpoint
from campaigns.models import Episode, Visibility
from campaigns.operations import campaigns, episodes, members, tokens
from campaigns.serializers import (
    CampaignInputSerializer,
    CampaignPatchSerializer,
    CampaignSerializer,
    EpisodeInputSerializer,
    EpisodeSerializer,
    MemberInputSerializer,
    MemberSerializer,
    NewTokenSerializer,
    TokenInputSerializer,
    TokenSerializer,
    gm_sees,
)
from contract.paging import PAGING, paged
from contract.query import Choice, Ordering, Text
from contract.refusals import Invalid, NotAllowed
from contract.schema import paged_schema


class Campaigns(Endpoint):
    owner: Any  # the user who creates one
    parameters = (
        *PAGING,
        Text(name="search", default="", description="Part of the name or the description."),
        Text(name="game_system", default="", description="The whole name of the system."),
        Choice(name="visibility", choices=Visibility.values, description="Of those you may see."),
        Ordering(default="name", fields={"name": "name", "created_at": "created_at"}),
    )

    def authorise(self) -> None:
        self.owner = self.actor.user
        if self.owner is None:
            raise NotAllowed("A token speaks for one campaign. Sign in to create another.", code="insufficient_scope")

    @extend_schema(responses=paged_schema(CampaignSerializer))
    def get(self, request: Request) -> HttpResponseBase:
        names = ("search", "game_system", "visibility", "ordering")
        # Owners are fetched for those that are shown; a join would be made for all that are sorted.
        found = queries.campaigns(self.actor, **{name: self.params[name] for name in names}).prefetch_related("owner")
        return self.answer(lambda: paged(request, found, self.params, self._rows), *queries.state_of(found))

    def _rows(self, found: list[Any]) -> Any:
        whole = queries.shown_whole(self.actor, found)
        return CampaignSerializer(found, many=True, context={"whole": whole}).data

    @extend_schema(request=CampaignInputSerializer, responses={201: CampaignSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        fields = self.body(CampaignInputSerializer)
        campaign = campaigns.create(self.owner, actor=self.actor, **fields)
        return Response(CampaignSerializer(campaign, context={"whole": {campaign.pk}}).data, status=201)


class Campaign(CampaignEndpoint):
    def authorise(self) -> None:
        allowed = access.require_own if self.request.method == "DELETE" else access.require_manage
        allowed(self.actor, self.campaign)

    @extend_schema(responses=CampaignSerializer)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        return self.read(self._shown)

    @extend_schema(request=CampaignPatchSerializer, responses=CampaignSerializer)
    def patch(self, request: Request, campaign_id: str) -> Response:
        changes = self.body(CampaignPatchSerializer, partial=True)
        seen = changes.pop("version", None)
        self.campaign = campaigns.update(self.campaign.pk, changes, actor=self.actor, seen=seen)
        return Response(self._shown())

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str) -> Response:
        campaigns.delete(self.campaign.pk, actor=self.actor)
        return Response(status=204)

    def _shown(self) -> dict[str, Any]:
        return CampaignSerializer(self.campaign, context=gm_sees(self.audience, self.campaign)).data


class Episodes(CampaignEndpoint):
    parameters = (
        *PAGING,
        Ordering(default="-number", fields={"number": "number", "date": "date"}),
    )

    @extend_schema(responses=paged_schema(EpisodeSerializer))
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        found = queries.episodes(self.campaign, self.audience, ordering=self.params["ordering"])
        return self.read(lambda: paged(request, found, self.params, self._rows))

    def _rows(self, found: list[Episode]) -> Any:
        return EpisodeSerializer(found, many=True).data

    @extend_schema(request=EpisodeInputSerializer, responses={201: EpisodeSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        episode = episodes.create(self.campaign, actor=self.actor, **self.body(EpisodeInputSerializer))
        return Response(EpisodeSerializer(episode).data, status=201)


class EpisodeEndpoint(CampaignEndpoint):
    """Writers see every episode, so theirs is looked up once they have been let through."""

    @property
    def episode(self) -> Episode:
        return queries.episode(self.campaign, self.kwargs["number"], self.audience)


class OneEpisode(EpisodeEndpoint):
    @extend_schema(responses=EpisodeSerializer)
    def get(self, request: Request, campaign_id: str, number: str) -> HttpResponseBase:
        return self.read(lambda: EpisodeSerializer(self.episode).data)

    @extend_schema(request=EpisodeInputSerializer, responses=EpisodeSerializer)
    def patch(self, request: Request, campaign_id: str, number: str) -> Response:
        changes = self.body(EpisodeInputSerializer, partial=True)
        return Response(EpisodeSerializer(episodes.update(self.episode, changes, actor=self.actor)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, number: str) -> Response:
        episodes.delete(self.episode, actor=self.actor)
        return Response(status=204)


class EpisodeStart(EpisodeEndpoint):
    write_scope = scopes.LIVE_WRITE
    optional_body = True

    @extend_schema(request=None, responses=EpisodeSerializer)
    @idempotent
    def post(self, request: Request, campaign_id: str, number: str) -> Response:
        self.refuse_body()
        return Response(EpisodeSerializer(episodes.start(self.episode, actor=self.actor)).data)


class EpisodeEnd(EpisodeEndpoint):
    write_scope = scopes.LIVE_WRITE
    optional_body = True

    @extend_schema(request=None, responses=EpisodeSerializer)
    @idempotent
    def post(self, request: Request, campaign_id: str, number: str) -> Response:
        self.refuse_body()
        return Response(EpisodeSerializer(episodes.end(self.episode, actor=self.actor)).data)


class KeysOfCampaign(CampaignEndpoint):
    """Tokens are handed out by the GM in person, and shown to nobody else."""

    read_scope = write_scope = scopes.IN_PERSON

    def find(self) -> None:
        super().find()
        access.require_own(self.actor, self.campaign)


class Tokens(KeysOfCampaign):
    parameters = PAGING
    shown_once = ("token",)

    @extend_schema(responses=paged_schema(TokenSerializer))
    def get(self, request: Request, campaign_id: str) -> Response:
        rows = queries.tokens(self.campaign)
        return Response(paged(request, rows, self.params, lambda found: TokenSerializer(found, many=True).data))

    @extend_schema(request=TokenInputSerializer, responses={201: NewTokenSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        token, text = tokens.issue(self.campaign, actor=self.actor, **self.body(TokenInputSerializer))
        return Response({**TokenSerializer(token).data, "token": text}, status=201)


class Token(KeysOfCampaign):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, token_id: str) -> Response:
        token = queries.token(self.campaign, queries.key(token_id))
        tokens.revoke(self.campaign, token.pk, actor=self.actor)
        return Response(status=204)


class TokenRotation(KeysOfCampaign):
    optional_body = True
    shown_once = ("token",)

    @extend_schema(request=None, responses=NewTokenSerializer)
    @idempotent
    def post(self, request: Request, campaign_id: str, token_id: str) -> Response:
        self.refuse_body()
        known = queries.token(self.campaign, queries.key(token_id))
        token, text = tokens.rotate(self.campaign, known.pk, actor=self.actor)
        return Response({**TokenSerializer(token).data, "token": text})


class Members(CampaignEndpoint):
    parameters = PAGING

    def authorise(self) -> None:
        access.require_own(self.actor, self.campaign)

    @extend_schema(responses=paged_schema(MemberSerializer))
    def get(self, request: Request, campaign_id: str) -> Response:
        self.require_insight()
        rows = queries.members(self.campaign)
        return Response(paged(request, rows, self.params, lambda found: MemberSerializer(found, many=True).data))

    @extend_schema(request=MemberInputSerializer, responses={201: MemberSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Add somebody, or change the role that they have."""
        wanted = self.body(MemberInputSerializer)
        user = person(wanted["username"])
        if user is None:
            raise Invalid([("username", "There is nobody of this name.")])
        member = members.set_role(self.campaign, user, wanted["role"], actor=self.actor)
        return Response(MemberSerializer(member).data, status=201)


class Member(CampaignEndpoint):
    def authorise(self) -> None:
        access.require_own(self.actor, self.campaign)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, user_id: str) -> Response:
        member = queries.member(self.campaign, queries.key(user_id))
        members.remove(self.campaign, member.user_id, actor=self.actor)
        return Response(status=204)
