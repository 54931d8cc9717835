"""REST endpoints of characters, roster, events and imports."""

from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.http.response import HttpResponseBase
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, scopes
from accounts.idempotency import idempotent
from campaigns import access, events, history
from campaigns import queries as campaign_queries
from campaigns.endpoint import CampaignEndpoint
from campaigns.messages import GM
from campaigns.models import Event
from campaigns.operations import undo
from campaigns.serializers import EventSerializer, RecordedSerializer
from characters import ingest, initiative, queries
from characters.access import may_play_any, require_play
from characters.models import Character, Status
from characters.operations import imports, lifecycle, roster
from characters.operations import initiative as turns
from characters.projection import character_document
from characters.serializers import (
    INGESTED,
    CharacterInputSerializer,
    CharacterPatchSerializer,
    CharacterSerializer,
    ImportInputSerializer,
    ImportSerializer,
    InitiativeInputSerializer,
    InitiativeSerializer,
    RosterInputSerializer,
    RosterSerializer,
)
from characters.uploads import CharacterFilesParser
from contract.paging import PAGING, paged
from contract.query import Choice, Flag, Identifier, Integer, Ordering, Text
from contract.refusals import Invalid, NotVisible
from contract.schema import paged_schema

NEWEST_SEQ = 2**63 - 1


class CharactersEndpoint(CampaignEndpoint):
    def shown(self, character: Character) -> dict[str, Any]:
        document = character_document(character, self.audience)
        if document is None:
            raise NotVisible
        return {**document, "player": character.player_id} if self.audience == GM else document


