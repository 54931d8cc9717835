"""/api/v1/keys: the API keys of the person who asks, who does so in person: no key hands out keys."""

from functools import cached_property
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import scopes
from accounts.endpoint import Endpoint
from accounts.idempotency import idempotent
from accounts.models import ApiKey, User
from accounts.operations import keys
from contract.fields import StrictCharField, StrictChoiceField, StrictDateTimeField, StrictListField
from contract.paging import PAGING, paged
from contract.refusals import NotAllowed, NotSignedIn, NotVisible
from contract.schema import paged_schema
from contract.serializers import StrictModelSerializer, StrictSerializer


class ApiKeySerializer(StrictModelSerializer):
    class Meta:
        model = ApiKey
        fields = ("id", "name", "hint", "scopes", "created_at", "last_used_at", "expires_at", "revoked_at")
        read_only_fields = fields

    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)


class NewApiKeySerializer(ApiKeySerializer):
    """`key` is the text, this once; null in the answer to a repeated request."""

    key = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = ApiKey
        fields = (*ApiKeySerializer.Meta.fields, "key")
        read_only_fields = fields


class ApiKeyInputSerializer(StrictSerializer):
    name = StrictCharField(max_length=80)
    scopes = StrictListField(child=StrictChoiceField(choices=scopes.ALL), min_length=1, max_length=len(scopes.ALL))
    expires_at = StrictDateTimeField(required=False, allow_null=True)


class KeysEndpoint(Endpoint):
    """Reads too are for somebody who is signed in."""

    def find(self) -> None:
        if self.actor.is_anonymous:
            raise NotSignedIn
        if self.actor.user is None:
            raise NotAllowed("A campaign's token has no API keys. Sign in.", code="insufficient_scope")

    @property
    def owner(self) -> User:
        assert self.actor.user is not None  # noqa: S101  find() let nobody else through
        return self.actor.user

    def shown(self, key: ApiKey, text: str, status: int) -> Response:
        return Response({**ApiKeySerializer(key).data, "key": text}, status=status)


class Keys(KeysEndpoint):
    parameters = PAGING
    shown_once = ("key",)

    @extend_schema(responses=paged_schema(ApiKeySerializer))
    def get(self, request: Request) -> Response:
        rows = ApiKey.objects.filter(user=self.owner).order_by("created_at", "pk")
        return Response(paged(request, rows, self.params, lambda found: ApiKeySerializer(found, many=True).data))

    @extend_schema(request=ApiKeyInputSerializer, responses={201: NewApiKeySerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        fields = self.body(ApiKeyInputSerializer)
        named: dict[str, Any] = {"expires_at": fields.get("expires_at"), "actor": self.actor}
        key, text = keys.issue(self.owner, fields["name"], fields["scopes"], **named)
        return self.shown(key, text, 201)


class OneKeyEndpoint(KeysEndpoint):
    @cached_property
    def key(self) -> ApiKey:
        """Raises NotVisible for the keys of others and for what is no key."""
        try:
            found = ApiKey.objects.filter(user=self.owner, pk=UUID(self.kwargs["key_id"])).first()
        except ValueError:
            found = None
        if found is None:
            raise NotVisible
        return found


class Key(OneKeyEndpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, key_id: str) -> Response:
        keys.revoke(self.key, actor=self.actor)
        return Response(status=204)


class KeyRotation(OneKeyEndpoint):
    optional_body = True
    shown_once = ("key",)

    @extend_schema(request=None, responses=NewApiKeySerializer)
    @idempotent
    def post(self, request: Request, key_id: str) -> Response:
        self.refuse_body()
        key, text = keys.rotate(self.key, actor=self.actor)
        return self.shown(key, text, 200)
