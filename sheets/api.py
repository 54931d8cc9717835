"""/api/v1/sheets: sheets of every line, their rows, tracks and experience; how a campaign plays the lines."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limits, scopes
from accounts.endpoint import PATH, Endpoint
from accounts.idempotency import idempotent, idempotent_at_last
from campaigns import access as campaign_access
from campaigns import queries as campaign_queries
from characters import queries as character_queries
from characters.access import may_dress
from contract.paging import PAGING, paged
from contract.query import Choice, Flag, Identifier, Ordering
from contract.refusals import Invalid, NotAllowed, NotVisible
from sheets import access, documents, lines, queries, schemas
from sheets.chronicle_endpoint import ChronicleEndpoint
from sheets.exchange import foundry_out, ours, reading
from sheets.exchange.imported import Unreadable
from sheets.experience import AWARD
from sheets.lines.shape import Kind, Line
from sheets.models import Experience, Row, Sheet
from sheets.operations import chronicles, copies, exchange, experience, playing, rows, sheets
from sheets.serializers import EntryInputSerializer, PlaySerializer, ReasonSerializer, StepsSerializer

IN_LINE = extend_schema(parameters=[OpenApiParameter("line", str, PATH, description="vtm or htr.")])
OF_SHEET = extend_schema(parameters=[OpenApiParameter("sheet_id", OpenApiTypes.UUID, PATH)])
OF_KIND = extend_schema(parameters=[OpenApiParameter("kind", str, PATH, description="touchstones, advantages, …")])
OF_ROW = extend_schema(parameters=[OpenApiParameter("row_id", OpenApiTypes.UUID, PATH)])
WRITERS = {"troupe": ours.written, "foundry": foundry_out.written}

OF_ENTRY = extend_schema(parameters=[OpenApiParameter("entry_id", OpenApiTypes.UUID, PATH)])


class SheetsEndpoint(Endpoint):
    read_scope = scopes.SHEETS_READ
    write_scope = scopes.SHEETS_WRITE

    def owner(self) -> Any:
        return access.person(self.actor)


@IN_LINE
class Sheets(SheetsEndpoint):
    parameters = (
        *PAGING,
        Identifier(name="campaign", description="Only those of this chronicle."),
        Ordering(default="name", fields={"name": "name", "created_at": "created_at", "updated_at": "updated_at"}),
    )

    def find(self) -> None:
        self.line: Line = lines.line(self.kwargs["line"])

    def authorise(self) -> None:
        access.person(self.actor)

    @extend_schema(responses=schemas.SHEETS)
    def get(self, request: Request, line: str) -> Response:
        """One's own sheets of the line, those of the chronicles that one tells, and those shared with one's tables."""
        access.require_signed_in(self.actor)
        chosen = {"campaign_id": self.params["campaign"], "ordering": self.params["ordering"]}
        found = queries.sheets(self.actor, line=self.line.code, **chosen)
        return Response(paged(request, found, self.params, lambda found: map(documents.head, found)))

    @extend_schema(request=schemas.NEW_SHEET, responses={201: schemas.SHEET})
    @idempotent
    def post(self, request: Request, line: str) -> Response:
        """Begin a sheet. Without more than a name it is as the line begins."""
        made = sheets.create(self.owner(), self.line, request.data, actor=self.actor)
        return Response(documents.sheet_document(queries.sheet(str(made.pk), self.actor)), status=201)


class SheetImport(SheetsEndpoint):
    write_parameters = (Flag(name="commit", default=False, description="false (as without): only tell."),)

    def find(self) -> None:
        if not lines.enabled():
            raise NotVisible

    def authorise(self) -> None:
        access.person(self.actor)

    @extend_schema(request=schemas.FILE_OF_ANOTHER, responses=schemas.FILE_READ)
    @idempotent
    def post(self, request: Request) -> Response:
        """See what a file of Foundry WoD5E, Progeny, Inconnu or Troupe becomes, or (commit=true) let it."""
        try:
            found = reading.read(request.data)
        except Unreadable as reason:
            raise Invalid([("", str(reason))]) from reason
        made = exchange.bring_in(self.owner(), found, actor=self.actor) if self.params["commit"] else None
        told = {"source": found.source, "line": found.line.code, "name": found.fields["name"]}
        found.draft()  # which remarks on tracks
        findings = [{"field": field, "message": message} for field, message in dict.fromkeys(found.findings)]
        return Response({**told, "sheet": str(made.pk) if made else None, "findings": findings})


@OF_SHEET
class SheetEndpoint(SheetsEndpoint):
    """Of one sheet; whoever may not see it finds none."""

    edits = ""  # the method that reads the live state under the lock

    def find(self) -> None:
        of, line, live = self.kwargs["sheet_id"], self.kwargs.get("line", ""), self.request.method != self.edits
        self.found = queries.sheet(of, self.actor, line, live=live)

    def authorise(self) -> None:
        access.require_edit(self.found.standing)

    @property
    def sheet(self) -> Sheet:
        return self.found.sheet

    def shown(self) -> dict[str, Any]:
        return documents.sheet_document(queries.again(self.found, self.actor))


@IN_LINE
class OneSheet(SheetEndpoint):
    edits = "PATCH"

    @extend_schema(responses=schemas.SHEET)
    def get(self, request: Request, line: str, sheet_id: str) -> HttpResponseBase:
        sheet, played = self.sheet, self.sheet.character if queries.plays(self.sheet) else None
        campaign = sheet.campaign.updated_at if sheet.campaign else None
        group = (sheet.group.version, getattr(sheet.group.character, "version", 0)) if sheet.group else None
        state = (sheet.pk, sheet.version, sheet.updated_at, played.version if played else None, campaign, group)
        return self.answer(lambda: documents.sheet_document(self.found), *state)

    @extend_schema(request=schemas.SHEET_PATCH, responses=schemas.SHEET)
    def patch(self, request: Request, line: str, sheet_id: str) -> Response:
        """Change some fields: null or "" clears one. What somebody else changes meanwhile stays, field by field."""
        edit = sheets.update(self.sheet, request.data, actor=self.actor, standing=self.found.standing)
        return Response(documents.sheet_document(*edit.shown(self.found)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, line: str, sheet_id: str) -> Response:
        if not self.found.standing.owns:
            raise NotAllowed("Only the owner deletes a sheet.")
        sheets.delete(self.sheet, actor=self.actor)
        return Response(status=204)


@IN_LINE
class SheetExport(SheetEndpoint):
    parameters = (Choice(name="to", choices=list(WRITERS), default="troupe", description="The program to read it."),)

    @extend_schema(responses=schemas.FILE_OF_ANOTHER)
    def get(self, request: Request, line: str, sheet_id: str) -> Response:
        """The sheet as a file, with the fields that the caller may read."""
        held = queries.totals(self.sheet)
        draft = queries.readable(queries.draft(self.sheet, self.found.line), self.found.line, self.found.standing)
        document = WRITERS[self.params["to"]](self.found.line, draft, held.earned, held.spent)
        name = f"{self.sheet.pk}-{self.params['to']}.json"
        return Response(document, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@IN_LINE
class SheetDuplicate(SheetEndpoint):
    optional_body = True
    rate_class = limits.UPLOAD
    finish: Callable[[Callable[[], Response]], Response]
    write_parameters = (Flag(name="pictures", default=True, description="false: without them."),)

    def authorise(self) -> None:
        access.person(self.actor)

    @extend_schema(request=None, responses={201: schemas.SHEET})
    @idempotent_at_last
    def post(self, request: Request, line: str, sheet_id: str) -> Response:
        """A copy of one's own, with all rows and pictures, in no chronicle and without experience."""
        self.refuse_body()
        options: Any = {"with_pictures": self.params["pictures"], "finish": self._told}
        by: Any = {"actor": self.actor, "standing": self.found.standing, "owner": self.owner()}
        answer: Response = copies.duplicate(self.sheet, **by, **options)
        return answer

    def _told(self, act: Callable[[], Sheet]) -> Response:
        return self.finish(lambda: self._copied(act()))

    def _copied(self, made: Sheet) -> Response:
        return Response(documents.sheet_document(queries.sheet(str(made.pk), self.actor)), status=201)