class Characters(CharactersEndpoint):
    parameters = (
        *PAGING,
        Choice(name="status", choices=Status.values),
        Text(name="search", default="", description="Part of the name, the player's name or the class."),
        Flag(name="on_roster", description="Only those on stage, or only those off."),
        Ordering(default="name", fields={"name": "name", "level": "level", "created_at": "created_at"}),
    )

    @extend_schema(responses=paged_schema(CharacterSerializer))
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        names = ("status", "search", "on_roster", "ordering")
        found = queries.characters(self.campaign, self.audience, **{name: self.params[name] for name in names})
        return self.read(lambda: paged(request, found, self.params, lambda rows: map(self.shown, rows)))

    @extend_schema(request=CharacterInputSerializer, responses={201: CharacterSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        fields = self.body(CharacterInputSerializer, campaign=self.campaign)
        character = lifecycle.create(self.campaign, actor=self.actor, **fields)
        return Response(self.shown(character), status=201)


class CharacterEndpoint(CharactersEndpoint):
    """Who may write sees every character, so theirs is looked up once they have been let through."""

    @property
    def character(self) -> Character:
        key = campaign_queries.key(self.kwargs["character_id"])
        return queries.character(self.campaign, key, self.audience)


class OneCharacter(CharacterEndpoint):
    @extend_schema(responses=CharacterSerializer)
    def get(self, request: Request, campaign_id: str, character_id: str) -> HttpResponseBase:
        return self.read(lambda: self.shown(self.character))

    @extend_schema(request=CharacterPatchSerializer, responses=CharacterSerializer)
    def patch(self, request: Request, campaign_id: str, character_id: str) -> Response:
        character = self.character
        context = {"campaign": self.campaign, "stats": character.stats}
        changes = self.body(CharacterPatchSerializer, partial=True, **context)
        seen = changes.pop("version", None)
        return Response(self.shown(lifecycle.update(character, changes, actor=self.actor, seen=seen)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str, character_id: str) -> Response:
        lifecycle.delete(self.character, actor=self.actor)
        return Response(status=204)


class Retire(CharacterEndpoint):
    optional_body = True

    @extend_schema(request=None, responses=CharacterSerializer)
    @idempotent
    def post(self, request: Request, campaign_id: str, character_id: str) -> Response:
        """Retire a character and take it off the stage."""
        self.refuse_body()
        return Response(self.shown(lifecycle.retire(self.character, actor=self.actor)))


class Roster(CampaignEndpoint):
    write_scope = scopes.LIVE_WRITE

    @extend_schema(responses=RosterSerializer)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        return self.read(lambda: self._shown(queries.roster(self.campaign.pk)))

    @extend_schema(request=RosterInputSerializer, responses=RosterSerializer)
    def patch(self, request: Request, campaign_id: str) -> Response:
        """Put exactly these on stage, in this order."""
        sent = self.body(RosterInputSerializer)
        entries: list[tuple[UUID, str | None]] = [(id_, None) for id_ in sent.get("character_ids", ())]
        entries += [(entry["character_id"], entry["tier"]) for entry in sent.get("entries", ())]
        try:
            after = roster.set_roster(self.campaign.pk, entries, actor=self.actor)
        except Invalid as refusal:
            raise (_as_ids(refusal) if "character_ids" in sent else refusal) from refusal
        return Response(self._shown(after))

    def _shown(self, rows: queries.Roster) -> dict[str, Any]:
        seen = [row for row in rows if self.audience == GM or not row["is_secret"]]
        entries = [{"character_id": row["id"], "tier": row["tier"]} for row in seen]
        return {"character_ids": [row["id"] for row in seen], "entries": entries}


def _as_ids(refusal: Invalid) -> Invalid:
    """The same fault by the name of the field that was sent."""
    renamed = [
        (field.replace("entries", "character_ids").removesuffix(".character_id"), text)
        for field, text in refusal.details
    ]
    return Invalid(renamed)


class InitiativeEndpoint(CampaignEndpoint):
    write_scope = scopes.LIVE_WRITE

    def shown(self) -> dict[str, Any]:
        now = queries.turn_order(self.campaign.pk)
        if now is not None and self.audience != GM:
            hidden = queries.hidden_among(self.campaign.pk, initiative.people(now))
            now = initiative.shown(now, hidden)
        return now or {"round": 0, "turn": None, "order": []}


class Initiative(InitiativeEndpoint):
    @extend_schema(responses=InitiativeSerializer)
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        return self.read(self.shown)

    @extend_schema(request=InitiativeInputSerializer, responses=InitiativeSerializer)
    def patch(self, request: Request, campaign_id: str) -> Response:
        """Put exactly these in the order; round and turn go on. Or say whose turn it is."""
        sent = self.body(InitiativeInputSerializer)
        with transaction.atomic():
            if "order" in sent:
                turns.set_order(self.campaign.pk, sent["order"], actor=self.actor)
            if "turn" in sent:
                turns.to_turn(self.campaign.pk, str(sent["turn"]), actor=self.actor)
        return Response(self.shown())

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign_id: str) -> Response:
        turns.put_away(self.campaign.pk, actor=self.actor)
        return Response(status=204)


class NextTurn(InitiativeEndpoint):
    optional_body = True

    @extend_schema(request=None, responses=InitiativeSerializer)
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """The turn ends; conditions that last some rounds last one less for whoever acted."""
        self.refuse_body()
        turns.next_turn(self.campaign.pk, actor=self.actor)
        return Response(self.shown())


class EventsEndpoint(CampaignEndpoint):
    write_scope = scopes.LIVE_WRITE

    def authorise(self) -> None:
        """Whose character is meant stands in the body; who may play none is sent away before it is read."""
        if not may_play_any(self.actor, self.campaign):
            access.require_manage(self.actor, self.campaign)

    def event(self, event: Event) -> dict[str, Any]:
        context = {"audience": self.audience, "epoch": self.campaign.epoch}
        return EventSerializer(event, context=context).data

    def as_of_today(self, found: list[Event]) -> list[Event]:
        """What has been hidden since is not told to viewers any more."""
        return found if self.audience == GM else history.tightened(self.campaign.pk, found)

    def character_of(self, sent: ingest.Sent) -> Character | None:
        """Whom it is about, where that decides anything: the right to do it, or whether it is hidden."""
        runs_the_table = access.may_manage(self.actor, self.campaign)
        if "character_id" not in sent or (runs_the_table and sent["type"] in events.VITALS):
            access.require_manage(self.actor, self.campaign)
            return None
        try:
            character = queries.character(self.campaign, sent["character_id"], self.audience)
        except NotVisible as error:
            raise Invalid([ingest.NOT_HERE]) from error
        require_play(self.actor, self.campaign, character)
        return character

    def recorded(self, event: Event) -> Response:
        return Response(ingest.answer(event, self.audience), status=201)


class Events(EventsEndpoint):
    parameters = (
        *PAGING,
        Integer(name="since", default=0, maximum=NEWEST_SEQ, description="Only what came after this seq."),
        Choice(name="type", choices=events.TYPES),
        Identifier(name="character_id"),
        Integer(name="episode", minimum=1, maximum=9999, description="Number of the episode."),
        Ordering(default="seq", fields={"seq": "seq"}),
    )

    @extend_schema(responses=paged_schema(EventSerializer))
    def get(self, request: Request, campaign_id: str) -> HttpResponseBase:
        return self.read(lambda: paged(request, self._found(), self.params, self._rows))

    def _found(self) -> Any:
        return campaign_queries.entries(
            self.campaign,
            self.audience,
            since=self.params["since"],
            type_=self.params["type"],
            character_id=self.params["character_id"],
            episode=self.params["episode"],
            secret=queries.secret_ids(self.campaign),
            ordering=self.params["ordering"],
        )

    def _rows(self, found: list[Event]) -> list[dict[str, Any]]:
        rows = [self.event(event) for event in self.as_of_today(found)]
        filtered = any(self.params[name] for name in ("type", "character_id", "episode"))
        # Hidden by something later than the entry: under a filter even its place would tell of it.
        return [row for row in rows if row["id"]] if filtered else rows

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="Ingested", serializers=dict(INGESTED), resource_type_field_name="type"
        ),
        responses={201: RecordedSerializer},
    )
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Something happens at the table: see docs/api.md for what each type takes."""
        sent = ingest.read(cast(dict[str, Any], request.data))
        character = self.character_of(sent)
        try:
            event = ingest.record(self.campaign.pk, sent, character, actor=self.actor)
        except NotVisible as error:
            raise Invalid([ingest.NOT_HERE]) from error
        return self.recorded(event)


class OneEvent(EventsEndpoint):
    @extend_schema(responses=EventSerializer)
    def get(self, request: Request, campaign_id: str, event_id: str) -> HttpResponseBase:
        return self.read(self._shown)

    def _shown(self) -> dict[str, Any]:
        found = campaign_queries.entry(self.campaign, campaign_queries.key(self.kwargs["event_id"]))
        shown = self.event(self.as_of_today([found])[0])
        if shown["id"] is None:
            raise NotVisible
        return shown


class Undo(EventsEndpoint):
    optional_body = True

    def authorise(self) -> None:
        access.require_manage(self.actor, self.campaign)

    @extend_schema(request=None, responses={201: RecordedSerializer})
    @idempotent
    def post(self, request: Request, campaign_id: str, event_id: str) -> Response:
        """Take back any of the last fifty events; undoing an undo does the thing again."""
        self.refuse_body()
        key = campaign_queries.key(event_id)
        return self.recorded(undo.undo(self.campaign.pk, key, actor=self.actor))


class Import(CampaignEndpoint):
    rate_class = limits.UPLOAD
    parser_classes = (CharacterFilesParser,)  # type: ignore[assignment]

    @extend_schema(
        request={"multipart/form-data": ImportInputSerializer},
        responses=ImportSerializer,
    )
    @idempotent
    def post(self, request: Request, campaign_id: str) -> Response:
        """Read character files; see what would become of them, or (commit=true) let it."""
        upload = CharacterFilesParser.read(request)
        options = {"commit": upload.commit, "keep_live": upload.keep_live}
        results = imports.bring_in(self.campaign, upload.readings(), actor=self.actor, **options)
        return Response({"results": [imports.told(result) for result in results]})
