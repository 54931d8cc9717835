"""Commands for one button each: what happens in the address, how much in the body, the new state in the answer.

Answered in JSON, or in one line of text for `Accept: text/plain` and `?format=text`. Reading never changes anything:
these addresses answer POST only.
"""

import json
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import idempotent
from campaigns import access, events
from campaigns import queries as campaign_queries
from campaigns.messages import effect_of
from campaigns.models import Event
from campaigns.operations import episodes, undo
from campaigns.serializers import RecordedSerializer
from characters import ingest
from characters.api import EventsEndpoint
from characters.lines import line
from characters.serializers import (
    ConditionAddedSerializer,
    DeathSaveSerializer,
    HPChangeSerializer,
    RollSerializer,
    TrackChangeSerializer,
    UndoInputSerializer,
)
from contract.fields import StrictBooleanField, StrictIntegerField
from contract.query import Choice
from contract.refusals import Conflict, Invalid, NotVisible
from contract.serializers import StrictSerializer

TEXT = "text/plain"


class LineRenderer(BaseRenderer):
    """Chosen by Accept; the line itself is put in its place by `OneLine.finalize_response`."""

    media_type = TEXT
    format = "text"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b""


class LineSerializer(RecordedSerializer):
    line = serializers.CharField(help_text="The same in one line: what a button or a bot shows.")


ANSWERS = {(201, "application/json"): LineSerializer, (201, TEXT): OpenApiTypes.STR}


class HPLine(HPChangeSerializer):
    type = character_id = None  # type: ignore[assignment]  # the address says both


class TempLine(StrictSerializer):
    amount = StrictIntegerField(min_value=0, max_value=9999, help_text="The larger of old and new stays; 0 removes.")


class ConditionLine(ConditionAddedSerializer):
    type = character_id = None  # type: ignore[assignment]
    on = StrictBooleanField(required=False, help_text="false takes it off.")


class DeathSaveLine(DeathSaveSerializer):
    type = character_id = None  # type: ignore[assignment]


class TrackLine(TrackChangeSerializer):
    type = character_id = None  # type: ignore[assignment]


class RollLine(RollSerializer):
    type = None  # type: ignore[assignment]


class OneLine(EventsEndpoint):
    renderer_classes = (JSONRenderer, LineRenderer)  # type: ignore[assignment]
    write_parameters = (Choice(name="format", choices=("json", "text"), description="text: one line."),)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answered = super().finalize_response(request, response, *args, **kwargs)
        return _as_text(answered) if self._wants_text(request) else answered

    def _wants_text(self, request: Any) -> bool:
        renderer = getattr(request, "accepted_renderer", None)
        return isinstance(renderer, LineRenderer) or request.GET.get("format") == "text"

    def told(self, event: Event) -> Response:
        body = ingest.answer(event, self.audience)
        return Response({**body, "line": self._line(event)}, status=201)

    def _line(self, event: Event) -> str:
        data = effect_of(event).data if event.type == events.UNDO else event.data
        name = data.get("character", data).get("name", "") if event.subject_kind == events.SUBJECT_CHARACTER else ""
        return line(event, self.audience, name, data.get("hp_display", ""))


