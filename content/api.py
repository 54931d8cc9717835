"""/api/v1/content: the library of the person who asks, and what their teams share."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, scopes
from accounts.endpoint import Endpoint
from accounts.idempotency import idempotent, idempotent_at_last
from content import access, forms, queries
from content.models import Asset, Kind, State, Version
from content.operations import assets
from content.serializers import (
    AssetInputSerializer,
    AssetPatchSerializer,
    AssetSerializer,
    UsageSerializer,
    VersionInputSerializer,
    VersionSerializer,
    asset_document,
    version_document,
)
from contract.paging import PAGING, paged
from contract.query import Choice, Flag, Identifier, Ordering, Text
from contract.refusals import NotVisible
from contract.schema import paged_schema

FILE_PART = {"multipart/form-data": AssetInputSerializer}
VERSION_PART = {"multipart/form-data": VersionInputSerializer}


class ContentEndpoint(Endpoint):
    read_scope = scopes.CONTENT_READ
    write_scope = scopes.CONTENT_WRITE

    def find(self) -> None:
        self.person = access.person(self.actor)


class UploadEndpoint(ContentEndpoint):
    rate_class = limits.UPLOAD
    parser_classes = (forms.LibraryFileParser,)  # type: ignore[assignment]


PAGE_OF_ASSETS = paged_schema(AssetSerializer)  # one component of the schema, wherever it is answered
FILTERS = (
    *PAGING,
    Choice(name="kind", choices=Kind.values),
    Flag(name="published", description="Only what is published, or only what is not."),
    Text(name="search", default="", description="Part of the title, the words about it, or the artist."),
    Ordering(default="-created_at", fields={"created_at": "created_at", "title": "title"}),
)


def uploaded(view: Any, operation: Callable[..., Any], *arguments: Any, **options: Any) -> Response:
    """The answer to an upload; the last step of the operation and the answer are one (`idempotent_at_last`)."""

    def finish(act: Callable[[], Asset]) -> Response:
        answer: Response = view.finish(lambda: Response(asset_document(act()), status=201))
        return answer

    answer: Response = operation(*arguments, actor=view.actor, finish=finish, **options)
    return answer


def page_of(request: Request, found: QuerySet[Asset], params: dict[str, Any]) -> Response:
    """As the filters say."""
    narrowed = queries.narrowed(found, params)
    return Response(
        paged(request, narrowed.order_by(*params["ordering"]), params, lambda rows: map(asset_document, rows))
    )


class Contents(UploadEndpoint):
    parameters = (*FILTERS, Identifier(name="team_id"))

    @extend_schema(responses=PAGE_OF_ASSETS)
    def get(self, request: Request) -> Response:
        return page_of(request, access.visible(self.person), self.params)

    @extend_schema(request=FILE_PART, responses={201: AssetSerializer})
    @idempotent_at_last
    def post(self, request: Request) -> Response:
        """Put a picture, sound, a video or a document into the library. What is played is made afterwards."""
        sent = forms.read(request, AssetInputSerializer)
        team_id = sent.words.pop("team_id", None)
        with sent.file() as file:
            options: Any = {"name": sent.name, "crop": sent.crop, "facts": sent.words, "team_id": team_id}
            return uploaded(self, assets.upload, self.person, file, **options)


class Usage(ContentEndpoint):
    @extend_schema(responses=UsageSerializer)
    def get(self, request: Request) -> Response:
        """How many bytes the own library takes, and may take."""
        room = assets.room(self.person)
        return Response({"used": room.used(), "allowed": settings.CONTENT_USER_QUOTA})


class _OfOneAsset:
    person: Any
    kwargs: Any
    actor: Any

    @cached_property
    def asset(self) -> Asset:
        """Raises NotVisible for what is not there and for what the person may not see."""
        try:
            found = access.found(self.person).filter(pk=UUID(self.kwargs["asset_id"])).first()
        except ValueError:
            found = None
        if found is None:
            raise NotVisible
        return found

    def authorise(self) -> None:
        access.require_change(self.actor, self.asset)


class OneContent(_OfOneAsset, ContentEndpoint):
    @extend_schema(responses=AssetSerializer)
    def get(self, request: Request, asset_id: str) -> Response:
        return Response(asset_document(self.asset))

    @extend_schema(request=AssetPatchSerializer, responses=AssetSerializer)
    def patch(self, request: Request, asset_id: str) -> Response:
        """Change the words about it, share it with a team, publish it."""
        changes = self.body(AssetPatchSerializer, partial=True)
        return Response(asset_document(assets.update(self.asset, changes, actor=self.actor)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, asset_id: str) -> Response:
        assets.delete(self.asset, actor=self.actor)
        return Response(status=204)


class ContentVersions(_OfOneAsset, UploadEndpoint):
    parameters = PAGING

    @extend_schema(responses=paged_schema(VersionSerializer))
    def get(self, request: Request, asset_id: str) -> Response:
        found = self.asset.versions.filter(state=State.READY).select_related("asset", "created_by", "job")
        return Response(paged(request, found.prefetch_related("files"), self.params, self._rows))

    def _rows(self, found: list[Version]) -> Iterable[Any]:
        return map(version_document, found)

    @extend_schema(request=VERSION_PART, responses={201: AssetSerializer})
    @idempotent_at_last
    def post(self, request: Request, asset_id: str) -> Response:
        """Replace it by another of its kind; the earlier one stays as a version."""
        sent = forms.read(request, VersionInputSerializer)
        with sent.file() as file:
            options: Any = {"name": sent.name, "crop": sent.crop, "facts": sent.words}
            return uploaded(self, assets.replace, self.asset, file, **options)


class ContentRestoration(_OfOneAsset, ContentEndpoint):
    optional_body = True

    @extend_schema(request=None, responses=AssetSerializer)
    @idempotent
    def post(self, request: Request, asset_id: str, version: str) -> Response:
        """Show an earlier version again."""
        self.refuse_body()
        if not version.isascii() or not version.isdecimal() or len(version) > 9:
            raise NotVisible
        return Response(asset_document(assets.restore(self.asset, int(version), actor=self.actor)))