@IN_LINE
@OF_KIND
class RowsEndpoint(SheetEndpoint):
    def find(self) -> None:
        super().find()
        kind = self.found.line.kinds_by_name.get(self.kwargs["kind"])
        if kind is None:
            raise NotVisible
        self.kind: Kind = kind

    def row_shown(self, row: Row) -> dict[str, Any]:
        return documents.row_document(row, self.kind)


class SheetRows(RowsEndpoint):
    @extend_schema(responses=schemas.ROWS)
    def get(self, request: Request, line: str, sheet_id: str, kind: str) -> Response:
        return Response([self.row_shown(row) for row in queries.rows(self.sheet).get(kind, ())])

    @extend_schema(request=schemas.NEW_ROW, responses={201: schemas.ROW})
    @idempotent
    def post(self, request: Request, line: str, sheet_id: str, kind: str) -> Response:
        return Response(self.row_shown(rows.add(self.sheet, self.kind, request.data, actor=self.actor)), status=201)


@OF_ROW
class RowEndpoint(RowsEndpoint):
    @cached_property
    def row(self) -> Row:
        return queries.row(self.sheet, self.kind.name, self.kwargs["row_id"])


class SheetRow(RowEndpoint):
    @extend_schema(responses=schemas.ROW)
    def get(self, request: Request, line: str, sheet_id: str, kind: str, row_id: str) -> Response:
        return Response(self.row_shown(self.row))

    @extend_schema(request=schemas.ROW_PATCH, responses=schemas.ROW)
    def patch(self, request: Request, line: str, sheet_id: str, kind: str, row_id: str) -> Response:
        return Response(self.row_shown(rows.update(self.row, self.kind, request.data, actor=self.actor)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, line: str, sheet_id: str, kind: str, row_id: str) -> Response:
        rows.delete(self.row, actor=self.actor)
        return Response(status=204)


class SheetRowDuplicate(RowEndpoint):
    optional_body = True

    @extend_schema(request=None, responses={201: schemas.ROW})
    @idempotent
    def post(self, request: Request, line: str, sheet_id: str, kind: str, row_id: str) -> Response:
        self.refuse_body()
        return Response(self.row_shown(rows.duplicate(self.row, self.kind, actor=self.actor)), status=201)


class SheetTracks(SheetEndpoint):
    write_scope = scopes.LIVE_WRITE

    def authorise(self) -> None:
        access.require_edit(self.found.standing)
        access.require_tracks(self.actor, self.sheet, self.found.standing)

    @extend_schema(request=schemas.TRACK_STEPS, responses=schemas.SHEET)
    @idempotent
    def post(self, request: Request, sheet_id: str) -> Response:
        """Mark or mend boxes, raise or lower pips, by steps: nobody's change undoes another's."""
        steps = self.body(StepsSerializer)
        access.require_shared(self.sheet, self.found.standing, [steps["track"]])
        sheets.move_track(self.sheet, steps.pop("track"), steps, actor=self.actor)
        return Response(self.shown())


class SheetPlay(SheetEndpoint):
    @extend_schema(request=schemas.PLAY, responses=schemas.SHEET)
    @idempotent
    def post(self, request: Request, sheet_id: str) -> Response:
        """The sheet plays a character: from then on its tracks are that character's live state."""
        sent = self.body(PlaySerializer)
        try:
            campaign = campaign_queries.campaign(sent["campaign"], self.actor)
            audience = campaign_access.audience(self.actor, campaign)
            character = character_queries.character(campaign, sent["character"], audience)
        except NotVisible as error:
            raise Invalid([("character", "There is no such character in this campaign.")]) from error
        if not may_dress(self.actor, campaign, character.pk):
            raise NotAllowed("Only the GM, and who plays the character, give it a sheet.")
        playing.play(self.sheet, campaign, character.pk, actor=self.actor)
        return Response(self.shown())

    @extend_schema(responses={204: None})
    def delete(self, request: Request, sheet_id: str) -> Response:
        playing.stop(self.sheet, actor=self.actor)
        return Response(status=204)


class SheetExperience(SheetEndpoint):
    parameters = PAGING

    @extend_schema(responses=schemas.EXPERIENCES)
    def get(self, request: Request, sheet_id: str) -> Response:
        return Response(paged(request, queries.entries(self.sheet), self.params, _entries))

    @extend_schema(request=schemas.NEW_EXPERIENCE, responses={201: schemas.EXPERIENCE})
    @idempotent
    def post(self, request: Request, sheet_id: str) -> Response:
        """Award experience (the storyteller), or spend it on a field or a row, at the price of the line."""
        sent = self.body(EntryInputSerializer)
        reason = sent.get("reason", "")
        if sent["kind"] == AWARD:
            access.require_tell(self.found.standing)
            entry = experience.award(self.sheet, sent["amount"], actor=self.actor, reason=reason)
        else:
            what = {"field": sent.get("field", ""), "row_id": sent.get("row"), "to": sent.get("to")}
            standing = self.found.standing
            entry = experience.spend(self.sheet, actor=self.actor, standing=standing, reason=reason, **what)
        return Response(documents.entry_document(entry), status=201)


@OF_ENTRY
class AnswerEndpoint(SheetEndpoint):
    optional_body = True

    def authorise(self) -> None:
        access.require_tell(self.found.standing)

    @cached_property
    def entry(self) -> Experience:
        return queries.entry(self.sheet, self.kwargs["entry_id"])


class ExperienceApproval(AnswerEndpoint):
    @extend_schema(request=None, responses={201: schemas.EXPERIENCE})
    @idempotent
    def post(self, request: Request, sheet_id: str, entry_id: str) -> Response:
        """Buy what was asked for."""
        self.refuse_body()
        return Response(documents.entry_document(experience.approve(self.entry, actor=self.actor)), status=201)


class ExperienceRefusal(AnswerEndpoint):
    @extend_schema(request=ReasonSerializer, responses={201: schemas.EXPERIENCE})
    @idempotent
    def post(self, request: Request, sheet_id: str, entry_id: str) -> Response:
        """Refuse what was asked for."""
        reason = self.body(ReasonSerializer)["reason"]
        return Response(documents.entry_document(experience.refuse(self.entry, actor=self.actor, reason=reason)), 201)


class ExperienceUndo(AnswerEndpoint):
    @extend_schema(request=None, responses={201: schemas.EXPERIENCE})
    @idempotent
    def post(self, request: Request, sheet_id: str, entry_id: str) -> Response:
        """Take back an award or a purchase by a compensating entry; what was raised is lowered again."""
        self.refuse_body()
        return Response(documents.entry_document(experience.undo(self.entry, actor=self.actor)), status=201)


class Chronicle(ChronicleEndpoint):
    @extend_schema(responses=schemas.CHRONICLE_SETTINGS)
    def get(self, request: Request, campaign_id: str) -> Response:
        """How this campaign plays the lines."""
        return Response(queries.settings_of(self.campaign.pk))

    @extend_schema(request=schemas.CHRONICLE_PATCH, responses=schemas.CHRONICLE_SETTINGS)
    def patch(self, request: Request, campaign_id: str) -> Response:
        return Response(chronicles.update(self.campaign, request.data, actor=self.actor))


def _entries(found: list[Experience]) -> Iterable[Any]:
    answered = queries.answers(found)
    return [documents.entry_document(entry, answered.get(entry.pk)) for entry in found]