class CharacterLine(OneLine):
    """Something happens to the character of the address."""

    serializer: ClassVar[type[StrictSerializer]]

    def document(self, sent: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def act(self) -> Response:
        sent = ingest.read({**self.document(self.body(self.serializer)), "character_id": self.kwargs["character_id"]})
        character = self.character_of(sent)
        try:
            return self.told(ingest.record(self.campaign.pk, sent, character, actor=self.actor))
        except NotVisible as error:
            raise Invalid([ingest.NOT_HERE]) from error


def _command(name: str, serializer: type[StrictSerializer], words: str, document: Any) -> type[CharacterLine]:
    """The endpoint of one command; `document` makes the event of what was sent."""

    @extend_schema(request=serializer, responses=ANSWERS, description=words)
    @idempotent
    def post(self: CharacterLine, request: Request, campaign_id: str, character_id: str) -> Response:
        return self.act()

    members = {"serializer": serializer, "document": lambda self, sent: document(sent), "post": post}
    return type(name, (CharacterLine,), members)


def _condition(sent: dict[str, Any]) -> dict[str, Any]:
    if sent.pop("on", True):
        return {"type": events.CONDITION_ADDED, **sent}
    return {"type": events.CONDITION_REMOVED, "condition": sent["condition"]}


HP = _command(
    "HP", HPLine, "Wound (delta below zero), heal, or set hit points.", lambda sent: {"type": events.HP_CHANGE, **sent}
)
Temp = _command(
    "Temp", TempLine, "Give temporary hit points.", lambda sent: {"type": events.HP_CHANGE, "temp": sent["amount"]}
)
Condition = _command("Condition", ConditionLine, "Put a condition on, or take it off.", _condition)
DeathSave = _command(
    "DeathSave", DeathSaveLine, "Record a death save.", lambda sent: {"type": events.DEATH_SAVE, **sent}
)
Track = _command(
    "Track", TrackLine, "Move a track: hunger, willpower, health.", lambda sent: {"type": events.TRACK_CHANGE, **sent}
)


class Roll(OneLine):
    @extend_schema(request=RollLine, responses=ANSWERS)
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Tell a roll made elsewhere."""
        self.body(RollLine)
        sent = ingest.read({"type": events.ROLL, **dict(request.data)})
        character = self.character_of(sent)
        event = ingest.record(self.campaign.pk, sent, character, actor=self.actor)
        return self.told(event)


class UndoLine(OneLine):
    optional_body = True

    def authorise(self) -> None:
        access.require_manage(self.actor, self.campaign)

    @extend_schema(request=UndoInputSerializer, responses=ANSWERS)
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Take back the last event that has not been taken back, or the one at `seq`."""
        sent = self.body(UndoInputSerializer)
        try:
            event = campaign_queries.entry_to_undo(self.campaign, sent.get("seq"))
        except NotVisible as error:
            raise Invalid([("seq", "There is nothing to take back.")]) from error
        return self.told(undo.undo(self.campaign.pk, event.pk, actor=self.actor))


class EpisodeLine(OneLine):
    optional_body = True

    def authorise(self) -> None:
        access.require_manage(self.actor, self.campaign)

    def told_last(self) -> Response:
        """The entry that the operation has just written, which nobody can have written after."""
        return self.told(campaign_queries.entry_to_undo(self.campaign))


class EpisodeStartNext(EpisodeLine):
    @extend_schema(request=None, responses=ANSWERS)
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Begin the planned episode with the lowest number."""
        self.refuse_body()
        planned = self.campaign.episodes.filter(started_at=None).order_by("number").first()
        if planned is None:
            raise Conflict("No episode is planned. Plan one first.")
        episodes.start(planned, actor=self.actor)
        return self.told_last()


class EpisodeEndRunning(EpisodeLine):
    @extend_schema(request=None, responses=ANSWERS)
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """End the episode that is running."""
        self.refuse_body()
        running = self.campaign.episodes.filter(started_at__isnull=False, ended_at=None).first()
        if running is None:
            raise Conflict("No episode is running.")
        episodes.end(running, actor=self.actor)
        return self.told_last()


def _as_text(answered: Any) -> HttpResponse:
    """The line, or what is wrong in one: the same status and headers."""
    body = answered.data if isinstance(answered, Response) else json.loads(answered.content or b"{}")
    text = body.get("line") if answered.status_code < 400 else _fault(body)
    shown = HttpResponse(f"{text}\n", status=answered.status_code, content_type=f"{TEXT}; charset=utf-8")
    for header, value in answered.items():
        if header.lower() not in ("content-type", "content-length"):
            shown[header] = value
    shown.in_contract_shape = True  # type: ignore[attr-defined]
    return shown


def _fault(body: dict[str, Any]) -> str:
    told = [detail["message"] for detail in body.get("details", ()) if " " in detail["message"]]
    return " ".join(told) or str(body.get("error", "Refused."))
