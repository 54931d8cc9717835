"""/api/v1/sheets/{id}/portraits: the pictures of a sheet."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits
from accounts.endpoint import PATH
from accounts.idempotency import idempotent_at_last
from content import forms
from contract.parsers import StrictJSONParser
from sheets import portraits
from sheets.api import SheetEndpoint
from sheets.operations import portraits as operations
from sheets.portraits import Slot
from sheets.serializers import PortraitSerializer

IN_SLOT = extend_schema(
    parameters=[OpenApiParameter("slot", OpenApiTypes.STR, PATH, description=", ".join(portraits.SLOTS))]
)


class SheetPortraits(SheetEndpoint):
    @extend_schema(responses=PortraitSerializer(many=True))
    def get(self, request: Request, sheet_id: str) -> Response:
        """Every slot with its picture, for those who see the sheet."""
        return Response(portraits.shown(self.sheet))


@IN_SLOT
class SheetPortrait(SheetEndpoint):
    place: Slot
    finish: Callable[[Callable[[], Response]], Response]
    rate_class = limits.UPLOAD
    parser_classes = (forms.OneFileParser,)  # type: ignore[assignment]
    extra_error_statuses = (413, 415)

    def get_parsers(self) -> list[Any]:
        """A picture comes as a form, words alone as JSON."""
        words_alone = getattr(self.request, "method", "") == "PATCH"
        return [StrictJSONParser()] if words_alone else super().get_parsers()

    def find(self) -> None:
        super().find()
        self.place = portraits.slot(self.kwargs["slot"])

    @extend_schema(responses=PortraitSerializer)
    def get(self, request: Request, sheet_id: str, slot: str) -> Response:
        return Response(portraits.one(self.sheet, self.place))

    @extend_schema(request={"multipart/form-data": forms.PictureInputSerializer}, responses={201: PortraitSerializer})
    @idempotent_at_last
    def post(self, request: Request, sheet_id: str, slot: str) -> Response:
        """Put this picture into the slot."""
        sent = forms.read(request)
        with sent.file() as file:
            options: Any = {"crop": sent.crop, "facts": sent.words, "finish": self._told}
            answer: Response = operations.put_on(self.sheet, self.place, file, actor=self.actor, **options)
            return answer

    def _told(self, act: Callable[[], portraits.Shown]) -> Response:
        answer: Response = self.finish(lambda: Response(act(), status=201))
        return answer

    @extend_schema(request={"application/json": forms.WordsSerializer}, responses=PortraitSerializer)
    def patch(self, request: Request, sheet_id: str, slot: str) -> Response:
        """Say something else of the picture that is there."""
        words = self.body(forms.WordsSerializer)
        return Response(operations.describe(self.sheet, self.place, words, actor=self.actor))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, sheet_id: str, slot: str) -> Response:
        operations.take_off(self.sheet, self.place, actor=self.actor)
        return Response(status=204)
