"""REST endpoints of a campaign's library. One of its files is changed as every file is, by /api/v1/content/{id}."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, scopes
from accounts.idempotency import idempotent_at_last
from campaigns import shelf
from campaigns.endpoint import CampaignEndpoint
from content import access, forms
from content.api import FILTERS, PAGE_OF_ASSETS, page_of, uploaded
from content.operations import assets
from content.serializers import AssetSerializer, LibraryInputSerializer, UsageSerializer


class LibraryEndpoint(CampaignEndpoint):
    read_scope = scopes.CONTENT_READ
    write_scope = scopes.CONTENT_WRITE

    def find(self) -> None:
        super().find()
        shelf.require(self.actor, self.campaign)
        self.person = access.person(self.actor)

    def authorise(self) -> None:
        """Who may look may bring something."""


class Library(LibraryEndpoint):
    parameters = FILTERS
    rate_class = limits.UPLOAD
    parser_classes = (forms.LibraryFileParser,)  # type: ignore[assignment]
    extra_error_statuses = (413, 415)

    @extend_schema(responses=PAGE_OF_ASSETS)
    def get(self, request: Request, campaign_id: str) -> Response:
        """For a GM all of it; for players what is published and what they brought themselves."""
        return page_of(request, access.on_shelf(self.person, self.campaign.pk), self.params)

    @extend_schema(request={"multipart/form-data": LibraryInputSerializer}, responses={201: AssetSerializer})
    @idempotent_at_last
    def post(self, request: Request, campaign_id: str) -> Response:
        """Put a picture, sound, a video or a document into the campaign's library."""
        sent = forms.read(request, LibraryInputSerializer)
        options: Any = {"name": sent.name, "crop": sent.crop, "facts": sent.words, "space": self.campaign.pk}
        with sent.file() as file:
            return uploaded(self, assets.upload, self.person, file, **options)


class LibraryUsage(LibraryEndpoint):
    @extend_schema(responses=UsageSerializer)
    def get(self, request: Request, campaign_id: str) -> Response:
        """How many bytes the campaign's files take, portraits and backgrounds too, and may take."""
        room = assets.shared_room(self.campaign.pk)
        return Response({"used": room.used(), "allowed": room.allowed})
