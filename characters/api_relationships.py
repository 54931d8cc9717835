"""REST endpoints of what a character is to others, and others to it."""

from collections.abc import Iterable
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from campaigns import queries as campaign_queries
from characters import queries
from characters.api import CharacterEndpoint
from characters.models import Relationship
from characters.operations import relationships
from characters.serializers import RelationshipInputSerializer, RelationshipPatchSerializer, RelationshipSerializer
from contract.paging import PAGING, paged
from contract.schema import paged_schema


class RelationshipEndpoint(CharacterEndpoint):
    def told(self, row: Relationship) -> dict[str, Any]:
        return RelationshipSerializer(row, context={"audience": self.audience}).data

    def rows(self, found: Iterable[Relationship]) -> Iterable[dict[str, Any]]:
        return map(self.told, found)


class Relationships(RelationshipEndpoint):
    parameters = PAGING

    @extend_schema(responses=paged_schema(RelationshipSerializer))
    def get(self, request: Request, campaign_id: str, character_id: str) -> HttpResponseBase:
        """Both directions: what the character is to others, and others to it."""
        return self.read(
            lambda: paged(request, queries.relationships(self.character, self.audience), self.params, self.rows)
        )

    @extend_schema(request=RelationshipInputSerializer, responses={201: RelationshipSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """What the character of the address is to another one."""
        source, sent = self.character, self.body(RelationshipInputSerializer)
        target_id = sent.pop("to_id")
        return Response(
            self.told(relationships.add(self.campaign.pk, source.pk, target_id, actor=self.actor, **sent)), status=201
        )


class OneRelationship(RelationshipEndpoint):
    """By the address of either end."""

    @property
    def relationship(self) -> Relationship:
        key = campaign_queries.key(self.kwargs["relationship_id"])
        return queries.relationship(self.character, key, self.audience)

    @extend_schema(responses=RelationshipSerializer)
    def get(self, request: Request, campaign_id: str, character_id: str, relationship_id: str) -> HttpResponseBase:
        return self.read(lambda: self.told(self.relationship))

    @extend_schema(request=RelationshipPatchSerializer, responses=RelationshipSerializer)
    def patch(self, request: Request, campaign_id: str, character_id: str, relationship_id: str) -> Response:
        row, changes = self.relationship, self.body(RelationshipPatchSerializer, partial=True)
        return Response(self.told(relationships.change(self.campaign.pk, row.pk, changes, actor=self.actor)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, character_id: str, relationship_id: str) -> Response:
        relationships.remove(self.campaign.pk, self.relationship.pk, actor=self.actor)
        return Response(status=204)
