"""/api/v1/campaigns/{id}/groups: cells and coteries, and which sheets are in them."""

from functools import cached_property
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.endpoint import PATH
from accounts.idempotency import idempotent
from campaigns import access as campaign_access
from contract.refusals import Invalid, NotVisible
from sheets import access, documents, lines, queries, schemas
from sheets.api import SheetEndpoint
from sheets.chronicle_endpoint import ChronicleEndpoint
from sheets.models import Group
from sheets.operations import groups
from sheets.serializers import JoinSerializer

OF_GROUP = extend_schema(parameters=[OpenApiParameter("group_id", OpenApiTypes.UUID, PATH)])


class GroupsEndpoint(ChronicleEndpoint):
    """Of the people of a campaign: nobody else learns of its groups."""

    def find(self) -> None:
        super().find()
        campaign_access.require_membership(self.actor, self.campaign)

    def authorise(self) -> None:
        access.require_in_group(self.actor, self.campaign)


class Groups(GroupsEndpoint):
    @extend_schema(responses=schemas.GROUPS)
    def get(self, request: Request, campaign_id: str) -> Response:
        """The groups of the campaign with their members and shared tracks."""
        return Response([documents.group_document(group) for group in queries.groups(self.campaign)])

    @extend_schema(request=schemas.NEW_GROUP, responses={201: schemas.GROUP})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Begin a group of a line. One with tracks of its own is a character of the campaign, too."""
        sent = request.data if isinstance(request.data, dict) else {}
        line = lines.enabled().get(str(sent.get("line", "")))
        if line is None:
            raise Invalid([("line", f"One of: {', '.join(lines.enabled())}.")])
        fields = {name: value for name, value in sent.items() if name != "line"}
        made = groups.create(self.campaign, line, fields, actor=self.actor)
        return Response(documents.group_document(made), status=201)


@OF_GROUP
class OneGroup(GroupsEndpoint):
    @cached_property
    def group(self) -> Group:
        return queries.group(self.campaign, self.kwargs["group_id"])

    @extend_schema(responses=schemas.GROUP)
    def get(self, request: Request, campaign_id: str, group_id: str) -> Response:
        return Response(documents.group_document(self.group))

    @extend_schema(request=schemas.GROUP_PATCH, responses=schemas.GROUP)
    def patch(self, request: Request, campaign_id: str, group_id: str) -> Response:
        groups.update(self.group, request.data, actor=self.actor)
        return Response(documents.group_document(queries.group(self.campaign, group_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, group_id: str) -> Response:
        """Its sheets keep the tracks as they are. For the GM."""
        campaign_access.require_manage(self.actor, self.campaign)
        groups.delete(self.group, actor=self.actor)
        return Response(status=204)


class SheetGroup(SheetEndpoint):
    @extend_schema(request=JoinSerializer, responses=schemas.SHEET)
    @idempotent
    def post(self, request: Request, sheet_id: str) -> Response:
        """Join a group of the sheet's campaign: what it shares is shared from then on."""
        groups.join(self.sheet, self.chosen(self.body(JoinSerializer)["group"]), actor=self.actor)
        return Response(self.shown())

    @extend_schema(responses={204: None})
    def delete(self, request: Request, sheet_id: str) -> Response:
        groups.leave(self.sheet, actor=self.actor)
        return Response(status=204)

    def chosen(self, id_: Any) -> Group:
        """Raises Invalid."""
        try:
            if self.sheet.campaign is None:
                raise NotVisible
            return queries.group(self.sheet.campaign, str(id_))
        except NotVisible as error:
            raise Invalid([("group", "There is no such group in the sheet's campaign.")]) from error
