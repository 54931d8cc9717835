"""REST endpoints of a character's portrait and background."""

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits
from accounts.idempotency import idempotent_at_last
from campaigns.queries import key
from characters import pictures
from characters.access import require_dress
from characters.api import CharacterEndpoint
from characters.models import Character
from characters.operations import pictures as operations
from characters.pictures import Place
from content import forms
from content.queries import asset_of, job_of
from content.serializers import PictureSerializer, PictureStateSerializer, job_document

UPLOADED = extend_schema(
    request={"multipart/form-data": forms.PictureInputSerializer}, responses={201: PictureSerializer}
)
STATE = extend_schema(responses=PictureStateSerializer)
REMOVED = extend_schema(responses={204: None})


class PictureEndpoint(CharacterEndpoint):
    place: ClassVar[Place]
    finish: Callable[[Callable[[], Response]], Response]
    rate_class = limits.UPLOAD
    parser_classes = (forms.OneFileParser,)  # type: ignore[assignment]
    extra_error_statuses = (413, 415)

    def authorise(self) -> None:
        require_dress(self.actor, self.campaign, key(self.kwargs["character_id"]))

    def state(self) -> Response:
        require_dress(self.actor, self.campaign, self.character.pk)
        asset = asset_of(self.place.purpose, self.character.pk)
        shown = self.character.pictures.get(self.place.purpose)
        job = job_of(asset) if asset and shown else None
        return Response({"picture": shown, "job": job_document(job)})

    def put_on(self, request: Request) -> Response:
        sent = forms.read(request)
        with sent.file() as file:
            options: Any = {"crop": sent.crop, "facts": sent.words, "finish": self.told}
            answer: Response = operations.put_on(self.character, self.place, file, actor=self.actor, **options)
            return answer

    def told(self, act: Callable[[], Character]) -> Response:
        answer: Response = self.finish(lambda: Response(act().pictures[self.place.purpose], status=201))
        return answer

    def take_off(self) -> Response:
        operations.take_off(self.character, self.place, actor=self.actor)
        return Response(status=204)


class Portrait(PictureEndpoint):
    place = pictures.PORTRAIT

    @STATE
    def get(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """The portrait, and how far its further forms are; for those who may change it."""
        return self.state()

    @UPLOADED
    @idempotent_at_last
    def post(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """Show this picture as the character's portrait, on every page and overlay at once."""
        return self.put_on(request)

    @REMOVED
    def delete(self, request: Request, campaign_id: str, character_id: str) -> Response:
        return self.take_off()


class Background(PictureEndpoint):
    place = pictures.BACKGROUND

    @STATE
    def get(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """The background, and how far its further forms are; for those who may change it."""
        return self.state()

    @UPLOADED
    @idempotent_at_last
    def post(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """Show this picture behind the character's page."""
        return self.put_on(request)

    @REMOVED
    def delete(self, request: Request, campaign_id: str, character_id: str) -> Response:
        return self.take_off()
