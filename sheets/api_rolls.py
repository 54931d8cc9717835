"""/api/v1/sheets/{id}/roll and /rolls: dice that fall for a sheet, and what is made of them."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import scopes
from accounts.endpoint import PATH
from accounts.idempotency import idempotent
from contract.paging import PAGING, paged
from sheets import documents, queries, schemas
from sheets.api import SheetEndpoint
from sheets.models import Roll
from sheets.operations import rolling
from sheets.serializers import ThrowAgainSerializer, ThrowChoiceSerializer, ThrowSerializer

OF_ROLL = extend_schema(parameters=[OpenApiParameter("roll_id", OpenApiTypes.UUID, PATH)])


class SheetRoll(SheetEndpoint):
    write_scope = scopes.LIVE_WRITE

    @extend_schema(request=ThrowSerializer, responses={201: schemas.ROLL})
    @idempotent
    def post(self, request: Request, sheet_id: str) -> Response:
        """Roll a pool of the sheet's traits, or a check. On stage it is told by an event, and moves the live tracks."""
        sent = self.body(ThrowSerializer)
        if "specialty" in sent:
            sent["specialty"] = str(sent["specialty"])
        made = rolling.roll(self.sheet, sent, actor=self.actor, standing=self.found.standing)
        return Response(documents.roll_document(made), status=201)


class SheetRolls(SheetEndpoint):
    parameters = PAGING

    @extend_schema(responses=schemas.ROLLS)
    def get(self, request: Request, sheet_id: str) -> Response:
        """The last fifty rolls of the sheet, newest first."""
        found = queries.rolls(self.sheet, self.actor, self.found.standing)
        return Response(paged(request, found, self.params, _documents))


@OF_ROLL
class RollEndpoint(SheetEndpoint):
    write_scope = scopes.LIVE_WRITE

    @cached_property
    def roll(self) -> Roll:
        return queries.roll(self.sheet, self.kwargs["roll_id"], self.actor, self.found.standing)

    def told(self, made: Roll) -> Response:
        return Response(documents.roll_document(made, queries.taken_back([made])))


class RollAgain(RollEndpoint):
    @extend_schema(request=ThrowAgainSerializer, responses=schemas.ROLL)
    @idempotent
    def post(self, request: Request, sheet_id: str, roll_id: str) -> Response:
        """Mark a superficial willpower and roll one to three normal dice again, once."""
        chosen = self.body(ThrowAgainSerializer)["dice"]
        return self.told(rolling.reroll(self.roll, chosen, actor=self.actor, standing=self.found.standing))


class RollChoice(RollEndpoint):
    @extend_schema(request=ThrowChoiceSerializer, responses=schemas.ROLL)
    @idempotent
    def post(self, request: Request, sheet_id: str, roll_id: str) -> Response:
        """Overreach (the win stays, danger rises) or despair (it is a failure), after a 1 on a desperation die."""
        chosen = self.body(ThrowChoiceSerializer)["choice"]
        return self.told(rolling.choose(self.roll, chosen, actor=self.actor, standing=self.found.standing))


def _documents(found: list[Roll]) -> Iterable[Any]:
    gone = queries.taken_back(found)
    return [documents.roll_document(roll, gone) for roll in found]
