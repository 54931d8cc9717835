"""/api/v1/campaigns/…/chronicle/…: the storyteller's table."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from campaigns import access
from sheets import documents, schemas, table
from sheets.chronicle_endpoint import ChronicleEndpoint
from sheets.operations import experience
from sheets.serializers import AwardSerializer


class ChronicleTable(ChronicleEndpoint):
    @extend_schema(responses=schemas.TABLE)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        """The storyteller's: tracks and experience of every sheet of the chronicle, and what waits for an answer."""
        self.require_insight()
        tells = access.may_manage(self.actor, self.campaign)
        return self.answer(lambda: table.document(self.campaign, tells=tells), *table.state(self.campaign), tells)


class ChronicleAwards(ChronicleEndpoint):
    @extend_schema(request=AwardSerializer, responses={201: schemas.EXPERIENCE_LIST})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Award experience to every sheet of the chronicle, or to none."""
        entries = experience.award_all(self.campaign, actor=self.actor, **self.body(AwardSerializer))
        return Response([documents.entry_document(entry) for entry in entries], status=201)
